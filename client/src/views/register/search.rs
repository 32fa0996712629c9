//! One box for people, doors and buildings.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    ipc::{HITS_MAX, RegisterHit, SearchRegister},
    register::EntryKind,
};

use crate::{
    core::Core,
    error::Result,
    register,
    store::entries::{self, DoorOf, Line},
};

/// Keys that are read: one entry may be found by several.
const READ: u32 = 40;

/// What was found, by its keys.
pub(crate) fn find(core: &Core, args: SearchRegister) -> Result<Vec<RegisterHit>> {
    core.store.read(|db| {
        let mut seen = BTreeSet::new();
        let mut hits = Vec::new();
        for query in register::queries(&args.text) {
            if hits.len() == HITS_MAX {
                break;
            }
            entries::found_by(db, &query, READ, |line| {
                // Who goes on as somebody else is found as that one.
                let line = match line.survivor {
                    Some(survivor) => entries::get(db, survivor)?,
                    None => line,
                };
                if seen.insert(line.id) {
                    hits.push(hit(db, line)?);
                }
                Ok(hits.len() < HITS_MAX)
            })?;
        }
        Ok(hits)
    })
}

pub(super) fn hit(db: &Connection, line: Line) -> Result<RegisterHit> {
    let mut hit = RegisterHit {
        id: line.id,
        kind: line.kind,
        title: line.title.clone(),
        place: String::new(),
        door: None,
        building: None,
        gone: line.gone,
    };
    let door = match line.kind {
        EntryKind::Building => {
            hit.title = format!("{} {}", line.place, line.title);
            hit.building = Some(line.id);
            None
        }
        EntryKind::Place => {
            hit.building = line.parent;
            None
        }
        // It is found by nothing.
        EntryKind::Campaign | EntryKind::Management => None,
        EntryKind::Dwelling => Some(DoorOf::Dwelling(line.id)),
        EntryKind::Household => line.parent.map(DoorOf::Dwelling),
        EntryKind::Resident => line.parent.map(DoorOf::Household),
    };
    if let Some(door) = door.map(|of| entries::door(db, of)).transpose()?.flatten() {
        if hit.kind == EntryKind::Dwelling {
            hit.title.clone_from(&door.place);
        }
        hit.place = [door.compound.unwrap_or_default(), door.place].join(" ");
        hit.building = door.building;
        hit.door = Some(door.dwelling);
    }
    Ok(hit)
}
