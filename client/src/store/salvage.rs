//! Reading what can still be read of a damaged database: row by row, from both ends of each table,
//! around the pages that can't be had.

use std::{fs, io, ops::Range, path::Path};

use rusqlite::{Connection, Row, ToSql};
use shared::{DocRef, DraftId, Op, PhotoRef, Timestamp};

use super::{
    became, connect,
    device::{self, Enrolment},
    drafts,
    form_drafts::{self, Kept},
    value::json,
};
use crate::{error::Result, keys::Key};

/// What was found in a damaged database.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The hub it belonged to.
    pub(crate) enrolment: Option<Enrolment>,
    /// The identity it had there.
    pub(crate) id: Option<shared::DeviceId>,
    /// What was done on the device, in its order.
    pub(crate) ops: Vec<Op>,
    /// What drafts became.
    pub(crate) became: Vec<(DraftId, DocRef)>,
    /// Reports being written.
    pub(crate) drafts: Vec<drafts::Kept>,
    /// Forms being filled in.
    pub(crate) form_drafts: Vec<Kept>,
    /// What was answered in them: whose, where, and what; an instance has no value.
    pub(crate) form_answers: Vec<(DraftId, String, Option<String>)>,
    /// Photos that were prepared, and when.
    pub(crate) captured: Vec<(PhotoRef, Timestamp)>,
}

impl Found {
    /// Whether not even whose it was could be read.
    pub(crate) fn is_nothing(&self) -> bool {
        self.id.is_none() && self.ops.is_empty() && self.drafts.is_empty()
    }
}

/// Reads what can be read. `path` is a copy: reading works its log into it.
pub(crate) fn read(path: &Path, key: &Key) -> Found {
    let wreck = Wreck { path, key };
    let device = wreck.open().and_then(|db| device::get(&db).ok());
    Found {
        id: device.as_ref().map(|device| device.id),
        enrolment: device.and_then(|device| device.enrolment),
        ops: wreck.rows(&OUTBOX, |row| json(row, "op")),
        became: wreck.rows(&BECAME, became::from_row),
        drafts: wreck.rows(&DRAFTS, drafts::from_row),
        form_drafts: wreck.rows(&FORM_DRAFTS, form_drafts::from_row),
        form_answers: wreck.rows(&FORM_ANSWERS, |row| {
            let draft = DraftId::from_bytes(row.get("draft")?);
            Ok((draft, row.get("address")?, row.get("value")?))
        }),
        captured: wreck.rows(&CAPTURED, |row| {
            Ok((
                json(row, "photo")?,
                Timestamp::from_ms(row.get("added_at")?),
            ))
        }),
    }
}

/// A table, read by its key in both directions.
struct Table {
    up: &'static str,
    down: &'static str,
    /// One row by a key that is a number; empty where keys are none.
    at: &'static str,
}

const OUTBOX: Table = Table {
    up: "SELECT dev_seq AS key, op FROM outbox ORDER BY dev_seq",
    down: "SELECT dev_seq AS key, op FROM outbox ORDER BY dev_seq DESC",
    at: "SELECT dev_seq AS key, op FROM outbox WHERE dev_seq = :key",
};

const BECAME: Table = Table {
    up: "SELECT draft AS key, draft, kind, id FROM became ORDER BY draft",
    down: "SELECT draft AS key, draft, kind, id FROM became ORDER BY draft DESC",
    at: "",
};

const DRAFTS: Table = Table {
    // With whatever columns this version of the table has.
    up: "SELECT id AS key, * FROM drafts ORDER BY id",
    down: "SELECT id AS key, * FROM drafts ORDER BY id DESC",
    at: "",
};

const FORM_DRAFTS: Table = Table {
    // As above.
    up: "SELECT id AS key, * FROM form_drafts ORDER BY id",
    down: "SELECT id AS key, * FROM form_drafts ORDER BY id DESC",
    at: "",
};

const FORM_ANSWERS: Table = Table {
    up: "SELECT n AS key, draft, address, value FROM form_answers ORDER BY n",
    down: "SELECT n AS key, draft, address, value FROM form_answers ORDER BY n DESC",
    at: "SELECT n AS key, draft, address, value FROM form_answers WHERE n = :key",
};

const CAPTURED: Table = Table {
    up: "SELECT digest AS key, photo, added_at FROM captured ORDER BY digest",
    down: "SELECT digest AS key, photo, added_at FROM captured ORDER BY digest DESC",
    at: "",
};

/// More rows between two that were read are not tried one by one.
const GAP_MAX: i64 = 100_000;

/// Where it is not known how far the keys go, no more are tried after so many one after the other at which
/// a bad page was met: one takes a dozen rows with it.
const IN_VAIN_MAX: u32 = 60;

/// The key of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum RowKey {
    Number(i64),
    Bytes(Vec<u8>),
}

struct Wreck<'a> {
    path: &'a Path,
    key: &'a Key,
}

impl Wreck<'_> {
    /// A fresh connection: one that met a page it can't decrypt reads nothing any more.
    fn open(&self) -> Option<Connection> {
        connect::connect(self.path, self.key).ok()
    }

    fn rows<T>(&self, table: &Table, read: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let (mut found, is_whole) = self.run(table.up, &read);
        if !is_whole {
            let last = found.last().map(|(key, _)| key.clone());
            let (mut behind, _) = self.run(table.down, &read);
            behind.retain(|(key, _)| last.as_ref().is_none_or(|last| key > last));
            behind.reverse();
            let before = match last {
                Some(RowKey::Number(last)) => last,
                _ => 0,
            };
            match behind.first() {
                Some((RowKey::Number(first), _)) if first - before <= GAP_MAX => {
                    found.extend(self.one_by_one(table.at, before + 1..*first, u32::MAX, &read));
                }
                // Both ends are bad: what lies between is found by asking for it.
                None if !table.at.is_empty() => {
                    let all = before + 1..before + GAP_MAX;
                    found.extend(self.one_by_one(table.at, all, IN_VAIN_MAX, &read));
                }
                _ => {}
            }
            found.extend(behind);
        }
        found.into_iter().map(|(_, row)| row).collect()
    }

    /// The rows with these keys that can be read, each by itself.
    fn one_by_one<T>(
        &self,
        sql: &str,
        keys: Range<i64>,
        in_vain_max: u32,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Vec<(RowKey, T)> {
        let mut found = Vec::new();
        let mut db = self.open();
        let mut in_vain = 0;
        for key in keys {
            let Some(open) = &db else { break };
            if collect(open, sql, &[(":key", &key)], &read, &mut found).is_ok() {
                in_vain = 0;
                continue;
            }
            in_vain += 1;
            if in_vain > in_vain_max {
                break;
            }
            db = self.open();
        }
        found
    }

    /// What a query gives before it meets a page that can't be read, and whether it met none. A row
    /// that is no longer what it was is left out.
    fn run<T>(
        &self,
        sql: &str,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> (Vec<(RowKey, T)>, bool) {
        let mut found = Vec::new();
        let is_whole = self
            .open()
            .is_some_and(|db| collect(&db, sql, &[], read, &mut found).is_ok());
        (found, is_whole)
    }
}

fn collect<T>(
    db: &Connection,
    sql: &str,
    with: &[(&str, &dyn ToSql)],
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    found: &mut Vec<(RowKey, T)>,
) -> Result<()> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(with)?;
    while let Some(row) = rows.next()? {
        let key = match row.get_ref("key")? {
            rusqlite::types::ValueRef::Integer(key) => RowKey::Number(key),
            other => RowKey::Bytes(other.as_bytes().unwrap_or_default().to_vec()),
        };
        if let Ok(value) = read(row) {
            found.push((key, value));
        }
    }
    Ok(())
}

/// Copies the files of the database in `from`, so that reading them changes nothing there.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for (from, to) in connect::files_of(from)
        .iter()
        .zip(connect::files_of(to))
        // What processes shared is made anew.
        .take(2)
    {
        if from.exists() {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// Puts zeros behind what is left of a file, more than it can have had: pages that are none, where there
/// were some. Where a file system has holes, they take no room.
pub(crate) fn lengthen(path: &Path) -> io::Result<()> {
    const AT_LEAST: u64 = 64 << 20;
    let file = fs::OpenOptions::new().write(true).open(path)?;
    let bytes = file.metadata()?.len();
    file.set_len(bytes.saturating_add(bytes.max(AT_LEAST)))
}
