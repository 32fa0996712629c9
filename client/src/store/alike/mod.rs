//! `alike_keys`, `alike_found`, `alike`, `not_alike`: residents who may stand in the register twice.
//! Written by folding only, one entry at a time, so that nobody ever has to look through the whole register.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params_from_iter};
use shared::EntryId;

use super::{
    found::{Found, Gathered, Sorted, Thing},
    many::{self, Narrow},
    value::{json, rows, to_json},
};
use crate::error::Result;

mod numbers;

pub(crate) use numbers::{number, with_numbers};

/// Others that one key is compared with: a number that half a register has, because somebody typed it
/// where there was none, must not make a pair of everybody with everybody.
const OTHERS_MAX: u32 = 20;

/// Stands between the two parts of a key.
const BETWEEN: char = '\u{1}';

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
        format!("{sign}{first}{BETWEEN}{second}")
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
    tx.prepare_cached("DELETE FROM not_alike WHERE entry = :entry")?
        .execute(named_params! { ":entry": id.as_bytes() })?;
    let mut insert = tx
        .prepare_cached("INSERT OR IGNORE INTO not_alike (entry, other) VALUES (:entry, :other)")?;
    for other in others {
        insert.execute(named_params! { ":entry": id.as_bytes(), ":other": other.as_bytes() })?;
    }
    let keys = texts(keys);
    let before = found(tx, id)?;
    if before == keys {
        return Ok(());
    }
    if !before.is_empty() {
        drop_keys(tx, id, &before)?;
    }
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO alike_keys (key, entry) VALUES (:key, :entry)")?;
    for key in &keys {
        insert.execute(named_params! { ":key": key, ":entry": id.as_bytes() })?;
    }
    if !keys.is_empty() {
        put_found(tx, id, &to_json(&keys)?)?;
    }
    for key in &keys {
        pair(tx, id, key)?;
    }
    Ok(())
}

/// What new residents are compared by, written many at once. Nobody can have said yet that they are
/// somebody else, or not.
pub(crate) struct New<'t> {
    tx: &'t Connection,
    keys: Gathered<'t, [u8; 16]>,
}

/// The bytes of its id.
impl Thing for [u8; 16] {
    const FOUND: &'static str = "alike_found (entry, keys)";
    const KEYS: &'static str = "alike_keys (key, entry)";

    fn part(self) -> i64 {
        0
    }

    fn row(self, key: &str) -> impl Narrow {
        (key, self)
    }
}

impl<'t> New<'t> {
    /// None yet.
    pub(crate) fn of(tx: &'t Connection) -> Self {
        let keys = Gathered::new(tx, 0);
        Self { tx, keys }
    }

    /// One more; their pairs are found by [`New::write`].
    pub(crate) fn add(&mut self, id: EntryId, found: Found) -> Result<()> {
        self.keys.add(*id.as_bytes(), found)
    }

    /// Writes what they are compared by, and finds their pairs.
    pub(crate) fn write(self) -> Result<()> {
        let keys = self.keys.keys()?.sorted();
        keys.write(self.tx)?;
        let shared = shared(self.tx, &keys)?;
        for (key, id) in keys.iter().filter(|(key, _)| shared.contains(*key)) {
            pair(self.tx, EntryId::from_bytes(id), key)?;
        }
        Ok(())
    }
}

/// Of keys that stand, those that several have: almost nobody has a pair. What it costs does not grow with
/// the register.
fn shared(tx: &Connection, keys: &Sorted<[u8; 16]>) -> Result<BTreeSet<String>> {
    let mut all: Vec<&str> = keys.iter().map(|(key, _)| key).collect();
    all.dedup();
    let mut shared = BTreeSet::new();
    for some in all.chunks(many::AT_ONCE) {
        let mut statement = tx.prepare_cached(&format!(
            "SELECT key
               FROM alike_keys
              WHERE key IN ({})
              GROUP BY key
             HAVING count(*) > 1",
            vec!["?"; some.len()].join(", ")
        ))?;
        let mut rows = statement.query(params_from_iter(some))?;
        while let Some(row) = rows.next()? {
            shared.insert(row.get(0)?);
        }
    }
    Ok(shared)
}

/// What a new resident is compared by, written out.
pub(crate) fn found_by(keys: &[Key]) -> Result<Found> {
    Found::by(texts(keys))
}

fn texts(keys: &[Key]) -> Vec<String> {
    let mut texts: Vec<String> = keys.iter().map(Key::as_text).collect();
    texts.sort_unstable();
    texts
}

/// Makes pairs of an entry and others that have this key.
fn pair(tx: &Connection, id: EntryId, key: &str) -> Result<()> {
    tx.prepare_cached(
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
    )?
    .execute(named_params! { ":key": key, ":entry": id.as_bytes(), ":limit": OTHERS_MAX })?;
    Ok(())
}

/// The keys of an entry's rows in `alike_keys`.
fn found(db: &Connection, id: EntryId) -> Result<Vec<String>> {
    let keys = db
        .prepare_cached("SELECT keys FROM alike_found WHERE entry = :entry")?
        .query_row(named_params! { ":entry": id.as_bytes() }, |row| {
            json(row, "keys")
        })
        .optional()?;
    Ok(keys.unwrap_or_default())
}

fn put_found(tx: &Connection, id: EntryId, keys: &str) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO alike_found (entry, keys) VALUES (:entry, :keys)")?
        .execute(named_params! { ":entry": id.as_bytes(), ":keys": keys })?;
    Ok(())
}

/// The entry is not on this device any more.
pub(crate) fn forget(tx: &Connection, id: EntryId) -> Result<()> {
    let keys = found(tx, id)?;
    drop_keys(tx, id, &keys)?;
    tx.prepare_cached("DELETE FROM not_alike WHERE entry = :entry")?
        .execute(named_params! { ":entry": id.as_bytes() })?;
    Ok(())
}

fn drop_keys(tx: &Connection, id: EntryId, keys: &[String]) -> Result<()> {
    let mut delete =
        tx.prepare_cached("DELETE FROM alike_keys WHERE key = :key AND entry = :entry")?;
    for key in keys {
        delete.execute(named_params! { ":key": key, ":entry": id.as_bytes() })?;
    }
    for delete in [
        "DELETE FROM alike_found WHERE entry = :entry",
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        keys::Key as DatabaseKey,
        store::{Store, folded},
    };

    /// Few numbers, names and days of birth, so that many have the same.
    fn keys() -> impl Strategy<Value = Vec<Key>> {
        let number = (0..4_u8).prop_map(|it| Key::Number("resident".to_owned(), it.to_string()));
        let name = (0..3_u8, 0..2_u8)
            .prop_map(|(name, day)| Key::NameBirth(name.to_string(), day.to_string()));
        (prop::option::of(number), prop::option::of(name))
            .prop_map(|(number, name)| number.into_iter().chain(name).collect())
    }

    pub(super) fn id(at: usize) -> EntryId {
        let mut bytes = [0; 16];
        bytes[15] = u8::try_from(at).unwrap();
        EntryId::from_bytes(bytes)
    }

    /// What is written when the first were there before, and the others are new.
    fn written(
        people: &[Vec<Key>],
        before: usize,
        new: impl FnOnce(&Connection, &mut dyn Iterator<Item = (EntryId, &Vec<Key>)>),
    ) -> BTreeSet<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let store = Store::open(&path, &DatabaseKey::from_bytes([7; 32])).unwrap();
        let rows = store.write(|tx| {
            let mut all = people.iter().enumerate().map(|(at, keys)| (id(at), keys));
            for (id, keys) in all.by_ref().take(before) {
                put(tx, id, keys, &[])?;
            }
            new(tx, &mut all);
            folded::rows_of(tx, folded::REGISTER)
        });
        rows.unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn many_at_once_are_paired_as_one_after_the_other(
            people in prop::collection::vec(keys(), 1..70),
            before in 0..40_usize,
        ) {
            let one_by_one = written(&people, before, |tx, new| {
                new.for_each(|(id, keys)| put(tx, id, keys, &[]).unwrap());
            });
            let at_once = written(&people, before, |tx, new| {
                let mut all = New::of(tx);
                new.for_each(|(id, keys)| all.add(id, found_by(keys).unwrap()).unwrap());
                all.write().unwrap();
            });

            prop_assert_eq!(one_by_one, at_once);
        }
    }
}
