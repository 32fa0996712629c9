//! Doors with what is known of them, read for a whole building or grid at once: a round looks at all of
//! them, and a few queries for each would be felt.

use rusqlite::{Connection, Row, named_params};
use shared::{EntryId, GridCode, Timestamp, visit::Met};

use super::{
    touched::Building,
    value::{json, rows},
};
use crate::error::Result;

/// Which doors.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    /// Those of a building; `None`: those in none.
    Of(Building),
    /// One.
    One(EntryId),
}

/// A household that is there.
#[derive(Debug, Clone)]
pub(crate) struct Household {
    /// Its id.
    pub(crate) id: EntryId,
    /// Its dwelling.
    pub(crate) dwelling: EntryId,
    /// Somebody must decide between values.
    pub(crate) conflicts: u32,
    /// 先打电话: they asked to be called before somebody comes.
    pub(crate) call_first: bool,
}

/// A resident of a household that is there, or who is there though it is not.
#[derive(Debug, Clone)]
pub(crate) struct Resident {
    /// Their id.
    pub(crate) id: EntryId,
    /// Their household.
    pub(crate) household: EntryId,
    /// The dwelling of that.
    pub(crate) dwelling: EntryId,
    /// Their name.
    pub(crate) name: String,
    /// `YYYY-MM-DD`, or nothing.
    pub(crate) birth: String,
    /// Care tags.
    pub(crate) tags: Vec<String>,
    /// Moved away, dead.
    pub(crate) gone: bool,
    /// 户主.
    pub(crate) is_head: bool,
    /// Their household has ended, and they are still there: each was written on another tablet.
    pub(crate) is_left: bool,
    /// Fields in which several values stand.
    pub(crate) conflicts: u32,
}

/// When a door was last visited with this outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visited {
    /// The door.
    pub(crate) door: EntryId,
    /// What came of it.
    pub(crate) outcome: Met,
    /// When, the last time.
    pub(crate) at: Timestamp,
}

/// A dwelling, as a round needs it.
#[derive(Debug, Clone)]
pub(crate) struct Dwelling {
    /// Its id.
    pub(crate) id: EntryId,
    /// Its grid.
    pub(crate) grid: GridCode,
    /// 房号.
    pub(crate) room: String,
    /// The door as people say it.
    pub(crate) door: String,
    /// Its unit.
    pub(crate) unit: String,
    /// Its floor.
    pub(crate) floor: Option<i64>,
    /// Nobody is expected to live there.
    pub(crate) vacant: bool,
    /// Fields in which several values stand.
    pub(crate) conflicts: u32,
}

// The kinds as `entries` numbers them: 1 dwelling, 2 household, 3 resident. What is crossed is looked up in
// this order, from the door on: of itself SQLite goes through all residents, because they lie in the
// order that is asked for.
macro_rules! dwellings {
    ($which:literal) => {
        concat!(
            "SELECT dwelling.id, dwelling.grid, dwelling.title, dwelling.place,
                    dwelling.unit, dwelling.floor, dwelling.tags, dwelling.conflicts
               FROM entries AS dwelling
              WHERE dwelling.kind = 1
                AND ",
            $which,
            " ORDER BY dwelling.sort, dwelling.id"
        )
    };
}

macro_rules! households {
    ($which:literal) => {
        concat!(
            "SELECT household.id, household.parent AS dwelling, household.conflicts, household.tags
               FROM entries AS dwelling
              CROSS JOIN entries AS household ON household.parent = dwelling.id
                                             AND household.kind = 2
                                             AND household.gone = 0
              WHERE dwelling.kind = 1
                AND ",
            $which,
            " ORDER BY household.sort, household.id"
        )
    };
}

macro_rules! residents {
    ($which:literal) => {
        concat!(
            "SELECT resident.id, household.id AS household, dwelling.id AS dwelling,
                    resident.title, resident.birth, resident.tags, resident.gone,
                    resident.conflicts, resident.is_head,
                    household.gone AS is_left
               FROM entries AS dwelling
              CROSS JOIN entries AS household ON household.parent = dwelling.id
                                             AND household.kind = 2
              CROSS JOIN entries AS resident ON resident.parent = household.id
                                            AND resident.kind = 3
                                            AND resident.survivor IS NULL
                                            AND (household.gone = 0 OR resident.gone = 0)
              WHERE dwelling.kind = 1
                AND ",
            $which,
            " ORDER BY resident.sort, resident.id"
        )
    };
}

macro_rules! visited {
    ($which:literal) => {
        concat!(
            "SELECT visits.at_id, visits.outcome, max(visits.at) AS at
               FROM entries AS dwelling
              CROSS JOIN visits ON visits.at_id = dwelling.id
              WHERE dwelling.kind = 1
                AND ",
            $which,
            " GROUP BY visits.at_id, visits.outcome"
        )
    };
}

macro_rules! by_which {
    ($db:ident, $which:ident, $columns:ident, $from_row:ident) => {
        match $which {
            Which::Of(building) => rows(
                $db,
                $columns!("dwelling.parent IS :id"),
                named_params! { ":id": building.as_ref().map(EntryId::as_bytes) },
                $from_row,
            ),
            Which::One(door) => rows(
                $db,
                $columns!("dwelling.id = :id"),
                named_params! { ":id": door.as_bytes() },
                $from_row,
            ),
        }
    };
}

/// The dwellings, by unit, floor and room.
pub(crate) fn dwellings(db: &Connection, which: Which) -> Result<Vec<Dwelling>> {
    by_which!(db, which, dwellings, dwelling)
}

/// The households behind them that are there.
pub(crate) fn households(db: &Connection, which: Which) -> Result<Vec<Household>> {
    by_which!(db, which, households, household)
}

/// Who belongs to those, the head first; those who are gone among them, and whoever is left in a
/// household that ended.
pub(crate) fn residents(db: &Connection, which: Which) -> Result<Vec<Resident>> {
    by_which!(db, which, residents, resident)
}

/// When each of them was last visited, outcome by outcome.
pub(crate) fn visited(db: &Connection, which: Which) -> Result<Vec<Visited>> {
    by_which!(db, which, visited, visited_row)
}

fn tags(row: &Row<'_>) -> rusqlite::Result<Vec<String>> {
    let tags: String = row.get("tags")?;
    Ok(tags.split_whitespace().map(str::to_owned).collect())
}

fn dwelling(row: &Row<'_>) -> rusqlite::Result<Dwelling> {
    Ok(Dwelling {
        id: EntryId::from_bytes(row.get("id")?),
        grid: GridCode(row.get("grid")?),
        room: row.get("title")?,
        door: row.get("place")?,
        unit: row.get("unit")?,
        floor: row.get("floor")?,
        vacant: tags(row)?.iter().any(|it| it == "vacant"),
        conflicts: row.get("conflicts")?,
    })
}

fn household(row: &Row<'_>) -> rusqlite::Result<Household> {
    Ok(Household {
        id: EntryId::from_bytes(row.get("id")?),
        dwelling: EntryId::from_bytes(row.get("dwelling")?),
        conflicts: row.get("conflicts")?,
        call_first: tags(row)?.iter().any(|it| it == CALL_FIRST),
    })
}

fn resident(row: &Row<'_>) -> rusqlite::Result<Resident> {
    Ok(Resident {
        id: EntryId::from_bytes(row.get("id")?),
        household: EntryId::from_bytes(row.get("household")?),
        dwelling: EntryId::from_bytes(row.get("dwelling")?),
        name: row.get("title")?,
        birth: row.get("birth")?,
        tags: tags(row)?,
        gone: row.get("gone")?,
        is_head: row.get("is_head")?,
        is_left: row.get("is_left")?,
        conflicts: row.get("conflicts")?,
    })
}

fn visited_row(row: &Row<'_>) -> rusqlite::Result<Visited> {
    Ok(Visited {
        door: EntryId::from_bytes(row.get("at_id")?),
        outcome: json(row, "outcome")?,
        at: Timestamp::from_ms(row.get("at")?),
    })
}

/// What `tags` of a household says of those who want to be called first.
pub(crate) const CALL_FIRST: &str = "call_first";

#[cfg(test)]
mod tests {
    use crate::store::value::plan;

    #[test]
    fn a_door_is_looked_up_and_not_looked_for() {
        let of_all = [
            dwellings!("dwelling.parent IS :id"),
            dwellings!("dwelling.id = :id"),
            households!("dwelling.parent IS :id"),
            households!("dwelling.id = :id"),
            residents!("dwelling.parent IS :id"),
            residents!("dwelling.id = :id"),
            visited!("dwelling.parent IS :id"),
            visited!("dwelling.id = :id"),
        ];
        for sql in of_all {
            for step in plan(sql) {
                let looks = step.starts_with("SCAN") || step.contains("entries_listed");
                assert!(!looks, "{step}: {sql}");
            }
        }
    }
}
