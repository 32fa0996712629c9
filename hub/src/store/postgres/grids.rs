//! `grids`: every grid of the city.

use std::collections::BTreeSet;

use deadpool_postgres::{GenericClient, Transaction};
use shared::{GridCode, pack::Grid};

use super::statement::{all, run};
use crate::store::StoreError;

/// Takes in a pack's grids. One that a later pack no longer has stays: a tablet with the older
/// pack may still report there.
pub(super) async fn add(tx: &Transaction<'_>, grids: &[Grid]) -> Result<(), StoreError> {
    let codes: Vec<_> = grids.iter().map(|grid| grid.code.as_str()).collect();
    run(
        tx,
        "INSERT INTO grids (code)
         SELECT unnest($1::TEXT[])
             ON CONFLICT (code) DO NOTHING",
        &[&codes],
    )
    .await?;
    Ok(())
}

/// Those of these grids that the city has.
pub(super) async fn known(
    db: &impl GenericClient,
    codes: &BTreeSet<GridCode>,
) -> Result<BTreeSet<GridCode>, StoreError> {
    // No text of this database holds a NUL, and asking for one is an error.
    let codes = codes.iter().map(GridCode::as_str);
    let codes: Vec<_> = codes.filter(|code| !code.contains('\0')).collect();
    if codes.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows = all(
        db,
        "SELECT code
           FROM grids
          WHERE code = ANY($1::TEXT[])",
        &[&codes],
    )
    .await?;
    rows.iter()
        .map(|row| Ok(GridCode(row.try_get("code")?)))
        .collect()
}
