//! One building as a matrix: unit by unit, floor by floor from the top, door by door.

use shared::{
    ipc::{BuildingView, DoorCell, FloorView, GetBuilding, UnitView},
    register::EntryKind,
};

use super::{entry, state};
use crate::{core::Core, error::Result, store::entries};

/// The building.
pub(crate) fn get(core: &Core, args: GetBuilding) -> Result<BuildingView> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let month = state::month(now, packs.utc_offset_minutes());
        let building = entries::get(db, args.building)?;
        let mut units: Vec<UnitView> = Vec::new();
        // They come in the order of unit, floor, room.
        for dwelling in entries::inside(db, args.building, EntryKind::Dwelling)? {
            let door = state::of(db, &dwelling, month)?;
            let cell = DoorCell {
                id: dwelling.id,
                room: dwelling.title,
                state: door.state,
                residents: door.residents,
                care: door.care,
            };
            if units.last().is_none_or(|unit| unit.name != dwelling.unit) {
                units.push(UnitView {
                    name: dwelling.unit,
                    floors: Vec::new(),
                });
            }
            let Some(unit) = units.last_mut() else {
                continue;
            };
            match unit.floors.last_mut() {
                Some(floor) if floor.number == dwelling.floor => floor.doors.push(cell),
                Some(_) | None => unit.floors.push(FloorView {
                    number: dwelling.floor,
                    doors: vec![cell],
                }),
            }
        }
        for unit in &mut units {
            unit.floors.reverse();
        }
        Ok(BuildingView {
            entry: entry::view(db, &packs, building)?,
            units,
        })
    })
}
