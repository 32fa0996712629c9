//! 单位/场所, page by page: a grid may have thousands.

use rusqlite::{Connection, ToSql, named_params};
use shared::{EntryId, GridCode, register::EntryKind};

use super::{Line, from_row, number};
use crate::{
    error::Result,
    store::value::{rows, to_json},
};

/// Which places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// Only of this grid.
    pub(crate) grid: Option<GridCode>,
    /// Only those that stand in this building.
    pub(crate) building: Option<EntryId>,
    /// Only of this kind; empty: of all.
    pub(crate) kind: String,
    /// Only those one of whose keys begins with one of these; empty: all.
    pub(crate) keys: Vec<String>,
}

// The end of what begins so is asked for as a key, as in `found_by`.
macro_rules! wanted {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            columns!(
                "WHERE kind = :place AND kind NOT IN (1, 2, 3)
                   AND (:grid IS NULL OR grid = :grid)
                   AND (:building IS NULL OR parent = :building)
                   AND (:kind = '' OR tags = :kind)
                   AND (:keys = '[]'
                        OR EXISTS (SELECT 1
                                     FROM entry_found,
                                          json_each(entry_found.keys) AS key,
                                          json_each(:keys) AS wanted
                                    WHERE entry_found.entry = entries.rowid
                                      AND key.value >= wanted.value
                                      AND key.value < wanted.value || char(1114111)))
                "
            ),
            $after
        )
    };
}

/// Gives what the parameters of these statements are to `ask`.
fn asked<T>(wanted: &Wanted, ask: impl FnOnce(&[(&str, &dyn ToSql)]) -> Result<T>) -> Result<T> {
    let keys = to_json(&wanted.keys)?;
    ask(named_params! {
        ":place": number(EntryKind::Place),
        ":grid": wanted.grid.as_ref().map(GridCode::as_str),
        ":building": wanted.building.as_ref().map(EntryId::as_bytes),
        ":kind": wanted.kind,
        ":keys": keys,
    })
}

/// How many there are.
pub(crate) fn count(db: &Connection, wanted: &Wanted) -> Result<u32> {
    asked(wanted, |parameters| {
        let mut statement = db.prepare_cached(wanted!("SELECT count(*) FROM (", ")"))?;
        Ok(statement.query_row(parameters, |row| row.get(0))?)
    })
}

/// Some of them, by grid, by building, by name; those in no building behind the others.
pub(crate) fn page(
    db: &Connection,
    wanted: &Wanted,
    (offset, limit): (u32, u32),
) -> Result<Vec<Line>> {
    asked(wanted, |parameters| {
        let mut all = parameters.to_vec();
        all.push((":offset", &offset));
        all.push((":limit", &limit));
        rows(
            db,
            wanted!(
                "",
                "ORDER BY grid,
                          parent IS NULL,
                          (SELECT building.sort
                             FROM entries AS building
                            WHERE building.id = entries.parent),
                          parent,
                          sort,
                          id
                    LIMIT :limit
                   OFFSET :offset"
            ),
            all.as_slice(),
            from_row,
        )
    })
}

/// Places one of whose keys begins with this.
pub(crate) fn beginning(db: &Connection, with: &str) -> Result<Vec<Line>> {
    rows(
        db,
        columns!(
            "WHERE kind = :place
               AND rowid IN (SELECT entry
                               FROM entry_keys
                              WHERE key >= :with
                                AND key < :with || char(1114111))
             ORDER BY id"
        ),
        named_params! { ":place": number(EntryKind::Place), ":with": with },
        from_row,
    )
}
