//! Entries with all that they are in, as lists of forms show them: one question for all of a kind, because
//! a grid may have fifty thousand.

use rusqlite::{Connection, Row, named_params};
use shared::{EntryId, GridCode, register::EntryKind};

use super::{
    entries::{is_listed, number},
    value::{InOrder, rows},
};
use crate::error::Result;

/// An entry with what it is in.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Its id.
    pub(crate) id: EntryId,
    /// Its grid.
    pub(crate) grid: GridCode,
    /// A name, a room's number.
    pub(crate) title: String,
    /// What it is in, from the nearest on.
    pub(crate) above: [Option<EntryId>; 3],
    /// Of a building its compound, of a dwelling its door; and the same of what it is in, from the
    /// nearest on.
    pub(crate) places: [String; 4],
    /// Of a dwelling.
    pub(crate) unit: String,
    /// Of a dwelling.
    pub(crate) floor: Option<i64>,
    /// Of a resident, `YYYY-MM-DD`, or nothing.
    pub(crate) birth: String,
    /// Of a household, who comes first in it.
    pub(crate) first: Option<String>,
}

// `kind` 2 is a household, 3 a resident.
macro_rules! listed {
    ($which:literal) => {
        concat!(
            "SELECT it.id, it.grid, it.title,
                    it.parent, one.parent, two.parent,
                    it.place, one.place, two.place, three.place,
                    it.unit, it.floor, it.birth,
                    CASE it.kind
                    WHEN 2 THEN (SELECT member.title
                                   FROM entries AS member
                                  WHERE member.parent = it.id
                                    AND member.kind = 3
                                    AND member.gone = 0
                                    AND member.survivor IS NULL
                                  ORDER BY member.sort, member.id
                                  LIMIT 1)
                     END
               FROM entries AS it
               LEFT JOIN entries AS one ON one.id = it.parent
               LEFT JOIN entries AS two ON two.id = one.parent
               LEFT JOIN entries AS three ON three.id = two.parent
              WHERE it.kind = :kind
                AND ",
            $which,
            " ORDER BY three.sort, two.sort, one.sort, it.sort, it.id"
        )
    };
}

/// All of a kind that stand, in the order of houses and doors: not who moved away or goes on as somebody
/// else.
pub(crate) fn standing(db: &Connection, kind: EntryKind) -> Result<Vec<Listed>> {
    let sql = if is_listed(kind) {
        listed!("it.kind NOT IN (1, 2, 3) AND it.gone = 0 AND it.survivor IS NULL")
    } else {
        listed!("it.gone = 0 AND it.survivor IS NULL")
    };
    rows(db, sql, named_params! { ":kind": number(kind) }, from_row)
}

/// One that is here, whether or not it stands.
pub(crate) fn one(db: &Connection, kind: EntryKind, id: EntryId) -> Result<Option<Listed>> {
    let found = rows(
        db,
        listed!("it.id = :id"),
        named_params! { ":kind": number(kind), ":id": id.as_bytes() },
        from_row,
    )?;
    Ok(found.into_iter().next())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let mut columns = InOrder::of(row);
    let id = |bytes: Option<[u8; 16]>| bytes.map(EntryId::from_bytes);
    let place = |place: Option<String>| place.unwrap_or_default();
    Ok(Listed {
        id: EntryId::from_bytes(columns.next()?),
        grid: GridCode(columns.next()?),
        title: columns.next()?,
        above: [
            id(columns.next()?),
            id(columns.next()?),
            id(columns.next()?),
        ],
        places: [
            place(columns.next()?),
            place(columns.next()?),
            place(columns.next()?),
            place(columns.next()?),
        ],
        unit: columns.next()?,
        floor: columns.next()?,
        birth: columns.next()?,
        first: columns.next()?,
    })
}
