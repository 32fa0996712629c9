//! A look into the hub's tables, for those who prove that nothing is lost: what is there, read
//! without passing through any route. Only in programs that can be told to fail.

use std::path::Path;

use shared::{DeviceId, Digest, Doc, DocRef, OpId, Outcome, Scope};

use crate::{
    DATABASE,
    store::{StoreError, sqlite::audit::Tables},
};

/// A row of the op log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Whose device.
    pub device: DeviceId,
    /// Its place in the device's sequence.
    pub dev_seq: u64,
    /// Which operation, where that could be read.
    pub op_id: Option<OpId>,
    /// Another identity of the device sent it before.
    pub repeated: bool,
    /// What it is about, where that could be read.
    pub target: Option<DocRef>,
    /// What became of it.
    pub outcome: Outcome,
    /// The revision of the target afterwards.
    pub rev: u64,
}

/// A document's place in a feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedRow {
    /// The feed.
    pub scope: Scope,
    /// The document.
    pub target: DocRef,
    /// Its place.
    pub seq: u64,
    /// The revision counted in the feed's sum.
    pub rev: u64,
    /// Only the mark that it was there.
    pub has_left: bool,
    /// Only the mark that it was deleted.
    pub deleted: bool,
}

/// How far a feed goes, and what it says it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The feed.
    pub scope: Scope,
    /// Its last place.
    pub seq: u64,
    /// Documents in it.
    pub count: u64,
    /// The sum of their hashes.
    pub sum: u64,
    /// The last place that was forgotten.
    pub horizon: u64,
}

/// An upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoRow {
    /// Its digest.
    pub digest: Digest,
    /// Bytes of the whole.
    pub length: u64,
    /// Bytes that are here for good.
    pub offset: u64,
    /// Whole and verified.
    pub complete: bool,
}

/// The tables of a hub, beside the hub.
#[derive(Debug)]
pub struct Audit {
    tables: Tables,
}

impl Audit {
    /// Of the hub with its data in `data_dir`.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            tables: Tables::open(&data_dir.join(DATABASE))?,
        })
    }

    /// Whether anything changed since this was last asked.
    pub fn has_changed(&mut self) -> Result<bool, StoreError> {
        self.tables.have_changed()
    }

    /// The op log, by device and sequence.
    pub fn log(&self) -> Result<Vec<LogRow>, StoreError> {
        self.tables.log()
    }

    /// What the operations of the log say, as they came.
    pub fn payloads(&self) -> Result<Vec<String>, StoreError> {
        self.tables.payloads()
    }

    /// The highest sequence number of each device, as the hub tells it.
    pub fn last_dev_seqs(&self) -> Result<Vec<(DeviceId, u64)>, StoreError> {
        self.tables.last_dev_seqs()
    }

    /// All feeds.
    pub fn feeds(&self) -> Result<Vec<FeedRow>, StoreError> {
        self.tables.feeds()
    }

    /// How far they go.
    pub fn heads(&self) -> Result<Vec<Head>, StoreError> {
        self.tables.heads()
    }

    /// The revision of each document.
    pub fn revisions(&self) -> Result<Vec<(DocRef, u64)>, StoreError> {
        self.tables.revisions()
    }

    /// One document.
    pub fn doc(&self, target: &DocRef) -> Result<Option<Doc>, StoreError> {
        self.tables.doc(target)
    }

    /// All documents.
    pub fn docs(&self) -> Result<Vec<Doc>, StoreError> {
        self.tables.docs()
    }

    /// All uploads.
    pub fn photos(&self) -> Result<Vec<PhotoRow>, StoreError> {
        self.tables.photos()
    }

    /// Whether the database is sound, by its own word.
    pub fn is_sound(&self) -> Result<bool, StoreError> {
        self.tables.are_sound()
    }
}
