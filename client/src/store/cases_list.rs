//! Lists of cases: filtered, searched, sorted, a window at a time; and the short lists of 今日.
//! Each order is a statement of its own, so that each can use its index.

use rusqlite::{Connection, Params, named_params};
use shared::{
    CaseId, CategoryCode, Position, StaffId, Timestamp,
    case::State,
    ipc::{CaseColumn, CaseFilter, CaseSort, StateFilter, Whose},
};

use super::cases::{Record, from_row, state_number};
use crate::error::Result;

/// Words of a query that are looked at.
pub(crate) const WORDS_MAX: usize = 4;

/// A word of a query, and the categories it names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Word {
    /// The word, lower case.
    pub(crate) text: String,
    /// Codes of categories whose name fits it.
    pub(crate) categories: Vec<CategoryCode>,
}

/// A window of a list, and how many rows there are in all.
#[derive(Debug)]
pub(crate) struct Listed {
    /// All rows that fit.
    pub(crate) total: u32,
    /// Those of the window.
    pub(crate) rows: Vec<Record>,
}

macro_rules! columns {
    () => {
        "SELECT id, case_no, category, summary, address, grid, lng, lat, urgency, state,
                reported_at, updated_at, deadline, reporter, mine, photos, photo, plus_ones,
                attention, own_at, unsent
           FROM cases
        "
    };
}

macro_rules! found {
    () => {
        "WITH found (id) AS MATERIALIZED (
             SELECT id
               FROM case_words
              WHERE (instr(words, :word1) OR category IN (SELECT value FROM json_each(:named1)))
                AND (instr(words, :word2) OR category IN (SELECT value FROM json_each(:named2)))
                AND (instr(words, :word3) OR category IN (SELECT value FROM json_each(:named3)))
                AND (instr(words, :word4) OR category IN (SELECT value FROM json_each(:named4)))
         )
        "
    };
}

macro_rules! filtered {
    () => {
        "  WHERE mine >= :mine
             AND (:states >> state) & 1
             AND unsent >= :unsent
        "
    };
}

macro_rules! pages {
    ($sort:expr, $($column:ident, $ascending:literal => $order:literal;)*) => {
        match ($sort.by, $sort.ascending) {
            $((CaseColumn::$column, $ascending) => (
                concat!(columns!(), filtered!(),
                    " ORDER BY ", $order, " LIMIT :limit OFFSET :offset"),
                concat!(found!(), columns!(), filtered!(),
                    " AND id IN (SELECT id FROM found) ORDER BY ", $order,
                    " LIMIT :limit OFFSET :offset"),
            ),)*
        }
    };
}

/// A window of the cases that fit filter and words, in order.
pub(crate) fn list(
    db: &Connection,
    filter: CaseFilter,
    words: &[Word],
    sort: CaseSort,
    (offset, limit): (u32, u32),
) -> Result<Listed> {
    let (page, page_of_found) = pages! { sort,
        Reported, false => "reported_at DESC, id";
        Reported, true => "reported_at, id";
        Updated, false => "updated_at DESC, id";
        Updated, true => "updated_at, id";
        Deadline, false => "deadline DESC, reported_at DESC, id";
        // What has no deadline is not the most pressing.
        Deadline, true => "deadline IS NULL, deadline, reported_at DESC, id";
        Urgency, false => "urgency DESC, reported_at DESC, id";
        Urgency, true => "urgency, reported_at DESC, id";
        State, false => "state DESC, reported_at DESC, id";
        State, true => "state, reported_at DESC, id";
        Category, false => "category DESC, reported_at DESC, id";
        Category, true => "category IS NULL, category, reported_at DESC, id";
        Address, false => "address DESC, reported_at DESC, id";
        Address, true => "address, reported_at DESC, id";
    };
    let mine = filter.whose == Whose::Mine;
    let states = mask(filter.states);
    let unsent = filter.states == StateFilter::Unsent;

    if words.is_empty() {
        let total = db
            .prepare_cached(concat!("SELECT count(*) FROM cases", filtered!()))?
            .query_row(
                named_params! { ":mine": mine, ":states": states, ":unsent": unsent },
                |row| row.get(0),
            )?;
        let rows = rows(
            db,
            page,
            named_params! {
                ":mine": mine, ":states": states, ":unsent": unsent,
                ":offset": offset, ":limit": limit,
            },
        )?;
        return Ok(Listed { total, rows });
    }

    let word = |nth: usize| words.get(nth).map_or("", |word| word.text.as_str());
    let named =
        |nth: usize| serde_json::to_string(words.get(nth).map_or(&[][..], |word| &word.categories));
    let named = [named(0)?, named(1)?, named(2)?, named(3)?];
    let [named1, named2, named3, named4] = &named;
    let total = db
        .prepare_cached(concat!(
            found!(),
            "SELECT count(*) FROM cases",
            filtered!(),
            " AND id IN (SELECT id FROM found)"
        ))?
        .query_row(
            named_params! {
                ":mine": mine, ":states": states, ":unsent": unsent,
                ":word1": word(0), ":word2": word(1), ":word3": word(2), ":word4": word(3),
                ":named1": named1, ":named2": named2, ":named3": named3, ":named4": named4,
            },
            |row| row.get(0),
        )?;
    let rows = rows(
        db,
        page_of_found,
        named_params! {
            ":mine": mine, ":states": states, ":unsent": unsent,
            ":word1": word(0), ":word2": word(1), ":word3": word(2), ":word4": word(3),
            ":named1": named1, ":named2": named2, ":named3": named3, ":named4": named4,
            ":offset": offset, ":limit": limit,
        },
    )?;
    Ok(Listed { total, rows })
}

/// Cases that wait for a clerk: the urgent first, then the oldest.
pub(crate) fn waiting(db: &Connection, limit: u32) -> Result<Listed> {
    let state = state_number(State::Submitted);
    let total = db
        .prepare_cached("SELECT count(*) FROM cases WHERE state = :state")?
        .query_row(named_params! { ":state": state }, |row| row.get(0))?;
    let rows = rows(
        db,
        concat!(
            columns!(),
            "WHERE state = :state ORDER BY urgency DESC, reported_at, id LIMIT :limit"
        ),
        named_params! { ":state": state, ":limit": limit },
    )?;
    Ok(Listed { total, rows })
}

/// Registered cases that this person takes part in, by deadline.
pub(crate) fn due(db: &Connection, limit: u32) -> Result<Listed> {
    let states = mask(StateFilter::Running);
    let total = db
        .prepare_cached("SELECT count(*) FROM cases WHERE mine = 1 AND (:states >> state) & 1")?
        .query_row(named_params! { ":states": states }, |row| row.get(0))?;
    let rows = rows(
        db,
        concat!(
            columns!(),
            "WHERE mine = 1 AND (:states >> state) & 1
             ORDER BY deadline IS NULL, deadline, id LIMIT :limit"
        ),
        named_params! { ":states": states, ":limit": limit },
    )?;
    Ok(Listed { total, rows })
}

/// Cases of this reporter that were registered or rejected since, newest answer first.
pub(crate) fn answered(
    db: &Connection,
    reporter: &StaffId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<Record>> {
    rows(
        db,
        concat!(
            columns!(),
            "WHERE reporter = :reporter AND state IN (:registered, :rejected)
               AND updated_at >= :since
             ORDER BY updated_at DESC, id LIMIT :limit"
        ),
        named_params! {
            ":reporter": reporter.as_str(),
            ":registered": state_number(State::Registered),
            ":rejected": state_number(State::Rejected),
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
            "WHERE own_at IS NOT NULL
               AND (own_at >= :since
                    OR unsent > 0
                    OR EXISTS (SELECT 1
                                 FROM case_photos
                                 JOIN files USING (digest)
                                WHERE case_photos.case_id = cases.id
                                  AND case_photos.own = 1
                                  AND files.at_hub = 0))
             ORDER BY own_at DESC, id"
        ),
        named_params! { ":since": since.as_ms() },
    )
}

/// Counts for 今日: reported since, open, closed, not whole at the hub.
pub(crate) fn tally(
    db: &Connection,
    reporter: Option<&StaffId>,
    since: Timestamp,
) -> Result<[u32; 4]> {
    let tally = db
        .prepare_cached(
            "SELECT (SELECT count(*) FROM cases
                      WHERE reporter = :reporter AND reported_at >= :since),
                    (SELECT count(*) FROM cases WHERE mine = 1 AND (:open >> state) & 1),
                    (SELECT count(*) FROM cases WHERE mine = 1 AND state = :closed),
                    (SELECT count(*) FROM cases
                      WHERE own_at IS NOT NULL
                        AND (unsent > 0
                             OR EXISTS (SELECT 1
                                          FROM case_photos
                                          JOIN files USING (digest)
                                         WHERE case_photos.case_id = cases.id
                                           AND case_photos.own = 1
                                           AND files.at_hub = 0)))",
        )?
        .query_row(
            named_params! {
                ":reporter": reporter.map(StaffId::as_str),
                ":since": since.as_ms(),
                ":open": mask(StateFilter::Open),
                ":closed": state_number(State::Closed),
            },
            |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]),
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
    grids: &[shared::GridCode],
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

fn rows(db: &Connection, sql: &'static str, params: impl Params) -> Result<Vec<Record>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement
        .query_map(params, from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// A bit for each state that fits, at its place in the life cycle.
fn mask(filter: StateFilter) -> i64 {
    let fits = |state: &State| match filter {
        StateFilter::Any | StateFilter::Unsent => true,
        StateFilter::Open => state.is_open(),
        StateFilter::Waiting => *state == State::Submitted,
        StateFilter::Running => {
            state.is_open() && !matches!(state, State::Submitted | State::Verifying)
        }
        StateFilter::Done => !state.is_open(),
    };
    State::ALL
        .iter()
        .filter(|state| fits(state))
        .map(|state| 1_i64 << state_number(*state))
        .sum()
}
