//! Small things kept by name.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use serde::{Serialize, de::DeserializeOwned};

use super::value::{json, to_json};
use crate::error::Result;

/// How the app looks.
pub(crate) const LOOK: &str = "look";

/// The identity that was asked for and not yet taken: a device id, or null.
pub(crate) const NEXT_IDENTITY: &str = "next_identity";

/// Whether the hub doesn't know this device's token, though nobody took it away: a copy of the
/// device may have enrolled in its place.
pub(crate) const TOKEN_UNKNOWN: &str = "token_unknown";

/// The version of the folding code that filled the case tables.
pub(crate) const FOLDED_BY: &str = "folded_by";

/// When what nobody needs was last cleared out.
pub(crate) const CLEARED_AT: &str = "cleared_at";

/// Whether the last hello showed that the hub lost what it had confirmed.
pub(crate) const HUB_LOST: &str = "hub_lost";

/// Feeds whose figures at the hub fitted their documents not even after they were pulled anew.
pub(crate) const UNTRUE_FEEDS: &str = "untrue_feeds";

/// Documents that the hub confirms and has in no feed, and whether it was asked about them twice.
pub(crate) const FORGOTTEN: &str = "forgotten";

/// Photos of what was erased, until their files are gone.
pub(crate) const ERASED_PHOTOS: &str = "erased_photos";

/// The value, if one was ever saved and can still be read.
pub(crate) fn find<T: DeserializeOwned>(db: &Connection, name: &str) -> Result<Option<T>> {
    let value = db
        .prepare_cached("SELECT value FROM settings WHERE name = :name")?
        .query_row(named_params! { ":name": name }, |row| {
            Ok(json(row, "value").ok())
        })
        .optional()?;
    Ok(value.flatten())
}

/// Saves the value.
pub(crate) fn put<T: Serialize>(tx: &Connection, name: &str, value: &T) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO settings (name, value)
              VALUES (:name, :value)
         ON CONFLICT (name) DO UPDATE
                 SET value = excluded.value",
    )?
    .execute(named_params! { ":name": name, ":value": to_json(value)? })?;
    Ok(())
}

/// Forgets the value.
pub(crate) fn forget(tx: &Connection, name: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM settings WHERE name = :name")?
        .execute(named_params! { ":name": name })?;
    Ok(())
}
