//! Databases kept as a crash leaves them, and where schedules play.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A database's files as they were at one moment, while those who have it open close it.
#[derive(Debug)]
pub(super) struct Moment {
    database: PathBuf,
    bytes: Option<Vec<u8>>,
    /// The log, under a second name: closing works it into the database and removes it, and never
    /// writes into it.
    log: Option<PathBuf>,
}

impl Moment {
    /// Keeps the database `path` with its log, as a crash would leave it.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let kept = with_ending(path, "-kept");
        Ok(Self {
            database: path.to_owned(),
            bytes: there_is(fs::read(path))?,
            log: there_is(fs::hard_link(with_ending(path, "-wal"), &kept))?.map(|()| kept),
        })
    }

    /// A copy was made of a database in use: what programs share of it is no part of it.
    pub(super) fn forget_shared(path: &Path) -> io::Result<()> {
        remove(&with_ending(path, "-shm"))
    }

    /// Puts the files back as they were.
    pub(super) fn put_back(self) -> io::Result<()> {
        match self.bytes {
            Some(bytes) => fs::write(&self.database, bytes)?,
            None => remove(&self.database)?,
        }
        let log = with_ending(&self.database, "-wal");
        remove(&log)?;
        if let Some(kept) = self.log {
            fs::rename(kept, log)?;
        }
        // What other processes would share is gone with the process.
        remove(&with_ending(&self.database, "-shm"))
    }
}

fn there_is<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove(file: &Path) -> io::Result<()> {
    there_is(fs::remove_file(file)).map(drop)
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
