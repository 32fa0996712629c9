//! Forms being filled in. What was answered is in `form_answers`.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::{Deserialize, Serialize};
use shared::{DocRef, DraftId, GridCode, RecordId, Timestamp, record::FormVersion};

use super::{
    became,
    value::{json, to_json},
};
use crate::error::{Error, Result};

/// A form being filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FormDraft {
    /// Which.
    pub(crate) id: DraftId,
    /// The version it was begun with, and is finished with.
    pub(crate) form: FormVersion,
    /// What people call the form.
    pub(crate) title: String,
    /// The same in English.
    pub(crate) title_en: String,
    /// Whom or what it is about.
    #[serde(default)]
    pub(crate) subject: Option<DocRef>,
    /// The grid it will be filed in.
    #[serde(default)]
    pub(crate) grid: Option<GridCode>,
    /// The record it corrects.
    #[serde(default)]
    pub(crate) replaces: Option<RecordId>,
    /// The guardian of a child who was told what it is for.
    #[serde(default)]
    pub(crate) guardian: String,
    /// Questions whose known numbers are left out, because they are wrong.
    #[serde(default)]
    pub(crate) left_out: Vec<String>,
    /// The language it is asked in.
    #[serde(default)]
    pub(crate) language: String,
    /// What the filling is called, as far as it is known.
    #[serde(default)]
    pub(crate) name: String,
    /// When it was begun.
    pub(crate) begun_at: Timestamp,
}

/// A draft, and what the table knows beside it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The draft.
    pub(crate) draft: FormDraft,
    /// A person answered something.
    pub(crate) answered: bool,
    /// When it was last changed.
    pub(crate) changed_at: Timestamp,
    /// In the bin since then.
    pub(crate) discarded_at: Option<Timestamp>,
}

/// The draft, in the bin or not.
pub(crate) fn find(db: &Connection, id: DraftId) -> Result<Option<Kept>> {
    let kept = db
        .prepare_cached(
            "SELECT body, answered, changed_at, discarded_at
               FROM form_drafts
              WHERE id = :id",
        )?
        .query_row(named_params! { ":id": id.as_bytes() }, from_row)
        .optional()?;
    Ok(kept)
}

/// The draft, unless it is in the bin.
pub(crate) fn get_open(db: &Connection, id: DraftId) -> Result<Kept> {
    find(db, id)?
        .filter(|kept| kept.discarded_at.is_none())
        .ok_or(Error::NotFound)
}

/// Drafts with an answer that are not in the bin, newest first.
pub(crate) fn open(db: &Connection) -> Result<Vec<Kept>> {
    let mut statement = db.prepare_cached(
        "SELECT body, answered, changed_at, discarded_at
           FROM form_drafts
          WHERE discarded_at IS NULL
            AND answered = 1
          ORDER BY changed_at DESC, id",
    )?;
    let drafts = statement
        .query_map([], from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(drafts)
}

/// A new draft, or one that was found in a damaged database.
pub(crate) fn add(tx: &Connection, kept: &Kept) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO form_drafts (id, body, answered, changed_at, discarded_at)
              VALUES (:id, :body, :answered, :changed_at, :discarded_at)",
    )?
    .execute(named_params! {
        ":id": kept.draft.id.as_bytes(),
        ":body": to_json(&kept.draft)?,
        ":answered": kept.answered,
        ":changed_at": kept.changed_at.as_ms(),
        ":discarded_at": kept.discarded_at.map(Timestamp::as_ms),
    })?;
    Ok(())
}

/// Saves what is said of the draft beside its answers.
pub(crate) fn put(tx: &Connection, draft: &FormDraft) -> Result<()> {
    tx.prepare_cached("UPDATE form_drafts SET body = :body WHERE id = :id")?
        .execute(named_params! { ":id": draft.id.as_bytes(), ":body": to_json(draft)? })?;
    Ok(())
}

/// A person changed something in the draft now. One that is gone or in the bin is not found.
pub(crate) fn touch(tx: &Connection, id: DraftId, now: Timestamp) -> Result<()> {
    let found = tx
        .prepare_cached(
            "UPDATE form_drafts
                SET answered = 1, changed_at = :now
              WHERE id = :id
                AND discarded_at IS NULL",
        )?
        .execute(named_params! { ":id": id.as_bytes(), ":now": now.as_ms() })?;
    if found == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// Into the bin, or out of it.
pub(crate) fn set_discarded(
    tx: &Connection,
    id: DraftId,
    discarded_at: Option<Timestamp>,
) -> Result<()> {
    let found = tx
        .prepare_cached("UPDATE form_drafts SET discarded_at = :discarded_at WHERE id = :id")?
        .execute(named_params! {
            ":id": id.as_bytes(),
            ":discarded_at": discarded_at.map(Timestamp::as_ms),
        })?;
    if found == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// The draft has become an operation on this document in this transaction.
pub(crate) fn became_operation(tx: &Connection, id: DraftId, on: &DocRef) -> Result<()> {
    became::put(tx, id, on)?;
    tx.prepare_cached("DELETE FROM form_drafts WHERE id = :id")?
        .execute(named_params! { ":id": id.as_bytes() })?;
    Ok(())
}

/// Removes what was begun about somebody, or to correct something, that was erased.
pub(crate) fn forget_about(tx: &Connection, erased: &DocRef) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM form_drafts
          WHERE body ->> '$.subject.id' = :id
             OR body ->> '$.replaces' = :id",
    )?
    .execute(named_params! { ":id": erased.id.to_string() })?;
    Ok(())
}

/// Removes what was put into the bin before `binned`, and what was begun before `begun` and never
/// answered.
pub(crate) fn clear_out(tx: &Connection, binned: Timestamp, begun: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM form_drafts
          WHERE discarded_at < :binned
             OR (answered = 0 AND changed_at < :begun)",
    )?
    .execute(named_params! { ":binned": binned.as_ms(), ":begun": begun.as_ms() })?;
    Ok(())
}

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let at: Option<i64> = row.get("discarded_at")?;
    Ok(Kept {
        draft: json(row, "body")?,
        answered: row.get("answered")?,
        changed_at: Timestamp::from_ms(row.get("changed_at")?),
        discarded_at: at.map(Timestamp::from_ms),
    })
}
