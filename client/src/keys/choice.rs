//! Who keeps the key: the system's keystore, else a file. Chosen once, for a new database; ever
//! after, exactly the one that was chosen is asked.
//!
//! `device.key` wins over a marker: it is only ever made while there is no database, so a database
//! beside it was made with it.

use std::{path::Path, sync::Arc, time::Duration};

use shared::ipc::KeyStore;

use super::{
    FileKeys, Key, Keys, KeysError, Keystore, KeystoreError,
    keystore::Patient,
    marker::{Marker, new_name},
};
use crate::clock::random;

/// Keeps the key in the operating system's keystore, or in `device.key` where a new database finds
/// no keystore that answers.
#[derive(Debug)]
pub struct KeystoreOrFile {
    file: FileKeys,
    marker: Marker,
    keystore: Patient,
}

impl KeystoreOrFile {
    /// For the data in `dir`. The keystore is waited for at most `limit`.
    pub fn new(dir: &Path, keystore: Arc<dyn Keystore>, limit: Duration) -> Self {
        Self {
            file: FileKeys::new(dir),
            marker: Marker::new(dir),
            keystore: Patient::new(keystore, limit),
        }
    }

    /// The marker is written last: until then nobody looks for the key, and it can be lost.
    fn create_in_keystore(&self) -> Result<Key, KeysError> {
        let marked = self.marker.read()?;
        let name = match &marked {
            Some(name) => name.clone(),
            None => new_name()?,
        };
        if self.keystore.find(&name)?.is_some() {
            return Err(KeysError::Exists);
        }
        let key = Key::from_bytes(random()?);
        self.keystore.put(&name, key.as_bytes())?;
        let kept = self.keystore.find(&name)?;
        if kept.is_none_or(|kept| kept.as_slice() != key.as_bytes()) {
            return Err(KeystoreError::Forgetful.into());
        }
        if marked.is_none() {
            self.marker.write(&name)?;
        }
        Ok(key)
    }
}

impl Keys for KeystoreOrFile {
    fn load(&self) -> Result<Option<Key>, KeysError> {
        if let Some(key) = self.file.load()? {
            return Ok(Some(key));
        }
        let Some(name) = self.marker.read()? else {
            return Ok(None);
        };
        let Some(secret) = self.keystore.find(&name)? else {
            return Ok(None);
        };
        let bytes = secret
            .as_slice()
            .try_into()
            .map_err(|_length| KeysError::NotAKey)?;
        Ok(Some(Key::from_bytes(bytes)))
    }

    fn create(&self) -> Result<Key, KeysError> {
        if self.file.exists() {
            return Err(KeysError::Exists);
        }
        match self.create_in_keystore() {
            Err(KeysError::Keystore(why)) => {
                tracing::info!(%why, "the key is kept in a file");
                self.file.create()
            }
            made => made,
        }
    }

    fn store(&self) -> KeyStore {
        if self.marker.exists() && !self.file.exists() {
            KeyStore::System
        } else {
            KeyStore::File
        }
    }
}
