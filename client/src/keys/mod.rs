//! Where the key of the database and the photos is kept. It is made once, before the database is,
//! and never replaced while a database exists.

mod choice;
mod file;
mod keystore;
mod marker;
mod system;

use std::{fmt, path::Path, sync::Arc, time::Duration};

use shared::ipc::KeyStore;
use zeroize::Zeroizing;

pub use choice::KeystoreOrFile;
pub use file::FileKeys;
pub use keystore::{Keystore, KeystoreError};

/// The key: 32 random bytes.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// From its bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As `SQLCipher` takes a raw key.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let hex = Zeroizing::new(hex::encode(self.as_bytes()));
        Zeroizing::new(format!("x'{}'", hex.as_str()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Why a key can't be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// There is something in its place that is no key. It was not touched.
    #[error("what is stored as the key is no key")]
    NotAKey,
    /// There is a key already; it is not replaced.
    #[error("there is a key already")]
    Exists,
    /// The place can't be read or written.
    #[error("the key can't be read or written")]
    Io(#[from] std::io::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness(#[from] getrandom::Error),
    /// The operating system's keystore, which has the key, gives no answer now. A later start may
    /// find it answering.
    #[error("the system's keystore gives no answer")]
    Keystore(#[from] KeystoreError),
}

/// Keeps the key.
pub trait Keys: Send + Sync + fmt::Debug {
    /// The key; `None` when there never was one.
    fn load(&self) -> Result<Option<Key>, KeysError>;

    /// Makes the key. When this returns, it survives a power cut.
    fn create(&self) -> Result<Key, KeysError>;

    /// What kind of place it is, for the person to see.
    fn store(&self) -> KeyStore;
}

/// How long a start waits for the system's keystore. One that asks the person for a password first
/// takes longer; the app then comes up and says so.
const PATIENCE: Duration = Duration::from_secs(5);

/// The operating system's keystore where there is one, else a file in `dir`.
pub fn system_or_file(dir: &Path) -> Arc<dyn Keys> {
    let keystore = Arc::new(system::SystemKeystore);
    Arc::new(KeystoreOrFile::new(dir, keystore, PATIENCE))
}
