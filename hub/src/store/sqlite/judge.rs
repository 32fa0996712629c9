//! What the [`Judge`](crate::store::judge::Judge) needs from the tables, and what it changes in them.

use rusqlite::{Connection, Transaction};
use shared::Timestamp;

use super::{case_numbers, docs, feeds, grids, photos};
use crate::store::{
    Moved, StoreError,
    judge::{Effects, Known, Needed},
};

/// Everything about these documents, and the numbers of the day of `received_at`.
pub(super) fn read(
    db: &Connection,
    needed: Needed,
    received_at: Timestamp,
) -> Result<Known, StoreError> {
    Ok(Known {
        docs: docs::find_all(db, &needed.docs)?,
        standing: feeds::standing(db, &needed.docs)?,
        grids: grids::known(db, needed.grids)?,
        numbers: case_numbers::of_day(db, received_at)?,
    })
}

/// Says how far that moved the feeds.
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
    Ok(moved)
}
