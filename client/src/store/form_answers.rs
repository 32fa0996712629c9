//! What the sessions of forms saved, row by row: one answer writes what it changed and nothing else.

use forms::session::{Change, Saved};
use rusqlite::{Connection, named_params};
use shared::DraftId;

use crate::error::Result;

/// All that was saved of a draft, in the order in which it first came.
pub(crate) fn all(db: &Connection, draft: DraftId) -> Result<Vec<Saved>> {
    let mut statement = db.prepare_cached(
        "SELECT address, value
           FROM form_answers
          WHERE draft = :draft
          ORDER BY n",
    )?;
    let saved = statement
        .query_map(named_params! { ":draft": draft.as_bytes() }, |row| {
            let address = row.get("address")?;
            let value: Option<String> = row.get("value")?;
            Ok(match value {
                Some(value) => Saved::Value { address, value },
                None => Saved::Instance { address },
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(saved)
}

/// Saves changes in their order.
pub(crate) fn save(tx: &Connection, draft: DraftId, changes: &[Change]) -> Result<()> {
    for change in changes {
        match change {
            Change::Value { address, value } => put(tx, draft, address, Some(value))?,
            Change::Added { address } => put(tx, draft, address, None)?,
            Change::Removed { address } => remove(tx, draft, address)?,
        }
    }
    Ok(())
}

/// One value, or an instance where there is none.
pub(crate) fn put(
    tx: &Connection,
    draft: DraftId,
    address: &str,
    value: Option<&str>,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO form_answers (draft, address, value)
              VALUES (:draft, :address, :value)
         ON CONFLICT (draft, address) DO UPDATE
                 SET value = excluded.value",
    )?
    .execute(named_params! {
        ":draft": draft.as_bytes(),
        ":address": address,
        ":value": value,
    })?;
    Ok(())
}

/// An instance, with everything below it: `0` is the character behind `/`.
fn remove(tx: &Connection, draft: DraftId, address: &str) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM form_answers
          WHERE draft = :draft
            AND (address = :address OR (address > :address || '/' AND address < :address || '0'))",
    )?
    .execute(named_params! { ":draft": draft.as_bytes(), ":address": address })?;
    Ok(())
}

/// The draft has become an operation in this transaction.
pub(crate) fn forget(tx: &Connection, draft: DraftId) -> Result<()> {
    tx.prepare_cached("DELETE FROM form_answers WHERE draft = :draft")?
        .execute(named_params! { ":draft": draft.as_bytes() })?;
    Ok(())
}

/// Removes the answers of drafts that are gone.
pub(crate) fn clear_out(tx: &Connection) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM form_answers
          WHERE NOT EXISTS (SELECT 1 FROM form_drafts WHERE form_drafts.id = form_answers.draft)",
    )?
    .execute([])?;
    Ok(())
}
