//! Brings the schema up to date. Several hub processes may start at once: one does it, the others
//! wait and find it done.

use deadpool_postgres::{Client, Transaction};

use super::meta;
use crate::store::StoreError;

/// The steps of the schema; a step is never edited once released.
const MIGRATIONS: [&str; 8] = [
    include_str!("../../../../migrations/hub/postgres/0001_hub.sql"),
    include_str!("../../../../migrations/hub/postgres/0002_op_audit.sql"),
    include_str!("../../../../migrations/hub/postgres/0003_device_clocks.sql"),
    include_str!("../../../../migrations/hub/postgres/0004_deleted.sql"),
    include_str!("../../../../migrations/hub/postgres/0005_exports.sql"),
    include_str!("../../../../migrations/hub/postgres/0006_permissions.sql"),
    include_str!("../../../../migrations/hub/postgres/0007_erased_photos.sql"),
    include_str!("../../../../migrations/hub/postgres/0008_assignments.sql"),
];

/// The advisory lock of whoever changes the schema: "gridwalk" as bytes.
const LOCK: i64 = 0x6772_6964_7761_6C6B;

/// Whether an empty database is to become a hub's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Founding {
    /// Yes.
    Found,
    /// No: a mistyped address must not quietly make an empty hub.
    OnlyExisting,
}

/// `false`: there is no hub, and none was made.
pub(super) async fn run(db: &mut Client, founding: Founding) -> Result<bool, StoreError> {
    let tx = db.transaction().await?;
    // However long another hub takes.
    tx.batch_execute("SET LOCAL lock_timeout = 0").await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    let found = version(&tx).await?;
    if found == 0 && founding == Founding::OnlyExisting {
        return Ok(false);
    }
    let known = i64::try_from(MIGRATIONS.len()).map_err(|_too_many| StoreError::OutOfRange)?;
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    if found < known {
        upgrade(&tx, found, known).await?;
    }
    meta::found(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// How many steps were made; 0 for a database that is no hub's yet.
async fn version(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    let there = tx
        .query_one(
            "SELECT to_regclass('gridwalker_schema') IS NOT NULL AS there",
            &[],
        )
        .await?;
    if !there.try_get::<_, bool>("there")? {
        return Ok(0);
    }
    let row = tx
        .query_one(
            "SELECT version
               FROM gridwalker_schema",
            &[],
        )
        .await?;
    Ok(row.try_get("version")?)
}

async fn upgrade(tx: &Transaction<'_>, found: i64, known: i64) -> Result<(), StoreError> {
    if found == 0 {
        tx.batch_execute(
            "CREATE TABLE gridwalker_schema (version BIGINT NOT NULL);
             INSERT INTO gridwalker_schema (version) VALUES (0)",
        )
        .await?;
    }
    for (version, step) in (1..).zip(MIGRATIONS) {
        if version > found {
            tx.batch_execute(step).await?;
        }
    }
    tx.execute(
        "UPDATE gridwalker_schema
            SET version = $1",
        &[&known],
    )
    .await?;
    Ok(())
}
