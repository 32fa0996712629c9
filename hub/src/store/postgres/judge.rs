//! What the [`Judge`](crate::store::judge::Judge) needs from the tables, and what it changes in
//! them. Locks are taken in one order by everybody: documents, the day's numbers, heads of feeds.

use deadpool_postgres::Transaction;
use shared::Timestamp;

use super::{case_numbers, docs, feeds, grids, photos};
use crate::store::{
    StoreError,
    judge::{Effects, Known, Needed},
};

/// Everything about these documents, and the numbers of the day of `received_at`.
pub(super) async fn lock(
    tx: &Transaction<'_>,
    needed: &Needed,
    received_at: Timestamp,
) -> Result<Known, StoreError> {
    Ok(Known {
        docs: docs::lock(tx, &needed.docs).await?,
        standing: feeds::standing(tx, &needed.docs).await?,
        grids: grids::known(tx, &needed.grids).await?,
        numbers: case_numbers::of_day(tx, received_at, needed.opens_cases).await?,
    })
}

pub(super) async fn write(
    tx: &Transaction<'_>,
    effects: &Effects,
    now: Timestamp,
) -> Result<(), StoreError> {
    for changed in &effects.changed {
        docs::put(tx, &changed.doc, changed.is_new, now).await?;
    }
    feeds::publish(tx, &effects.publications(), &effects.standing).await?;
    photos::refer(tx, &effects.photos).await?;
    case_numbers::put(tx, &effects.numbers).await
}
