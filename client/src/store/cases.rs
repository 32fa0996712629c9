//! The case tables: what lists and search show, one row a case. Written by folding only; lists
//! are in `cases_list`.

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, named_params};
use shared::{
    CaseId, CategoryCode, GridCode, PhotoRef, Position, StaffId, Timestamp,
    case::{State, Urgency},
};

use super::value::{json_or_null, to_json};
use crate::error::{Error, Result};

/// What lists and search show of a case.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its id.
    pub(crate) id: CaseId,
    /// 案件编号.
    pub(crate) case_no: Option<String>,
    /// What it is; `None`: unsure.
    pub(crate) category: Option<CategoryCode>,
    /// The first words.
    pub(crate) summary: String,
    /// The address.
    pub(crate) address: String,
    /// The grid.
    pub(crate) grid: GridCode,
    /// Where, if known.
    pub(crate) position: Option<Position>,
    /// How urgent.
    pub(crate) urgency: Urgency,
    /// Where it stands.
    pub(crate) state: State,
    /// When it was reported.
    pub(crate) reported_at: Timestamp,
    /// When anything last happened.
    pub(crate) updated_at: Timestamp,
    /// When handling must be done.
    pub(crate) deadline: Option<Timestamp>,
    /// Who reported it.
    pub(crate) reporter: StaffId,
    /// This person takes part in it.
    pub(crate) mine: bool,
    /// How many photos it has.
    pub(crate) photos: u32,
    /// The first of them.
    pub(crate) photo: Option<PhotoRef>,
    /// How many others confirmed it.
    pub(crate) plus_ones: u32,
    /// Something this person did had no effect.
    pub(crate) attention: bool,
    /// Fields that two people corrected differently, and this person may decide.
    pub(crate) conflicts: u32,
    /// When this device last did something with it.
    pub(crate) own_at: Option<Timestamp>,
    /// Operations the hub doesn't have.
    pub(crate) unsent: u32,
}

/// What every list reads, as [`from_row`] takes it.
macro_rules! columns {
    () => {
        "SELECT id, case_no, category, summary, address, grid, lng, lat, urgency, state,
                reported_at, updated_at, deadline, reporter, mine, photos, photo, plus_ones,
                attention, conflicts, own_at, unsent
           FROM cases
        "
    };
}
pub(super) use columns;

/// Writes a case's rows; only what is not there already.
pub(crate) fn put(tx: &Connection, record: &Record, words: &str) -> Result<()> {
    let case_rowid = match go_on(tx, record)? {
        Some(known) => known,
        None => put_whole(tx, record)?,
    };
    tx.prepare_cached(
        "INSERT INTO case_words (case_rowid, category, words)
              VALUES (:case_rowid, :category, :words)
         ON CONFLICT (case_rowid) DO UPDATE
                 SET category = excluded.category, words = excluded.words
               WHERE case_words.category IS NOT excluded.category
                  OR case_words.words <> excluded.words",
    )?
    .execute(named_params! {
        ":case_rowid": case_rowid,
        ":category": record.category.as_ref().map(CategoryCode::as_str),
        ":words": words,
    })?;
    Ok(())
}

/// Writes what changes as a case goes on, if nothing else changed: an index whose column is set is
/// written, even with the value it had, and most are of what was reported. Gives the row's number;
/// `None`: it is not there, or more of it changed.
fn go_on(tx: &Connection, record: &Record) -> Result<Option<i64>> {
    let mut update = tx.prepare_cached(
        "UPDATE cases
            SET case_no = :case_no,
                state = :state,
                is_open = :is_open,
                updated_at = :updated_at,
                photos = :photos,
                photo = :photo,
                plus_ones = :plus_ones,
                unsent = :unsent
          WHERE id = :id
            AND category IS :category
            AND summary = :summary
            AND address = :address
            AND grid = :grid
            AND lng IS :lng
            AND lat IS :lat
            AND urgency = :urgency
            AND reported_at = :reported_at
            AND deadline IS :deadline
            AND reporter = :reporter
            AND mine = :mine
            AND attention = :attention
            AND conflicts = :conflicts
            AND own_at IS :own_at
          RETURNING rowid",
    )?;
    let known = bound(record, |params| update.query_row(params, |row| row.get(0)))?;
    Ok(known.optional()?)
}

fn put_whole(tx: &Connection, record: &Record) -> Result<i64> {
    // An upsert, not a replacement: the row keeps its number, by which its words are found.
    let mut upsert = tx.prepare_cached(
        "INSERT INTO cases
            (id, case_no, category, summary, address, grid, lng, lat, urgency, state, is_open,
             reported_at, updated_at, deadline, reporter, mine, photos, photo, plus_ones,
             attention, conflicts, own_at, unsent)
         VALUES (:id, :case_no, :category, :summary, :address, :grid, :lng, :lat, :urgency, :state,
             :is_open, :reported_at, :updated_at, :deadline, :reporter, :mine, :photos, :photo,
             :plus_ones, :attention, :conflicts, :own_at, :unsent)
         ON CONFLICT (id) DO UPDATE
             SET case_no = excluded.case_no,
                 category = excluded.category,
                 summary = excluded.summary,
                 address = excluded.address,
                 grid = excluded.grid,
                 lng = excluded.lng,
                 lat = excluded.lat,
                 urgency = excluded.urgency,
                 state = excluded.state,
                 is_open = excluded.is_open,
                 reported_at = excluded.reported_at,
                 updated_at = excluded.updated_at,
                 deadline = excluded.deadline,
                 reporter = excluded.reporter,
                 mine = excluded.mine,
                 photos = excluded.photos,
                 photo = excluded.photo,
                 plus_ones = excluded.plus_ones,
                 attention = excluded.attention,
                 conflicts = excluded.conflicts,
                 own_at = excluded.own_at,
                 unsent = excluded.unsent
         RETURNING rowid",
    )?;
    Ok(bound(record, |params| {
        upsert.query_row(params, |row| row.get(0))
    })??)
}

/// Calls with the record's values, by the names of their columns.
fn bound<T>(record: &Record, work: impl FnOnce(&[(&str, &dyn ToSql)]) -> T) -> Result<T> {
    Ok(work(named_params! {
            ":id": record.id.as_bytes(),
            ":case_no": record.case_no,
            ":category": record.category.as_ref().map(CategoryCode::as_str),
            ":summary": record.summary,
            ":address": record.address,
            ":grid": record.grid.as_str(),
            ":lng": record.position.map(|position| position.lng()),
            ":lat": record.position.map(|position| position.lat()),
            ":urgency": urgency_number(record.urgency),
            ":state": state_number(record.state),
            ":is_open": record.state.is_open(),
            ":reported_at": record.reported_at.as_ms(),
            ":updated_at": record.updated_at.as_ms(),
            ":deadline": record.deadline.map(Timestamp::as_ms),
            ":reporter": record.reporter.as_str(),
            ":mine": record.mine,
            ":photos": record.photos,
            ":photo": record.photo.as_ref().map(to_json).transpose()?,
            ":plus_ones": record.plus_ones,
            ":attention": record.attention,
            ":conflicts": record.conflicts,
            ":own_at": record.own_at.map(Timestamp::as_ms),
            ":unsent": record.unsent,
    }))
}

/// The case is no longer on this device.
pub(crate) fn forget(tx: &Connection, id: CaseId) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM case_words
          WHERE case_rowid = (SELECT rowid FROM cases WHERE id = :id)",
    )?
    .execute(named_params! { ":id": id.as_bytes() })?;
    tx.prepare_cached("DELETE FROM cases WHERE id = :id")?
        .execute(named_params! { ":id": id.as_bytes() })?;
    Ok(())
}

/// The case.
pub(crate) fn get(db: &Connection, id: CaseId) -> Result<Record> {
    db.prepare_cached(concat!(columns!(), "WHERE id = :id"))?
        .query_row(named_params! { ":id": id.as_bytes() }, from_row)
        .optional()?
        .ok_or(Error::NotFound)
}

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Record> {
    let lng: Option<f64> = row.get("lng")?;
    let lat: Option<f64> = row.get("lat")?;
    let moment = |column: &str| -> rusqlite::Result<_> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_ms))
    };
    Ok(Record {
        id: CaseId::from_bytes(row.get("id")?),
        case_no: row.get("case_no")?,
        category: row.get::<_, Option<String>>("category")?.map(CategoryCode),
        summary: row.get("summary")?,
        address: row.get("address")?,
        grid: GridCode(row.get("grid")?),
        position: lng
            .zip(lat)
            .and_then(|(lng, lat)| Position::new(lng, lat).ok()),
        urgency: urgency_of(row.get("urgency")?),
        state: state_of(row.get("state")?),
        reported_at: Timestamp::from_ms(row.get("reported_at")?),
        updated_at: Timestamp::from_ms(row.get("updated_at")?),
        deadline: moment("deadline")?,
        reporter: StaffId(row.get("reporter")?),
        mine: row.get("mine")?,
        photos: row.get("photos")?,
        photo: json_or_null(row, "photo")?,
        plus_ones: row.get("plus_ones")?,
        attention: row.get("attention")?,
        conflicts: row.get("conflicts")?,
        own_at: moment("own_at")?,
        unsent: row.get("unsent")?,
    })
}

/// A state by its place in the life cycle, so that sorting follows it.
pub(super) fn state_number(state: State) -> u8 {
    let place = State::ALL.iter().position(|other| *other == state);
    place
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or_default()
}

fn state_of(number: u8) -> State {
    State::ALL
        .get(usize::from(number))
        .copied()
        .unwrap_or(State::Submitted)
}

const fn urgency_number(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Normal => 0,
        Urgency::Urgent => 1,
        Urgency::Critical => 2,
    }
}

const fn urgency_of(number: u8) -> Urgency {
    match number {
        0 => Urgency::Normal,
        1 => Urgency::Urgent,
        _ => Urgency::Critical,
    }
}
