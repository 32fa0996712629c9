//! What the [`Judge`](crate::store::judge::Judge) needs from the tables, and what it changes in
//! them. Locks are taken in one order by everybody: documents, the day's numbers, heads of feeds.

use deadpool_postgres::Transaction;
use shared::{Doc, Timestamp};

use super::{case_numbers, docs, feeds, grids, photos};
use crate::store::{
    Moved, StoreError,
    judge::{Changed, Effects, Known, Needed},
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

/// Says how far that moved the feeds.
pub(super) async fn write(
    tx: &Transaction<'_>,
    effects: &Effects,
    now: Timestamp,
) -> Result<Vec<Moved>, StoreError> {
    let (new, old): (Vec<_>, Vec<_>) = effects.changed.iter().partition(|one| one.is_new);
    docs::insert(tx, &docs_of(&new), now).await?;
    docs::update(tx, &docs_of(&old), now).await?;
    let moved = feeds::publish(tx, &effects.publications(), &effects.standing).await?;
    photos::refer(tx, &effects.photos).await?;
    case_numbers::put(tx, &effects.numbers).await?;
    Ok(moved)
}

fn docs_of<'a>(changed: &[&'a Changed]) -> Vec<&'a Doc> {
    changed.iter().map(|one| &one.doc).collect()
}
