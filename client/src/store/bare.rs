//! For benches: what writing rows costs at least. One plain table, no keys, no index, no encryption,
//! one transaction that is on the disk when it is over.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params_from_iter};

/// Writes rows of fifteen texts.
pub(crate) fn write<'a>(
    path: &Path,
    rows: impl Iterator<Item = [&'a str; 15]>,
) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut db = Connection::open_with_flags(path, flags)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch(
        "CREATE TABLE bare (
             a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT, h TEXT, i TEXT, j TEXT, k TEXT,
             l TEXT, m TEXT, n TEXT, o TEXT
         )",
    )?;
    let tx = db.transaction()?;
    let mut insert = tx.prepare(
        "INSERT INTO bare (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    for row in rows {
        insert.execute(params_from_iter(row))?;
    }
    drop(insert);
    tx.commit()
}
