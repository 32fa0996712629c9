//! The key in a file that only this user can read.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use shared::ipc::KeyStore;

use super::{Key, Keys, KeysError};
use crate::clock::random;

/// Keeps the key in `device.key`.
#[derive(Debug)]
pub struct FileKeys {
    path: PathBuf,
}

impl FileKeys {
    /// In the folder `dir`.
    pub fn new(dir: impl AsRef<Path>) -> Self {
        Self {
            path: dir.as_ref().join("device.key"),
        }
    }

    /// Whether there is something, key or not.
    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }
}

impl Keys for FileKeys {
    fn load(&self) -> Result<Option<Key>, KeysError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => zeroize::Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let bytes: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_length| KeysError::NotAKey)?;
        Ok(Some(Key::from_bytes(bytes)))
    }

    fn create(&self) -> Result<Key, KeysError> {
        if self.exists() {
            return Err(KeysError::Exists);
        }
        let key = Key::from_bytes(random()?);
        write_whole(&self.path, key.as_bytes())?;
        Ok(key)
    }

    fn store(&self) -> KeyStore {
        KeyStore::File
    }
}

/// Writes a file that only this user can read. Under its name it is always whole, and when this
/// returns it survives a power cut.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temp = path.as_os_str().to_owned();
    temp.push(".new");
    write_private(Path::new(&temp), bytes)?;
    fs::rename(&temp, path)?;
    match path.parent().filter(|_| cfg!(unix)) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
