//! What every part of the core shares: the database, the photos, the packs, the clock, and who is
//! told when something changed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction};
use shared::{
    Kind, Timestamp,
    deadline::day,
    ipc::{Area, Changed, Doing, Link, SyncStatus},
};
use tokio::sync::{broadcast, watch};

use crate::{
    blocking::off_thread,
    clock::Clock,
    error::Result,
    filling::Fillings,
    import::Imports,
    packs::Packs,
    photo::Vault,
    publishing::Publishing,
    rounds::Counted,
    store::{Store, device, files, mirror, outbox},
    sync::SyncState,
    uploads::Uploads,
};

/// What every part of the core shares.
#[derive(Debug)]
pub(crate) struct Core {
    /// The database.
    pub(crate) store: Store,
    /// The photos.
    pub(crate) vault: Vault,
    /// The clocks.
    pub(crate) clock: Arc<dyn Clock>,
    /// The sync's own state.
    pub(crate) sync: SyncState,
    /// Forms, and what is being filled in.
    pub(crate) fillings: Fillings,
    /// Photos being handed in.
    pub(crate) uploads: Mutex<Uploads>,
    /// The table that is being imported.
    pub(crate) imports: Imports,
    /// What doors ask for, counted.
    pub(crate) counted: Counted,
    /// The form that is being published.
    pub(crate) publishing: Publishing,
    /// Held while photo files are removed, and while one is stored and referred to.
    clearing: Mutex<()>,
    packs: Mutex<Option<(String, Arc<Packs>)>>,
    changes: broadcast::Sender<Changed>,
    status: watch::Sender<SyncStatus>,
}

impl Core {
    pub(crate) fn new(
        (store, vault): (Store, Vault),
        clock: Arc<dyn Clock>,
        changes: broadcast::Sender<Changed>,
        status: watch::Sender<SyncStatus>,
    ) -> Self {
        let core = Self {
            store,
            vault,
            clock,
            sync: SyncState::default(),
            fillings: Fillings::default(),
            uploads: Mutex::default(),
            imports: Imports::default(),
            counted: Counted::default(),
            publishing: Publishing::default(),
            clearing: Mutex::default(),
            packs: Mutex::default(),
            changes,
            status,
        };
        if let Err(error) = core.begin_status() {
            tracing::warn!(%error, "what waits could not be counted");
        }
        core
    }

    /// Runs `work` on one unchanging state of the database, off the async threads.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let core = Arc::clone(self);
        off_thread(move || core.store.read(work)).await?
    }

    /// Runs `work` in a transaction, off the async threads.
    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let core = Arc::clone(self);
        off_thread(move || core.store.write(work)).await?
    }

    /// The day it is where the city is, `YYYY-MM-DD`.
    pub(crate) fn today(&self, db: &Connection) -> Result<String> {
        Ok(day(self.packs(db)?.utc_offset_minutes(), self.clock.now()))
    }

    /// The packs. Read once, and again when the mirror has other revisions of them or somebody
    /// announced that they changed.
    pub(crate) fn packs(&self, db: &Connection) -> Result<Arc<Packs>> {
        let revisions = mirror::revisions(db, &Kind::pack())?;
        let mut kept = self.packs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, packs)) = kept.as_ref().filter(|(of, _)| *of == revisions) {
            return Ok(Arc::clone(packs));
        }
        let packs = Arc::new(Packs::load(db)?);
        *kept = Some((revisions, Arc::clone(&packs)));
        drop(kept);
        Ok(packs)
    }

    /// While this is held, no photo file is removed.
    pub(crate) fn no_clearing(&self) -> MutexGuard<'_, ()> {
        self.clearing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// While this is held, no photo is stored.
    pub(crate) fn clearing(&self) -> MutexGuard<'_, ()> {
        self.no_clearing()
    }

    /// Tells everybody who shows things that these changed.
    pub(crate) fn announce(&self, changed: Changed) {
        if changed.touched.contains(&Area::Packs) {
            *self.packs.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        if changed.touched.contains(&Area::Forms) {
            self.fillings.forget_forms();
        }
        if !changed.touched.is_empty() {
            // Nobody listening is no failure.
            drop(self.changes.send(changed));
        }
    }

    /// A person did something that is to go to the hub.
    pub(crate) fn announce_work(&self, changed: Changed) {
        self.announce(changed);
        if let Err(error) = self.recount() {
            tracing::warn!(%error, "what waits could not be counted");
        }
        self.sync.nudge();
    }

    /// How the sync stands.
    pub(crate) fn status(&self) -> SyncStatus {
        self.status.borrow().clone()
    }

    /// Whether the hub is reached.
    pub(crate) fn link(&self) -> Link {
        self.status.borrow().link
    }

    /// The link was found to be so.
    pub(crate) fn set_link(&self, link: Link) {
        self.tell(|status| status.link = link);
    }

    /// The hub's clock differs from this device's by so much; `None` for not worth a word.
    pub(crate) fn set_clock_off(&self, off_ms: Option<i64>) {
        self.tell(|status| status.clock_off_ms = off_ms);
    }

    /// This is being done now.
    pub(crate) fn doing(&self, doing: Option<Doing>) {
        self.tell(|status| status.doing = doing);
    }

    /// The next attempt will be made then.
    pub(crate) fn next_attempt(&self, at: Option<Timestamp>) {
        self.tell(|status| status.next_attempt_at = at);
    }

    /// Counts what the hub doesn't have.
    pub(crate) async fn count_waiting(self: &Arc<Self>) -> Result<()> {
        let core = Arc::clone(self);
        off_thread(move || core.recount()).await?
    }

    /// Looks up when everything was last in step.
    pub(crate) async fn refresh_last_complete(self: &Arc<Self>) -> Result<()> {
        let at = self
            .read(|db| Ok(device::get(db)?.last_complete_at))
            .await?;
        self.tell(|status| status.last_complete_at = at);
        Ok(())
    }

    fn begin_status(&self) -> Result<()> {
        let device = self.store.read(device::get)?;
        self.tell(|status| {
            status.link = if device.enrolment.is_some() {
                Link::Unknown
            } else {
                Link::None
            };
            status.last_complete_at = device.last_complete_at;
        });
        self.recount()
    }

    fn recount(&self) -> Result<()> {
        let (ops, photos) = self
            .store
            .read(|db| Ok((outbox::count_queued(db)?, files::waiting(db)?.photos)))?;
        self.tell(|status| {
            status.ops_waiting = ops;
            status.photos_waiting = photos;
        });
        Ok(())
    }

    /// Pages are told only of true changes.
    fn tell(&self, change: impl FnOnce(&mut SyncStatus)) {
        self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
    }
}
