//! Databases that could not be read: moved away whole, never removed, and told of until the person
//! has read it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use shared::{Timestamp, deadline, ipc::Problem};

use crate::{error::Result, open::make_private_dir, photo::VaultError, salvage};

const SET_ASIDE: &str = "set-aside";

/// Beside a database that was set aside: the person was told of it.
const TOLD: &str = "told";

/// Moves these files into a folder of their own, and says which.
pub(crate) fn move_away(dir: &Path, files: &[PathBuf], now: Timestamp) -> io::Result<PathBuf> {
    let all = dir.join(SET_ASIDE);
    make_private_dir(&all)?;
    let name = dated(now);
    let folder = (1..1_000)
        .map(|nth| {
            all.join(if nth == 1 {
                name.clone()
            } else {
                format!("{name}-{nth}")
            })
        })
        .find(|folder| !folder.exists())
        .ok_or(io::ErrorKind::AlreadyExists)?;
    make_private_dir(&folder)?;
    for file in files.iter().filter(|file| file.exists()) {
        if let Some(name) = file.file_name() {
            fs::rename(file, folder.join(name))?;
        }
    }
    Ok(folder)
}

/// `20261124-013730`, UTC.
fn dated(now: Timestamp) -> String {
    deadline::local(0, now).map_or_else(
        || now.as_ms().to_string(),
        |t| {
            let (hour, minute, second) = t.to_hms();
            let (year, month, day) = (t.year(), u8::from(t.month()), t.day());
            format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}")
        },
    )
}

/// What the person is still to be told of; the latest first.
pub(crate) fn told_next(dir: &Path) -> Option<Problem> {
    let folder = untold(dir)?;
    let brought = salvage::brought_from(&folder);
    Some(Problem::SetAside {
        kept_at: folder.display().to_string(),
        operations: brought.operations,
        drafts: brought.drafts,
    })
}

/// The person was told of the one that [`told_next`] names.
pub(crate) fn dismiss(dir: &Path) -> Result<()> {
    let Some(folder) = untold(dir) else {
        return Ok(());
    };
    Ok(fs::write(folder.join(TOLD), b"").map_err(VaultError::from)?)
}

fn untold(dir: &Path) -> Option<PathBuf> {
    let folders = all(dir).into_iter();
    folders.filter(|folder| !folder.join(TOLD).exists()).max()
}

/// The folders of databases that were set aside.
pub(crate) fn all(dir: &Path) -> Vec<PathBuf> {
    let Ok(folders) = fs::read_dir(dir.join(SET_ASIDE)) else {
        return Vec::new();
    };
    folders
        .filter_map(|entry| Some(entry.ok()?.path()))
        // One that was emptied by hand is none.
        .filter(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()))
        .collect()
}
