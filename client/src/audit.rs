//! A look into the device's tables, for those who prove that nothing is lost: what is there, read
//! without passing through any page. Only in programs that can be told to fail.

use shared::{CaseId, DeviceId, Digest, Doc, DocRef, OpId, Scope, case::State, ipc::IpcError};

use crate::{
    Client,
    store::{audit, device},
};

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the device's own sequence.
    pub dev_seq: u64,
    /// Which operation.
    pub op_id: OpId,
    /// What it is about.
    pub target: DocRef,
    /// The hub doesn't have it, or not any more.
    pub queued: bool,
}

/// A feed as far as it was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// Which feed.
    pub scope: Scope,
    /// Whether it was pulled to the hub's end.
    pub at_end: bool,
    /// Documents in it, as the hub said last.
    pub count: u64,
    /// The sum of their hashes, as the hub said last.
    pub sum: u64,
}

/// A document's place in a feed on this device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// The feed; `stale:` before it marks a place about to go.
    pub scope: String,
    /// The document.
    pub target: DocRef,
    /// Its revision.
    pub rev: u64,
}

/// A photo's file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "columns of a table, as they are"
)]
pub struct File {
    /// Its digest.
    pub digest: Digest,
    /// Made on this device.
    pub own: bool,
    /// Its bytes are here.
    pub here: bool,
    /// The hub has it whole.
    pub at_hub: bool,
    /// It does not move on until a person asks.
    pub refused: bool,
    /// The case it goes with.
    pub case: CaseId,
    /// Not before, in milliseconds by the device's clock.
    pub not_before: Option<i64>,
}

/// What a device holds of the hub's.
#[derive(Debug, Clone)]
pub struct Holdings {
    /// Its feeds.
    pub feeds: Vec<Pulled>,
    /// Which document stands where.
    pub standings: Vec<Standing>,
    /// Every document of the mirror.
    pub docs: Vec<Doc>,
    /// The state in which lists show each case.
    pub shown: Vec<(DocRef, State)>,
    /// Photos and thumbnails.
    pub files: Vec<File>,
}

/// Everything the device has done, in its own order.
pub async fn outbox(client: &Client) -> Result<Vec<Entry>, IpcError> {
    client.run(|core| core.store.read(audit::outbox)).await
}

/// By which identity the device goes at its hub.
pub async fn identity(client: &Client) -> Result<DeviceId, IpcError> {
    client
        .run(|core| core.store.read(|db| Ok(device::get(db)?.id)))
        .await
}

/// What the device holds of the hub's.
pub async fn holdings(client: &Client) -> Result<Holdings, IpcError> {
    client.run(|core| core.store.read(audit::holdings)).await
}

/// Whether the database is sound, by its own word.
pub async fn is_sound(client: &Client) -> Result<bool, IpcError> {
    client.run(|core| core.store.read(audit::is_sound)).await
}

/// The bytes of a photo, from this device alone.
pub async fn photo(client: &Client, digest: Digest) -> Result<Vec<u8>, IpcError> {
    client.run(move |core| Ok(core.vault.get(digest)?)).await
}
