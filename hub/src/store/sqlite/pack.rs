//! Takes in a city pack: staff and grids into their tables, each changed section into its document.

use rusqlite::Transaction;
use shared::{Timestamp, pack::CityPack};

use super::{docs, feeds, grids, meta, staff};
use crate::store::{PackLoaded, StoreError, pack};

pub(super) fn load(
    tx: &Transaction<'_>,
    city: &CityPack,
    now: Timestamp,
) -> Result<PackLoaded, StoreError> {
    for (name, value) in pack::facts(city) {
        meta::set(tx, name, &value)?;
    }
    grids::add(tx, &city.grids)?;
    for entry in &city.staff {
        staff::put(tx, entry, &city.grids_of(entry), now)?;
    }
    fault::point("hub/pack: staff taken in, documents not");
    let targets = pack::targets();
    let changed = pack::changed(city, &docs::find_all(tx, &targets)?)?;
    for (_, doc) in &changed {
        docs::put(tx, doc, now)?;
    }
    let publications: Vec<_> = changed
        .iter()
        .map(|(_, doc)| pack::publication(doc))
        .collect();
    feeds::publish(tx, &publications, &feeds::standing(tx, &targets)?)?;
    Ok(pack::loaded(city, &changed))
}
