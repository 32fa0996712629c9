//! The buildings of this person's grids, page by page, with how far the round is.

use shared::{
    ipc::{BUILDINGS_MAX, BuildingRow, Buildings, ListBuildings},
    register::EntryKind,
};

use super::duplicates;
use crate::{
    core::Core,
    error::Result,
    number,
    store::{entries, there},
};

/// By compound, then by number.
pub(crate) fn list(core: &Core, args: ListBuildings) -> Result<Buildings> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let window = (args.offset, args.limit.min(BUILDINGS_MAX));
        let lines = entries::page(db, EntryKind::Building, window)?;
        let (buildings, counting) = core.counted.look(core, db, |all| {
            let rows = lines.into_iter().map(|line| {
                let grid = packs.grid_name(&line.grid);
                let tally = all.tally(Some(line.id));
                let [doors, done, not_home] = tally.map_or([0; 3], |it| {
                    [it.doors, it.done, number::count(it.not_home.len())]
                });
                BuildingRow {
                    id: line.id,
                    compound: line.place,
                    name: line.title,
                    grid_name: grid.name,
                    grid_name_en: grid.name_en,
                    doors,
                    done,
                    not_home,
                }
            });
            (rows.collect(), all.is_counting())
        })?;
        Ok(Buildings {
            buildings,
            total: entries::how_many(db, EntryKind::Building)?,
            counting,
            households: there::count(db, EntryKind::Household)?,
            residents: there::count(db, EntryKind::Resident)?,
            places: there::count(db, EntryKind::Place)?,
            conflicts: entries::disputed(db)?,
            duplicates: duplicates::count(db)?,
        })
    })
}
