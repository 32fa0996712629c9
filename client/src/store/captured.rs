//! Photos prepared on this device, as the pipeline described them.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use shared::{Digest, PhotoRef, Timestamp};

use super::value::{json, to_json};
use crate::error::Result;

/// Keeps a photo's description. The same photo again changes nothing.
pub(crate) fn add(tx: &Connection, photo: &PhotoRef, at: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO captured (digest, thumb, photo, added_at)
                        VALUES (:digest, :thumb, :photo, :added_at)",
    )?
    .execute(named_params! {
        ":digest": photo.digest.as_bytes(),
        ":thumb": photo.thumb.as_bytes(),
        ":photo": to_json(photo)?,
        ":added_at": at.as_ms(),
    })?;
    Ok(())
}

/// The photo, if it was prepared on this device.
pub(crate) fn find(db: &Connection, digest: Digest) -> Result<Option<PhotoRef>> {
    let photo = db
        .prepare_cached("SELECT photo FROM captured WHERE digest = :digest")?
        .query_row(named_params! { ":digest": digest.as_bytes() }, |row| {
            json(row, "photo")
        })
        .optional()?;
    Ok(photo)
}

/// The file is no longer here: of a photo that goes, or of the thumbnail that goes with it.
pub(crate) fn forget(tx: &Connection, file: Digest) -> Result<()> {
    tx.prepare_cached("DELETE FROM captured WHERE digest = :file OR thumb = :file")?
        .execute(named_params! { ":file": file.as_bytes() })?;
    Ok(())
}

/// Photos whose bytes are on this device: prepared here, or fetched.
pub(crate) fn count_here(db: &Connection) -> Result<u64> {
    let count = db
        .prepare_cached(
            "SELECT count(*)
               FROM (SELECT digest FROM captured
                     UNION
                     SELECT digest FROM files WHERE here = 1 AND kind = 'photo')",
        )?
        .query_row([], |row| row.get::<_, i64>(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}
