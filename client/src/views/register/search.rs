//! One box for people, doors and buildings.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    EntryId,
    ipc::{RegisterHit, SearchRegister},
    register::EntryKind,
};

use super::{door::building_name, entry};
use crate::{
    core::Core,
    error::Result,
    packs::Packs,
    register::{beginning, door_name},
    store::entries::{self, Line},
};

/// How many are shown.
const SHOWN: usize = 30;

/// Keys that are read: one entry may be found by several.
const READ: u32 = 120;

/// What was found, by its keys.
pub(crate) fn find(core: &Core, args: SearchRegister) -> Result<Vec<RegisterHit>> {
    let query = beginning(&args.text);
    if query.is_empty() {
        return Ok(Vec::new());
    }
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let mut seen = BTreeSet::new();
        let mut hits = Vec::new();
        for line in found(db, &query)? {
            if hits.len() == SHOWN {
                break;
            }
            if seen.insert(line.id) {
                hits.extend(hit(db, &packs, line, &query)?);
            }
        }
        Ok(hits)
    })
}

/// By what a key begins with; a longer piece of an address by its first two characters.
fn found(db: &Connection, query: &str) -> Result<Vec<Line>> {
    let mut lines = entries::found_by(db, query, READ)?;
    let first_two: String = query.chars().take(2).collect();
    if first_two.len() < query.len() {
        let more = entries::found_by(db, &first_two, READ)?;
        let of_an_address =
            |line: &Line| matches!(line.kind, EntryKind::Building | EntryKind::Place);
        lines.extend(more.into_iter().filter(of_an_address));
    }
    Ok(lines)
}

fn hit(db: &Connection, packs: &Packs, line: Line, query: &str) -> Result<Option<RegisterHit>> {
    let mut hit = RegisterHit {
        id: line.id,
        kind: line.kind,
        title: line.title.clone(),
        place: String::new(),
        door: None,
        building: None,
        gone: line.gone,
    };
    let dwelling = match line.kind {
        EntryKind::Building | EntryKind::Place => {
            let view = entry::view(db, packs, line)?;
            let text = |field| entry::text(&view, field).unwrap_or_default().to_owned();
            let address = ["compound", "name", "address"].map(text).concat();
            if query.chars().count() > 2 && !beginning(&address).contains(query) {
                let by_name = entries::found_by(db, query, READ)?;
                if by_name.iter().all(|it| it.id != view.id) {
                    return Ok(None);
                }
            }
            hit.title = [text("compound"), text("name")].concat();
            hit.place = text("address");
            hit.building = match view.kind {
                EntryKind::Building => Some(view.id),
                _ => entry::link(&view, "building"),
            };
            return Ok(Some(hit));
        }
        EntryKind::Dwelling => Some(line),
        EntryKind::Household => above(db, line.parent)?,
        EntryKind::Resident => {
            let household = above(db, line.parent)?;
            above(db, household.and_then(|it| it.parent))?
        }
    };
    if let Some(dwelling) = dwelling {
        let building = building_name(db, packs, &dwelling)?;
        let compound = building.as_ref().map(|it| it.compound.clone());
        let name = building.as_ref().map(|it| it.name.as_str());
        let door = door_name(name.unwrap_or_default(), &dwelling.unit, &dwelling.title);
        if hit.kind == EntryKind::Dwelling {
            hit.title.clone_from(&door);
        }
        hit.place = [compound.unwrap_or_default(), door].join(" ");
        hit.building = building.map(|it| it.id);
        hit.door = Some(dwelling.id);
    }
    Ok(Some(hit))
}

fn above(db: &Connection, id: Option<EntryId>) -> Result<Option<Line>> {
    match id {
        Some(id) => entries::find(db, id),
        None => Ok(None),
    }
}
