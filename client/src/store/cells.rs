//! For tests: everything that stands in the database, to look for what must not.

use std::{collections::BTreeSet, fmt::Write as _};

use rusqlite::{Connection, types::ValueRef};

use super::value::rows;
use crate::error::Result;

/// Every text, and every run of bytes as text and in hexadecimal digits, with the name of its table.
pub(crate) fn all(db: &Connection) -> Result<Vec<String>> {
    let mut cells = Vec::new();
    each(db, |table, _, text| cells.push(format!("{table}: {text}")))?;
    Ok(cells)
}

/// The columns in which a text stands, wherever in a row, as `table.column`.
pub(crate) fn columns_with(db: &Connection, text: &str) -> Result<Vec<String>> {
    let mut found = BTreeSet::new();
    each(db, |table, column, cell| {
        if cell.contains(text) {
            found.insert(format!("{table}.{column}"));
        }
    })?;
    Ok(found.into_iter().collect())
}

/// Calls `see` with the table, the column and what stands there.
fn each(db: &Connection, mut see: impl FnMut(&str, &str, &str)) -> Result<()> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    for table in rows(db, tables, [], |row| row.get::<_, String>(0))? {
        let mut select = db.prepare(&format!("SELECT * FROM {table}"))?;
        let names = select.column_names();
        let columns: Vec<String> = names.map(str::to_owned).collect();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            for (at, column) in columns.iter().enumerate() {
                match row.get_ref(at)? {
                    ValueRef::Text(text) => see(&table, column, &String::from_utf8_lossy(text)),
                    ValueRef::Blob(bytes) => {
                        let mut hex = String::new();
                        for byte in bytes {
                            // Writing into a string can't fail.
                            let _written = write!(hex, "{byte:02x}");
                        }
                        let text = String::from_utf8_lossy(bytes);
                        see(&table, column, &format!("{hex} {text}"));
                    }
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => {}
                }
            }
        }
    }
    Ok(())
}
