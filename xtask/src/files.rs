//! Reading a tree of files, and writing one only where it changes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Every file below `folder`, in order; none if the folder is not there. `enter` says which
/// sub-folders are worth going into.
pub(crate) fn below(folder: &Path, enter: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path);
        } else if enter(&path) {
            files.extend(below(&path, enter)?);
        }
    }
    Ok(files)
}

/// Writes a file unless it already holds just that: what watches the time of a file sleeps on.
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Copies every file below `from` to the same place below `to`, and says which places these are.
pub(crate) fn copy_changed(from: &Path, to: &Path) -> Result<Vec<PathBuf>> {
    let mut copies = Vec::new();
    for file in below(from, &|_| true)? {
        let copy = to.join(file.strip_prefix(from)?);
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        write_if_changed(&copy, &bytes)?;
        copies.push(copy);
    }
    Ok(copies)
}
