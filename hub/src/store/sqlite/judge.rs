//! What the [`Judge`](crate::store::judge::Judge) needs from the tables, and what it changes in them.

use rusqlite::{Connection, Transaction};
use shared::Timestamp;

use super::{case_numbers, docs, erased, feeds, former_assignments, grids, photos};
use crate::store::{
    Moved, StoreError,
    assignment::oldest,
    judge::{CHAIN_MAX, Effects, Known, Needed, along, further, replaced},
};

/// Everything about these documents, and the numbers of the day of `received_at`.
pub(super) fn read(
    db: &Connection,
    needed: Needed,
    received_at: Timestamp,
) -> Result<Known, StoreError> {
    let mut targets = needed.docs;
    let mut docs = docs::find_all(db, &targets)?;
    for _ in 0..CHAIN_MAX {
        let further = further(&docs, &targets);
        if further.is_empty() {
            break;
        }
        docs.extend(docs::find_all(db, &further)?);
        targets.extend(further);
    }
    let mut erasing = needed.erasing;
    while !erasing.is_empty() {
        let mut found = docs::naming(db, &erasing)?;
        along(&mut found, &erasing);
        let corrected = erasing.iter().filter_map(|it| replaced(docs.get(it)?));
        found.extend(docs::find_all(db, &corrected.collect())?);
        found.retain(|target, _| !docs.contains_key(target));
        erasing = found.keys().cloned().collect();
        targets.extend(erasing.iter().cloned());
        docs.extend(found);
    }
    Ok(Known {
        docs,
        standing: feeds::standing(db, &targets)?,
        grids: grids::known(db, needed.grids)?,
        numbers: case_numbers::of_day(db, received_at)?,
        former: match &needed.author {
            Some(author) => former_assignments::of(db, author, oldest(received_at))?,
            None => Vec::new(),
        },
    })
}

/// Says how far that moved the feeds, where the results tell what changed in them.
pub(super) fn write(
    tx: &Transaction<'_>,
    effects: &Effects,
    now: Timestamp,
) -> Result<Vec<Moved>, StoreError> {
    for changed in &effects.changed {
        docs::put(tx, &changed.doc, now)?;
        fault::point("hub/push: document changed, not in its feeds");
    }
    let moved = feeds::publish(tx, &effects.publications(), &effects.standing)?;
    fault::point("hub/push: in its feeds, photos not referred to");
    photos::refer(tx, &effects.photos)?;
    case_numbers::put(tx, &effects.numbers)?;
    if !effects.erased.is_empty() {
        erased::put(tx, &effects.erased)?;
    }
    Ok(effects.told(moved))
}
