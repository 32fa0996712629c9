//! Drafts: reports being written. A row leaves by becoming an operation, or after a month in the
//! bin.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use shared::{DocRef, DraftId, StaffId, Timestamp, ipc::Draft};

use super::{
    became,
    value::{json, to_json},
};
use crate::error::{Error, Result};

/// A draft, and what the table knows beside it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The draft.
    pub(crate) draft: Draft,
    /// Who writes it; `None`: whoever has the device.
    pub(crate) whose: Option<StaffId>,
    /// In the bin since then.
    pub(crate) discarded_at: Option<Timestamp>,
}

/// Whether there is such a draft, whoever writes it.
pub(crate) fn contains(db: &Connection, id: DraftId) -> Result<bool> {
    let found = db
        .prepare_cached("SELECT 1 FROM drafts WHERE id = :id")?
        .exists(named_params! { ":id": id.as_bytes() })?;
    Ok(found)
}

/// The person's draft, in the bin or not.
pub(crate) fn get(db: &Connection, id: DraftId) -> Result<Kept> {
    db.prepare_cached(
        "SELECT body, whose, discarded_at
           FROM own_drafts
          WHERE id = :id",
    )?
    .query_row(named_params! { ":id": id.as_bytes() }, from_row)
    .optional()?
    .ok_or(Error::NotFound)
}

/// The person's draft, unless it is in the bin.
pub(crate) fn get_open(db: &Connection, id: DraftId) -> Result<Draft> {
    let kept = get(db, id)?;
    if kept.discarded_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok(kept.draft)
}

/// The person's drafts that are not in the bin, newest first.
pub(crate) fn open(db: &Connection) -> Result<Vec<Draft>> {
    let mut statement = db.prepare_cached(
        "SELECT body
           FROM own_drafts
          WHERE discarded_at IS NULL
          ORDER BY changed_at DESC, id",
    )?;
    let drafts = statement
        .query_map([], |row| json(row, "body"))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(drafts)
}

/// Saves the draft as it stands; the bin is not touched. A new one is of whoever has the device.
pub(crate) fn put(tx: &Connection, draft: &Draft) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO drafts (id, body, changed_at, whose)
              VALUES (:id, :body, :changed_at, (SELECT id FROM at_work))
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

/// One that was found in a damaged database.
pub(crate) fn bring(tx: &Connection, kept: &Kept) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO drafts (id, body, changed_at, discarded_at, whose)
              VALUES (:id, :body, :changed_at, :discarded_at, :whose)",
    )?
    .execute(named_params! {
        ":id": kept.draft.id.as_bytes(),
        ":body": to_json(&kept.draft)?,
        ":changed_at": kept.draft.changed_at.as_ms(),
        ":discarded_at": kept.discarded_at.map(Timestamp::as_ms),
        ":whose": kept.whose.as_ref().map(StaffId::as_str),
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

/// A row of any version of the table.
pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let discarded_at: Option<i64> = row.get("discarded_at")?;
    Ok(Kept {
        draft: json(row, "body")?,
        whose: whose(row)?,
        discarded_at: discarded_at.map(Timestamp::from_ms),
    })
}

/// Whose it is. Nobody's, where the table does not say so yet.
pub(super) fn whose(row: &Row<'_>) -> rusqlite::Result<Option<StaffId>> {
    match row.get::<_, Option<String>>("whose") {
        Err(rusqlite::Error::InvalidColumnName(_)) => Ok(None),
        whose => Ok(whose?.as_deref().map(StaffId::from)),
    }
}
