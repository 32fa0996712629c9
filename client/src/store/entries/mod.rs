//! `entries`, `entry_keys` and `entry_found`: what lists and search show of the register. Written by
//! folding only.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use shared::{EntryId, GridCode, Timestamp, register::EntryKind};

use super::{
    there, touched,
    value::{InOrder, rows},
};
use crate::error::{Error, Result};

/// What lists show of an entry.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Its id.
    pub(crate) id: EntryId,
    /// What it is.
    pub(crate) kind: EntryKind,
    /// The grid.
    pub(crate) grid: GridCode,
    /// What it belongs to.
    pub(crate) parent: Option<EntryId>,
    /// A name, a room's number.
    pub(crate) title: String,
    /// What lists are ordered by.
    pub(crate) sort: String,
    /// Of a building its compound, of a dwelling its door as people say it, of a 单位/场所 its own address.
    pub(crate) place: String,
    /// Of a dwelling.
    pub(crate) unit: String,
    /// Of a dwelling.
    pub(crate) floor: Option<i64>,
    /// Moved away, dead, ended.
    pub(crate) gone: bool,
    /// Care tags; of a 单位/场所 its kind.
    pub(crate) tags: Vec<String>,
    /// Fields in which several values stand.
    pub(crate) conflicts: u32,
    /// When anybody last said of any field that it is so.
    pub(crate) confirmed_at: Timestamp,
    /// Operations the hub doesn't have.
    pub(crate) unsent: u32,
    /// Of a resident, `YYYY-MM-DD`, or nothing.
    pub(crate) birth: String,
    /// 户主.
    pub(crate) is_head: bool,
    /// Of a resident, whom they are said to be.
    pub(crate) same_as: Option<EntryId>,
    /// Who goes on in their place; written by [`settle`] only.
    pub(crate) survivor: Option<EntryId>,
}

#[cfg(test)]
impl Line {
    /// One of which nothing more is known.
    pub(in crate::store) fn bare(id: EntryId, kind: EntryKind) -> Self {
        Self {
            id,
            kind,
            grid: GridCode("g".to_owned()),
            parent: None,
            title: String::new(),
            sort: String::new(),
            place: String::new(),
            unit: String::new(),
            floor: None,
            gone: false,
            tags: Vec::new(),
            conflicts: 0,
            confirmed_at: Timestamp::from_ms(0),
            unsent: 0,
            birth: String::new(),
            is_head: false,
            same_as: None,
            survivor: None,
        }
    }
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, grid, parent, title, sort, place, unit, floor, gone, tags, conflicts,
                    confirmed_at, unsent, birth, is_head, same_as, survivor
               FROM entries
            ",
            $rest
        )
    };
}

/// In the order in which the statements name them.
macro_rules! row {
    ($line:ident $(, $rowid:ident)?) => {
        params![
            $line.id.as_bytes(),
            number($line.kind),
            $line.grid.as_str(),
            $line.parent.as_ref().map(EntryId::as_bytes),
            $line.title,
            $line.sort,
            $line.place,
            $line.unit,
            $line.floor,
            $line.gone,
            $line.tags.join(" "),
            $line.conflicts,
            $line.confirmed_at.as_ms(),
            $line.unsent,
            $line.birth,
            $line.is_head,
            $line.same_as.as_ref().map(EntryId::as_bytes),
            $($rowid,)?
        ]
    };
}

mod door;
#[macro_use]
pub(in crate::store) mod keys;
mod new;
mod of_kind;
pub(crate) mod places;

pub(crate) use door::{DoorOf, door};
pub(crate) use keys::found_by;
pub(crate) use new::New;
pub(super) use of_kind::is_listed;
pub(crate) use of_kind::{all, how_many, page};

/// Writes an entry's row and what it is found by. Gives what stood there before.
pub(crate) fn put(tx: &Connection, line: &Line, keys: &[String]) -> Result<Option<Line>> {
    let before = find(tx, line.id)?;
    let rowid: i64 = tx
        .prepare_cached(
            "INSERT INTO entries (id, kind, grid, parent, title, sort, place, unit, floor, gone,
                                  tags, conflicts, confirmed_at, unsent, birth, is_head,
                                  same_as)
                  VALUES (:id, :kind, :grid, :parent, :title, :sort, :place, :unit, :floor, :gone,
                          :tags, :conflicts, :confirmed_at, :unsent, :birth, :is_head,
                          :same_as)
             ON CONFLICT (id) DO UPDATE
                     SET kind = excluded.kind,
                         grid = excluded.grid,
                         parent = excluded.parent,
                         title = excluded.title,
                         sort = excluded.sort,
                         place = excluded.place,
                         unit = excluded.unit,
                         floor = excluded.floor,
                         gone = excluded.gone,
                         tags = excluded.tags,
                         conflicts = excluded.conflicts,
                         confirmed_at = excluded.confirmed_at,
                         unsent = excluded.unsent,
                         birth = excluded.birth,
                         is_head = excluded.is_head,
                         same_as = excluded.same_as
               RETURNING rowid",
        )?
        .query_row(row!(line), |row| row.get(0))?;
    keys::put(tx, rowid, keys)?;
    let now = Line {
        survivor: before.as_ref().and_then(|it| it.survivor),
        ..line.clone()
    };
    changed(tx, before.as_ref(), Some(&now))?;
    Ok(before)
}

/// What is kept of all entries beside their rows, for one that stood so and stands so now.
fn changed(tx: &Connection, before: Option<&Line>, now: Option<&Line>) -> Result<()> {
    there::changed(tx, before, now)?;
    // That the hub has it by now, or that somebody found it so again, changes nothing at its door.
    let at_a_door = |line: &Line| Line {
        unsent: 0,
        confirmed_at: Timestamp::from_ms(0),
        ..line.clone()
    };
    let is_building = now.is_some_and(|it| it.kind == EntryKind::Building);
    // Where a building is does not stand in its row.
    if !is_building && before.map(at_a_door) == now.map(at_a_door) {
        return Ok(());
    }
    let lines = before.into_iter().chain(now);
    lines
        .into_iter()
        .try_for_each(|it| touched::put_entry(tx, it))
}

/// Writes who goes on in the place of an entry; `None`: it stands for itself.
pub(crate) fn settle(tx: &Connection, id: EntryId, survivor: Option<EntryId>) -> Result<()> {
    let Some(before) = find(tx, id)?.filter(|it| it.survivor != survivor) else {
        return Ok(());
    };
    tx.prepare_cached("UPDATE entries SET survivor = :survivor WHERE id = :id")?
        .execute(named_params! {
            ":id": id.as_bytes(),
            ":survivor": survivor.as_ref().map(EntryId::as_bytes),
        })?;
    // What was told about them is told about somebody else from now on.
    for other in before.survivor.into_iter().chain(survivor) {
        touched::put_about(tx, other)?;
    }
    let now = Line {
        survivor,
        ..before.clone()
    };
    changed(tx, Some(&before), Some(&now))
}

/// The entry is not on this device any more.
pub(crate) fn forget(tx: &Connection, id: EntryId) -> Result<()> {
    let Some(before) = find(tx, id)? else {
        return Ok(());
    };
    let rowid: i64 = tx
        .prepare_cached("SELECT rowid FROM entries WHERE id = :id")?
        .query_row(named_params! { ":id": id.as_bytes() }, |row| row.get(0))?;
    keys::put(tx, rowid, &[])?;
    tx.prepare_cached("DELETE FROM entries WHERE rowid = :entry")?
        .execute(named_params! { ":entry": rowid })?;
    changed(tx, Some(&before), None)
}

/// One entry.
pub(crate) fn find(db: &Connection, id: EntryId) -> Result<Option<Line>> {
    let line = db
        .prepare_cached(columns!("WHERE id = :id"))?
        .query_row(named_params! { ":id": id.as_bytes() }, from_row)
        .optional()?;
    Ok(line)
}

/// One entry that must be there.
pub(crate) fn get(db: &Connection, id: EntryId) -> Result<Line> {
    find(db, id)?.ok_or(Error::NotFound)
}

/// The entry that stands for this one: itself, or who goes on in its place.
pub(crate) fn standing_for(db: &Connection, id: EntryId) -> Result<EntryId> {
    let survivor = find(db, id)?.and_then(|line| line.survivor);
    Ok(survivor.unwrap_or(id))
}

/// Residents who are said to be this one.
pub(crate) fn said_to_be(db: &Connection, id: EntryId) -> Result<Vec<Line>> {
    rows(
        db,
        columns!(
            "WHERE same_as = :id
         ORDER BY id"
        ),
        named_params! { ":id": id.as_bytes() },
        from_row,
    )
}

/// Residents this one goes on in the place of.
pub(crate) fn ended_in(db: &Connection, id: EntryId) -> Result<Vec<Line>> {
    rows(
        db,
        columns!(
            "WHERE survivor = :id
         ORDER BY id"
        ),
        named_params! { ":id": id.as_bytes() },
        from_row,
    )
}

/// What belongs to an entry, in order; who goes on as somebody else is told there.
pub(crate) fn inside(db: &Connection, parent: EntryId, kind: EntryKind) -> Result<Vec<Line>> {
    let mut lines = all_inside(db, parent, kind)?;
    lines.retain(|line| line.survivor.is_none());
    Ok(lines)
}

/// What belongs to an entry, in order, those who go on as somebody else among them.
pub(crate) fn all_inside(db: &Connection, parent: EntryId, kind: EntryKind) -> Result<Vec<Line>> {
    rows(
        db,
        columns!(
            "WHERE parent = :parent
           AND kind = :kind
         ORDER BY sort, id"
        ),
        named_params! { ":parent": parent.as_bytes(), ":kind": number(kind) },
        from_row,
    )
}

/// How many entries have fields in which several values stand.
pub(crate) fn disputed(db: &Connection) -> Result<u32> {
    let count = db
        .prepare_cached(
            "SELECT count(*)
               FROM entries
              WHERE conflicts > 0
                AND survivor IS NULL",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(count)
}

/// Entries with fields in which several values stand, what nobody has confirmed for long first.
pub(crate) fn undecided(db: &Connection, limit: u32) -> Result<Vec<Line>> {
    rows(
        db,
        columns!(
            "WHERE conflicts > 0
           AND survivor IS NULL
         ORDER BY confirmed_at, id
            LIMIT :limit"
        ),
        named_params! { ":limit": limit },
        from_row,
    )
}

pub(in crate::store) fn number(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::Building => 0,
        EntryKind::Dwelling => 1,
        EntryKind::Household => 2,
        EntryKind::Resident => 3,
        EntryKind::Place => 4,
        EntryKind::Campaign => 5,
        // Never there: it is apart.
        EntryKind::Management => 6,
    }
}

/// A row of [`columns`], in their order. By place and not by name: a list of all doors of a city asks
/// `SQLite` for eighteen names a row otherwise, which takes longer than finding it.
fn from_row(row: &Row<'_>) -> rusqlite::Result<Line> {
    let mut columns = InOrder::of(row);
    let id = |bytes: Option<[u8; 16]>| bytes.map(EntryId::from_bytes);
    Ok(Line {
        id: EntryId::from_bytes(columns.next()?),
        kind: kind_of(columns.next()?)?,
        grid: GridCode(columns.next()?),
        parent: id(columns.next()?),
        title: columns.next()?,
        sort: columns.next()?,
        place: columns.next()?,
        unit: columns.next()?,
        floor: columns.next()?,
        gone: columns.next()?,
        tags: words(&columns.next::<String>()?),
        conflicts: columns.next()?,
        confirmed_at: Timestamp::from_ms(columns.next()?),
        unsent: columns.next()?,
        birth: columns.next()?,
        is_head: columns.next()?,
        same_as: id(columns.next()?),
        survivor: id(columns.next()?),
    })
}

fn kind_of(number: u8) -> rusqlite::Result<EntryKind> {
    let kind = EntryKind::ALL.get(usize::from(number)).copied();
    kind.ok_or(rusqlite::Error::IntegralValueOutOfRange(1, number.into()))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
