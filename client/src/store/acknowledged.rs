//! Operations without effect that the person has seen.

use rusqlite::{Connection, named_params};
use shared::{OpId, Timestamp};

use crate::error::Result;

/// It was seen. Seen twice is seen.
pub(crate) fn add(tx: &Connection, op: OpId, at: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO acknowledged (op_id, at)
                        VALUES (:op_id, :at)",
    )?
    .execute(named_params! { ":op_id": op.as_bytes(), ":at": at.as_ms() })?;
    Ok(())
}

/// Whether it was seen.
pub(crate) fn contains(db: &Connection, op: OpId) -> Result<bool> {
    let found = db
        .prepare_cached("SELECT 1 FROM acknowledged WHERE op_id = :op_id")?
        .exists(named_params! { ":op_id": op.as_bytes() })?;
    Ok(found)
}
