//! One building as a matrix: unit by unit, floor by floor from the top, door by door.

use shared::{
    ipc::{BuildingView, DoorCell, FloorView, GetBuilding, UnitView},
    register::may_write,
};

use super::{address, entry};
use crate::{
    core::Core,
    error::Result,
    number,
    rounds::{Campaign, Rounds},
    store::{device, doors::Which, entries},
};

/// The building.
pub(crate) fn get(core: &Core, args: GetBuilding) -> Result<BuildingView> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let author = device::get(db)?.author();
        let building = entries::get(db, args.building)?;
        let rounds = Rounds::of(
            core,
            db,
            Which::Of(Some(args.building)),
            Campaign::running(core, db)?,
        )?;
        let mut units: Vec<UnitView> = Vec::new();
        // They come in the order of unit, floor, room.
        for door in rounds.doors {
            let cell = DoorCell {
                id: door.dwelling.id,
                state: door.state,
                residents: number::count(door.residents.len()),
                care: door.care(),
                room: door.dwelling.room,
            };
            let dwelling = (door.dwelling.unit, door.dwelling.floor);
            if units.last().is_none_or(|unit| unit.name != dwelling.0) {
                units.push(UnitView {
                    name: dwelling.0,
                    floors: Vec::new(),
                });
            }
            let Some(unit) = units.last_mut() else {
                continue;
            };
            match unit.floors.last_mut() {
                Some(floor) if floor.number == dwelling.1 => floor.doors.push(cell),
                Some(_) | None => unit.floors.push(FloorView {
                    number: dwelling.1,
                    doors: vec![cell],
                }),
            }
        }
        for unit in &mut units {
            unit.floors.reverse();
        }
        Ok(BuildingView {
            address: address::line(db, &packs, &building)?,
            entry: entry::view(db, &packs, building)?,
            units,
            may_write: author.is_ok_and(|author| may_write(author.role)),
        })
    })
}
