//! Drafts: reports being written. A row leaves by becoming an operation, or after a month in the
//! bin.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use shared::{DocRef, DraftId, Timestamp, ipc::Draft};

use super::{
    became,
    value::{json, to_json},
};
use crate::error::{Error, Result};

/// A draft, and since when it has been in the bin.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The draft.
    pub(crate) draft: Draft,
    /// In the bin since then.
    pub(crate) discarded_at: Option<Timestamp>,
}

/// The draft.
pub(crate) fn get(db: &Connection, id: DraftId) -> Result<Kept> {
    db.prepare_cached(
        "SELECT body, discarded_at
           FROM drafts
          WHERE id = :id",
    )?
    .query_row(named_params! { ":id": id.as_bytes() }, from_row)
    .optional()?
    .ok_or(Error::NotFound)
}

/// The draft, unless it is in the bin.
pub(crate) fn get_open(db: &Connection, id: DraftId) -> Result<Draft> {
    let kept = get(db, id)?;
    if kept.discarded_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok(kept.draft)
}

/// Drafts that are not in the bin, newest first.
pub(crate) fn open(db: &Connection) -> Result<Vec<Draft>> {
    let mut statement = db.prepare_cached(
        "SELECT body, discarded_at
           FROM drafts
          WHERE discarded_at IS NULL
          ORDER BY changed_at DESC, id",
    )?;
    let drafts = statement
        .query_map([], |row| Ok(from_row(row)?.draft))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(drafts)
}

/// Saves the draft as it stands; the bin is not touched.
pub(crate) fn put(tx: &Connection, draft: &Draft) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO drafts (id, body, changed_at)
              VALUES (:id, :body, :changed_at)
         ON CONFLICT (id) DO UPDATE
                 SET body = excluded.body, changed_at = excluded.changed_at",
    )?
    .execute(named_params! {
        ":id": draft.id.as_bytes(),
        ":body": to_json(draft)?,
        ":changed_at": draft.changed_at.as_ms(),
    })?;
    Ok(())
}

/// Into the bin, or out of it.
pub(crate) fn set_discarded(
    tx: &Connection,
    id: DraftId,
    discarded_at: Option<Timestamp>,
) -> Result<()> {
    let found = tx
        .prepare_cached("UPDATE drafts SET discarded_at = :discarded_at WHERE id = :id")?
        .execute(named_params! {
            ":id": id.as_bytes(),
            ":discarded_at": discarded_at.map(Timestamp::as_ms),
        })?;
    if found == 0 {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}

/// The draft has become an operation on this document in this transaction.
pub(crate) fn became_operation(tx: &Connection, id: DraftId, on: &DocRef) -> Result<()> {
    became::put(tx, id, on)?;
    tx.prepare_cached("DELETE FROM drafts WHERE id = :id")?
        .execute(named_params! { ":id": id.as_bytes() })?;
    Ok(())
}

/// Removes what was put into the bin before then.
pub(crate) fn empty_bin(tx: &Connection, before: Timestamp) -> Result<()> {
    tx.prepare_cached("DELETE FROM drafts WHERE discarded_at < :before")?
        .execute(named_params! { ":before": before.as_ms() })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        draft: json(row, "body")?,
        discarded_at: row
            .get::<_, Option<i64>>("discarded_at")?
            .map(Timestamp::from_ms),
    })
}
