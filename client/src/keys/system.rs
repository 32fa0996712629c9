//! The keystore of this operating system: the Secret Service (as GNOME Keyring has it) on Linux, the
//! Credential Manager on Windows, the Keychain on macOS. Elsewhere there is none.

use zeroize::Zeroizing;

use super::{Keystore, KeystoreError};

/// The keystore of this operating system.
#[derive(Debug)]
pub(super) struct SystemKeystore;

#[cfg(any(target_os = "linux", target_os = "macos", windows))]
impl Keystore for SystemKeystore {
    fn find(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
        match native::entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(native::sort(&error)),
        }
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        native::entry(name)?
            .set_secret(secret)
            .map_err(|error| native::sort(&error))
    }
}

#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod native {
    use std::collections::HashMap;

    #[cfg(target_os = "macos")]
    use apple_native_keyring_store::keychain::Store;
    #[cfg(target_os = "linux")]
    use dbus_secret_service_keyring_store::Store;
    use keyring_core::{Entry, Error, api::CredentialStoreApi as _};
    #[cfg(windows)]
    use windows_native_keyring_store::Store;

    use super::KeystoreError;

    /// Under this name keystores show our entries to the person.
    const APP: &str = "gridwalker";

    /// The entry of this name, which need not exist.
    pub(super) fn entry(name: &str) -> Result<Entry, KeystoreError> {
        if !is_reachable() {
            return Err(KeystoreError::Absent);
        }
        let store = Store::new().map_err(|error| sort(&error))?;
        let label = HashMap::from([("label", "Gridwalker 网格行")]);
        let label = cfg!(target_os = "linux").then_some(&label);
        store.build(APP, name, label).map_err(|error| sort(&error))
    }

    /// Messages of keystores may tell about the person's folders: they are dropped.
    pub(super) fn sort(error: &Error) -> KeystoreError {
        match error {
            Error::NoStorageAccess(_) => KeystoreError::Locked,
            _ => KeystoreError::Failed,
        }
    }

    /// Without a session bus, libdbus would start one for us; a keystore on such a bus is gone with
    /// it.
    #[cfg(target_os = "linux")]
    fn is_reachable() -> bool {
        use std::{env::var_os, path::Path};
        match var_os("DBUS_SESSION_BUS_ADDRESS") {
            Some(address) => !address.is_empty() && address != "disabled:",
            None => {
                var_os("XDG_RUNTIME_DIR").is_some_and(|dir| Path::new(&dir).join("bus").exists())
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn is_reachable() -> bool {
        true
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
impl Keystore for SystemKeystore {
    fn find(&self, _name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
        Err(KeystoreError::Absent)
    }

    fn put(&self, _name: &str, _secret: &[u8]) -> Result<(), KeystoreError> {
        Err(KeystoreError::Absent)
    }
}
