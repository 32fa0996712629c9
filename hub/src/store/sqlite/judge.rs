//! What the [`Judge`](crate::store::judge::Judge) needs from the tables, and what it changes in them.

use rusqlite::{Connection, Transaction};
use shared::Timestamp;

use super::{case_numbers, docs, feeds, grids, photos};
use crate::store::{
    Moved, StoreError,
    judge::{CHAIN_MAX, Effects, Known, Needed, further},
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
    Ok(Known {
        docs,
        standing: feeds::standing(db, &targets)?,
        grids: grids::known(db, needed.grids)?,
        numbers: case_numbers::of_day(db, received_at)?,
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
    Ok(effects.told(moved))
}
