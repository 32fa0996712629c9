//! What goes into the store and what comes out of it.

use std::{collections::BTreeSet, time::Duration};

use shared::{
    DeviceId, Digest, DocRef, OpId, Permission, Role, Scope, StaffId, Timestamp,
    erase::Why,
    hub_api::{
        FeedItem, PushResult, StaffCard,
        export::{ExportFormat, ExportOf},
    },
    pack::Section,
    time::Observed,
};
use uuid::Uuid;

use crate::{push::Incoming, secret::Hash};

/// Which hub this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Stays the same for ever.
    pub hub_id: String,
    /// The name, for people: the city's.
    pub hub_name: String,
    /// Changes when the database was created anew.
    pub epoch: String,
}

/// What loading a pack did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLoaded {
    /// The pack's version.
    pub version: String,
    /// Sections whose document changed.
    pub changed: Vec<Section>,
    /// People in it.
    pub staff: usize,
    /// Grids in it.
    pub grids: usize,
}

/// A person, as the operator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLine {
    /// Id.
    pub id: StaffId,
    /// Roles.
    pub roles: Vec<Role>,
    /// What they may see and do beside.
    pub permissions: BTreeSet<Permission>,
    /// How many grids they see.
    pub grids: u64,
    /// How many devices they have that are not revoked.
    pub devices: u64,
    /// When access was taken away, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// A device, as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLine {
    /// Id.
    pub id: DeviceId,
    /// Whose it is.
    pub staff: StaffId,
    /// What kind of device.
    pub name: String,
    /// Version of the app that enrolled.
    pub app_version: String,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When it last pushed, if ever.
    pub pushed_at: Option<Timestamp>,
    /// When access was taken away, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Operations the hub has of it.
    pub last_dev_seq: u64,
    /// Its clocks at its last hello that told them.
    pub clock: Option<ClockReading>,
}

/// A reading that is no older, of the same boot and steady, is as good as a new one.
pub(super) const CLOCKS_GOOD_FOR_MS: i64 = 10 * 60 * 1_000;

/// Two readings that differ by no more are of a clock that runs as it should, seen through a link.
pub(super) const CLOCKS_STEADY_MS: i64 = 1_000;

/// A device's clocks, beside the hub's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockReading {
    /// The hub's time when it heard of them.
    pub at: Timestamp,
    /// Milliseconds that the device's wall clock was ahead; negative when it was behind. Off by the
    /// time the request was under way.
    pub skew_ms: i64,
    /// What the device said.
    pub clocks: Observed,
}

/// A new enrolment code.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Its hash.
    pub hash: Hash,
    /// For whom.
    pub staff: StaffId,
    /// Now.
    pub now: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Why there is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCode {
    /// No such person.
    NoSuchStaff,
    /// The person was revoked.
    Revoked,
}

/// A device that wants to be enrolled.
#[derive(Debug, Clone)]
pub struct Enrolling {
    /// Hash of the code it shows.
    pub code: Hash,
    /// Its own id.
    pub device: DeviceId,
    /// What kind of device it is.
    pub name: String,
    /// Version of its app.
    pub app_version: String,
    /// Hash of the token it will get.
    pub token: Hash,
    /// Now.
    pub now: Timestamp,
}

/// A device that takes a new identity.
#[derive(Debug, Clone)]
pub struct Renewing {
    /// Who it was.
    pub from: DeviceId,
    /// Who it will be.
    pub device: DeviceId,
    /// Hash of the token it will get.
    pub token: Hash,
    /// Now.
    pub now: Timestamp,
}

/// Why a device was not enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolRefusal {
    /// No such code, or too old.
    Unknown,
    /// Another device used it.
    Used,
    /// The person was revoked.
    Revoked,
    /// The device id belongs to somebody else.
    DeviceTaken,
}

/// Who is asking: a device and the person it belongs to, as of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The device.
    pub device: DeviceId,
    /// The highest `dev_seq` the hub has of it.
    pub last_dev_seq: u64,
    /// Whether the device or the person was revoked.
    pub revoked: bool,
    /// The person.
    pub staff: StaffCard,
}

impl Session {
    /// The feeds this person may see.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        scopes_of(&self.staff)
    }
}

/// The feeds that somebody who stands so may see.
pub(super) fn scopes_of(staff: &StaffCard) -> BTreeSet<Scope> {
    let permitted = staff.grids.iter().filter(|grid| staff.has_control(grid));
    let mut scopes: BTreeSet<_> = staff.grids.iter().map(Scope::grid).collect();
    scopes.extend(permitted.map(Scope::control));
    scopes.extend([Scope::city(), Scope::staff(&staff.id)]);
    scopes
}

/// Operations as they came, with when.
#[derive(Debug, Clone)]
pub struct Batch {
    /// How the device's clocks stood when it sent.
    pub sent: Observed,
    /// When the hub received them.
    pub received_at: Timestamp,
    /// The operations, in order.
    pub ops: Vec<Incoming>,
    /// The device works documents out by itself where it can.
    pub brief: bool,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Pushed {
    /// One result for each operation, in order.
    pub results: Vec<PushResult>,
    /// The feeds it moved, but for those in which something changed that no result tells.
    pub moved: Vec<Moved>,
    /// Something was erased: its photos and what is beside the database are still to go.
    pub erased: bool,
}

/// What the hub itself erases.
#[derive(Debug, Clone)]
pub struct Erasures {
    /// Which documents, each with the id of what erases it.
    pub targets: Vec<(DocRef, OpId)>,
    /// Why.
    pub why: Why,
    /// The same in words.
    pub reason: String,
    /// With all that goes with them: records about somebody, corrections of a record.
    pub along: bool,
    /// Now.
    pub now: Timestamp,
}

/// Which records may be over their time.
#[derive(Debug, Clone)]
pub struct DueRequest {
    /// Of this version of a form, by the id of its document.
    pub form: Uuid,
    /// Nothing happened to them since then.
    pub before: Timestamp,
    /// Those after this one, by their ids.
    pub after: Option<Uuid>,
    /// The most.
    pub limit: usize,
}

/// A feed that a batch moved. Nothing else moved it in between: its head was locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The feed.
    pub scope: Scope,
    /// Its latest `seq` before.
    pub from: u64,
    /// And after.
    pub seq: u64,
    /// How many documents it holds then.
    pub count: u64,
    /// The sum of their hashes.
    pub sum: u64,
    /// The last place that was forgotten; 0 when none was.
    pub horizon: u64,
}

/// Another operation stands under a sequence number that was sent; nothing was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewEpochRequired;

/// Which page of a feed.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// The feed.
    pub scope: Scope,
    /// Items after this place.
    pub after: u64,
    /// The most items.
    pub limit: usize,
    /// The most bytes of documents; one item is always sent.
    pub bytes: usize,
}

/// A photo or thumbnail that a document shows and the hub has not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPhoto {
    /// Which.
    pub digest: Digest,
    /// What shows it.
    pub target: DocRef,
    /// The number of the case, if it is one.
    pub case_no: Option<String>,
    /// The device that said it has it.
    pub device: DeviceId,
    /// Whose that is.
    pub staff: StaffId,
    /// When the hub heard of it first.
    pub since: Timestamp,
    /// How many bytes of how many came; `None`: nobody began to send it.
    pub come: Option<(u64, u64)>,
}

/// A file that was made of what was filled in or of the register: put down before it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// When.
    pub at: Timestamp,
    /// By which device.
    pub device: DeviceId,
    /// For whom.
    pub staff: StaffId,
    /// Of what.
    pub of: ExportOf,
    /// What kind of file.
    pub format: ExportFormat,
    /// Whether what is shown masked stands in it whole.
    pub numbers: bool,
    /// Why.
    pub reason: String,
    /// How many grids the person answers for.
    pub grids: u64,
    /// How many records or residents are in it.
    pub records: u64,
}

/// One page of a feed, with the feed's figures as of the same moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Items, ascending.
    pub items: Vec<FeedItem>,
    /// Place of the last item; the head where nothing follows, for the last places may be forgotten.
    pub seq: u64,
    /// How far the feed goes.
    pub head: u64,
    /// Documents in it.
    pub count: u64,
    /// Sum of their hashes.
    pub sum: u64,
    /// The last place that was forgotten; 0 when none was.
    pub horizon: u64,
}

/// What the hub forgot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Markers in feeds.
    pub places: u64,
    /// Feeds whose horizon moved.
    pub feeds: u64,
}

/// The right of one hub process to write a photo, for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Which photo.
    pub digest: Digest,
    /// The process, by an id it made when it started.
    pub holder: Uuid,
    /// How long it lasts if nobody renews it.
    pub life: Duration,
}

/// A device begins to upload a photo.
#[derive(Debug, Clone)]
pub struct Creation {
    /// Its digest.
    pub digest: Digest,
    /// Its length.
    pub length: u64,
    /// Who begins.
    pub device: DeviceId,
    /// Whose device that is.
    pub staff: StaffId,
    /// Now.
    pub now: Timestamp,
}

/// A photo on its way, or here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its digest.
    pub digest: Digest,
    /// Bytes of the whole.
    pub length: u64,
    /// Bytes that are here for good.
    pub offset: u64,
    /// When somebody last added to it.
    pub updated_at: Timestamp,
    /// Whether it is whole and verified.
    pub complete: bool,
    /// Whether it was just begun.
    pub new: bool,
}

/// Figures for `/metrics`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Operations in the log.
    pub ops: u64,
    /// Of these, quarantined.
    pub quarantined: u64,
    /// Documents.
    pub docs: u64,
    /// Devices that are not revoked.
    pub devices: u64,
    /// Of those, the ones whose clock was wrong at their last hello.
    pub devices_clock_off: u64,
    /// Whole photos.
    pub photos_complete: u64,
    /// Their bytes.
    pub photo_bytes: u64,
    /// Photos with missing bytes.
    pub photos_unfinished: u64,
    /// Photos and thumbnails that documents show and that are not whole.
    pub photos_missing: u64,
    /// Feeds by kind of scope.
    pub feeds: Vec<FeedStats>,
}

/// Figures of the feeds of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedStats {
    /// `city`, `grid` or `staff`.
    pub kind: String,
    /// How many there are.
    pub feeds: u64,
    /// The sum of their heads.
    pub seq: u64,
}

/// What looking over the whole database found. Nothing here says what a person entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Soundness {
    /// It can't have been written so: the file is damaged, and nothing of it may be believed.
    pub damaged: Vec<String>,
    /// It does not fit together as it should; the rest is as good as ever.
    pub doubtful: Vec<String>,
}
