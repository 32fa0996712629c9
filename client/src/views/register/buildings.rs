//! The buildings of this person's grids, with how far the round is.

use std::collections::BTreeMap;

use shared::{
    EntryId,
    ipc::{BuildingRow, Buildings, DoorState, ListBuildings},
    register::EntryKind,
};

use super::duplicates;
use crate::{
    core::Core,
    error::Result,
    rounds::{Campaign, Rounds},
    store::{doors::Which, entries},
};

/// By compound, then by number.
pub(crate) fn list(core: &Core, _args: ListBuildings) -> Result<Buildings> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let mut rounds: BTreeMap<EntryId, [u32; 3]> = BTreeMap::new();
        let running = Campaign::running(core, db)?;
        for door in Rounds::of(core, db, Which::All, running)?.doors {
            let Some(building) = door.dwelling.building else {
                continue;
            };
            let [doors, done, not_home] = rounds.entry(building).or_default();
            *doors += 1;
            match door.state {
                DoorState::Done => *done += 1,
                DoorState::NotHome => *not_home += 1,
                DoorState::Due | DoorState::Attention | DoorState::Vacant => {}
            }
        }
        let buildings = entries::all(db, EntryKind::Building)?.into_iter();
        let buildings = buildings.map(|line| {
            let grid = packs.grid_name(&line.grid);
            let [doors, done, not_home] = rounds.remove(&line.id).unwrap_or_default();
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
        Ok(Buildings {
            buildings: buildings.collect(),
            households: entries::count(db, EntryKind::Household)?,
            residents: entries::count(db, EntryKind::Resident)?,
            places: entries::count(db, EntryKind::Place)?,
            conflicts: entries::disputed(db)?,
            duplicates: duplicates::count(db)?,
        })
    })
}
