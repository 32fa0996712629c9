//! Entries that nobody knew before, written many at once.

use rusqlite::{Connection, ToSql, params};
use shared::{EntryId, register::EntryKind};

use super::{
    super::{
        found::{Found, Gathered, Keys, Thing},
        many::{Narrow, Wide, WideRows},
        there, touched,
    },
    Line, keys, number,
};
use crate::error::Result;

/// Keys that an entry usually has.
const KEYS_USUAL: usize = 11;

/// Entries that are new, written many at once.
pub(crate) struct New<'t> {
    tx: &'t Connection,
    rows: WideRows<'t, Row>,
    /// What the next row is numbered.
    next: i64,
    keys: Gathered<'t, i64>,
    touched: touched::Many,
    there: [i64; EntryKind::ALL.len()],
}

struct Row {
    rowid: i64,
    line: Line,
}

impl Wide for Row {
    const INTO: &'static str = "entries (id, kind, grid, parent, title, sort, place, unit, floor,
                                         gone, tags, conflicts, confirmed_at, unsent, birth, is_head,
                                         same_as, rowid)";

    fn values<R>(&self, write: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        let Self { rowid, line } = self;
        write(row!(line, rowid))
    }
}

/// The number of its row.
impl Thing for i64 {
    const FOUND: &'static str = "entry_found (entry, keys)";
    const KEYS: &'static str = "entry_keys (part, key, entry)";

    fn part(self) -> i64 {
        keys::of(self)
    }

    fn row(self, key: &str) -> impl Narrow {
        (self.part(), key, self)
    }
}

impl<'t> New<'t> {
    /// Room for so many.
    pub(crate) fn of(tx: &'t Connection, entries: usize) -> Result<Self> {
        let keys = Gathered::new(tx, entries.saturating_mul(KEYS_USUAL));
        Ok(Self {
            tx,
            rows: WideRows::of(tx)?,
            next: keys::next_row(tx, entries)?,
            keys,
            touched: touched::Many::default(),
            there: [0; EntryKind::ALL.len()],
        })
    }

    /// One more; it is there, and searches find it, after [`New::keys`] and what they give is written.
    pub(crate) fn add(&mut self, line: Line, found: Found) -> Result<()> {
        self.touched.add(self.tx, &line)?;
        if let Some(there) = self.there.get_mut(usize::from(number(line.kind))) {
            *there += i64::from(!line.gone);
        }
        let rowid = self.next;
        self.next = rowid.saturating_add(1);
        self.rows.add(Row { rowid, line })?;
        self.keys.add(rowid, found)
    }

    /// What they are found by, which is yet to be sorted and written.
    pub(crate) fn keys(self) -> Result<Keys<i64>> {
        self.rows.finish()?;
        self.touched.write(self.tx)?;
        for (kind, there) in EntryKind::ALL.iter().zip(self.there) {
            there::add(self.tx, *kind, there)?;
        }
        self.keys.keys()
    }
}
