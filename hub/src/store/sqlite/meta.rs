//! `meta`: facts about this hub itself.

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};

use crate::{
    secret,
    store::{Identity, StoreError},
};

/// Gives a new database its identity; does nothing for an old one.
pub(super) fn found(tx: &Transaction<'_>) -> Result<(), StoreError> {
    if find(tx, "hub_id")?.is_some() {
        return Ok(());
    }
    set(tx, "hub_id", &new_name()?)?;
    set(tx, "hub_name", "Gridwalker 网格行")?;
    renew_epoch(tx)
}

pub(super) fn renew_epoch(tx: &Transaction<'_>) -> Result<(), StoreError> {
    set(tx, "epoch", &new_name()?)
}

fn new_name() -> Result<String, StoreError> {
    secret::new_name().map_err(|error| StoreError::Backend(Box::new(error)))
}

pub(super) fn identity(db: &Connection) -> Result<Identity, StoreError> {
    let get = |name| Ok::<_, StoreError>(find(db, name)?.unwrap_or_default());
    Ok(Identity {
        hub_id: get("hub_id")?,
        hub_name: get("hub_name")?,
        epoch: get("epoch")?,
    })
}

pub(super) fn find(db: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT value
               FROM meta
              WHERE name = :name",
        )?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()?)
}

pub(super) fn set(tx: &Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO meta (name, value)
         VALUES (:name, :value)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(named_params! { ":name": name, ":value": value })?;
    Ok(())
}
