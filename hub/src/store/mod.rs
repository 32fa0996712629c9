//! What the hub keeps, and the promises of keeping it. Two kinds of database can stand behind
//! [`HubStore`]; `tests/all/contract` says what either must do.
//!
//! Every method is one transaction: it happened whole, or not at all.

mod assignment;
mod case_numbers;
mod codes;
mod desk;
mod exports;
mod feeds;
mod json;
mod judge;
mod log;
mod pack;
pub mod postgres;
mod quarantine;
pub mod sqlite;
mod stored_doc;
mod types;

use std::{collections::BTreeSet, error::Error as StdError, fmt::Debug};

use futures_util::future::BoxFuture;
use shared::{
    DeviceId, Digest, Doc, Outcome, Scope, StaffId, Timestamp, hub_api::ScopeHead, pack::CityPack,
    time::Observed,
};

pub use quarantine::{Audited, Deed, NotAnOpName, OpName, QuarantineLine};
pub use stored_doc::{Said, StoredDoc};
pub use types::{
    Batch, ClockReading, Creation, DeviceLine, DueRequest, EnrolRefusal, Enrolling, Erasures,
    Exported, FeedStats, Identity, Lease, MissingPhoto, Moved, NewCode, NewEpochRequired, NoCode,
    PackLoaded, Page, PageRequest, Pruned, Pushed, Renewing, Session, Soundness, StaffLine, Stats,
    Upload,
};

use crate::secret::Hash;

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room left.
    #[error("the disk is full")]
    Full,
    /// Somebody else writes for too long.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// The file is damaged, or something else altogether.
    #[error(
        "hub.db in the data folder is damaged or no database; keep the folder as it is, put a backup that is whole in its place and run `gridwalker-hub epoch renew` once, or give another --data; nothing was changed"
    )]
    NotADatabase(#[source] Box<dyn StdError + Send + Sync>),
    /// Two writers were in each other's way, and this one had to give in too often.
    #[error("others write the same all the time; try again in a moment")]
    Collided(#[source] Box<dyn StdError + Send + Sync>),
    /// The server can't be reached, or is stopping or starting.
    #[error("the database can't be reached; try again in a moment")]
    Unreachable(#[source] Box<dyn StdError + Send + Sync>),
    /// The database's user may not do what the hub must.
    #[error(
        "the database's user may not do this; make it the owner of the database (ALTER DATABASE … OWNER TO …)"
    )]
    NotAllowed(#[source] Box<dyn StdError + Send + Sync>),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] postgres::OpenError),
    /// The database failed.
    #[error("the database failed")]
    Backend(#[source] Box<dyn StdError + Send + Sync>),
    /// What is stored can't be read.
    #[error("stored {what} can't be read")]
    Unreadable {
        /// What kind of thing.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The database belongs to a newer program.
    #[error(
        "the database has schema {found}, this program knows up to {known}; use the newer program, nothing was changed"
    )]
    NewerSchema {
        /// What the file says.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// A number no database column holds.
    #[error("a number is out of range")]
    OutOfRange,
    /// The hub is stopping.
    #[error("the hub is stopping")]
    Stopped,
}

/// What a store answers, sooner or later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The hub's memory.
pub trait HubStore: Send + Sync + Debug {
    /// Which hub this is.
    fn identity(&self) -> Answer<'_, Identity>;

    /// Gives the database a new epoch: it was restored, and may lack what it had confirmed.
    fn renew_epoch(&self) -> Answer<'_, ()>;

    /// Takes in a checked pack: staff, grids, and one document per section that changed.
    fn load_pack(&self, pack: CityPack, now: Timestamp) -> Answer<'_, PackLoaded>;

    /// Puts a document of the hub's own making into exactly these feeds.
    fn publish(&self, doc: Doc, audience: BTreeSet<Scope>, now: Timestamp) -> Answer<'_, ()>;

    /// Puts a document that never changes into exactly these feeds, unless it is there already: then it
    /// gives that one.
    fn publish_once(
        &self,
        doc: Doc,
        audience: BTreeSet<Scope>,
        now: Timestamp,
    ) -> Answer<'_, Option<Doc>>;

    /// Everybody, by id.
    fn staff(&self) -> Answer<'_, Vec<StaffLine>>;

    /// Takes a person's access away; `false` when there is no such person.
    fn revoke_staff(&self, id: StaffId, now: Timestamp) -> Answer<'_, bool>;

    /// All devices, by time of enrolment.
    fn devices(&self) -> Answer<'_, Vec<DeviceLine>>;

    /// Takes a device's access away; `false` when there is no such device.
    fn revoke_device(&self, id: DeviceId, now: Timestamp) -> Answer<'_, bool>;

    /// Keeps the hash of a new enrolment code.
    fn add_code(&self, code: NewCode) -> Answer<'_, Result<(), NoCode>>;

    /// Trades a code for a device.
    fn enrol(&self, request: Enrolling) -> Answer<'_, Result<Session, EnrolRefusal>>;

    /// Gives a device a new identity with an empty sequence, of the same person; the old one stays as
    /// it is. Asked again before the new one did anything, it gives it the new token. `false` when
    /// the new id is in use.
    fn renew(&self, request: Renewing) -> Answer<'_, bool>;

    /// Whose token this is, revoked or not.
    fn session(&self, token: Hash) -> Answer<'_, Option<Session>>;

    /// Notes what a device's clocks said when the hub's said `now`, in place of the last time.
    fn note_clocks(&self, device: DeviceId, clocks: Observed, now: Timestamp) -> Answer<'_, ()>;

    /// How far these feeds go; 0 for those with nothing in them.
    fn heads(&self, scopes: BTreeSet<Scope>) -> Answer<'_, Vec<ScopeHead>>;

    /// Decides a batch of operations: log rows, effects, feeds and results in one transaction.
    fn push(&self, session: Session, batch: Batch) -> Answer<'_, Result<Pushed, NewEpochRequired>>;

    /// Operations that could not be applied, oldest first.
    fn quarantine(&self) -> Answer<'_, Vec<QuarantineLine>>;

    /// An operation that is in quarantine or was, and what the operator did with it.
    fn quarantined(&self, op: OpName) -> Answer<'_, Option<(QuarantineLine, Vec<Audited>)>>;

    /// What such an operation says, as it came. That it was looked at is put down with it.
    fn quarantined_content(&self, op: OpName, now: Timestamp) -> Answer<'_, Option<String>>;

    /// Decides a quarantined operation again, as a push of today would, and puts that down; `None`
    /// when no such operation is in quarantine.
    fn retry(&self, op: OpName, max_bytes: usize, now: Timestamp) -> Answer<'_, Option<Outcome>>;

    /// Forgets the markers of documents that left feeds or were deleted, and to which nothing happened
    /// since `before`; the feeds remember how far that went.
    fn prune(&self, before: Timestamp) -> Answer<'_, Pruned>;

    /// Erases documents for the hub itself, as an operation would; gives how many it erased that were
    /// not yet.
    fn erase(&self, erasures: Erasures) -> Answer<'_, u64>;

    /// Some records that nothing happened to for long, by their ids; what was erased is among them.
    fn due(&self, request: DueRequest) -> Answer<'_, Vec<Doc>>;

    /// Photos that went with what was erased and whose bytes are still there.
    fn erased_photos(&self) -> Answer<'_, Vec<Digest>>;

    /// The bytes of such a photo are gone, or needed again.
    fn forget_erased_photo(&self, digest: Digest) -> Answer<'_, ()>;

    /// Writes over what is left of erased content beside the tables, as far as the database can.
    fn erase_traces(&self) -> Answer<'_, ()>;

    /// Puts down that a file was made.
    fn note_export(&self, exported: Exported) -> Answer<'_, ()>;

    /// The files that were made, oldest first.
    fn exports(&self) -> Answer<'_, Vec<Exported>>;

    /// One page of a feed.
    fn pull(&self, request: PageRequest) -> Answer<'_, Page>;

    /// Takes or renews the right to write a photo, among all processes on this database; `false`
    /// while another one has it.
    fn lease_upload(&self, lease: Lease) -> Answer<'_, bool>;

    /// Gives that right back.
    fn give_back_upload(&self, lease: Lease) -> Answer<'_, ()>;

    /// Begins an upload, or finds it. An unfinished one of another length starts anew.
    fn create_upload(&self, creation: Creation) -> Answer<'_, Upload>;

    /// The upload of this digest.
    fn find_upload(&self, digest: Digest) -> Answer<'_, Option<Upload>>;

    /// The upload now has `offset` fsynced bytes.
    fn set_offset(&self, digest: Digest, offset: u64, now: Timestamp) -> Answer<'_, ()>;

    /// The photo is whole and verified.
    fn complete_upload(&self, digest: Digest, now: Timestamp) -> Answer<'_, ()>;

    /// Forgets unfinished uploads nobody touched since `before`, and names them.
    fn expire_uploads(&self, before: Timestamp) -> Answer<'_, Vec<Digest>>;

    /// Bytes of uploads this device began since `since`.
    fn uploaded_since(&self, device: DeviceId, since: Timestamp) -> Answer<'_, u64>;

    /// Whether this person may see the photo: they began its upload, or may see a document that
    /// shows it.
    fn may_see_photo(&self, session: Session, digest: Digest) -> Answer<'_, bool>;

    /// Photos and thumbnails that documents show and that are not whole, by when the hub heard of them
    /// first. Those of what is deleted are nobody's to bring.
    fn missing_photos(&self) -> Answer<'_, Vec<MissingPhoto>>;

    /// Looks over everything that is kept: `deep` compares every index with its table, which takes
    /// several times as long.
    fn look(&self, deep: bool) -> Answer<'_, Soundness>;

    /// Figures for the operator.
    fn stats(&self) -> Answer<'_, Stats>;
}
