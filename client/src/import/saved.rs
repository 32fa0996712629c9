//! What is wrong with a table, saved beside it to be mended.

use std::path::Path;

use shared::ipc::{ImportTrouble, SaveImportMistakes, SavedFile};

use crate::{
    core::Core,
    error::{Error, Result},
    saved_file,
};

/// The largest such table, in bytes.
const BYTES_MAX: usize = 32 << 20;

/// Saves it under a name of its own: what was saved before stays.
pub(crate) fn save_mistakes(
    core: &Core,
    folder: &Path,
    args: SaveImportMistakes,
) -> Result<SavedFile> {
    if args.text.len() > BYTES_MAX {
        return Err(Error::Malformed("more than a list of mistakes can be"));
    }
    // With the mark, or spreadsheets of this country take it for GBK.
    let bytes = ["\u{feff}", &args.text].concat();
    let stamp = core.clock.now().as_ms() / 1_000;
    let name = format!("gridwalker-import-{stamp}");
    match saved_file::keep(folder, &name, "csv", bytes.as_bytes()) {
        Ok(path) => Ok(SavedFile {
            path: path.to_string_lossy().into_owned(),
        }),
        Err(_says_nothing_more) => Err(Error::Import(ImportTrouble::NotSaved)),
    }
}
