//! `there`: how many entries of a kind are there. Kept with each change: to count a city's residents
//! takes longer than anybody should wait for a page.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use shared::register::EntryKind;

use super::entries::{Line, number};
use crate::error::Result;

/// How many there are.
pub(crate) fn count(db: &Connection, kind: EntryKind) -> Result<u32> {
    let count = db
        .prepare_cached("SELECT count FROM there WHERE kind = :kind")?
        .query_row(named_params! { ":kind": number(kind) }, |row| row.get(0))
        .optional()?;
    Ok(count.unwrap_or(0))
}

/// So many more of them are there; or fewer.
pub(super) fn add(tx: &Connection, kind: EntryKind, more: i64) -> Result<()> {
    if more == 0 {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO there (kind, count)
              VALUES (:kind, :more)
         ON CONFLICT (kind) DO UPDATE SET count = count + excluded.count",
    )?
    .execute(named_params! { ":kind": number(kind), ":more": more })?;
    Ok(())
}

/// An entry stood so, and stands so now; `None`: it was not, or is not, on this device.
pub(super) fn changed(tx: &Connection, before: Option<&Line>, now: Option<&Line>) -> Result<()> {
    for (line, one) in [(before, -1), (now, 1)] {
        if let Some(line) = line.filter(|it| !it.gone && it.survivor.is_none()) {
            add(tx, line.kind, one)?;
        }
    }
    Ok(())
}
