//! What the [`Judge`](crate::store::judge::Judge) needs from the tables, and what it changes in
//! them. Locks are taken in one order by everybody: documents, the day's numbers, heads of feeds.

use deadpool_postgres::Transaction;
use shared::Timestamp;

use super::{case_numbers, docs, erased, feeds, former_assignments, grids, photos};
use crate::store::{
    Moved, StoreError, StoredDoc,
    assignment::oldest,
    judge::{CHAIN_MAX, Changed, Effects, Known, Needed, along, further, replaced},
};

/// Everything about these documents, and the numbers of the day of `received_at`.
pub(super) async fn lock(
    tx: &Transaction<'_>,
    needed: &Needed,
    received_at: Timestamp,
) -> Result<Known, StoreError> {
    let mut targets = needed.docs.clone();
    let mut docs = docs::lock(tx, &targets).await?;
    // These are locked behind the others: who then waits for each other begins again.
    for _ in 0..CHAIN_MAX {
        let further = further(&docs, &targets);
        if further.is_empty() {
            break;
        }
        docs.extend(docs::lock(tx, &further).await?);
        targets.extend(further);
    }
    let mut erasing = needed.erasing.clone();
    while !erasing.is_empty() {
        let mut found = docs::naming(tx, &erasing).await?;
        along(&mut found, &erasing);
        let corrected = erasing.iter().filter_map(|it| replaced(docs.get(it)?));
        let wanted = found.into_keys().chain(corrected);
        let wanted = wanted.filter(|it| !docs.contains_key(it)).collect();
        let locked = docs::lock(tx, &wanted).await?;
        erasing = locked.keys().cloned().collect();
        targets.extend(erasing.iter().cloned());
        docs.extend(locked);
    }
    Ok(Known {
        docs,
        standing: feeds::standing(tx, &targets).await?,
        grids: grids::known(tx, &needed.grids).await?,
        numbers: case_numbers::of_day(tx, received_at, needed.opens_cases).await?,
        former: match &needed.author {
            Some(author) => former_assignments::of(tx, author, oldest(received_at)).await?,
            None => Vec::new(),
        },
    })
}

/// Says how far that moved the feeds, where the results tell what changed in them.
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
    if !effects.erased.is_empty() {
        erased::put(tx, &effects.erased).await?;
    }
    Ok(effects.told(moved))
}

fn docs_of<'a>(changed: &[&'a Changed]) -> Vec<&'a StoredDoc> {
    changed.iter().map(|one| one.doc.as_ref()).collect()
}
