//! 单位/场所, page by page: a grid may have thousands.

use rusqlite::{Connection, ToSql, named_params};
use shared::{EntryId, GridCode, register::EntryKind};

use super::{Line, from_row, number};
use crate::{
    error::Result,
    store::{
        there,
        value::{rows, to_json},
    },
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
macro_rules! begins_so {
    ($key:literal) => {
        concat!(
            $key,
            " >= wanted.value AND ",
            $key,
            " < wanted.value || char(1114111)"
        )
    };
}

// Every place is looked at, and what it is found by.
macro_rules! walked {
    () => {
        concat!(
            "kind = :place
             AND kind NOT IN (1, 2, 3)
             AND (:keys = '[]'
                  OR EXISTS (SELECT 1
                               FROM entry_found,
                                    json_each(entry_found.keys) AS found,
                                    json_each(:keys) AS wanted
                              WHERE entry_found.entry = entries.rowid
                                AND ",
            begins_so!("found.value"),
            "))"
        )
    };
}

// What begins so is looked up. The plus keeps every index of kinds away: SQLite would go through all
// places.
macro_rules! looked_up {
    () => {
        concat!(
            "+kind = :place
             AND rowid IN (SELECT entry
                             FROM json_each(:keys) AS wanted
                            CROSS JOIN ",
            all_parts!(),
            " AS parts
                            CROSS JOIN entry_keys ON entry_keys.part = parts.part AND ",
            begins_so!("entry_keys.key"),
            ")"
        )
    };
}

macro_rules! wanted {
    ($found:ident, $before:literal, $after:literal) => {
        concat!(
            $before,
            columns!(""),
            " WHERE ",
            $found!(),
            "  AND (:grid IS NULL OR grid = :grid)
               AND (:building IS NULL OR parent = :building)
               AND (:kind = '' OR tags = :kind)
            ",
            $after
        )
    };
}

macro_rules! counted {
    ($found:ident) => {
        wanted!($found, "SELECT count(*) FROM (", ")")
    };
}

macro_rules! paged {
    ($found:ident) => {
        wanted!(
            $found,
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
        )
    };
}

const MANY: &str = concat!(
    "SELECT count(*) > :places
       FROM (SELECT 1
               FROM json_each(:keys) AS wanted
              CROSS JOIN ",
    all_parts!(),
    " AS parts
              CROSS JOIN entry_keys ON entry_keys.part = parts.part AND ",
    begins_so!("entry_keys.key"),
    " LIMIT :places + 1)"
);

/// Whether to look up what was typed. The keys are those of residents, too: where more of them begin so
/// than there are places, it is quicker to look at every place.
fn looks_up(db: &Connection, wanted: &Wanted) -> Result<bool> {
    if wanted.keys.is_empty() {
        return Ok(false);
    }
    let (keys, places) = (to_json(&wanted.keys)?, there::count(db, EntryKind::Place)?);
    let many: bool = db
        .prepare_cached(MANY)?
        .query_row(named_params! { ":keys": keys, ":places": places }, |row| {
            row.get(0)
        })?;
    Ok(!many)
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
    let sql = if looks_up(db, wanted)? {
        counted!(looked_up)
    } else {
        counted!(walked)
    };
    asked(wanted, |parameters| {
        let mut statement = db.prepare_cached(sql)?;
        Ok(statement.query_row(parameters, |row| row.get(0))?)
    })
}

/// Some of them, by grid, by building, by name; those in no building behind the others.
pub(crate) fn page(db: &Connection, wanted: &Wanted, window: (u32, u32)) -> Result<Vec<Line>> {
    let sql = if looks_up(db, wanted)? {
        paged!(looked_up)
    } else {
        paged!(walked)
    };
    window_of(db, sql, wanted, window)
}

fn window_of(
    db: &Connection,
    sql: &str,
    wanted: &Wanted,
    (offset, limit): (u32, u32),
) -> Result<Vec<Line>> {
    asked(wanted, |parameters| {
        let mut all = parameters.to_vec();
        all.push((":offset", &offset));
        all.push((":limit", &limit));
        rows(db, sql, all.as_slice(), from_row)
    })
}

/// Places one of whose keys begins with this.
pub(crate) fn beginning(db: &Connection, with: &str) -> Result<Vec<Line>> {
    rows(
        db,
        concat!(
            columns!(
                "WHERE kind = :place
                   AND rowid IN (SELECT entry
                                   FROM "
            ),
            all_parts!(),
            "       AS parts
                                  CROSS JOIN entry_keys ON entry_keys.part = parts.part
                                         AND key >= :with
                                         AND key < :with || char(1114111))
             ORDER BY id"
        ),
        named_params! { ":place": number(EntryKind::Place), ":with": with },
        from_row,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::Key,
        store::{Store, entries, value::plan},
    };

    fn store(folder: &tempfile::TempDir) -> Store {
        let path = folder.path().join("device.db");
        Store::open(&path, &Key::from_bytes([7; 32])).unwrap()
    }

    fn id(number: u8) -> EntryId {
        EntryId::from_bytes([number; 16])
    }

    fn line(number: u8, kind: EntryKind) -> Line {
        let kinds = if number.is_multiple_of(4) {
            "shop"
        } else {
            "school"
        };
        Line {
            grid: GridCode(format!("g{}", number % 2)),
            parent: (!number.is_multiple_of(3)).then(|| id(100 + number % 2)),
            title: number.to_string(),
            sort: (number % 5).to_string(),
            tags: vec![kinds.to_owned()],
            ..Line::bare(id(number), kind)
        }
    }

    /// Places of which each has some of these keys, and as many residents.
    fn fill(tx: &Connection) {
        // What they are found by stands in two parts.
        entries::put(tx, &line(99, EntryKind::Resident), &[]).unwrap();
        let row = (1 << entries::keys::BITS) - 20;
        tx.execute("UPDATE entries SET rowid = ?1", [row]).unwrap();
        for number in 0..48 {
            let kind = if number < 24 {
                EntryKind::Place
            } else {
                EntryKind::Resident
            };
            let keys = ["yunshui", "ys", "yun", "云水面馆"];
            let keys = (0..keys.len())
                .filter(|at| number & (1 << at) != 0)
                .map(|at| keys[at]);
            let keys: Vec<String> = keys.map(str::to_owned).collect();
            entries::put(tx, &line(number, kind), &keys).unwrap();
        }
    }

    #[test]
    fn what_was_typed_finds_the_same_in_the_same_order_whichever_way() {
        let folder = tempfile::tempdir().unwrap();
        let found = store(&folder).write(|tx| {
            fill(tx);
            let mut found = 0;
            for typed in [&["y"][..], &["yun"], &["云"], &["ys", "yuns"], &["none"]] {
                for (grid, building, kind) in [
                    (None, None, ""),
                    (Some(GridCode("g1".to_owned())), None, ""),
                    (None, Some(id(100)), "school"),
                ] {
                    let keys = typed.iter().map(|it| (*it).to_owned()).collect();
                    let wanted = Wanted {
                        grid,
                        building,
                        kind: kind.to_owned(),
                        keys,
                    };
                    let [walked, looked_up] = [paged!(walked), paged!(looked_up)]
                        .map(|sql| window_of(tx, sql, &wanted, (1, 9)).unwrap());
                    assert_eq!(walked, looked_up, "{wanted:?}");
                    assert_eq!(page(tx, &wanted, (1, 9))?, walked, "{wanted:?}");
                    let [walked, looked_up] = [counted!(walked), counted!(looked_up)].map(|sql| {
                        let count = |all: &[(&str, &dyn ToSql)]| {
                            Ok(tx.query_row(sql, all, |row| row.get::<_, u32>(0))?)
                        };
                        asked(&wanted, count).unwrap()
                    });
                    assert_eq!([walked; 2], [looked_up, count(tx, &wanted)?], "{wanted:?}");
                    found += walked;
                }
            }
            Ok(found)
        });
        assert!(found.unwrap() > 30, "something is found");
    }

    #[test]
    fn what_few_are_found_by_is_looked_up() {
        let folder = tempfile::tempdir().unwrap();
        store(&folder)
            .write(|tx| {
                fill(tx);
                let looks_up = |typed: &str| {
                    let keys = vec![typed.to_owned()];
                    looks_up(
                        tx,
                        &Wanted {
                            keys,
                            ..Wanted::default()
                        },
                    )
                    .unwrap()
                };
                assert!(looks_up("云"), "of two dozen");
                assert!(!looks_up("y"), "of more than there are places");
                for sql in [counted!(looked_up), paged!(looked_up), MANY] {
                    let steps = plan(sql);
                    let led = "SEARCH entry_keys USING PRIMARY KEY (part=? AND key>? AND key<?)";
                    assert!(steps.iter().any(|it| it == led), "{steps:#?}: {sql}");
                    let walks =
                        |it: &String| it.contains("entries_listed") || it.starts_with("SCAN entr");
                    assert!(!steps.iter().any(walks), "{steps:#?}: {sql}");
                }
                Ok(())
            })
            .unwrap();
    }
}
