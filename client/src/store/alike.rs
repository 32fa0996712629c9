//! `alike_keys`, `alike`, `not_alike`: residents who may stand in the register twice. Written by folding
//! only, one entry at a time, so that nobody ever has to look through the whole register.

use rusqlite::{Connection, Row, named_params};
use shared::EntryId;

use super::value::rows;
use crate::error::Result;

/// Others that one key is compared with: a number that half a register has, because somebody typed it
/// where there was none, must not make a pair of everybody with everybody.
const OTHERS_MAX: u32 = 20;

/// What two entries of one person have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A document's kind and number. As it is, not hashed: it stands in the same encrypted database
    /// already, so a digest would hide nothing from whoever has the key, and of the 10^17 numbers that
    /// can be, few enough fit a day of birth that one is found from its digest in a moment.
    Number(String, String),
    /// Name and day of birth. Whether it is the same door, too, is asked when pairs are read: a
    /// household that moves need not be told to those who live in it.
    NameBirth(String, String),
}

impl Key {
    fn as_text(&self) -> String {
        let (sign, first, second) = match self {
            Self::Number(of, number) => ("#", of, number),
            Self::NameBirth(name, birth) => ("@", birth, name),
        };
        format!("{sign}{first}\u{1}{second}")
    }
}

/// Two entries that may be one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The two, who was entered first in front.
    pub(crate) two: [EntryId; 2],
    /// The number is the same, not just name, birth and door.
    pub(crate) by_number: bool,
}

/// Writes what a resident is compared by, and of whom they are said to be another, and finds their pairs
/// anew. Nothing to do when none of it changed.
pub(crate) fn put(tx: &Connection, id: EntryId, keys: &[Key], others: &[EntryId]) -> Result<()> {
    let mut keys: Vec<String> = keys.iter().map(Key::as_text).collect();
    keys.sort_unstable();
    let before: Vec<String> = rows(
        tx,
        "SELECT key
           FROM alike_keys
          WHERE entry = :entry
          ORDER BY key",
        named_params! { ":entry": id.as_bytes() },
        |row| row.get(0),
    )?;
    tx.prepare_cached("DELETE FROM not_alike WHERE entry = :entry")?
        .execute(named_params! { ":entry": id.as_bytes() })?;
    let mut insert = tx
        .prepare_cached("INSERT OR IGNORE INTO not_alike (entry, other) VALUES (:entry, :other)")?;
    for other in others {
        insert.execute(named_params! { ":entry": id.as_bytes(), ":other": other.as_bytes() })?;
    }
    if before == keys {
        return Ok(());
    }
    if !before.is_empty() {
        drop_keys(tx, id)?;
    }
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO alike_keys (key, entry) VALUES (:key, :entry)")?;
    for key in &keys {
        insert.execute(named_params! { ":key": key, ":entry": id.as_bytes() })?;
    }
    let mut pairs = tx.prepare_cached(
        "INSERT INTO alike (one, other, by_number)
              SELECT min(entry, :entry), max(entry, :entry), substr(:key, 1, 1) = '#'
                FROM (SELECT entry
                        FROM alike_keys
                       WHERE key = :key
                         AND entry <> :entry
                       LIMIT :limit)
               WHERE true
         ON CONFLICT (one, other) DO UPDATE
                 SET by_number = max(by_number, excluded.by_number)",
    )?;
    for key in &keys {
        pairs.execute(
            named_params! { ":key": key, ":entry": id.as_bytes(), ":limit": OTHERS_MAX },
        )?;
    }
    Ok(())
}

/// The entry is not on this device any more.
pub(crate) fn forget(tx: &Connection, id: EntryId) -> Result<()> {
    drop_keys(tx, id)?;
    tx.prepare_cached("DELETE FROM not_alike WHERE entry = :entry")?
        .execute(named_params! { ":entry": id.as_bytes() })?;
    Ok(())
}

fn drop_keys(tx: &Connection, id: EntryId) -> Result<()> {
    for delete in [
        "DELETE FROM alike_keys WHERE entry = :entry",
        "DELETE FROM alike WHERE one = :entry",
        "DELETE FROM alike WHERE other = :entry",
    ] {
        tx.prepare_cached(delete)?
            .execute(named_params! { ":entry": id.as_bytes() })?;
    }
    Ok(())
}

/// Who of a pair still stands for themselves, lives behind the same door where that matters, and was
/// not said to be another.
macro_rules! open {
    () => {
        "  FROM alike
           JOIN entries AS a ON a.id = alike.one AND a.survivor IS NULL
           JOIN entries AS b ON b.id = alike.other AND b.survivor IS NULL
          WHERE (by_number = 1
                 OR (SELECT parent FROM entries WHERE id = a.parent)
                  = (SELECT parent FROM entries WHERE id = b.parent))
            AND NOT EXISTS (SELECT 1
                              FROM not_alike
                             WHERE (entry = alike.one AND not_alike.other = alike.other)
                                OR (entry = alike.other AND not_alike.other = alike.one))
        "
    };
}

/// The pairs somebody must look at, the surest first.
pub(crate) fn pairs(db: &Connection, limit: u32) -> Result<Vec<Pair>> {
    rows(
        db,
        concat!(
            "SELECT alike.one, alike.other, by_number",
            open!(),
            "ORDER BY by_number DESC, a.title, alike.one, alike.other
             LIMIT :limit"
        ),
        named_params! { ":limit": limit },
        from_row,
    )
}

/// How many there are.
pub(crate) fn count(db: &Connection) -> Result<u32> {
    let count = db
        .prepare_cached(concat!("SELECT count(*)", open!()))?
        .query_row([], |row| row.get(0))?;
    Ok(count)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Pair> {
    Ok(Pair {
        two: [
            EntryId::from_bytes(row.get("one")?),
            EntryId::from_bytes(row.get("other")?),
        ],
        by_number: row.get("by_number")?,
    })
}
