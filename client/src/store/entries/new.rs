//! Entries that nobody knew before, written many at once.

use rusqlite::{CachedStatement, Connection, params};
use shared::{EntryId, register::EntryKind};

use super::{
    super::{
        found::{Found, Gathered, Keys},
        there, touched,
    },
    Line, number,
};
use crate::error::Result;

/// Keys that an entry usually has.
const KEYS_USUAL: usize = 11;

/// Entries that are new, written many at once.
pub(crate) struct New<'t> {
    tx: &'t Connection,
    insert: CachedStatement<'t>,
    keys: Gathered<'t, i64>,
    touched: touched::Many,
    there: [i64; EntryKind::ALL.len()],
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
        let into = ["entry_found (entry, keys)", "entry_keys (key, entry)"];
        let keys = Gathered::new(tx, into, entries.saturating_mul(KEYS_USUAL));
        Ok(Self {
            tx,
            insert,
            keys,
            touched: touched::Many::default(),
            there: [0; EntryKind::ALL.len()],
        })
    }

    /// One more; searches find it after [`New::write`].
    pub(crate) fn add(&mut self, line: &Line, found: Found) -> Result<()> {
        self.insert.execute(row!(line))?;
        self.touched.add(self.tx, line)?;
        if let Some(there) = self.there.get_mut(usize::from(number(line.kind))) {
            *there += i64::from(!line.gone);
        }
        self.keys.add(self.tx.last_insert_rowid(), found)
    }

    /// What they are found by, which is yet to be sorted and written.
    pub(crate) fn keys(self) -> Result<Keys<i64>> {
        self.touched.write(self.tx)?;
        for (kind, there) in EntryKind::ALL.iter().zip(self.there) {
            there::add(self.tx, *kind, there)?;
        }
        self.keys.keys()
    }
}
