//! For benches: what writing rows and finding names costs at least. Plain tables without encryption,
//! each written in one transaction that is on the disk when it is over.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params_from_iter};

/// Names in one table with one index.
#[derive(Debug)]
pub struct BareNames(Connection);

impl BareNames {
    /// Writes them.
    pub(crate) fn of(path: &Path, names: impl Iterator<Item = String>) -> rusqlite::Result<Self> {
        let mut db = create(path)?;
        db.execute_batch("CREATE TABLE names (name TEXT, id INTEGER PRIMARY KEY)")?;
        let tx = db.transaction()?;
        let mut insert = tx.prepare("INSERT INTO names (name) VALUES (?1)")?;
        for name in names {
            insert.execute([name])?;
        }
        drop(insert);
        tx.execute_batch("CREATE INDEX by_name ON names (name)")?;
        tx.commit()?;
        Ok(Self(db))
    }

    /// How many of the first thirty that begin so there are.
    pub(crate) fn beginning(&self, with: &str) -> rusqlite::Result<usize> {
        let mut find = self.0.prepare_cached(
            "SELECT id, name
               FROM names
              WHERE name >= ?1
                AND name < ?1 || char(1114111)
              ORDER BY name
              LIMIT 30",
        )?;
        let found = find.query_map([with], |row| row.get::<_, String>("name"))?;
        Ok(found.collect::<rusqlite::Result<Vec<_>>>()?.len())
    }
}

fn create(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let db = Connection::open_with_flags(path, flags)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    Ok(db)
}

/// Reads a row of the register by its number. Whether it is there.
pub(crate) fn one_row(db: &Connection, rowid: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT id, title FROM entries WHERE rowid = ?1")?
        .exists([rowid])
}

/// What a table and its indexes take in the database, in bytes.
pub(crate) fn bytes_of(db: &Connection, table: &str) -> rusqlite::Result<u64> {
    let bytes: i64 = db.query_row(
        "SELECT coalesce(sum(pgsize), 0)
           FROM dbstat
          WHERE aggregate = 1
            AND name IN (SELECT m.name FROM sqlite_master AS m WHERE m.tbl_name = ?1)",
        [table],
        |row| row.get(0),
    )?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}

/// Writes rows of fifteen texts.
pub(crate) fn write<'a>(
    path: &Path,
    rows: impl Iterator<Item = [&'a str; 15]>,
) -> rusqlite::Result<()> {
    let mut db = create(path)?;
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
