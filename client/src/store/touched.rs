//! `touched`: where something changed behind doors, so that what the doors of one building ask for is
//! counted anew and that of the others is not. Written with the change, in its transaction.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension as _, named_params};
use shared::{EntryId, register::EntryKind};

use super::{
    entries::{Line, number},
    value::rows,
};
use crate::error::Result;

/// A building; `None`: doors that are in none.
pub(crate) type Building = Option<EntryId>;

/// Something changed in or behind a building.
pub(super) fn put(tx: &Connection, building: Building) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO touched (building, at)
              VALUES (:building, (SELECT ifnull(max(at), 0) + 1 FROM touched))
         ON CONFLICT (building) DO UPDATE SET at = excluded.at",
    )?
    .execute(named_params! { ":building": bytes(building.as_ref()) })?;
    Ok(())
}

/// An entry was written, changed or taken away that stands, or stood, so.
pub(super) fn put_entry(tx: &Connection, line: &Line) -> Result<()> {
    match above(tx, line.kind, line.id, line.parent)? {
        Some(building) => put(tx, building),
        None => Ok(()),
    }
}

/// Something changed that is about an entry: a visit, a record. It is told of whoever goes on as that
/// one, too; while not all has arrived, several may seem to go on as each other.
pub(super) fn put_about(tx: &Connection, entry: EntryId) -> Result<()> {
    let mut seen = BTreeSet::new();
    let mut next = Some(entry);
    while let Some(entry) = next.filter(|it| seen.insert(*it)) {
        let line = super::entries::find(tx, entry)?;
        if let Some(line) = &line {
            put_entry(tx, line)?;
        }
        next = line.and_then(|it| it.survivor);
    }
    Ok(())
}

/// The building an entry stands in; `None`: it is behind no door of this device.
fn above(
    db: &Connection,
    kind: EntryKind,
    id: EntryId,
    parent: Option<EntryId>,
) -> Result<Option<Building>> {
    match (kind, parent) {
        (EntryKind::Building, _) => Ok(Some(Some(id))),
        (EntryKind::Dwelling, parent) => Ok(Some(parent)),
        (EntryKind::Household | EntryKind::Resident, Some(parent)) => behind(db, parent),
        _ => Ok(None),
    }
}

/// The building of what stands in this dwelling or household.
fn behind(db: &Connection, holder: EntryId) -> Result<Option<Building>> {
    let found = db
        .prepare_cached("SELECT kind, parent FROM entries WHERE id = :id")?
        .query_row(named_params! { ":id": holder.as_bytes() }, |row| {
            let parent: Option<[u8; 16]> = row.get("parent")?;
            Ok((row.get::<_, u8>("kind")?, parent.map(EntryId::from_bytes)))
        })
        .optional()?;
    match found {
        Some((kind, building)) if kind == number(EntryKind::Dwelling) => Ok(Some(building)),
        Some((kind, Some(dwelling))) if kind == number(EntryKind::Household) => {
            behind(db, dwelling)
        }
        Some(_) | None => Ok(None),
    }
}

/// Where many new entries stand. Most are behind doors that are new as well.
#[derive(Debug, Default)]
pub(super) struct Many {
    buildings: BTreeSet<Building>,
    /// Of dwellings and households.
    above: HashMap<EntryId, Option<Building>>,
}

impl Many {
    /// One more, after what holds it.
    pub(super) fn add(&mut self, tx: &Connection, line: &Line) -> Result<()> {
        let building = match (line.kind, line.parent) {
            (EntryKind::Household | EntryKind::Resident, Some(parent)) => {
                if let Some(known) = self.above.get(&parent) {
                    *known
                } else {
                    let found = behind(tx, parent)?;
                    self.above.insert(parent, found);
                    found
                }
            }
            _ => above(tx, line.kind, line.id, line.parent)?,
        };
        if matches!(line.kind, EntryKind::Dwelling | EntryKind::Household) {
            self.above.insert(line.id, building);
        }
        self.buildings.extend(building);
        Ok(())
    }

    /// Writes them.
    pub(super) fn write(&self, tx: &Connection) -> Result<()> {
        self.buildings.iter().try_for_each(|it| put(tx, *it))
    }
}

/// The buildings that were touched since, with when.
pub(crate) fn since(db: &Connection, at: i64) -> Result<Vec<(Building, i64)>> {
    rows(
        db,
        "SELECT building, at
           FROM touched
          WHERE at > :at",
        named_params! { ":at": at },
        |row| {
            let building: Vec<u8> = row.get("building")?;
            let building = <[u8; 16]>::try_from(building).ok().map(EntryId::from_bytes);
            Ok((building, row.get("at")?))
        },
    )
}

/// When one was touched last; 0: none ever was.
pub(crate) fn last(db: &Connection) -> Result<i64> {
    let last = db
        .prepare_cached("SELECT ifnull(max(at), 0) FROM touched")?
        .query_row([], |row| row.get(0))?;
    Ok(last)
}

fn bytes(building: Option<&EntryId>) -> &[u8] {
    building.map_or(&[], |it| it.as_bytes())
}
