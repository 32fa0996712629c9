//! What folding writes, row by row as text: for those who hold it against what folding anew would write.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::value::rows;
use crate::error::Result;

/// Of the register.
pub(crate) const REGISTER: &[&str] = &[
    "SELECT json_array('entry', hex(id), kind, grid, hex(parent), title, sort, place, unit, floor,
                       gone, tags, conflicts, confirmed_at, unsent, birth, is_head, hex(same_as),
                       hex(survivor)) AS row
       FROM entries",
    "SELECT json_array('key', hex(id), key) AS row
       FROM entry_keys
       JOIN entries ON entries.rowid = entry",
    "SELECT json_array('found', hex(entries.id), key.value) AS row
       FROM entry_found
       JOIN entries ON entries.rowid = entry, json_each(keys) AS key",
    "SELECT json_array('alike key', hex(entry), key) AS row
       FROM alike_keys",
    "SELECT json_array('alike found', hex(entry), keys) AS row
       FROM alike_found",
    "SELECT json_array('alike', hex(one), hex(other), by_number) AS row
       FROM alike",
    "SELECT json_array('not alike', hex(entry), hex(other)) AS row
       FROM not_alike",
    "SELECT json_array('there', kind, count) AS row
       FROM there
      WHERE count <> 0",
];

/// Of everything else.
#[cfg(feature = "faults")]
pub(super) const OTHERS: &[&str] = &[
    "SELECT json_array('case', hex(id), case_no, category, summary, address, grid, lng, lat, urgency,
                       state, is_open, reported_at, updated_at, deadline, reporter, mine, photos,
                       photo, plus_ones, attention, own_at, unsent, conflicts) AS row
       FROM cases",
    "SELECT json_array('words', hex(id), case_words.category, words) AS row
       FROM case_words
       JOIN cases ON cases.rowid = case_rowid",
    "SELECT json_array('number', hex(id), number) AS row
       FROM case_numbers
       JOIN cases ON cases.rowid = case_rowid",
    "SELECT json_array('photo', hex(case_id), hex(digest), hex(thumb), own) AS row
       FROM case_photos",
    "SELECT json_array('visit', hex(id), hex(at_id), at, outcome, note, staff, unsent) AS row
       FROM visits",
    "SELECT json_array('record', hex(id), hex(form_doc), form_id, form_version, subject_kind,
                       hex(subject_id), grid, name, finished_at, author, hex(replaces), photos,
                       own_at, unsent) AS row
       FROM records",
];

/// The rows of these; but for numbers of rows.
pub(crate) fn rows_of(db: &Connection, tables: &[&str]) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for sql in tables {
        all.extend(rows(db, sql, [], |row| row.get::<_, String>("row"))?);
    }
    Ok(all)
}
