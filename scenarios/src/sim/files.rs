//! Databases kept as a crash leaves them, and where schedules play.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A database's files as they were at one moment.
#[derive(Debug)]
pub(super) struct Moment {
    files: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Moment {
    /// Reads the database `path` with its log, as a crash would leave it.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        for ending in ["", "-wal"] {
            let file = with_ending(path, ending);
            let bytes = match fs::read(&file) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            files.push((file, bytes));
        }
        // What other processes would share is gone with the process.
        files.push((with_ending(path, "-shm"), None));
        Ok(Self { files })
    }

    /// Puts the files back as they were.
    pub(super) fn put_back(self) -> io::Result<()> {
        for (file, bytes) in self.files {
            match bytes {
                Some(bytes) => fs::write(file, bytes)?,
                None => remove(&file)?,
            }
        }
        Ok(())
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Where schedules play: in memory where there is such a place, so that nothing waits for a disk.
pub fn playground() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}
