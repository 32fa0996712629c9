//! `grids`: every grid of the city.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, named_params};
use shared::{GridCode, pack::Grid};

use crate::store::StoreError;

/// Takes in a pack's grids. One that a later pack no longer has stays: a tablet with the older
/// pack may still report there.
pub(super) fn add(tx: &Transaction<'_>, grids: &[Grid]) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO grids (code)
         VALUES (:code)
             ON CONFLICT (code) DO NOTHING",
    )?;
    for grid in grids {
        insert.execute(named_params! { ":code": grid.code.as_str() })?;
    }
    Ok(())
}

/// Those of these grids that the city has.
pub(super) fn known(
    db: &Connection,
    codes: BTreeSet<GridCode>,
) -> Result<BTreeSet<GridCode>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT 1
           FROM grids
          WHERE code = :code",
    )?;
    let mut known = BTreeSet::new();
    for code in codes {
        if select.exists(named_params! { ":code": code.as_str() })? {
            known.insert(code);
        }
    }
    Ok(known)
}
