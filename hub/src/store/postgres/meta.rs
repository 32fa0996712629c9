//! `meta`: facts about this hub itself.

use deadpool_postgres::{GenericClient, Transaction};

use super::statement::{all, find as find_row, run};
use crate::{
    secret,
    store::{Identity, StoreError},
};

/// Gives a new database its identity; does nothing for an old one.
pub(super) async fn found(tx: &Transaction<'_>) -> Result<(), StoreError> {
    if find(tx, "hub_id").await?.is_some() {
        return Ok(());
    }
    set(tx, "hub_id", &new_name()?).await?;
    set(tx, "hub_name", "Gridwalker 网格行").await?;
    renew_epoch(tx).await
}

pub(super) async fn renew_epoch(tx: &Transaction<'_>) -> Result<(), StoreError> {
    set(tx, "epoch", &new_name()?).await
}

fn new_name() -> Result<String, StoreError> {
    secret::new_name().map_err(|error| StoreError::Backend(Box::new(error)))
}

pub(super) async fn identity(db: &impl GenericClient) -> Result<Identity, StoreError> {
    let mut identity = Identity {
        hub_id: String::new(),
        hub_name: String::new(),
        epoch: String::new(),
    };
    let rows = all(
        db,
        "SELECT name, value
           FROM meta
          WHERE name IN ('hub_id', 'hub_name', 'epoch')",
        &[],
    )
    .await?;
    for row in rows {
        let value = row.try_get("value")?;
        match row.try_get("name")? {
            "hub_id" => identity.hub_id = value,
            "hub_name" => identity.hub_name = value,
            _ => identity.epoch = value,
        }
    }
    Ok(identity)
}

pub(super) async fn find(
    db: &impl GenericClient,
    name: &str,
) -> Result<Option<String>, StoreError> {
    let row = find_row(
        db,
        "SELECT value
           FROM meta
          WHERE name = $1",
        &[&name],
    )
    .await?;
    Ok(row.map(|row| row.try_get("value")).transpose()?)
}

/// Others who set the same wait until this transaction has ended.
pub(super) async fn set(tx: &Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    run(
        tx,
        "INSERT INTO meta (name, value)
         VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[&name, &value],
    )
    .await?;
    Ok(())
}
