//! Whether a closed database is sound.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// Why it is not.
#[derive(Debug, thiserror::Error)]
pub enum Unsound {
    /// It can't be read.
    #[error("the database can't be read")]
    Unreadable(#[from] rusqlite::Error),
    /// It contradicts itself.
    #[error("the database is damaged: {0}")]
    Damaged(String),
}

/// Every page, every index, every reference. `key` is that of an encrypted one, as 64 hexadecimal
/// digits; its pages are sealed as a device seals those of a new database.
pub fn is_sound(path: &Path, key: Option<&str>) -> Result<(), Unsound> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if let Some(key) = key {
        db.pragma_update(None, "key", format!("x'{key}'"))?;
        db.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")?;
    }
    let mut complaints = Vec::new();
    db.pragma_query(None, "integrity_check", |row| {
        complaints.push(row.get::<_, String>(0)?);
        Ok(())
    })?;
    db.pragma_query(None, "foreign_key_check", |row| {
        let table: String = row.get(0)?;
        complaints.push(format!("{table} refers to what is not there"));
        Ok(())
    })?;
    complaints.retain(|said| said != "ok");
    if complaints.is_empty() {
        return Ok(());
    }
    Err(Unsound::Damaged(complaints.join("; ")))
}
