//! 都送到了吗: what of this device's work the hub has, and how the sync stands.

use serde::{Deserialize, Serialize};

use super::Marks;
use crate::{
    CaseId, CategoryCode, RecordId, Timestamp, apply::Quarantine, case::Void, hub_api::ErrorCode,
};

/// How much that waits is counted: of a table that was just taken over it is enough to know that it is more.
pub const WAITING_MAX: u32 = 1_000;

/// Asks for the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetDelivery {}

/// The ledger: one row per case or record this device did something with, unfinished first, then newest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Rows: all unfinished ones, and finished ones of the last seven days.
    pub items: Vec<DeliveryItem>,
    /// Rows of today.
    pub today: u32,
    /// Of those, complete at the hub.
    pub today_complete: u32,
    /// Cases, records and what was written into the register, of any day, not complete at the hub. More
    /// than [`WAITING_MAX`] means that it may be yet more.
    pub unfinished: u32,
    /// Entries of the register and visits not at the hub; counted as unfinished, too. Of more than
    /// [`WAITING_MAX`], one more.
    pub register_waiting: u32,
    /// Entries of the register and visits that the hub keeps aside.
    pub register_aside: u32,
    /// What was done of late with something that was erased: it had no effect.
    pub erased: u32,
    /// Bytes of photos still to send.
    pub bytes_left: u64,
    /// How the sync stands.
    pub status: SyncStatus,
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryItem {
    /// What.
    pub what: DeliveryOf,
    /// When this device last did something with it.
    pub at: Timestamp,
    /// How far it has travelled.
    pub marks: Marks,
    /// Bytes of photos still to send.
    pub bytes_left: u64,
    /// Why it is stuck, if it is.
    pub stuck: Option<Stuck>,
}

/// What travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOf {
    /// 案件.
    Case {
        /// Which.
        case: CaseId,
        /// What it is; `None` is 不确定.
        category: Option<CategoryCode>,
        /// Its address.
        address: String,
        /// The address in English, where it is one of the city's; else empty.
        address_en: String,
    },
    /// 采集记录.
    Record {
        /// Which.
        record: RecordId,
        /// What people call the form.
        title: String,
        /// The same in English.
        title_en: String,
        /// What the record is called; may be empty.
        name: String,
    },
}

impl DeliveryOf {
    /// The case, if it is one.
    pub const fn case(&self) -> Option<CaseId> {
        match self {
            Self::Case { case, .. } => Some(*case),
            Self::Record { .. } => None,
        }
    }
}

/// Why something does not move on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stuck {
    /// The hub keeps it aside; a clerk sees it.
    Quarantined {
        /// Why.
        why: Quarantine,
    },
    /// It arrived but no longer fitted 未生效.
    Void {
        /// Why.
        why: Void,
    },
    /// The photo's file on this device is damaged or gone.
    PhotoFile,
    /// The hub refused the photo.
    PhotoRefused {
        /// Why.
        error: ErrorCode,
    },
}

/// Asks how the sync stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetSyncStatus {}

/// Starts a round now, and tries again what was stuck.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SyncNow {}

/// Starts a round now: the device says that the network is back, or somebody looks at the app again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NetworkIsBack {}

/// How the sync stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// Whether the hub is reached.
    pub link: Link,
    /// What is being done now.
    pub doing: Option<Doing>,
    /// The last time everything was in step.
    pub last_complete_at: Option<Timestamp>,
    /// When the next attempt will be made, when one is waiting.
    pub next_attempt_at: Option<Timestamp>,
    /// Operations the hub doesn't have.
    pub ops_waiting: u32,
    /// Photos the hub doesn't have whole.
    pub photos_waiting: u32,
    /// How many milliseconds this device's clock is ahead of the hub's, negative when it is behind;
    /// only when that is more than [`CLOCK_OFF_MS`](crate::time::CLOCK_OFF_MS) for certain.
    #[serde(default)]
    pub clock_off_ms: Option<i64>,
}

/// Whether the hub is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Not enrolled.
    None,
    /// Not tried yet since the app started.
    Unknown,
    /// Reached.
    Up,
    /// Not reached: a state, not an error.
    Offline,
    /// Something else than a hub answers there.
    NotAHub,
    /// The hub refused.
    Refused {
        /// Why.
        error: ErrorCode,
    },
    /// The hub is reached, but contradicts itself or what it confirmed. Work stays here.
    Untrue,
    /// The device itself failed to store what came (full disk, damaged database).
    Local,
}

/// What is being done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Saying hello.
    Hello,
    /// Sending operations.
    Push {
        /// How many are left.
        left: u32,
    },
    /// Receiving documents.
    Pull,
    /// Sending photos.
    PhotosUp {
        /// How many files are left.
        left: u32,
        /// Bytes sent of the current one.
        sent: u64,
        /// Bytes of the current one.
        total: u64,
    },
    /// Receiving thumbnails.
    PhotosDown {
        /// How many are left.
        left: u32,
    },
}
