//! Lists of cases: filtered, searched, sorted, a window at a time.
//! Each order is a statement of its own, which follows its index; rows that are equal in it stand
//! in the order the index has them, the same every time.

use rusqlite::{Connection, Params, named_params};
use shared::{
    CategoryCode,
    case::State,
    ipc::{CaseColumn, CaseFilter, CaseSort, StateFilter, Whose},
};

use super::cases::{Record, columns, from_row, state_number};
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

macro_rules! found {
    () => {
        "WITH found (case_rowid) AS MATERIALIZED (
             SELECT case_rowid
               FROM case_words
              WHERE (instr(words, :word1) OR category IN (SELECT value FROM json_each(:named1)))
                AND (instr(words, :word2) OR category IN (SELECT value FROM json_each(:named2)))
                AND (instr(words, :word3) OR category IN (SELECT value FROM json_each(:named3)))
                AND (instr(words, :word4) OR category IN (SELECT value FROM json_each(:named4)))
         )
        "
    };
}

// The pluses keep the planner from picking an index for the filter: following the order's own
// index stops after one window, however many rows there are.
macro_rules! filtered {
    () => {
        "  WHERE +mine >= :mine
             AND (:states >> state) & 1
             AND +unsent >= :unsent
             AND +attention >= :attention
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
                    " AND +cases.rowid IN (SELECT case_rowid FROM found) ORDER BY ", $order,
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
        Reported, false => "reported_at DESC";
        Reported, true => "reported_at";
        Updated, false => "updated_at DESC";
        Updated, true => "updated_at";
        Deadline, false => "deadline DESC, reported_at DESC";
        // What has no deadline is not the most pressing.
        Deadline, true => "deadline IS NULL, deadline, reported_at";
        Urgency, false => "urgency DESC, reported_at DESC";
        Urgency, true => "urgency, reported_at";
        State, false => "state DESC, reported_at DESC";
        State, true => "state, reported_at";
        Category, false => "category DESC, reported_at DESC";
        Category, true => "category, reported_at";
        Address, false => "address DESC, reported_at DESC";
        Address, true => "address, reported_at";
    };
    let mine = filter.whose == Whose::Mine;
    let states = mask(filter.states);
    let unsent = filter.states == StateFilter::Unsent;
    let attention = filter.states == StateFilter::Attention;

    if words.is_empty() {
        let total = db
            .prepare_cached(concat!("SELECT count(*) FROM cases", filtered!()))?
            .query_row(
                named_params! {
                    ":mine": mine, ":states": states, ":unsent": unsent, ":attention": attention,
                },
                |row| row.get(0),
            )?;
        let rows = rows(
            db,
            page,
            named_params! {
                ":mine": mine, ":states": states, ":unsent": unsent, ":attention": attention,
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
            " AND +cases.rowid IN (SELECT case_rowid FROM found)"
        ))?
        .query_row(
            named_params! {
                ":mine": mine, ":states": states, ":unsent": unsent, ":attention": attention,
                ":word1": word(0), ":word2": word(1), ":word3": word(2), ":word4": word(3),
                ":named1": named1, ":named2": named2, ":named3": named3, ":named4": named4,
            },
            |row| row.get(0),
        )?;
    let rows = rows(
        db,
        page_of_found,
        named_params! {
            ":mine": mine, ":states": states, ":unsent": unsent, ":attention": attention,
            ":word1": word(0), ":word2": word(1), ":word3": word(2), ":word4": word(3),
            ":named1": named1, ":named2": named2, ":named3": named3, ":named4": named4,
            ":offset": offset, ":limit": limit,
        },
    )?;
    Ok(Listed { total, rows })
}

pub(super) fn rows(db: &Connection, sql: &'static str, params: impl Params) -> Result<Vec<Record>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement
        .query_map(params, from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// A bit for each state that fits, at its place in the life cycle.
pub(super) fn mask(filter: StateFilter) -> i64 {
    let fits = |state: &State| match filter {
        StateFilter::Any | StateFilter::Unsent | StateFilter::Attention => true,
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
