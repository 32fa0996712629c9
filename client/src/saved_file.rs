//! Files that a person asked for, kept where they keep files.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// How many files of one name there may be.
const SAME_NAME_MAX: u32 = 1_000;

/// Writes a file that was not there: nobody's is covered.
pub(crate) fn keep(
    folder: &Path,
    name: &str,
    extension: &str,
    bytes: &[u8],
) -> io::Result<PathBuf> {
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
}
