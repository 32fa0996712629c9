//! What new things are found or compared by, written many at once.

use rusqlite::{Connection, ToSql};

use super::{
    many::{self, Narrow},
    value::to_json,
};
use crate::error::Result;

/// The keys of something new, also as they stand in one column.
#[derive(Debug)]
pub(crate) struct Found {
    keys: Vec<Key>,
    json: String,
}

impl Found {
    /// By these keys.
    pub(crate) fn by(keys: Vec<String>) -> Result<Self> {
        let json = to_json(&keys)?;
        let keys = keys.into_iter().map(Key::of).collect();
        Ok(Self { keys, json })
    }
}

/// A key, and its first eight bytes as a number. They tell most keys apart, without a look at each text,
/// which may lie anywhere in memory.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    head: u64,
    text: String,
}

impl Key {
    fn of(text: String) -> Self {
        let mut head = [0; 8];
        for (to, from) in head.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        let head = u64::from_be_bytes(head);
        Self { head, text }
    }
}

/// By what two tables know something that is found or compared.
pub(crate) trait Thing: Copy + Ord + ToSql {
    /// The table that has of each thing its keys, as [`many::insert`] names it.
    const FOUND: &'static str;
    /// The table that has of each key its things.
    const KEYS: &'static str;

    /// The part of that table in which its keys stand; the table begins with the first.
    fn part(self) -> i64;

    /// Its row there.
    fn row(self, key: &str) -> impl Narrow;
}

/// Keys, and what has each.
#[derive(Debug)]
pub(crate) struct Keys<Id>(Vec<(Key, Id)>);

impl<Id: Thing> Keys<Id> {
    /// Puts them in the order that costs least to write, one behind the other in memory, too: millions
    /// that lie anywhere take as long to be read as to be sorted.
    pub(crate) fn sorted(self) -> Sorted<Id> {
        let Self(mut keys) = self;
        keys.sort_unstable_by(|(key, id), (other, its)| {
            (id.part(), key, id).cmp(&(its.part(), other, its))
        });
        let mut text = String::with_capacity(keys.iter().map(|(key, _)| key.text.len()).sum());
        let ends = keys.into_iter().map(|(key, id)| {
            text.push_str(&key.text);
            (text.len(), id)
        });
        let ends = ends.collect();
        Sorted { text, ends }
    }
}

/// Keys in order.
#[derive(Debug)]
pub(crate) struct Sorted<Id> {
    /// All of them, one behind the other.
    text: String,
    /// Where each ends, and what has it.
    ends: Vec<(usize, Id)>,
}

impl<Id: Thing> Sorted<Id> {
    /// Writes them.
    pub(crate) fn write(&self, tx: &Connection) -> Result<()> {
        many::insert(tx, Id::KEYS, self.iter().map(|(key, id)| id.row(key)))
    }

    /// Each, with what has it.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Id)> {
        let mut from = 0;
        self.ends.iter().map(move |(end, id)| {
            let key = self.text.get(from..*end).unwrap_or_default();
            from = *end;
            (key, *id)
        })
    }
}

/// What new things are found or compared by, on its way into two tables.
pub(super) struct Gathered<'t, Id> {
    tx: &'t Connection,
    found: Vec<(Id, String)>,
    keys: Keys<Id>,
}

impl<'t, Id: Thing> Gathered<'t, Id> {
    /// None yet, and room for so many keys.
    pub(super) fn new(tx: &'t Connection, keys: usize) -> Self {
        Self {
            tx,
            found: Vec::with_capacity(many::PIECE),
            keys: Keys(Vec::with_capacity(keys)),
        }
    }

    /// What one more is found by.
    pub(super) fn add(&mut self, id: Id, found: Found) -> Result<()> {
        if !found.keys.is_empty() {
            self.found.push((id, found.json));
        }
        if self.found.len() == many::PIECE {
            self.write_found()?;
        }
        let keys = found.keys.into_iter().map(|key| (key, id));
        self.keys.0.extend(keys);
        Ok(())
    }

    /// The keys, which are yet to be written; all else is.
    pub(super) fn keys(mut self) -> Result<Keys<Id>> {
        self.write_found()?;
        Ok(self.keys)
    }

    fn write_found(&mut self) -> Result<()> {
        many::insert(self.tx, Id::FOUND, self.found.drain(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_order_each_with_what_has_it_part_by_part() {
        let far = 1 << 40;
        let keys = [
            ("云水", 2_i64),
            ("", 9),
            ("a", far),
            ("yun", 3),
            ("云水", 1),
            ("云", 2),
            ("zhangxiaoman", 4),
            ("zhangxiao", 4),
            ("zhangxia", 4),
        ];
        let keys = Keys(keys.map(|(key, id)| (Key::of(key.to_owned()), id)).into());

        let sorted = keys.sorted();

        let all: Vec<(&str, i64)> = sorted.iter().collect();
        assert_eq!(
            all,
            [
                ("", 9),
                ("yun", 3),
                ("zhangxia", 4),
                ("zhangxiao", 4),
                ("zhangxiaoman", 4),
                ("云", 2),
                ("云水", 1),
                ("云水", 2),
                ("a", far)
            ]
        );
    }
}
