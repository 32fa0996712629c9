//! What is wrong with a table, saved beside it to be mended.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write as _},
    path::PathBuf,
};

use shared::ipc::{ImportTrouble, SaveImportMistakes, SavedFile};

use crate::{
    core::Core,
    error::{Error, Result},
};

/// The largest such table, in bytes.
const BYTES_MAX: usize = 32 << 20;

/// Saves it under a name of its own: what was saved before stays.
pub(crate) fn save_mistakes(
    core: &Core,
    folder: Option<PathBuf>,
    args: SaveImportMistakes,
) -> Result<SavedFile> {
    if args.text.len() > BYTES_MAX {
        return Err(Error::Malformed("more than a list of mistakes can be"));
    }
    let not_saved = || Error::Import(ImportTrouble::NotSaved);
    let folder = folder.ok_or_else(not_saved)?;
    fs::create_dir_all(&folder).map_err(|_says_nothing_more| not_saved())?;
    let stamp = core.clock.now().as_ms() / 1_000;
    for number in 0..100 {
        let path = folder.join(format!("gridwalker-import-{stamp}-{number}.csv"));
        let mut file = match File::create_new(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(_) => return Err(not_saved()),
        };
        // With the mark, or spreadsheets of this country take it for GBK.
        let written = file
            .write_all("\u{feff}".as_bytes())
            .and_then(|()| file.write_all(args.text.as_bytes()))
            .and_then(|()| file.sync_all());
        return match written {
            Ok(()) => Ok(SavedFile {
                path: path.to_string_lossy().into_owned(),
            }),
            Err(_) => Err(not_saved()),
        };
    }
    Err(not_saved())
}
