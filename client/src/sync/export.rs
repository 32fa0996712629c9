//! A file of what was filled in or of the register, made by the hub and kept where the person keeps
//! files.

use std::io;

use shared::{
    deadline,
    hub_api::{
        ErrorCode,
        export::{ExportLacks, ExportOf},
    },
    ipc::{ExportFile, IpcError, Link, SavedFile},
};

use super::{OverHttp, SyncError, remote::RemoteError, remote_of};
use crate::{Client, blocking::off_thread, error::Error, packs, saved_file::keep};

impl Client {
    /// Asks the hub for a file and keeps it. What the hub would refuse is told before it is asked.
    pub async fn export_file(&self, args: ExportFile) -> Result<SavedFile, IpcError> {
        let core = self.core().map_err(IpcError::from)?;
        let mut wanted = args.export;
        wanted.reason = wanted.reason.trim().to_owned();
        match wanted.lacks() {
            None => {}
            Some(ExportLacks::Reason) => return Err(Error::NoReason.into()),
            Some(ExportLacks::ShorterReason) => return Err(Error::TextTooLong.into()),
            Some(ExportLacks::Days) => return Err(Error::NoSuchDays.into()),
            Some(ExportLacks::Format) => {
                return Err(Error::Malformed("no such file is made of it").into());
            }
        }
        // A page must not wait for a connection that was just found missing.
        if core.link() == Link::Offline {
            return Err(SyncError::NeedsHub.into());
        }
        let remote = remote_of(core, &OverHttp::default()).await?;
        let bytes = remote.export(&wanted).await;
        let bytes = bytes.map_err(|error| SyncError::from(told(&wanted.of, error)))?;
        let calendar = core.read(packs::calendar).await.map_err(SyncError::from)?;
        let offset = calendar.map_or(packs::UTC_OFFSET_MINUTES, |it| it.utc_offset_minutes);
        let name = name(wanted.of.name(), &deadline::day(offset, core.clock.now()));
        let folder = self.files_dir();
        let extension = wanted.format.extension();
        let path = off_thread(move || keep(&folder, &name, extension, &bytes))
            .await
            .map_err(Error::from)?
            .map_err(|error| match error.kind() {
                io::ErrorKind::StorageFull => Error::DiskFull,
                _ => Error::NoFile,
            })?;
        Ok(SavedFile {
            path: path.display().to_string(),
        })
    }
}

/// A hub of before there were files of the register can't read that one is asked for: it has none.
fn told(of: &ExportOf, error: RemoteError) -> RemoteError {
    match (of, error.code()) {
        (ExportOf::Register { .. }, Some(ErrorCode::Malformed)) => {
            RemoteError::refused(ErrorCode::NotFound)
        }
        _ => error,
    }
}

/// What it is of and the day; nothing about people.
fn name(form: &str, day: &str) -> String {
    let plain = form
        .chars()
        .filter(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'));
    let plain: String = plain.take(60).collect();
    let form = if plain.is_empty() { "form" } else { &plain };
    format!("{form}-{day}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_s_name_leads_nowhere_else() {
        assert_eq!(name("../../etc/visit", "2026-11-26"), "etcvisit-2026-11-26");
        assert_eq!(name("走访", "2026-11-26"), "form-2026-11-26");
    }
}
