//! Whether the page must be built again: a note of what it was made of and how, kept after each
//! build. A file that is newer than the note, or that came or went, makes the page stale.

use std::{
    fs::{self, Metadata},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::Result;

use super::{Mode, folder};
use crate::{files, root::root, setup::wasm::Route};

/// What a page is made of.
pub(super) struct MadeOf {
    how: String,
    files: Vec<PathBuf>,
}

/// What the page would be made of now.
pub(super) fn of(mode: Mode, route: &Route) -> Result<MadeOf> {
    let root = root();
    let source = |path: &Path| path != root.join("ui/dist");
    let mut files = files::below(&root.join("ui"), &source)?;
    files.extend(files::below(&root.join("shared"), &source)?);
    for how in ["xtask/bindgen", "xtask/src/ui"] {
        files.extend(files::below(&root.join(how), &source)?);
    }
    files.extend([root.join("Cargo.lock"), root.join("Cargo.toml")]);
    Ok(MadeOf {
        how: format!("{} by {}", mode.profile(), route.name()),
        files,
    })
}

impl MadeOf {
    fn note(&self) -> String {
        let files = self
            .files
            .iter()
            .map(|file| format!("{}\n", file.display()));
        format!("{}\n{}", self.how, files.collect::<String>())
    }
}

/// Whether `ui/dist` is just what building would make of these files.
pub(super) fn is_fresh(made_of: &MadeOf) -> bool {
    let note = note_file();
    let Some(built_at) = changed_at(&note) else {
        return false;
    };
    let unchanged = |file: &PathBuf| changed_at(file).is_some_and(|at| at <= built_at);
    root().join("ui/dist/ui_bg.wasm").is_file()
        && fs::read_to_string(note).is_ok_and(|old| old == made_of.note())
        && made_of.files.iter().all(unchanged)
}

/// Notes what the page is going to be made of.
pub(super) fn begin(made_of: &MadeOf) -> Result<()> {
    Ok(fs::write(unfinished(), made_of.note())?)
}

/// Makes the note count. It keeps the time of the beginning: a file edited while we built is
/// newer than the page.
pub(super) fn finish() -> Result<()> {
    Ok(fs::rename(unfinished(), note_file())?)
}

fn unfinished() -> PathBuf {
    folder().join("made-of.unfinished")
}

fn note_file() -> PathBuf {
    folder().join("made-of")
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata: Metadata| metadata.modified())
        .ok()
}
