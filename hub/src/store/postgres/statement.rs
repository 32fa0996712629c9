//! Runs one prepared statement, in a transaction or on its own.

use deadpool_postgres::GenericClient;
use tokio_postgres::{Row, types::ToSql};

use crate::store::StoreError;

/// What goes into the places `$1`, `$2` …
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// All rows.
pub(super) async fn all(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Vec<Row>, StoreError> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.query(&statement, params).await?)
}

/// The one row, if there is one.
pub(super) async fn find(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Option<Row>, StoreError> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.query_opt(&statement, params).await?)
}

/// The one row there always is.
pub(super) async fn one(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<Row, StoreError> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.query_one(&statement, params).await?)
}

/// How many rows were changed.
pub(super) async fn run(
    db: &impl GenericClient,
    sql: &str,
    params: Params<'_>,
) -> Result<u64, StoreError> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.execute(&statement, params).await?)
}
