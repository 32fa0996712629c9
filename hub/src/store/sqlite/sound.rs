//! Whether all that is kept is as it was written. `SQLite` has no checksums of its pages: what it can see
//! is a page that is none, an index that differs from its table, a value of another type. What it can't,
//! a letter that became another, shows where the same stands twice: an operation's id in its row and in
//! what it says, a feed's sum and its places. A name misspelt by a flipped bit shows nowhere; who wants
//! that seen keeps the database on a disk that has checksums, or on PostgreSQL with them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{DocRef, Kind, hub_api::feed_hash};
use uuid::Uuid;

use super::convert::Unsigned;
use crate::store::{Soundness, StoreError};

/// More of one kind are not told.
const TOLD_MAX: u32 = 10;

/// In a database of up to so many bytes each row is held against its indexes, asked for or not.
const SMALL: i64 = 64 << 20;

/// What no program wrote: the number of rows, and what is wrong with them.
const UNREADABLE: [(&str, &str); 6] = [
    (
        "documents that are no JSON",
        "SELECT count(*) FROM docs WHERE NOT json_valid(body)",
    ),
    (
        "operations that are no JSON",
        "SELECT count(*) FROM ops WHERE op_id IS NOT NULL AND NOT json_valid(payload)",
    ),
    (
        "results or clocks of operations that are no JSON",
        "SELECT count(*) FROM ops WHERE NOT json_valid(outcome) OR NOT json_valid(sent)",
    ),
    (
        // However a device writes an id; what was erased has none.
        "operations whose id is not the one that they say",
        "SELECT count(*)
           FROM ops
          WHERE op_id IS NOT NULL
            AND json_valid(payload)
            AND length(replace(payload ->> '$.op_id', '-', '')) = 32
            AND upper(replace(payload ->> '$.op_id', '-', '')) <> hex(op_id)",
    ),
    (
        "operations about something else than they say",
        "SELECT count(*)
           FROM ops
          WHERE id IS NOT NULL
            AND json_valid(payload)
            AND length(replace(payload ->> '$.target.id', '-', '')) = 32
            AND upper(replace(payload ->> '$.target.id', '-', '')) <> hex(id)",
    ),
    (
        "roles or grids that are no JSON",
        "SELECT (SELECT count(*) FROM staff
                  WHERE NOT json_valid(roles) OR NOT json_valid(permissions))
              + (SELECT count(*) FROM former_assignments
                  WHERE NOT json_valid(grids) OR NOT json_valid(roles)
                     OR NOT json_valid(permissions))",
    ),
];

/// What a mistake of ours could bring about, too.
const DOUBTFUL: [(&str, &str); 3] = [
    (
        "devices with holes in what they sent",
        "SELECT count(*)
           FROM (SELECT device, count(*) AS n, max(dev_seq) AS last FROM ops GROUP BY device)
          WHERE n <> last",
    ),
    (
        "devices whose last operation is not the last in the log",
        "SELECT count(*)
           FROM devices AS d
          WHERE last_dev_seq <> coalesce((SELECT max(dev_seq) FROM ops WHERE device = d.id), 0)",
    ),
    (
        "places of documents at another revision",
        "SELECT count(*)
           FROM places AS p
           JOIN docs AS d ON d.no = p.doc
          WHERE p.has_left = 0 AND p.deleted = 0 AND p.rev <> d.rev",
    ),
];

/// Looks over everything.
pub(super) fn look(db: &Connection, deep: bool) -> Result<Soundness, StoreError> {
    let mut found = Soundness {
        damaged: pages(db, deep)?,
        doubtful: Vec::new(),
    };
    if !found.damaged.is_empty() {
        // What stands on such pages is not worth asking.
        return Ok(found);
    }
    let strays = lines(db, "PRAGMA foreign_key_check")?;
    if strays > 0 {
        let said = format!("rows that refer to something that is not there: {strays}");
        found.damaged.push(said);
    }
    found.damaged.extend(counted(db, &UNREADABLE)?);
    found.doubtful.extend(counted(db, &DOUBTFUL)?);
    let wrong = wrong_sums(db)?;
    if wrong > 0 {
        let said = format!("feeds whose number or sum is not that of their documents: {wrong}");
        found.doubtful.push(said);
    }
    Ok(found)
}

/// What is wrong with pages, tables and indexes, mostly in the words of `SQLite`.
fn pages(db: &Connection, deep: bool) -> Result<Vec<String>, StoreError> {
    let check = if deep || bytes(db)? <= SMALL {
        "integrity_check"
    } else {
        "quick_check"
    };
    let mut said = Vec::new();
    db.pragma(None, check, TOLD_MAX, |row| {
        said.push(row.get::<_, String>(0)?);
        Ok(())
    })?;
    said.retain(|line| line != "ok");
    if said.is_empty() {
        said = miscounted(db)?;
    }
    Ok(said)
}

fn bytes(db: &Connection) -> Result<i64, StoreError> {
    let number = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok(number("page_count")?.saturating_mul(number("page_size")?))
}

/// Indexes that hold more than their table, or less. `SQLite` looks into none whose table is empty. A
/// table that is kept like an index, and changed places with the page of such a one, is empty itself.
fn miscounted(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut indexes = db.prepare(
        "SELECT s.name, s.tbl_name, d.ncell AS entries,
                coalesce(s.sql LIKE '% WHERE %', 0) AS is_partial
           FROM sqlite_schema AS s
           JOIN dbstat AS d ON d.name = s.name AND d.aggregate = 1
          WHERE s.type = 'index'",
    )?;
    let mut rows = indexes.query([])?;
    let mut said = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, table): (String, String) = (row.get("name")?, row.get("tbl_name")?);
        let (entries, is_partial): (i64, bool) = (row.get("entries")?, row.get("is_partial")?);
        // By an index it would count that.
        let quoted = table.replace('"', "\"\"");
        let count = format!("SELECT count(*) FROM \"{quoted}\" NOT INDEXED");
        let there: i64 = db.query_row(&count, [], |row| row.get(0))?;
        if entries > there || (entries < there && !is_partial) {
            said.push(format!(
                "{entries} entries in {name}, {there} rows in {table}"
            ));
        }
    }
    Ok(said)
}

fn lines(db: &Connection, sql: &str) -> Result<usize, StoreError> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn counted(db: &Connection, checks: &[(&str, &str)]) -> Result<Vec<String>, StoreError> {
    let mut said = Vec::new();
    for (what, sql) in checks {
        let count = db.query_row(sql, [], |row| row.get::<_, Unsigned>(0))?.0;
        if count > 0 {
            said.push(format!("{what}: {count}"));
        }
    }
    Ok(said)
}

/// How many feeds have another number of documents, or another sum, than what stands in them.
fn wrong_sums(db: &Connection) -> Result<usize, StoreError> {
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut places = db.prepare(
        "SELECT scope, kind, id, rev
           FROM feeds
          WHERE has_left = 0 AND deleted = 0",
    )?;
    let mut rows = places.query([])?;
    while let Some(row) = rows.next()? {
        let target = DocRef {
            kind: Kind(row.get("kind")?),
            id: Uuid::from_bytes(row.get("id")?),
        };
        let hash = feed_hash(&target, row.get::<_, Unsigned>("rev")?.0);
        let (count, sum) = sums.entry(row.get("scope")?).or_default();
        *count = count.saturating_add(1);
        *sum = sum.wrapping_add(hash);
    }
    let mut heads = db.prepare("SELECT scope, count, sum FROM feed_heads")?;
    let mut rows = heads.query([])?;
    let mut wrong = 0;
    while let Some(row) = rows.next()? {
        let is = sums
            .remove(&row.get::<_, String>("scope")?)
            .unwrap_or_default();
        let said = (
            row.get::<_, Unsigned>("count")?.0,
            row.get::<_, i64>("sum")?.cast_unsigned(),
        );
        wrong += usize::from(is != said);
    }
    Ok(wrong)
}
