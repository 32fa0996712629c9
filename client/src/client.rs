//! The public face: one cheap handle to the core, opened once.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use shared::{
    Digest,
    ipc::{Changed, IpcError, Link, Problem, SyncStatus},
};
use tokio::sync::{broadcast, watch};

use crate::{
    blocking::{beside, off_thread},
    clock::Clock,
    core::Core,
    error::{Error, Result},
    keys::Keys,
    open, photo_room, rounds,
};

/// Announcements kept for a listener that is slow; one that misses some is told so.
const CHANGES_KEPT: usize = 64;

/// Where and with what the core works.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the database and the photos are.
    pub data_dir: PathBuf,
    /// Where the key is.
    pub keys: Arc<dyn Keys>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// What kind of device this is, for the hub's operator; not a person's name.
    pub device_name: String,
    /// Version of the app.
    pub app_version: String,
}

/// The core. Clones are the same core.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    core: Option<Arc<Core>>,
    problem: Mutex<Option<Problem>>,
    changes: broadcast::Sender<Changed>,
    status: watch::Sender<SyncStatus>,
    files_dir: OnceLock<PathBuf>,
}

impl Drop for Inner {
    /// Every step of a round is a transaction, so a round may end anywhere.
    fn drop(&mut self) {
        if let Some(core) = &self.core {
            drop(core.sync.stop());
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("problem", &self.problem())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Opens the core. It always comes up: what is wrong with the folder stands in the session's
    /// problem, and commands that need the database then say so.
    pub async fn open(options: Options) -> Self {
        let at = options.clone();
        let opened = off_thread(move || open::open(&at.data_dir, at.keys.as_ref(), at.clock.now()));
        let opened = opened.await.unwrap_or_else(|error| {
            tracing::error!(%error, "opening was broken off");
            Problem::Unwritable.into()
        });

        let (changes, _) = broadcast::channel(CHANGES_KEPT);
        let (status, _) = watch::channel(SyncStatus {
            link: Link::None,
            doing: None,
            last_complete_at: None,
            next_attempt_at: None,
            ops_waiting: 0,
            photos_waiting: 0,
            clock_off_ms: None,
        });
        let core = opened.data.map(|data| {
            Arc::new(Core::new(
                data,
                Arc::clone(&options.clock),
                changes.clone(),
                status.clone(),
            ))
        });
        let inner = Inner {
            options,
            core,
            problem: Mutex::new(opened.problem),
            changes,
            status,
            files_dir: OnceLock::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Announces what changed, from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.inner.changes.subscribe()
    }

    /// How the sync stands, now and from now on.
    pub fn sync_statuses(&self) -> watch::Receiver<SyncStatus> {
        self.inner.status.subscribe()
    }

    /// The bytes of a photo or thumbnail: from this device, else from the hub while connected.
    pub async fn photo_bytes(&self, digest: Digest) -> Result<Vec<u8>, IpcError> {
        let stored = self
            .run(move |core| {
                let bytes = core.vault.get(digest)?;
                // What is here is shown, whatever can't be written down.
                only_logged("the use", photo_room::note_use(core, digest));
                Ok(bytes)
            })
            .await;
        if stored.is_ok() {
            return stored;
        }
        self.fetch_photo(digest).await?;
        self.run(move |core| {
            let bytes = core.vault.get(digest)?;
            only_logged("room", photo_room::make_room(core));
            Ok(bytes)
        })
        .await
    }

    /// Where files that the person asked for are kept; the first to say so is heard.
    pub fn keep_files_in(&self, folder: PathBuf) {
        drop(self.inner.files_dir.set(folder));
    }

    /// Where those are kept; beside the database, until somebody says otherwise.
    pub(crate) fn files_dir(&self) -> PathBuf {
        let said = self.inner.files_dir.get().cloned();
        said.unwrap_or_else(|| self.inner.options.data_dir.join("files"))
    }

    /// What the core was opened with.
    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    /// What is wrong, if anything.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let problem = self.inner.problem.lock();
        problem.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on this is wrong, if anything.
    pub(crate) fn set_problem(&self, problem: Option<Problem>) {
        let mut now = self
            .inner
            .problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *now = problem;
    }

    /// The core, if there is a database.
    pub(crate) fn core(&self) -> Result<&Arc<Core>> {
        self.inner.core.as_ref().ok_or(Error::NoDatabase)
    }

    /// Runs blocking work off the async threads.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Core) -> Result<T> + Send + 'static,
    ) -> Result<T, IpcError> {
        let core = Arc::clone(self.core()?);
        let counting = Arc::clone(&core);
        let done = off_thread(move || work(&core)).await.map_err(Error::from)?;
        if counting.counted.is_left() {
            beside(move || rounds::go_on(&counting));
        }
        Ok(done.inspect_err(log)?)
    }
}

/// Our own failures are logged; what a person can mend is told to the person only.
fn log(error: &Error) {
    match error {
        Error::Storage(source) => {
            tracing::error!(code = ?source.sqlite_error_code(), "the local database failed");
        }
        Error::Vault(_) | Error::Unreadable(_) | Error::NoRandomness(_) | Error::Malformed(_) => {
            tracing::error!(%error, "a command failed");
        }
        Error::DiskFull => tracing::warn!("the disk is full"),
        _ => {}
    }
}

/// Housekeeping that may fail without anybody having to know.
fn only_logged(what: &str, done: Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, what, "of a photo could not be seen to");
    }
}
