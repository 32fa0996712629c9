//! A look into the device's tables, for those who prove that nothing is lost: what is there, read
//! without passing through any page. Only in programs that can be told to fail.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    CaseId, DeviceId, Digest, Doc, DocRef, DraftId, EntryId, FieldName, OpId, RecordId, Scope,
    case::State, ipc::IpcError, register::EntryKind,
};

use crate::{
    Client,
    error::Result as LocalResult,
    fold, register,
    rounds::{All, Counted},
    store::{audit, became, device, entries, mirror, records},
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

/// An entry of the register as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub kind: EntryKind,
    /// Which.
    pub id: EntryId,
    /// What it is called.
    pub title: String,
    /// What it belongs to.
    pub parent: Option<EntryId>,
    /// Moved away, dead, ended.
    pub gone: bool,
    /// Fields in which several values stand, as lists count them.
    pub conflicts: u32,
    /// Which these are.
    pub disputed: Vec<FieldName>,
}

/// What the device shows of the register, and what it has of it from the hub.
#[derive(Debug, Clone)]
pub struct Register {
    /// What it shows.
    pub entries: Vec<Listed>,
    /// Records it lists.
    pub records: Vec<RecordId>,
    /// The entries' documents of the mirror.
    pub docs: Vec<Doc>,
}

/// Everything the device has done, in its own order.
pub async fn outbox(client: &Client) -> Result<Vec<Entry>, IpcError> {
    client.run(|core| core.store.read(audit::outbox)).await
}

/// What a draft became, if it did.
pub async fn became(client: &Client, draft: DraftId) -> Result<Option<DocRef>, IpcError> {
    client
        .run(move |core| core.store.read(|db| became::find(db, draft)))
        .await
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

/// The hub's last word on a document, if the device has it.
pub async fn mirrored(client: &Client, target: DocRef) -> Result<Option<Doc>, IpcError> {
    client
        .run(move |core| core.store.read(|db| mirror::find(db, &target)))
        .await
}

/// The state in which lists show each case.
pub async fn shown(client: &Client) -> Result<Vec<(DocRef, State)>, IpcError> {
    client.run(|core| core.store.read(audit::shown)).await
}

/// What the device shows and holds of the register. Looks at what doors ask for, too, as pages do:
/// what is kept of that grows old from then on.
pub async fn register(client: &Client) -> Result<Register, IpcError> {
    client
        .run(|core| {
            core.store.read(|db| {
                core.counted.look(core, db, |_| ())?;
                register_of(db)
            })
        })
        .await
}

fn register_of(db: &Connection) -> LocalResult<Register> {
    let (mut listed, mut docs) = (Vec::new(), Vec::new());
    for kind in EntryKind::ALL {
        for line in entries::all(db, kind)? {
            let mut fields = Vec::new();
            if line.conflicts > 0 {
                let (entry, _) = register::stands_of(db, kind, line.id)?;
                let disputed = entry.stands().disputed;
                fields.extend(disputed.iter().map(|it| it.field.clone()));
            }
            listed.push(Listed {
                kind,
                id: line.id,
                title: line.title,
                parent: line.parent,
                gone: line.gone,
                conflicts: line.conflicts,
                disputed: fields,
            });
        }
        for target in mirror::refs(db, &kind.kind())? {
            docs.extend(mirror::find(db, &target)?);
        }
    }
    let (_, records) = records::list(db, None, (0, u32::MAX))?;
    Ok(Register {
        entries: listed,
        records: records.into_iter().map(|row| row.id).collect(),
        docs,
    })
}

/// Rows of lists and search that would stand otherwise if everything were folded anew, and what doors
/// ask for that would be otherwise if it were counted anew: there must be none. Changes nothing.
pub async fn shown_otherwise(client: &Client) -> Result<Vec<String>, IpcError> {
    client
        .run(|core| {
            core.store.write(|tx| {
                let mut otherwise = audit::shown_otherwise(tx, fold::refold_all)?;
                let kept = core.counted.look(core, tx, said)?;
                let anew = Counted::default().look(core, tx, said)?;
                let differing = kept.symmetric_difference(&anew);
                otherwise.extend(differing.map(|it| format!("counted: {it}")));
                Ok(otherwise)
            })
        })
        .await
}

/// What was counted, a building each.
fn said(all: &All) -> BTreeSet<String> {
    all.tallies().map(|it| format!("{it:?}")).collect()
}

/// Whether the database is sound, by its own word.
pub async fn is_sound(client: &Client) -> Result<bool, IpcError> {
    client.run(|core| core.store.read(audit::is_sound)).await
}

/// The bytes of a photo, from this device alone.
pub async fn photo(client: &Client, digest: Digest) -> Result<Vec<u8>, IpcError> {
    client.run(move |core| Ok(core.vault.get(digest)?)).await
}
