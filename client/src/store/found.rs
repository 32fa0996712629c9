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

/// Keys of new things, on their way into two tables.
pub(super) struct Gathered<'t, Id> {
    tx: &'t Connection,
    /// The tables, as [`many::insert`] names them: of each thing its keys, and of each key its thing.
    into: [&'static str; 2],
    found: Vec<(Id, String)>,
    keys: Vec<(String, Id)>,
}

impl<'t, Id: Copy + Ord + ToSql> Gathered<'t, Id> {
    /// None yet, and room for so many keys.
    pub(super) fn new(tx: &'t Connection, into: [&'static str; 2], keys: usize) -> Self {
        Self {
            tx,
            into,
            found: Vec::with_capacity(many::PIECE),
            keys: Vec::with_capacity(keys),
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
        self.keys
            .extend(found.keys.into_iter().map(|key| (key, id)));
        Ok(())
    }

    /// Writes all of it, the keys in the order that costs least, and gives them.
    pub(super) fn write(mut self) -> Result<Vec<(String, Id)>> {
        self.write_found()?;
        self.keys.sort_unstable();
        let keys = self.keys.iter().map(|(key, id)| (&**key, *id));
        let [_, into] = self.into;
        many::insert(self.tx, into, keys)?;
        Ok(self.keys)
    }

    fn write_found(&mut self) -> Result<()> {
        let [into, _] = self.into;
        many::insert(self.tx, into, self.found.drain(..))
    }
}
