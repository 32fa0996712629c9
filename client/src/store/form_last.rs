//! The answers of the last filling of each form that was finished here, for `${last-saved#…}`.

use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::value::{json, to_json};
use crate::error::Result;

/// Addresses and values.
pub(crate) type Answers = Vec<(String, String)>;

/// The answers; none if no filling was finished.
pub(crate) fn get(db: &Connection, form: &str) -> Result<Answers> {
    let answers = db
        .prepare_cached("SELECT answers FROM form_last WHERE form = :form")?
        .query_row(named_params! { ":form": form }, |row| json(row, "answers"))
        .optional()?;
    Ok(answers.unwrap_or_default())
}

/// These are the last ones now.
pub(crate) fn put(tx: &Connection, form: &str, answers: &Answers) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO form_last (form, answers)
              VALUES (:form, :answers)
         ON CONFLICT (form) DO UPDATE
                 SET answers = excluded.answers",
    )?
    .execute(named_params! { ":form": form, ":answers": to_json(answers)? })?;
    Ok(())
}

/// Those of this form are gone.
pub(crate) fn forget(tx: &Connection, form: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM form_last WHERE form = :form")?
        .execute(named_params! { ":form": form })?;
    Ok(())
}
