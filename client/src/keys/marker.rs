//! `device.keystore`: says that the key of this folder is in the system's keystore, and under what
//! name. No secret. The name is random, so that two folders never share a key, and says nothing
//! about a person.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{KeysError, file::write_whole};
use crate::clock::random;

const NAME_BYTES: usize = 16;

/// The marker of a data folder.
#[derive(Debug)]
pub(super) struct Marker {
    path: PathBuf,
}

impl Marker {
    /// Of the folder `dir`.
    pub(super) fn new(dir: &Path) -> Self {
        Self {
            path: dir.join("device.keystore"),
        }
    }

    /// Whether there is one, readable or not.
    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// The name it says; `None` when there is no marker.
    pub(super) fn read(&self) -> Result<Option<String>, KeysError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let name = text.trim();
        let is_name =
            name.len() == NAME_BYTES * 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_name {
            Ok(Some(name.to_owned()))
        } else {
            Err(KeysError::NotAKey)
        }
    }

    /// Writes it. When this returns, it survives a power cut.
    pub(super) fn write(&self, name: &str) -> Result<(), KeysError> {
        Ok(write_whole(&self.path, format!("{name}\n").as_bytes())?)
    }
}

/// A name nobody else uses.
pub(super) fn new_name() -> Result<String, KeysError> {
    Ok(hex::encode(random::<NAME_BYTES>()?))
}
