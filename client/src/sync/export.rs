//! A file of what was filled in, made by the hub and kept where the person keeps files.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use shared::{
    deadline,
    hub_api::export::EXPORT_REASON_MAX,
    ipc::{ExportRecords, FileMade, IpcError, Link},
    register::check::is_day,
};

use super::{OverHttp, SyncError, remote_of};
use crate::{Client, blocking::off_thread, error::Error, packs};

/// How many files of one name there may be.
const SAME_NAME_MAX: u32 = 1_000;

impl Client {
    /// Asks the hub for a file and keeps it. What the hub would refuse is told before it is asked.
    pub async fn export_records(&self, args: ExportRecords) -> Result<FileMade, IpcError> {
        let core = self.core().map_err(IpcError::from)?;
        let mut wanted = args.export;
        wanted.reason = wanted.reason.trim().to_owned();
        if wanted.reason.is_empty() {
            return Err(Error::NoReason.into());
        }
        if wanted.reason.chars().count() > EXPORT_REASON_MAX {
            return Err(Error::TextTooLong.into());
        }
        if !is_day(&wanted.from) || !is_day(&wanted.until) || wanted.until < wanted.from {
            return Err(Error::NoSuchDays.into());
        }
        // A page must not wait for a connection that was just found missing.
        if core.link() == Link::Offline {
            return Err(SyncError::NeedsHub.into());
        }
        let remote = remote_of(core, &OverHttp::default()).await?;
        let bytes = remote.export(&wanted).await.map_err(SyncError::from)?;
        let calendar = core.read(packs::calendar).await.map_err(SyncError::from)?;
        let offset = calendar.map_or(packs::UTC_OFFSET_MINUTES, |it| it.utc_offset_minutes);
        let name = name(&wanted.form, &deadline::day(offset, core.clock.now()));
        let folder = self.files_dir();
        let extension = wanted.format.extension();
        let path = off_thread(move || keep(&folder, &name, extension, &bytes))
            .await
            .map_err(Error::from)?
            .map_err(|error| match error.kind() {
                io::ErrorKind::StorageFull => Error::DiskFull,
                _ => Error::NoFile,
            })?;
        Ok(FileMade {
            path: path.display().to_string(),
        })
    }
}

/// The form and the day; nothing about people.
fn name(form: &str, day: &str) -> String {
    let plain = form
        .chars()
        .filter(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'));
    let plain: String = plain.take(60).collect();
    let form = if plain.is_empty() { "form" } else { &plain };
    format!("{form}-{day}")
}

/// Writes a file that was not there: nobody's is covered.
fn keep(folder: &Path, name: &str, extension: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    for number in 1..=SAME_NAME_MAX {
        let path = match number {
            1 => folder.join(format!("{name}.{extension}")),
            number => folder.join(format!("{name}-{number}.{extension}")),
        };
        let opened = OpenOptions::new().write(true).create_new(true).open(&path);
        let mut file = match opened {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            other => other?,
        };
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // Half a file would be taken for a whole one.
            drop(std::fs::remove_file(&path));
            return Err(error);
        }
        return Ok(path);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_covers_another() {
        let folder = tempfile::tempdir().unwrap();
        let first = keep(folder.path(), "visit-2026-11-26", "csv", b"one").unwrap();
        let second = keep(folder.path(), "visit-2026-11-26", "csv", b"two").unwrap();
        assert_eq!(std::fs::read(first).unwrap(), b"one");
        assert_eq!(std::fs::read(&second).unwrap(), b"two");
        assert!(second.ends_with("visit-2026-11-26-2.csv"));
    }

    #[test]
    fn a_form_s_name_leads_nowhere_else() {
        assert_eq!(name("../../etc/visit", "2026-11-26"), "etcvisit-2026-11-26");
        assert_eq!(name("走访", "2026-11-26"), "form-2026-11-26");
    }
}
