//! For tests: a database as an earlier version of the app left it.

use std::path::Path;

use rusqlite::{Connection, named_params, params_from_iter, types::Value};

use super::{
    connect::{self, Seal},
    migrations, settings,
    value::rows,
};
use crate::{
    error::{Error, Result},
    keys::Key,
};

/// Writes into `older`, sealed as it was then, the steps up to `version`, and what the database `newer`,
/// which nobody has open, has in the tables and columns there were. What is written there stays in today's
/// words.
pub(crate) fn write(newer: &Path, older: &Path, key: &Key, version: u32) -> Result<()> {
    let newer = connect::connect(newer, key).map_err(|_told_no_further| Error::NoDatabase)?;
    let mut db = connect::connect_sealed(older, key, Seal::Sha512)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "foreign_keys", false)?;
    let tx = db.transaction()?;
    migrations::run_to(&tx, version)?;
    let tables = "SELECT name FROM main.sqlite_master WHERE type = 'table'";
    for table in rows(&tx, tables, [], |row| row.get::<_, String>(0))? {
        copy(&newer, &tx, &table)?;
    }
    // An earlier version folded otherwise.
    settings::forget(&tx, settings::FOLDED_BY)?;
    tx.commit()?;
    Ok(db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?)
}

/// Copies the rows of a table, in the columns that it has there.
fn copy(from: &Connection, to: &Connection, table: &str) -> Result<()> {
    let (columns, marks): (String, String) = to.query_row(
        "SELECT group_concat(name, ', '), group_concat('?', ', ')
           FROM pragma_table_info(:table)",
        named_params! { ":table": table },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut insert = to.prepare(&format!("INSERT INTO {table} ({columns}) VALUES ({marks})"))?;
    let mut select = from.prepare(&format!("SELECT {columns} FROM {table}"))?;
    let count = select.column_count();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..count)
            .map(|at| row.get(at))
            .collect::<rusqlite::Result<_>>()?;
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}
