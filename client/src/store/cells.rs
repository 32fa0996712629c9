//! For tests: everything that stands in the database, to look for what must not.

use std::fmt::Write as _;

use rusqlite::{Connection, types::ValueRef};

use super::value::rows;
use crate::error::Result;

/// Every text, and every run of bytes as text and in hexadecimal digits, with the name of its table.
pub(crate) fn all(db: &Connection) -> Result<Vec<String>> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let mut cells = Vec::new();
    for table in rows(db, tables, [], |row| row.get::<_, String>(0))? {
        let mut select = db.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = select.column_count();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Text(text) => {
                        cells.push(format!("{table}: {}", String::from_utf8_lossy(text)));
                    }
                    ValueRef::Blob(bytes) => {
                        let mut hex = String::new();
                        for byte in bytes {
                            // Writing into a string can't fail.
                            let _written = write!(hex, "{byte:02x}");
                        }
                        let text = String::from_utf8_lossy(bytes);
                        cells.push(format!("{table}: {hex} {text}"));
                    }
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => {}
                }
            }
        }
    }
    Ok(cells)
}
