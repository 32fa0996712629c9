//! The embedded store: `SQLite`, one writer, a few readers. One file a table; the doors to a
//! transaction are [`SqliteStore::read`] and [`SqliteStore::write`].

#[cfg(feature = "faults")]
pub(crate) mod audit;
mod case_numbers;
mod checkpoints;
mod codes;
mod connection;
mod convert;
mod device_clocks;
mod devices;
mod docs;
mod erased;
mod exports;
mod feeds;
mod former_assignments;
mod grids;
mod judge;
mod meta;
mod missing;
mod op_audit;
mod ops;
mod pack;
mod photos;
mod prune;
mod push;
mod quarantine;
mod sound;
mod staff;
mod stats;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use fault::Bug;
use futures_util::future::ready;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use shared::{
    DeviceId, Digest, Doc, Outcome, Scope, StaffId, Timestamp, hub_api::ScopeHead, pack::CityPack,
    time::Observed,
};
use tokio::sync::{Mutex as AsyncMutex, Semaphore};

use checkpoints::Checkpoints;

use super::{
    Answer, Audited, Batch, Creation, DeviceLine, DueRequest, EnrolRefusal, Enrolling, Erasures,
    Exported, HubStore, Identity, Lease, MissingPhoto, NewCode, NewEpochRequired, NoCode, OpName,
    PackLoaded, Page, PageRequest, Pruned, Pushed, QuarantineLine, Renewing, Session, Soundness,
    StaffLine, Stats, StoreError, StoredDoc, Upload, feeds::Publication,
};
use crate::{blocking::off_thread, secret::Hash};

const BEFORE_COMMIT: &str = "hub/any change: before commit";

/// How many connections read at once.
const READERS: usize = 4;

/// The embedded store.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    /// Closed before the writer, so that the writer is the last one out and folds the WAL back
    /// into the database.
    readers: Arc<Readers>,
    /// Waited for asynchronously, so that waiting writers hold no thread.
    writer: Arc<AsyncMutex<Connection>>,
    /// Ends with the store, whoever still writes.
    _checkpoints: Arc<Checkpoints>,
    health: Arc<Health>,
}

/// Where the database is, and whether something met damage in it. From then on nothing is read or
/// written: what else is wrong is not known, and a push on top of it would make it worse.
#[derive(Debug)]
struct Health {
    path: PathBuf,
    is_damaged: AtomicBool,
}

impl Health {
    fn check(&self) -> Result<(), StoreError> {
        if self.is_damaged.load(Ordering::Relaxed) {
            let before = "damage was met before";
            return Err(StoreError::NotADatabase(before.into()));
        }
        Ok(())
    }

    /// Sees what became of something.
    fn seen<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(done, Err(StoreError::NotADatabase(_)))
            && !self.is_damaged.swap(true, Ordering::Relaxed)
        {
            tracing::error!(
                "hub.db is damaged: nothing is served from now on; stop the hub, keep the folder as it is, put a backup that is whole in its place and run `gridwalker-hub epoch renew` once"
            );
        }
        done
    }
}

#[derive(Debug)]
struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl SqliteStore {
    /// Opens the database, making or upgrading it as needed. Blocks.
    pub fn open(path: &Path, pages_max: Option<u32>) -> Result<Self, StoreError> {
        let mut writer = connection::open_writer(path, pages_max)?;
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        meta::found(&tx)?;
        tx.commit()?;
        let checkpoints = Checkpoints::of(path, &mut writer)?;
        // In a simulation nothing runs beside anything: there the writer reads, too.
        let readers = if fault::simulated() { 0 } else { READERS };
        let readers = (0..readers)
            .map(|_| connection::open_reader(path))
            .collect::<Result<_, _>>()?;
        let health = Health {
            path: path.to_owned(),
            is_damaged: AtomicBool::new(false),
        };
        Ok(Self {
            writer: Arc::new(AsyncMutex::new(writer)),
            _checkpoints: Arc::new(checkpoints),
            health: Arc::new(health),
            readers: Arc::new(Readers {
                idle: Mutex::new(readers),
                permits: Arc::new(Semaphore::new(READERS)),
            }),
        })
    }

    /// Runs `f` on one moment of the database.
    fn read<T, F>(&self, f: F) -> Answer<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        Box::pin(async move {
            self.health.check()?;
            if fault::simulated() {
                let mut db = Arc::clone(&self.writer).lock_owned().await;
                return blocking(move || f(&*db.transaction()?)).await;
            }
            let permits = Arc::clone(&self.readers.permits);
            let permit = permits
                .acquire_owned()
                .await
                .map_err(|_closed| StoreError::Stopped)?;
            let readers = Arc::clone(&self.readers);
            let done = blocking(move || {
                let _permit = permit;
                let mut lent = readers.lend();
                let db = lent.db.as_mut().ok_or(StoreError::Stopped)?;
                let tx = db.transaction()?;
                f(&tx)
            });
            self.health.seen(done.await)
        })
    }

    /// Runs `f` in a transaction: committed when it answers `Ok`, else rolled back.
    fn write<T, F>(&self, f: F) -> Answer<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.write_if(f, |_| true)
    }

    /// Like [`Self::write`], but commits only what `keep` agrees to.
    fn write_if<T, F>(&self, f: F, keep: fn(&T) -> bool) -> Answer<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        Box::pin(async move {
            let mut db = Arc::clone(&self.writer).lock_owned().await;
            // After waiting: whoever wrote before may have met it.
            self.health.check()?;
            // Runs to its end even when the peer hangs up: a replay then gets the stored result.
            let done = blocking(move || {
                // IMMEDIATE: never half-way in when another process writes.
                let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let answer = f(&tx)?;
                if fault::planted(Bug::AnswerBeforeCommit) && fault::survives(BEFORE_COMMIT) {
                    return Ok(answer);
                }
                fault::point(BEFORE_COMMIT);
                if keep(&answer) {
                    tx.commit()?;
                }
                fault::point("hub/any change: committed, not answered");
                Ok(answer)
            });
            self.health.seen(done.await)
        })
    }
}

/// A connection that goes back to the others, whatever happens to its borrower.
struct Lent {
    db: Option<Connection>,
    readers: Arc<Readers>,
}

impl Readers {
    fn lend(self: Arc<Self>) -> Lent {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let db = idle.pop();
        drop(idle);
        Lent { db, readers: self }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut idle = self
            .readers
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.db.take());
    }
}

async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    off_thread(f)
        .await
        .map_err(|error| StoreError::Backend(Box::new(error)))?
}

fn publish(
    tx: &Transaction<'_>,
    doc: &Doc,
    audience: BTreeSet<Scope>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let doc = StoredDoc::of(doc)?;
    docs::put(tx, &doc, now)?;
    let standing = feeds::standing(tx, &[doc.target.clone()].into())?;
    let publication = Publication::of(&doc, audience);
    feeds::publish(tx, &[publication], &standing).map(drop)
}

impl HubStore for SqliteStore {
    fn identity(&self) -> Answer<'_, Identity> {
        self.read(meta::identity)
    }

    fn renew_epoch(&self) -> Answer<'_, ()> {
        self.write(meta::renew_epoch)
    }

    fn load_pack(&self, city: CityPack, now: Timestamp) -> Answer<'_, PackLoaded> {
        self.write(move |tx| pack::load(tx, &city, now))
    }

    fn publish(&self, doc: Doc, audience: BTreeSet<Scope>, now: Timestamp) -> Answer<'_, ()> {
        self.write(move |tx| publish(tx, &doc, audience, now))
    }

    fn publish_once(
        &self,
        doc: Doc,
        audience: BTreeSet<Scope>,
        now: Timestamp,
    ) -> Answer<'_, Option<Doc>> {
        self.write(move |tx| {
            let there = docs::find(tx, &doc.target)?;
            if there.is_none() {
                publish(tx, &doc, audience, now)?;
            }
            Ok(there)
        })
    }

    fn staff(&self) -> Answer<'_, Vec<StaffLine>> {
        self.read(staff::list)
    }

    fn revoke_staff(&self, id: StaffId, now: Timestamp) -> Answer<'_, bool> {
        self.write(move |tx| staff::revoke(tx, &id, now))
    }

    fn devices(&self) -> Answer<'_, Vec<DeviceLine>> {
        self.read(devices::list)
    }

    fn revoke_device(&self, id: DeviceId, now: Timestamp) -> Answer<'_, bool> {
        self.write(move |tx| devices::revoke(tx, id, now))
    }

    fn add_code(&self, code: NewCode) -> Answer<'_, Result<(), NoCode>> {
        self.write(move |tx| codes::add(tx, &code))
    }

    fn enrol(&self, request: Enrolling) -> Answer<'_, Result<Session, EnrolRefusal>> {
        self.write(move |tx| codes::redeem(tx, &request))
    }

    fn renew(&self, request: Renewing) -> Answer<'_, bool> {
        self.write(move |tx| devices::renew(tx, &request))
    }

    fn session(&self, token: Hash) -> Answer<'_, Option<Session>> {
        self.read(move |db| devices::session(db, &token))
    }

    fn note_clocks(&self, device: DeviceId, clocks: Observed, now: Timestamp) -> Answer<'_, ()> {
        self.write(move |tx| device_clocks::put(tx, device, &clocks, now))
    }

    fn heads(&self, scopes: BTreeSet<Scope>) -> Answer<'_, Vec<ScopeHead>> {
        self.read(move |db| feeds::heads(db, &scopes))
    }

    fn push(&self, session: Session, batch: Batch) -> Answer<'_, Result<Pushed, NewEpochRequired>> {
        self.write_if(move |tx| push::push(tx, &session, &batch), Result::is_ok)
    }

    fn quarantine(&self) -> Answer<'_, Vec<QuarantineLine>> {
        self.read(quarantine::list)
    }

    fn quarantined(&self, op: OpName) -> Answer<'_, Option<(QuarantineLine, Vec<Audited>)>> {
        self.read(move |db| quarantine::find(db, op))
    }

    fn quarantined_content(&self, op: OpName, now: Timestamp) -> Answer<'_, Option<String>> {
        self.write(move |tx| quarantine::content(tx, op, now))
    }

    fn retry(&self, op: OpName, max_bytes: usize, now: Timestamp) -> Answer<'_, Option<Outcome>> {
        self.write(move |tx| quarantine::retry(tx, op, max_bytes, now))
    }

    fn prune(&self, before: Timestamp) -> Answer<'_, Pruned> {
        self.write(move |tx| prune::prune(tx, before))
    }

    fn erase(&self, erasures: Erasures) -> Answer<'_, u64> {
        self.write(move |tx| erased::erase(tx, &erasures))
    }

    fn due(&self, request: DueRequest) -> Answer<'_, Vec<Doc>> {
        self.read(move |db| docs::due(db, &request))
    }

    fn erased_photos(&self) -> Answer<'_, Vec<Digest>> {
        self.read(erased::photos)
    }

    fn forget_erased_photo(&self, digest: Digest) -> Answer<'_, ()> {
        self.write(move |tx| erased::forget(tx, digest))
    }

    fn erase_traces(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            let db = Arc::clone(&self.writer).lock_owned().await;
            blocking(move || connection::empty_wal(&db)).await
        })
    }

    fn note_export(&self, exported: Exported) -> Answer<'_, ()> {
        self.write(move |tx| exports::append(tx, &exported))
    }

    fn exports(&self) -> Answer<'_, Vec<Exported>> {
        self.read(exports::all)
    }

    fn pull(&self, request: PageRequest) -> Answer<'_, Page> {
        self.read(move |db| feeds::page(db, &request))
    }

    fn lease_upload(&self, _: Lease) -> Answer<'_, bool> {
        // One process serves an embedded database; it keeps its own requests apart.
        Box::pin(ready(Ok(true)))
    }

    fn give_back_upload(&self, _: Lease) -> Answer<'_, ()> {
        Box::pin(ready(Ok(())))
    }

    fn create_upload(&self, creation: Creation) -> Answer<'_, Upload> {
        self.write(move |tx| photos::create(tx, &creation))
    }

    fn find_upload(&self, digest: Digest) -> Answer<'_, Option<Upload>> {
        self.read(move |db| photos::find(db, digest))
    }

    fn set_offset(&self, digest: Digest, offset: u64, now: Timestamp) -> Answer<'_, ()> {
        self.write(move |tx| photos::set_offset(tx, digest, offset, now))
    }

    fn complete_upload(&self, digest: Digest, now: Timestamp) -> Answer<'_, ()> {
        self.write(move |tx| photos::complete(tx, digest, now))
    }

    fn expire_uploads(&self, before: Timestamp) -> Answer<'_, Vec<Digest>> {
        self.write(move |tx| photos::expire(tx, before))
    }

    fn uploaded_since(&self, device: DeviceId, since: Timestamp) -> Answer<'_, u64> {
        self.read(move |db| photos::bytes_since(db, device, since))
    }

    fn may_see_photo(&self, session: Session, digest: Digest) -> Answer<'_, bool> {
        self.read(move |db| photos::may_see(db, &session, digest))
    }

    fn missing_photos(&self) -> Answer<'_, Vec<MissingPhoto>> {
        self.read(missing::all)
    }

    fn look(&self, deep: bool) -> Answer<'_, Soundness> {
        Box::pin(async move {
            let health = Arc::clone(&self.health);
            let done = blocking(move || {
                // A connection of its own: it reads for long, and nobody should wait for it.
                let mut db = connection::open_reader(&health.path)?;
                let tx = db.transaction()?;
                sound::look(&tx, deep)
            });
            self.health.seen(done.await)
        })
    }

    fn stats(&self) -> Answer<'_, Stats> {
        self.read(stats::stats)
    }
}
