//! Takes in a city pack: staff and grids into their tables, each changed section into its document.

use deadpool_postgres::Transaction;
use shared::{Timestamp, pack::CityPack};

use super::{docs, feeds, grids, meta, staff};
use crate::store::{PackLoaded, StoreError, pack};

pub(super) async fn load(
    tx: &Transaction<'_>,
    city: &CityPack,
    now: Timestamp,
) -> Result<PackLoaded, StoreError> {
    // First, so that two packs are loaded one after the other.
    for (name, value) in pack::facts(city) {
        meta::set(tx, name, &value).await?;
    }
    grids::add(tx, &city.grids).await?;
    for entry in &city.staff {
        staff::put(tx, entry, &city.grids_of(entry), now).await?;
    }
    let targets = pack::targets();
    let current = docs::lock(tx, &targets).await?;
    let changed = pack::changed(city, &current)?;
    let docs = changed.iter().map(|(_, doc)| doc);
    let (old, new): (Vec<_>, Vec<_>) = docs.partition(|doc| current.contains_key(&doc.target));
    docs::insert(tx, &new, now).await?;
    docs::update(tx, &old, now).await?;
    let publications: Vec<_> = changed
        .iter()
        .map(|(_, doc)| pack::publication(doc))
        .collect();
    let standing = feeds::standing(tx, &targets).await?;
    feeds::publish(tx, &publications, &standing).await?;
    Ok(pack::loaded(city, &changed))
}
