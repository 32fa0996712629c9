//! The buildings of this person's grids, with how far the month's round is.

use shared::{
    ipc::{BuildingRow, Buildings, DoorState, ListBuildings},
    register::EntryKind,
};

use super::state;
use crate::{
    core::Core,
    error::Result,
    store::entries::{self, Line},
};

/// By compound, then by number.
pub(crate) fn list(core: &Core, _args: ListBuildings) -> Result<Buildings> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let month = state::month(now, packs.utc_offset_minutes());
        let row = |line: Line| -> Result<BuildingRow> {
            let grid = packs.grid_name(&line.grid);
            let mut row = BuildingRow {
                id: line.id,
                compound: line.place,
                name: line.title,
                grid_name: grid.name,
                grid_name_en: grid.name_en,
                doors: 0,
                done: 0,
                not_home: 0,
            };
            for dwelling in entries::inside(db, line.id, EntryKind::Dwelling)? {
                row.doors += 1;
                match state::of(db, &dwelling, month)?.state {
                    DoorState::Done => row.done += 1,
                    DoorState::NotHome => row.not_home += 1,
                    DoorState::Due | DoorState::Attention | DoorState::Vacant => {}
                }
            }
            Ok(row)
        };
        let buildings = entries::all(db, EntryKind::Building)?;
        let buildings: Vec<BuildingRow> = buildings.into_iter().map(row).collect::<Result<_>>()?;
        Ok(Buildings {
            buildings,
            households: entries::count(db, EntryKind::Household)?,
            residents: entries::count(db, EntryKind::Resident)?,
            conflicts: entries::disputed(db)?,
        })
    })
}
