//! What new things are found or compared by, written many at once.

use rusqlite::{Connection, ToSql};

use super::{many, value::to_json};
use crate::error::Result;

/// The keys of something new, also as they stand in one column.
#[derive(Debug)]
pub(crate) struct Found {
    keys: Vec<String>,
    json: String,
}

impl Found {
    /// By these keys.
    pub(crate) fn by(keys: Vec<String>) -> Result<Self> {
        let json = to_json(&keys)?;
        Ok(Self { keys, json })
    }
}

/// Keys, and what has each.
#[derive(Debug)]
pub(crate) struct Keys<Id> {
    /// The table, as [`many::insert`] names it.
    into: &'static str,
    keys: Vec<(String, Id)>,
}

impl<Id: Copy + Ord> Keys<Id> {
    /// Puts them in the order that costs least to write, one behind the other in memory, too: millions
    /// that lie anywhere take as long to be read as to be sorted.
    pub(crate) fn sorted(self) -> Sorted<Id> {
        let Self { into, mut keys } = self;
        keys.sort_unstable();
        let mut text = String::with_capacity(keys.iter().map(|(key, _)| key.len()).sum());
        let ends = keys.into_iter().map(|(key, id)| {
            text.push_str(&key);
            (text.len(), id)
        });
        let ends = ends.collect();
        Sorted { into, text, ends }
    }
}

/// Keys in order.
#[derive(Debug)]
pub(crate) struct Sorted<Id> {
    into: &'static str,
    /// All of them, one behind the other.
    text: String,
    /// Where each ends, and what has it.
    ends: Vec<(usize, Id)>,
}

impl<Id: Copy + ToSql> Sorted<Id> {
    /// Writes them.
    pub(crate) fn write(&self, tx: &Connection) -> Result<()> {
        many::insert(tx, self.into, self.iter())
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
    /// The table that has of each thing its keys, as [`many::insert`] names it.
    into: &'static str,
    found: Vec<(Id, String)>,
    keys: Keys<Id>,
}

impl<'t, Id: Copy + ToSql> Gathered<'t, Id> {
    /// None yet, and room for so many keys. The tables: of each thing its keys, and of each key its
    /// thing.
    pub(super) fn new(tx: &'t Connection, into: [&'static str; 2], keys: usize) -> Self {
        let [found, each] = into;
        Self {
            tx,
            into: found,
            found: Vec::with_capacity(many::PIECE),
            keys: Keys {
                into: each,
                keys: Vec::with_capacity(keys),
            },
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
        self.keys.keys.extend(keys);
        Ok(())
    }

    /// The keys, which are yet to be written; all else is.
    pub(super) fn keys(mut self) -> Result<Keys<Id>> {
        self.write_found()?;
        Ok(self.keys)
    }

    fn write_found(&mut self) -> Result<()> {
        many::insert(self.tx, self.into, self.found.drain(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_order_each_with_what_has_it() {
        let keys = [("云水", 2_i64), ("", 9), ("yun", 3), ("云水", 1), ("云", 2)];
        let keys = Keys {
            into: "nowhere (key, entry)",
            keys: keys.map(|(key, id)| (key.to_owned(), id)).into(),
        };

        let sorted = keys.sorted();

        let all: Vec<(&str, i64)> = sorted.iter().collect();
        assert_eq!(
            all,
            [("", 9), ("yun", 3), ("云", 2), ("云水", 1), ("云水", 2)]
        );
    }
}
