//! `visits`: who was at which door. Written by folding only.

use fault::Bug;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use shared::{EntryId, StaffId, Timestamp, VisitId, visit::Met};

use super::{touched, value::to_json};
use crate::error::Result;

/// A visit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Its id.
    pub(crate) id: VisitId,
    /// The dwelling or place.
    pub(crate) door: EntryId,
    /// When.
    pub(crate) at: Timestamp,
    /// What came of it.
    pub(crate) outcome: Met,
    /// Words.
    pub(crate) note: String,
    /// Who.
    pub(crate) staff: StaffId,
    /// The hub doesn't have it.
    pub(crate) unsent: bool,
}

/// Writes a visit's row.
pub(crate) fn put(tx: &Connection, line: &Line) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO visits (id, at_id, at, outcome, note, staff, unsent)
              VALUES (:id, :at_id, :at, :outcome, :note, :staff, :unsent)
         ON CONFLICT (id) DO UPDATE
                 SET at_id = excluded.at_id,
                     at = excluded.at,
                     outcome = excluded.outcome,
                     note = excluded.note,
                     staff = excluded.staff,
                     unsent = excluded.unsent",
    )?
    .execute(named_params! {
        ":id": line.id.as_bytes(),
        ":at_id": line.door.as_bytes(),
        ":at": line.at.as_ms(),
        ":outcome": to_json(&line.outcome)?,
        ":note": line.note,
        ":staff": line.staff.as_str(),
        ":unsent": line.unsent,
    })?;
    if fault::planted(Bug::CountedBeforeTheVisit) {
        return Ok(());
    }
    touched::put_about(tx, line.door)
}

/// The visit is not on this device any more.
pub(crate) fn forget(tx: &Connection, id: VisitId) -> Result<()> {
    let door: Option<[u8; 16]> = tx
        .prepare_cached("DELETE FROM visits WHERE id = :id RETURNING at_id")?
        .query_row(named_params! { ":id": id.as_bytes() }, |row| row.get(0))
        .optional()?;
    door.map_or(Ok(()), |door| {
        touched::put_about(tx, EntryId::from_bytes(door))
    })
}

/// The visits at a door, the last one first.
pub(crate) fn at(db: &Connection, door: EntryId, limit: u32) -> Result<Vec<Line>> {
    let mut statement = db.prepare_cached(
        "SELECT id, at_id, at, outcome, note, staff, unsent
           FROM visits
          WHERE at_id = :door
          ORDER BY at DESC, id DESC
          LIMIT :limit",
    )?;
    let lines = statement
        .query_map(
            named_params! { ":door": door.as_bytes(), ":limit": limit },
            from_row,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(lines)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        id: VisitId::from_bytes(row.get("id")?),
        door: EntryId::from_bytes(row.get("at_id")?),
        at: Timestamp::from_ms(row.get("at")?),
        outcome: super::value::json(row, "outcome")?,
        note: row.get("note")?,
        staff: StaffId(row.get("staff")?),
        unsent: row.get("unsent")?,
    })
}
