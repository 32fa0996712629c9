//! For tests: a database as an earlier version of the app left it.

use std::path::Path;

use rusqlite::named_params;

use super::{connect, migrations, settings, value::rows};
use crate::{
    error::{Error, Result},
    keys::Key,
};

/// Writes into `older` the steps up to `version`, and what the database `newer`, which nobody has open,
/// has in the tables and columns there were then. What is written there stays in today's words.
pub(crate) fn write(newer: &Path, older: &Path, key: &Key, version: u32) -> Result<()> {
    let mut db = connect::connect(older, key).map_err(|_told_no_further| Error::NoDatabase)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "foreign_keys", false)?;
    db.prepare("ATTACH DATABASE :path AS newer KEY :key")?
        .execute(named_params! {
            ":path": newer.to_string_lossy(),
            ":key": key.pragma().as_str(),
        })?;
    let tx = db.transaction()?;
    migrations::run_to(&tx, version)?;
    let tables = "SELECT name FROM main.sqlite_master WHERE type = 'table'";
    for table in rows(&tx, tables, [], |row| row.get::<_, String>(0))? {
        let columns: String = tx.query_row(
            "SELECT group_concat(name, ', ') FROM pragma_table_info(:table, 'main')",
            named_params! { ":table": table },
            |row| row.get(0),
        )?;
        tx.execute_batch(&format!(
            "INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}"
        ))?;
    }
    // An earlier version folded otherwise.
    settings::forget(&tx, settings::FOLDED_BY)?;
    tx.commit()?;
    Ok(db.execute_batch("DETACH DATABASE newer; PRAGMA wal_checkpoint(TRUNCATE)")?)
}
