//! What entries are found by. `entry_keys` stands in parts, each of the entries that came one after the
//! other, so that many new ones touch one or two of them, and not every page of what a whole city is found
//! by; a search looks into each. `entry_found` has of each entry its keys.

use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::{Line, from_row};
use crate::{
    error::Result,
    store::value::{json, to_json},
};

/// A part has what 2^18 entries are found by: about 45 MB of a city's residents with their doors. A
/// million of residents are in six to eleven, by how they came.
pub(crate) const BITS: u32 = 18;

/// The part in which an entry's keys stand, by the number of its row.
pub(crate) const fn of(rowid: i64) -> i64 {
    rowid >> BITS
}

/// So many entries at once have a part of their own: what is in order already is written behind what is
/// there, which costs least. Half a part is enough that there are no more parts than twice as many.
const OWN_PART: i64 = 1 << (BITS - 1);

/// The number of the first row of so many new ones.
pub(super) fn next_row(db: &Connection, entries: usize) -> Result<i64> {
    let next = last_row(db)?.saturating_add(1);
    let many = i64::try_from(entries).unwrap_or(i64::MAX) >= OWN_PART;
    // Rows are numbered from 1 on.
    let is_begun = next > (of(next) << BITS).max(1);
    Ok(if many && is_begun {
        (of(next) + 1) << BITS
    } else {
        next
    })
}

fn last_row(db: &Connection) -> Result<i64> {
    let last = db
        .prepare_cached("SELECT ifnull(max(rowid), 0) FROM entries")?
        .query_row([], |row| row.get(0))?;
    Ok(last)
}

// All parts, as a table of one column `part`. The shift is `BITS`.
macro_rules! all_parts {
    () => {
        "(WITH RECURSIVE parts (part) AS
              (SELECT 0
                UNION ALL
               SELECT part + 1
                 FROM parts
                WHERE part < (SELECT max(rowid) >> 18 FROM entries))
          SELECT part FROM parts)"
    };
}

/// Keys that begin so in whatever part, in their order, as a statement that gives `entry`: `:from`, `:to`
/// and `:limit` are asked for. Each part is in order already, and is read as far as is needed.
fn in_order(db: &Connection) -> Result<String> {
    let parts: Vec<String> = (0..=of(last_row(db)?))
        .map(|part| {
            format!(
                "SELECT key, entry
                   FROM entry_keys
                  WHERE part = {part}
                    AND key >= :from
                    AND key < :to"
            )
        })
        .collect();
    Ok(format!(
        "{}
         ORDER BY key, entry
         LIMIT :limit",
        parts.join("\n UNION ALL ")
    ))
}

/// Most changes leave what an entry is found by as it is.
pub(super) fn put(tx: &Connection, rowid: i64, keys: &[String]) -> Result<()> {
    let before = found(tx, rowid)?;
    if before == keys {
        return Ok(());
    }
    let part = of(rowid);
    let mut delete = tx.prepare_cached(
        "DELETE FROM entry_keys WHERE part = :part AND key = :key AND entry = :entry",
    )?;
    for key in before.iter().filter(|key| !keys.contains(key)) {
        delete.execute(named_params! { ":part": part, ":key": key, ":entry": rowid })?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO entry_keys (part, key, entry) VALUES (:part, :key, :entry)",
    )?;
    for key in keys.iter().filter(|key| !before.contains(key)) {
        insert.execute(named_params! { ":part": part, ":key": key, ":entry": rowid })?;
    }
    if keys.is_empty() {
        tx.prepare_cached("DELETE FROM entry_found WHERE entry = :entry")?
            .execute(named_params! { ":entry": rowid })?;
        return Ok(());
    }
    put_found(tx, rowid, &to_json(&keys)?)
}

/// The keys of an entry's rows in `entry_keys`.
fn found(db: &Connection, rowid: i64) -> Result<Vec<String>> {
    let keys = db
        .prepare_cached("SELECT keys FROM entry_found WHERE entry = :entry")?
        .query_row(named_params! { ":entry": rowid }, |row| json(row, "keys"))
        .optional()?;
    Ok(keys.unwrap_or_default())
}

fn put_found(tx: &Connection, rowid: i64, keys: &str) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO entry_found (entry, keys) VALUES (:entry, :keys)")?
        .execute(named_params! { ":entry": rowid, ":keys": keys })?;
    Ok(())
}

/// Entries one of whose keys begins with this, in the order of their keys, until `goes_on` says no. The
/// end is asked for as a key, not as a pattern, so that only what is found is read.
pub(crate) fn found_by(
    db: &Connection,
    beginning: &str,
    limit: u32,
    mut goes_on: impl FnMut(Line) -> Result<bool>,
) -> Result<()> {
    let mut statement = db.prepare_cached(&format!(
        columns!(
            "JOIN (SELECT DISTINCT entry
                     FROM ({}))
               ON entries.rowid = entry"
        ),
        in_order(db)?
    ))?;
    let mut found = statement.query(named_params! {
        ":from": beginning,
        ":to": format!("{beginning}\u{10FFFF}"),
        ":limit": limit,
    })?;
    while let Some(row) = found.next()? {
        if !goes_on(from_row(row)?)? {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared::{EntryId, register::EntryKind};

    use super::*;
    use crate::{
        keys::Key,
        store::{
            Store,
            entries::{self, New},
            folded,
            found::Found,
            value::plan,
        },
    };

    fn store(folder: &tempfile::TempDir) -> Store {
        let path = folder.path().join("device.db");
        Store::open(&path, &Key::from_bytes([7; 32])).unwrap()
    }

    fn line(number: u8) -> Line {
        let line = Line::bare(EntryId::from_bytes([number; 16]), EntryKind::Resident);
        Line {
            title: number.to_string(),
            ..line
        }
    }

    /// The first entry has the last row but three of the first part, or just the first row of all.
    fn begin(tx: &Connection, at_an_edge: bool) {
        entries::put(tx, &line(0), &[]).unwrap();
        if at_an_edge {
            let row = (1_i64 << BITS) - 4;
            tx.execute("UPDATE entries SET rowid = ?1", [row]).unwrap();
        }
    }

    /// What entries of these numbers are found by.
    fn keys(number: u8) -> Vec<String> {
        let keys = [number % 3, 3 + number % 2];
        keys.map(|it| format!("k{it}")).into()
    }

    fn found(tx: &Connection, beginning: &str, limit: u32) -> Vec<String> {
        let mut found = Vec::new();
        found_by(tx, beginning, limit, |line| {
            found.push(line.title);
            Ok(true)
        })
        .unwrap();
        found
    }

    /// Everything that was found and stands, when ten are entered, one is changed and one goes.
    fn told(at_an_edge: bool, at_once: bool) -> (Vec<Vec<String>>, BTreeSet<String>, i64) {
        let folder = tempfile::tempdir().unwrap();
        let told = store(&folder).write(|tx| {
            begin(tx, at_an_edge);
            if at_once {
                let mut new = New::of(tx, 10)?;
                for number in 1..=10 {
                    new.add(line(number), Found::by(keys(number))?)?;
                }
                new.keys()?.sorted().write(tx)?;
            } else {
                for number in 1..=10 {
                    entries::put(tx, &line(number), &keys(number))?;
                }
            }
            entries::put(tx, &line(2), &["k1".to_owned(), "l".to_owned()])?;
            entries::forget(tx, line(7).id)?;
            let asked = ["k", "k0", "k1", "k3", "l", "m"];
            let found = asked.map(|it| [found(tx, it, 4), found(tx, it, 100)].concat());
            let parts = tx.query_row("SELECT count(DISTINCT part) FROM entry_keys", [], |row| {
                row.get(0)
            })?;
            Ok((found.into(), folded::rows_of(tx, folded::REGISTER)?, parts))
        });
        told.unwrap()
    }

    #[test]
    fn what_stands_in_two_parts_is_found_as_if_it_stood_in_one() {
        let (found, rows, parts) = told(false, false);
        assert_eq!(parts, 1);
        assert!(found.iter().flatten().count() > 30, "something is found");

        for at_once in [false, true] {
            let (found_there, rows_there, parts) = told(true, at_once);
            assert_eq!(parts, 2, "on both sides of an edge");
            assert_eq!(found_there, found);
            assert_eq!(rows_there, rows);
        }
    }

    #[test]
    fn very_many_have_a_part_of_their_own_and_others_go_on_where_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let own = usize::try_from(OWN_PART).unwrap();
        let next = store(&folder).write(|tx| {
            let first = [next_row(tx, 1)?, next_row(tx, own)?];
            begin(tx, true);
            Ok([first, [next_row(tx, own - 1)?, next_row(tx, own)?]])
        });

        let [first, then] = next.unwrap();
        assert_eq!(first, [1, 1], "there is room for all of them");
        assert_eq!(then, [(1 << BITS) - 3, 1 << BITS]);
    }

    #[test]
    fn each_part_is_read_in_its_order_and_no_further_than_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let steps = store(&folder).write(|tx| {
            begin(tx, true);
            entries::put(tx, &line(1), &[])?;
            tx.execute("UPDATE entries SET rowid = rowid + ?1", [3_i64 << BITS])?;
            Ok(plan(&in_order(tx)?))
        });
        let steps = steps.unwrap();

        let searches = steps.iter().filter(|it| {
            it.starts_with("SEARCH entry_keys USING PRIMARY KEY (part=? AND key>? AND key<?)")
        });
        assert_eq!(searches.count(), 4, "{steps:#?}");
        let sorts = steps.iter().any(|it| it.contains("TEMP B-TREE"));
        assert!(!sorts, "{steps:#?}");
    }
}
