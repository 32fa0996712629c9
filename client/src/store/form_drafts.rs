//! Forms being filled in. What was answered is in `form_answers`.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::{Deserialize, Serialize};
use shared::{
    DocRef, DraftId, GridCode, PhotoRef, RecordId, StaffId, Timestamp,
    record::{FormVersion, Given},
};

use super::{
    became,
    drafts::whose,
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
    /// What is needed of that record to the end. `None` in a draft that an earlier version began.
    #[serde(default)]
    pub(crate) replaced: Option<Replaced>,
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

/// What a correction needs of the record that it corrects and does not have among its answers. The
/// record may leave the device before the correction is finished: with its grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Replaced {
    /// The photos of the record; another device may have taken them.
    pub(crate) photos: Vec<PhotoRef>,
    /// Its numbers that are shown masked, by the addresses of their questions.
    pub(crate) numbers: Vec<Given>,
}

/// A draft, and what the table knows beside it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The draft.
    pub(crate) draft: FormDraft,
    /// Who fills it in; `None`: whoever has the device.
    pub(crate) whose: Option<StaffId>,
    /// A person answered something.
    pub(crate) answered: bool,
    /// When it was last changed.
    pub(crate) changed_at: Timestamp,
    /// In the bin since then.
    pub(crate) discarded_at: Option<Timestamp>,
}

/// Whether there is such a draft, whoever fills it in.
pub(crate) fn contains(db: &Connection, id: DraftId) -> Result<bool> {
    let found = db
        .prepare_cached("SELECT 1 FROM form_drafts WHERE id = :id")?
        .exists(named_params! { ":id": id.as_bytes() })?;
    Ok(found)
}

/// The person's draft, unless it is in the bin.
pub(crate) fn get_open(db: &Connection, id: DraftId) -> Result<Kept> {
    db.prepare_cached(
        "SELECT body, whose, answered, changed_at, discarded_at
           FROM own_form_drafts
          WHERE id = :id
            AND discarded_at IS NULL",
    )?
    .query_row(named_params! { ":id": id.as_bytes() }, from_row)
    .optional()?
    .ok_or(Error::NotFound)
}

/// The person's drafts with an answer that are not in the bin, newest first.
pub(crate) fn open(db: &Connection) -> Result<Vec<Kept>> {
    let mut statement = db.prepare_cached(
        "SELECT body, whose, answered, changed_at, discarded_at
           FROM own_form_drafts
          WHERE discarded_at IS NULL
            AND answered = 1
          ORDER BY changed_at DESC, id",
    )?;
    let drafts = statement
        .query_map([], from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(drafts)
}

/// A draft that was found in a damaged database, or a new one: of whoever has the device, if it says
/// nothing else.
pub(crate) fn add(tx: &Connection, kept: &Kept) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO form_drafts (id, body, whose, answered, changed_at, discarded_at)
              VALUES (:id, :body, coalesce(:whose, (SELECT id FROM at_work)), :answered,
                      :changed_at, :discarded_at)",
    )?
    .execute(named_params! {
        ":id": kept.draft.id.as_bytes(),
        ":body": to_json(&kept.draft)?,
        ":whose": kept.whose.as_ref().map(StaffId::as_str),
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

/// A row of any version of the table.
pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let at: Option<i64> = row.get("discarded_at")?;
    Ok(Kept {
        draft: json(row, "body")?,
        whose: whose(row)?,
        answered: row.get("answered")?,
        changed_at: Timestamp::from_ms(row.get("changed_at")?),
        discarded_at: at.map(Timestamp::from_ms),
    })
}
