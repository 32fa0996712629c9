//! The store for several hub processes on one PostgreSQL database. One file a table, as beside;
//! the doors are [`PostgresStore::ask`], [`PostgresStore::snapshot`] and [`PostgresStore::write`].
//!
//! Whoever writes locks rows in one order: the device, documents, the day's case numbers, heads of
//! feeds. What can't be locked because it isn't there yet collides when it is inserted twice; the
//! loser is rolled back and begins again, and then sees what the winner wrote.

mod address;
mod case_numbers;
mod codes;
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
mod migrate;
mod missing;
mod op_audit;
mod opening;
mod ops;
mod pack;
mod photos;
mod prune;
mod push;
mod quarantine;
mod staff;
mod statement;
mod stats;
mod upload_leases;

use std::collections::BTreeSet;

use deadpool_postgres::{Client, Pool, Transaction};
use futures_util::future::{BoxFuture, ready};
use shared::{
    DeviceId, Digest, Doc, Outcome, Scope, StaffId, Timestamp, hub_api::ScopeHead, pack::CityPack,
    time::Observed,
};
use tokio::task;
use tokio_postgres::IsolationLevel;

pub use self::{address::DatabaseUrl, migrate::Founding, opening::OpenError};
use super::{
    Answer, Audited, Batch, Creation, DeviceLine, DueRequest, EnrolRefusal, Enrolling, Erasures,
    Exported, HubStore, Identity, Lease, MissingPhoto, NewCode, NewEpochRequired, NoCode, OpName,
    PackLoaded, Page, PageRequest, Pruned, Pushed, QuarantineLine, Renewing, Session, Soundness,
    StaffLine, Stats, StoreError, StoredDoc, Upload, feeds::Publication,
};
use crate::secret::Hash;

/// How often a transaction begins again after it collided with another. Each time somebody got on.
const ATTEMPTS: u32 = 12;

/// The store on a database server.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: Pool,
}

/// Statements on one connection, or in one transaction: what is asked for, over what it is given.
type Work<'t, T> = BoxFuture<'t, Result<T, StoreError>>;

impl PostgresStore {
    /// Opens the database, upgrading it as needed.
    pub async fn open(url: &DatabaseUrl, founding: Founding) -> Result<Self, StoreError> {
        let pool = opening::open(url, founding).await?;
        Ok(Self { pool })
    }

    /// Runs `f`, which is one statement: a transaction of its own, on one moment of the database.
    fn ask<T, A>(&self, given: A, f: for<'t> fn(&'t Client, &'t A) -> Work<'t, T>) -> Answer<'_, T>
    where
        T: Send + 'static,
        A: Send + Sync + 'static,
    {
        Box::pin(async move {
            let db = self.pool.get().await?;
            f(&db, &given).await
        })
    }

    /// Runs `f` on one moment of the database, however many statements it is.
    fn snapshot<T, A>(
        &self,
        given: A,
        f: for<'t> fn(&'t Transaction<'t>, &'t A) -> Work<'t, T>,
    ) -> Answer<'_, T>
    where
        T: Send + 'static,
        A: Send + Sync + 'static,
    {
        Box::pin(async move {
            let mut db = self.pool.get().await?;
            let begin = db.build_transaction();
            let tx = begin
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
                .start()
                .await?;
            let answer = f(&tx, &given).await?;
            tx.commit().await?;
            Ok(answer)
        })
    }

    /// Runs `f` in a transaction: committed when it answers `Ok`, else rolled back. Begun again
    /// when it collided with another writer.
    fn write<T, A>(
        &self,
        given: A,
        f: for<'t> fn(&'t Transaction<'t>, &'t A) -> Work<'t, T>,
    ) -> Answer<'_, T>
    where
        T: Send + 'static,
        A: Send + Sync + 'static,
    {
        self.write_if(given, f, |_| true)
    }

    /// Like [`Self::write`], but commits only what `keep` agrees to.
    fn write_if<T, A>(
        &self,
        given: A,
        f: for<'t> fn(&'t Transaction<'t>, &'t A) -> Work<'t, T>,
        keep: fn(&T) -> bool,
    ) -> Answer<'_, T>
    where
        T: Send + 'static,
        A: Send + Sync + 'static,
    {
        let pool = self.pool.clone();
        let work = async move {
            let mut db = pool.get().await?;
            let mut attempt = 1;
            loop {
                match try_once(&mut db, &given, f, keep).await {
                    Err(StoreError::Collided(_)) if attempt < ATTEMPTS => attempt += 1,
                    done => return done,
                }
            }
        };
        // Runs to its end even when the peer hangs up: a replay then gets the stored result.
        Box::pin(async move {
            task::spawn(work)
                .await
                .map_err(|error| StoreError::Backend(Box::new(error)))?
        })
    }
}

async fn try_once<T, A>(
    db: &mut Client,
    given: &A,
    f: for<'t> fn(&'t Transaction<'t>, &'t A) -> Work<'t, T>,
    keep: fn(&T) -> bool,
) -> Result<T, StoreError> {
    // Whatever the server's default is: rows are locked by hand, and what comes after a lock must
    // see what was committed before it.
    let begin = db.build_transaction();
    let tx = begin
        .isolation_level(IsolationLevel::ReadCommitted)
        .start()
        .await?;
    let answer = f(&tx, given).await?;
    if keep(&answer) {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok(answer)
}

async fn publish(
    tx: &Transaction<'_>,
    doc: &Doc,
    audience: &BTreeSet<Scope>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let targets = [doc.target.clone()].into();
    let doc = StoredDoc::of(doc)?;
    if docs::lock(tx, &targets).await?.is_empty() {
        docs::insert(tx, &[&doc], now).await?;
    } else {
        docs::update(tx, &[&doc], now).await?;
    }
    let publication = Publication::of(&doc, audience.clone());
    let standing = feeds::standing(tx, &targets).await?;
    feeds::publish(tx, &[publication], &standing)
        .await
        .map(drop)
}

async fn publish_once(
    tx: &Transaction<'_>,
    doc: &Doc,
    audience: &BTreeSet<Scope>,
    now: Timestamp,
) -> Result<Option<Doc>, StoreError> {
    let there = docs::lock(tx, &[doc.target.clone()].into()).await?;
    if let Some(there) = there.into_values().next() {
        return there.doc().map(Some);
    }
    publish(tx, doc, audience, now).await?;
    Ok(None)
}

impl HubStore for PostgresStore {
    fn identity(&self) -> Answer<'_, Identity> {
        self.ask((), |db, ()| Box::pin(meta::identity(db)))
    }

    fn renew_epoch(&self) -> Answer<'_, ()> {
        self.write((), |tx, ()| Box::pin(meta::renew_epoch(tx)))
    }

    fn load_pack(&self, pack: CityPack, now: Timestamp) -> Answer<'_, PackLoaded> {
        self.write((pack, now), |tx, (pack, now)| {
            Box::pin(pack::load(tx, pack, *now))
        })
    }

    fn publish(&self, doc: Doc, audience: BTreeSet<Scope>, now: Timestamp) -> Answer<'_, ()> {
        self.write((doc, audience, now), |tx, (doc, audience, now)| {
            Box::pin(publish(tx, doc, audience, *now))
        })
    }

    fn publish_once(
        &self,
        doc: Doc,
        audience: BTreeSet<Scope>,
        now: Timestamp,
    ) -> Answer<'_, Option<Doc>> {
        self.write((doc, audience, now), |tx, (doc, audience, now)| {
            Box::pin(publish_once(tx, doc, audience, *now))
        })
    }

    fn staff(&self) -> Answer<'_, Vec<StaffLine>> {
        self.ask((), |db, ()| Box::pin(staff::list(db)))
    }

    fn revoke_staff(&self, id: StaffId, now: Timestamp) -> Answer<'_, bool> {
        self.ask((id, now), |db, (id, now)| {
            Box::pin(staff::revoke(db, id, *now))
        })
    }

    fn devices(&self) -> Answer<'_, Vec<DeviceLine>> {
        self.ask((), |db, ()| Box::pin(devices::list(db)))
    }

    fn revoke_device(&self, id: DeviceId, now: Timestamp) -> Answer<'_, bool> {
        self.ask((id, now), |db, (id, now)| {
            Box::pin(devices::revoke(db, *id, *now))
        })
    }

    fn add_code(&self, code: NewCode) -> Answer<'_, Result<(), NoCode>> {
        self.write(code, |tx, code| Box::pin(codes::add(tx, code)))
    }

    fn enrol(&self, request: Enrolling) -> Answer<'_, Result<Session, EnrolRefusal>> {
        self.write(request, |tx, request| Box::pin(codes::redeem(tx, request)))
    }

    fn renew(&self, request: Renewing) -> Answer<'_, bool> {
        self.write(request, |tx, request| Box::pin(devices::renew(tx, request)))
    }

    fn session(&self, token: Hash) -> Answer<'_, Option<Session>> {
        self.ask(token, |db, token| Box::pin(devices::session(db, token)))
    }

    fn note_clocks(&self, device: DeviceId, clocks: Observed, now: Timestamp) -> Answer<'_, ()> {
        self.ask((device, clocks, now), |db, (device, clocks, now)| {
            Box::pin(device_clocks::put(db, *device, clocks, *now))
        })
    }

    fn heads(&self, scopes: BTreeSet<Scope>) -> Answer<'_, Vec<ScopeHead>> {
        self.ask(scopes, |db, scopes| Box::pin(feeds::heads(db, scopes)))
    }

    fn push(&self, session: Session, batch: Batch) -> Answer<'_, Result<Pushed, NewEpochRequired>> {
        self.write_if(
            (session, batch),
            |tx, (session, batch)| Box::pin(push::push(tx, session, batch)),
            Result::is_ok,
        )
    }

    fn quarantine(&self) -> Answer<'_, Vec<QuarantineLine>> {
        self.ask((), |db, ()| Box::pin(quarantine::list(db)))
    }

    fn quarantined(&self, op: OpName) -> Answer<'_, Option<(QuarantineLine, Vec<Audited>)>> {
        self.snapshot(op, |tx, op| Box::pin(quarantine::find(tx, *op)))
    }

    fn quarantined_content(&self, op: OpName, now: Timestamp) -> Answer<'_, Option<String>> {
        self.write((op, now), |tx, (op, now)| {
            Box::pin(quarantine::content(tx, *op, *now))
        })
    }

    fn retry(&self, op: OpName, max_bytes: usize, now: Timestamp) -> Answer<'_, Option<Outcome>> {
        self.write((op, max_bytes, now), |tx, (op, max_bytes, now)| {
            Box::pin(quarantine::retry(tx, *op, *max_bytes, *now))
        })
    }

    fn prune(&self, before: Timestamp) -> Answer<'_, Pruned> {
        self.write(before, |tx, before| Box::pin(prune::prune(tx, *before)))
    }

    fn erase(&self, erasures: Erasures) -> Answer<'_, u64> {
        self.write(erasures, |tx, erasures| {
            Box::pin(erased::erase(tx, erasures))
        })
    }

    fn due(&self, request: DueRequest) -> Answer<'_, Vec<Doc>> {
        self.ask(request, |db, request| Box::pin(docs::due(db, request)))
    }

    fn erased_photos(&self) -> Answer<'_, Vec<Digest>> {
        self.ask((), |db, ()| Box::pin(erased::photos(db)))
    }

    fn forget_erased_photo(&self, digest: Digest) -> Answer<'_, ()> {
        self.ask(digest, |db, digest| Box::pin(erased::forget(db, *digest)))
    }

    fn erase_traces(&self) -> Answer<'_, ()> {
        // The server's own log and what vacuum has not reached yet are its operator's.
        Box::pin(ready(Ok(())))
    }

    fn note_export(&self, exported: Exported) -> Answer<'_, ()> {
        self.ask(exported, |db, exported| {
            Box::pin(exports::append(db, exported))
        })
    }

    fn exports(&self) -> Answer<'_, Vec<Exported>> {
        self.ask((), |db, ()| Box::pin(exports::all(db)))
    }

    fn pull(&self, request: PageRequest) -> Answer<'_, Page> {
        self.snapshot(request, |tx, request| Box::pin(feeds::page(tx, request)))
    }

    fn lease_upload(&self, lease: Lease) -> Answer<'_, bool> {
        self.ask(lease, |db, lease| Box::pin(upload_leases::take(db, lease)))
    }

    fn give_back_upload(&self, lease: Lease) -> Answer<'_, ()> {
        self.ask(lease, |db, lease| {
            Box::pin(upload_leases::give_back(db, lease))
        })
    }

    fn create_upload(&self, creation: Creation) -> Answer<'_, Upload> {
        self.write(creation, |tx, creation| {
            Box::pin(photos::create(tx, creation))
        })
    }

    fn find_upload(&self, digest: Digest) -> Answer<'_, Option<Upload>> {
        self.ask(digest, |db, digest| Box::pin(photos::find(db, *digest)))
    }

    fn set_offset(&self, digest: Digest, offset: u64, now: Timestamp) -> Answer<'_, ()> {
        self.ask((digest, offset, now), |db, (digest, offset, now)| {
            Box::pin(photos::set_offset(db, *digest, *offset, *now))
        })
    }

    fn complete_upload(&self, digest: Digest, now: Timestamp) -> Answer<'_, ()> {
        self.ask((digest, now), |db, (digest, now)| {
            Box::pin(photos::complete(db, *digest, *now))
        })
    }

    fn expire_uploads(&self, before: Timestamp) -> Answer<'_, Vec<Digest>> {
        self.write(before, |tx, before| {
            Box::pin(async move {
                upload_leases::sweep(tx).await?;
                photos::expire(tx, *before).await
            })
        })
    }

    fn uploaded_since(&self, device: DeviceId, since: Timestamp) -> Answer<'_, u64> {
        self.ask((device, since), |db, (device, since)| {
            Box::pin(photos::bytes_since(db, *device, *since))
        })
    }

    fn may_see_photo(&self, session: Session, digest: Digest) -> Answer<'_, bool> {
        self.ask((session, digest), |db, (session, digest)| {
            Box::pin(photos::may_see(db, session, *digest))
        })
    }

    fn missing_photos(&self) -> Answer<'_, Vec<MissingPhoto>> {
        self.ask((), |db, ()| Box::pin(missing::all(db)))
    }

    /// The server sees by itself whether its pages are whole, if it was told to keep checksums.
    fn look(&self, _deep: bool) -> Answer<'_, Soundness> {
        self.snapshot((), |tx, ()| Box::pin(stats::checksums(tx)))
    }

    fn stats(&self) -> Answer<'_, Stats> {
        self.snapshot((), |tx, ()| Box::pin(stats::stats(tx)))
    }
}
