//! What was deleted at the hub and this device did something with: the loop comes back to whoever
//! did it, though the document is gone.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use shared::{DocRef, case::Deletion};

use super::value::{json, signed, to_json};
use crate::error::Result;

/// Who deleted the document, if somebody did.
pub(crate) fn find(db: &Connection, target: &DocRef) -> Result<Option<Deletion>> {
    let found = db
        .prepare_cached(
            "SELECT deletion
               FROM deleted
              WHERE kind = :kind
                AND id = :id",
        )?
        .query_row(
            named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() },
            |row| json(row, "deletion"),
        )
        .optional()?;
    Ok(found)
}

/// The document was deleted.
pub(crate) fn put(tx: &Connection, target: &DocRef, rev: u64, deletion: &Deletion) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO deleted (kind, id, rev, deletion)
              VALUES (:kind, :id, :rev, :deletion)
         ON CONFLICT (kind, id) DO UPDATE
                 SET rev = excluded.rev, deletion = excluded.deletion",
    )?
    .execute(named_params! {
        ":kind": target.kind.as_str(),
        ":id": target.id.as_bytes(),
        ":rev": signed(rev),
        ":deletion": to_json(deletion)?,
    })?;
    Ok(())
}

/// The document is there again; says whether it had been deleted.
pub(super) fn forget(tx: &Connection, target: &DocRef) -> Result<bool> {
    let forgotten = tx
        .prepare_cached(
            "DELETE FROM deleted
              WHERE kind = :kind
                AND id = :id",
        )?
        .execute(named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() })?;
    Ok(forgotten > 0)
}
