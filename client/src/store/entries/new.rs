//! Entries that nobody knew before, written many at once.

use rusqlite::{CachedStatement, Connection, named_params};
use shared::EntryId;

use super::{
    super::{found::Found, many},
    Line, number,
};
use crate::error::Result;

/// Keys that an entry usually has.
const KEYS_USUAL: usize = 8;

/// Entries that are new, written many at once.
pub(crate) struct New<'t> {
    tx: &'t Connection,
    insert: CachedStatement<'t>,
    found: Vec<(i64, String)>,
    keys: Vec<(String, i64)>,
}

impl<'t> New<'t> {
    /// Room for so many.
    pub(crate) fn of(tx: &'t Connection, entries: usize) -> Result<Self> {
        let insert = tx.prepare_cached(
            "INSERT INTO entries (id, kind, grid, parent, title, sort, place, unit, floor, gone,
                                  tags, conflicts, confirmed_at, unsent, birth, is_head, same_as)
                  VALUES (:id, :kind, :grid, :parent, :title, :sort, :place, :unit, :floor, :gone,
                          :tags, :conflicts, :confirmed_at, :unsent, :birth, :is_head, :same_as)",
        )?;
        Ok(Self {
            tx,
            insert,
            found: Vec::with_capacity(many::PIECE),
            keys: Vec::with_capacity(entries.saturating_mul(KEYS_USUAL)),
        })
    }

    /// One more; searches find it after [`New::write`].
    pub(crate) fn add(&mut self, line: &Line, found: Found) -> Result<()> {
        self.insert.execute(row!(line))?;
        let rowid = self.tx.last_insert_rowid();
        if !found.keys.is_empty() {
            self.found.push((rowid, found.json));
        }
        if self.found.len() == many::PIECE {
            self.write_found()?;
        }
        self.keys
            .extend(found.keys.into_iter().map(|key| (key, rowid)));
        Ok(())
    }

    /// Writes what they are found by. In the order of the keys it costs least.
    pub(crate) fn write(mut self) -> Result<()> {
        self.write_found()?;
        self.keys.sort_unstable();
        let keys = self.keys.iter().map(|(key, entry)| (&**key, *entry));
        many::insert(self.tx, "entry_keys (key, entry)", keys)
    }

    fn write_found(&mut self) -> Result<()> {
        let found = self.found.drain(..);
        many::insert(self.tx, "entry_found (entry, keys)", found)
    }
}
