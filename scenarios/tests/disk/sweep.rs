//! Which places are tried, and what is found after a death at one.

use std::{fs, path::Path};

use bad_disk::{Disk, Fault, Kept};
use tempfile::TempDir;

/// How far apart the tried places are; every sweep begins at another one of the first few.
const EVERY: &str = "GRIDWALKER_DISK_EVERY";

/// The places out of this many: every so-manieth, `usually` if nobody says otherwise.
pub(crate) fn places(all: u64, usually: usize) -> impl Iterator<Item = u64> {
    let every = std::env::var(EVERY).map_or(usually, |every| every.parse().unwrap());
    (0..all).step_by(every)
}

/// A death is looked at in all these ways.
pub(crate) fn ways(place: u64) -> Vec<Kept> {
    let chance = |try_: u64| Kept::Some(place * 10 + try_);
    vec![Kept::Synced, Kept::All, chance(1), chance(2)]
}

/// A folder like this one.
pub(crate) fn copy_of(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    copy
}

/// A folder like this one, on a disk that meets the fault at this place.
pub(crate) fn failing(folder: &Path, fault: Fault, place: u64) -> (TempDir, Disk) {
    let copy = copy_of(folder);
    let disk = Disk::under(copy.path()).unwrap();
    disk.fail(fault, place);
    (copy, disk)
}

/// What is found after the death.
pub(crate) fn after(disk: &Disk, kept: Kept) -> TempDir {
    let found = tempfile::tempdir().unwrap();
    disk.leave(kept, found.path()).unwrap();
    found
}
