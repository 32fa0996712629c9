//! What the operating system offers for secrets, and how long we wait for it. It may be absent,
//! locked behind a password, or hang; none of these may keep the app from starting.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

/// A keystore of the operating system. Calls may block for as long as they like.
pub trait Keystore: Send + Sync + fmt::Debug {
    /// The secret of this name. `None` only when the keystore answers that it has none.
    fn find(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError>;

    /// Stores a secret under a name that is not taken.
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError>;
}

/// Why a keystore is of no use now. All are treated alike; the log tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeystoreError {
    /// This machine has none, or none that talks to us.
    #[error("there is no keystore")]
    Absent,
    /// It is there and doesn't let us in.
    #[error("the keystore is locked")]
    Locked,
    /// It failed.
    #[error("the keystore failed")]
    Failed,
    /// It did not answer in time.
    #[error("the keystore did not answer in time")]
    TooLate,
    /// It gave back something else than it was given.
    #[error("the keystore does not keep what it is given")]
    Forgetful,
}

/// A keystore that is waited for only so long. Once it was late it is not asked again: a start
/// has one such wait, not one for each question.
#[derive(Debug)]
pub(super) struct Patient {
    keystore: Arc<dyn Keystore>,
    limit: Duration,
    gave_up: AtomicBool,
}

impl Patient {
    pub(super) fn new(keystore: Arc<dyn Keystore>, limit: Duration) -> Self {
        Self {
            keystore,
            limit,
            gave_up: AtomicBool::new(false),
        }
    }

    /// See [`Keystore::find`].
    pub(super) fn find(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
        let name = name.to_owned();
        self.ask(move |keystore| keystore.find(&name))
    }

    /// See [`Keystore::put`].
    pub(super) fn put(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        let name = name.to_owned();
        let secret = Zeroizing::new(secret.to_owned());
        self.ask(move |keystore| keystore.put(&name, &secret))
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Keystore) -> Result<T, KeystoreError> + Send + 'static,
    ) -> Result<T, KeystoreError> {
        if self.gave_up.load(Ordering::Relaxed) {
            return Err(KeystoreError::TooLate);
        }
        let keystore = Arc::clone(&self.keystore);
        let (tell, told) = mpsc::sync_channel(1);
        // A thread of its own: one that hangs ends with the process and holds up nobody.
        thread::Builder::new()
            .name("keystore".to_owned())
            .spawn(move || {
                // Nobody is waiting any more when it comes too late.
                drop(tell.send(question(keystore.as_ref())));
            })
            .map_err(|error| {
                tracing::warn!(kind = ?error.kind(), "no thread to ask the keystore");
                KeystoreError::Failed
            })?;
        told.recv_timeout(self.limit).unwrap_or_else(|error| {
            self.gave_up.store(true, Ordering::Relaxed);
            Err(match error {
                mpsc::RecvTimeoutError::Timeout => KeystoreError::TooLate,
                mpsc::RecvTimeoutError::Disconnected => KeystoreError::Failed,
            })
        })
    }
}
