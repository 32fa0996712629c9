//! Short lists and counts of cases: for 今日, the ledger, "already reported?" and the likely
//! categories.

use rusqlite::{Connection, named_params};
use shared::{
    CaseId, CategoryCode, GridCode, Position, StaffId, Timestamp, case::State, ipc::StateFilter,
};

use super::{
    cases::{Record, columns, state_number},
    cases_list::{Listed, mask, rows},
};
use crate::error::Result;

/// A list's beginning and the number of all that belong to it, under one condition.
macro_rules! listed {
    ($db:ident, $limit:ident, $condition:literal, $order:literal, $name:literal: $value:expr) => {{
        let value = $value;
        let total = $db
            .prepare_cached(concat!("SELECT count(*) FROM cases WHERE ", $condition))?
            .query_row(named_params! { $name: value }, |row| row.get(0))?;
        let rows = rows(
            $db,
            concat!(
                columns!(),
                "WHERE ",
                $condition,
                " ORDER BY ",
                $order,
                ", id LIMIT :limit"
            ),
            named_params! { $name: value, ":limit": $limit },
        )?;
        Ok(Listed { total, rows })
    }};
}

/// The hub does not have all of the case that this device did.
macro_rules! unfinished {
    () => {
        "(unsent > 0
          OR EXISTS (SELECT 1
                       FROM case_photos
                       JOIN files USING (digest)
                      WHERE case_photos.case_id = cases.id
                        AND case_photos.own = 1
                        AND files.at_hub = 0))"
    };
}

/// Cases that wait for a clerk: the urgent first, then the oldest.
pub(crate) fn waiting(db: &Connection, limit: u32) -> Result<Listed> {
    listed!(
        db,
        limit,
        "state = :state",
        "urgency DESC, reported_at",
        ":state": state_number(State::Submitted)
    )
}

/// Registered cases that this person takes part in, by deadline.
pub(crate) fn due(db: &Connection, limit: u32) -> Result<Listed> {
    listed!(
        db,
        limit,
        "mine = 1 AND (:states >> state) & 1",
        "deadline IS NULL, deadline",
        ":states": mask(StateFilter::Running)
    )
}

/// Cases this person takes part in that were registered, rejected, merged or deleted since, newest
/// answer first.
pub(crate) fn answered(db: &Connection, since: Timestamp, limit: u32) -> Result<Vec<Record>> {
    rows(
        db,
        concat!(
            columns!(),
            "WHERE mine = 1 AND state IN (:registered, :rejected, :merged, :deleted)
               AND updated_at >= :since
             ORDER BY updated_at DESC, id LIMIT :limit"
        ),
        named_params! {
            ":registered": state_number(State::Registered),
            ":rejected": state_number(State::Rejected),
            ":merged": state_number(State::Merged),
            ":deleted": state_number(State::Deleted),
            ":since": since.as_ms(),
            ":limit": limit,
        },
    )
}

/// Cases this device did something with: all the hub doesn't have whole, first; and those of late.
pub(crate) fn own(db: &Connection, since: Timestamp) -> Result<Vec<Record>> {
    rows(
        db,
        concat!(
            columns!(),
            "WHERE own_at IS NOT NULL AND (own_at >= :since OR ",
            unfinished!(),
            ") ORDER BY own_at DESC, id"
        ),
        named_params! { ":since": since.as_ms() },
    )
}

/// Cases with fields to decide; those that waited longest first.
pub(crate) fn undecided(db: &Connection) -> Result<Vec<Record>> {
    rows(
        db,
        concat!(columns!(), "WHERE conflicts > 0 ORDER BY updated_at, id"),
        [],
    )
}

/// Counts for 今日: reported since, open, closed, not whole at the hub, asking for attention, with
/// something to decide.
pub(crate) fn tally(
    db: &Connection,
    reporter: Option<&StaffId>,
    since: Timestamp,
) -> Result<[u32; 6]> {
    let tally = db
        .prepare_cached(concat!(
            "SELECT (SELECT count(*) FROM cases
                      WHERE reporter = :reporter AND reported_at >= :since),
                    (SELECT count(*) FROM cases WHERE mine = 1 AND (:open >> state) & 1),
                    (SELECT count(*) FROM cases WHERE mine = 1 AND state = :closed),
                    (SELECT count(*) FROM cases WHERE own_at IS NOT NULL AND ",
            unfinished!(),
            "),
                    (SELECT count(*) FROM cases WHERE attention = 1),
                    (SELECT count(*) FROM cases WHERE conflicts > 0)",
        ))?
        .query_row(
            named_params! {
                ":reporter": reporter.map(StaffId::as_str),
                ":since": since.as_ms(),
                ":open": mask(StateFilter::Open),
                ":closed": state_number(State::Closed),
            },
            |row| {
                Ok([
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                ])
            },
        )?;
    Ok(tally)
}

/// Open cases of a category within a box of so many degrees around a position.
pub(crate) fn near(
    db: &Connection,
    category: &CategoryCode,
    position: Position,
    (degrees_lng, degrees_lat): (f64, f64),
) -> Result<Vec<CaseId>> {
    let mut statement = db.prepare_cached(
        "SELECT id
           FROM cases
          WHERE is_open = 1
            AND lat BETWEEN :lat - :by_lat AND :lat + :by_lat
            AND lng BETWEEN :lng - :by_lng AND :lng + :by_lng
            AND category = :category",
    )?;
    let ids = statement
        .query_map(
            named_params! {
                ":lat": position.lat(), ":by_lat": degrees_lat,
                ":lng": position.lng(), ":by_lng": degrees_lng,
                ":category": category.as_str(),
            },
            |row| Ok(CaseId::from_bytes(row.get("id")?)),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

/// Categories this person used since, the most and latest used first.
pub(crate) fn used_by(
    db: &Connection,
    reporter: &StaffId,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<CategoryCode>> {
    let mut statement = db.prepare_cached(
        "SELECT category
           FROM cases
          WHERE reporter = :reporter
            AND category IS NOT NULL
            AND reported_at >= :since
          GROUP BY category
          ORDER BY sum(1.0 / (1.0 + max(:now - reported_at, 0) / 86400000.0)) DESC, category
          LIMIT 6",
    )?;
    let codes = statement
        .query_map(
            named_params! {
                ":reporter": reporter.as_str(), ":since": since.as_ms(), ":now": now.as_ms(),
            },
            |row| Ok(CategoryCode(row.get("category")?)),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(codes)
}

/// Categories reported since at about this hour of the day, in one of these grids if possible.
pub(crate) fn common_at(
    db: &Connection,
    grids: &[GridCode],
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<CategoryCode>> {
    let mut statement = db.prepare_cached(
        "SELECT category
           FROM cases
          WHERE category IS NOT NULL
            AND reported_at >= :since
            AND (:now - reported_at + 3600000) % 86400000 <= 7200000
          GROUP BY category
          ORDER BY sum(CASE WHEN grid IN (SELECT value FROM json_each(:grids))
                            THEN 3 ELSE 1 END) DESC, category
          LIMIT 12",
    )?;
    let codes = statement
        .query_map(
            named_params! {
                ":grids": serde_json::to_string(grids)?,
                ":since": since.as_ms(),
                ":now": now.as_ms(),
            },
            |row| Ok(CategoryCode(row.get("category")?)),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(codes)
}
