//! One box for people, doors and buildings.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    EntryId,
    ipc::{RegisterHit, SearchRegister},
    register::EntryKind,
};

use crate::{
    core::Core,
    error::Result,
    register::{self, beginning},
    store::entries::{self, Line},
};

/// How many are shown.
const SHOWN: usize = 30;

/// Keys that are read: one entry may be found by several.
const READ: u32 = 60;

/// Keys of the first two characters that are read for a longer piece of an address.
const ADDRESSES_READ: u32 = 400;

/// What was found, by its keys.
pub(crate) fn find(core: &Core, args: SearchRegister) -> Result<Vec<RegisterHit>> {
    let query = beginning(&args.text);
    if query.is_empty() {
        return Ok(Vec::new());
    }
    core.store.read(|db| {
        let mut seen = BTreeSet::new();
        let mut hits = Vec::new();
        for line in entries::found_by(db, &query, READ)? {
            // Who goes on as somebody else is found as that one.
            let line = match line.survivor {
                Some(survivor) => entries::get(db, survivor)?,
                None => line,
            };
            if hits.len() < SHOWN && seen.insert(line.id) {
                hits.push(hit(db, line)?);
            }
        }
        for line in addresses(db, &query)? {
            if hits.len() < SHOWN && seen.insert(line.id) && has(db, &line, &query)? {
                hits.push(hit(db, line)?);
            }
        }
        Ok(hits)
    })
}

/// What may have a longer piece in its address: it has the first two characters in it.
fn addresses(db: &Connection, query: &str) -> Result<Vec<Line>> {
    let first_two: String = query.chars().take(2).collect();
    if first_two.len() == query.len() {
        return Ok(Vec::new());
    }
    let mut lines = entries::found_by(db, &first_two, ADDRESSES_READ)?;
    lines.retain(|line| matches!(line.kind, EntryKind::Building | EntryKind::Place));
    Ok(lines)
}

fn has(db: &Connection, line: &Line, query: &str) -> Result<bool> {
    let (entry, _) = register::stands_of(db, line.kind, line.id)?;
    let stands = entry.stands();
    let address = ["compound", "name", "address"]
        .map(|field| stands.text(field).unwrap_or_default())
        .concat();
    Ok(beginning(&address).contains(query))
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
    let dwelling = match line.kind {
        EntryKind::Building => {
            hit.title = format!("{} {}", line.place, line.title);
            hit.building = Some(line.id);
            None
        }
        EntryKind::Place => {
            hit.building = line.parent;
            None
        }
        EntryKind::Dwelling => Some(line),
        // It is found by nothing.
        EntryKind::Campaign => None,
        EntryKind::Household => above(db, line.parent)?,
        EntryKind::Resident => {
            let household = above(db, line.parent)?;
            above(db, household.and_then(|it| it.parent))?
        }
    };
    if let Some(dwelling) = dwelling {
        let compound = above(db, dwelling.parent)?.map(|it| it.place);
        if hit.kind == EntryKind::Dwelling {
            hit.title.clone_from(&dwelling.place);
        }
        hit.place = [compound.unwrap_or_default(), dwelling.place].join(" ");
        hit.building = dwelling.parent;
        hit.door = Some(dwelling.id);
    }
    Ok(hit)
}

fn above(db: &Connection, id: Option<EntryId>) -> Result<Option<Line>> {
    match id {
        Some(id) => entries::find(db, id),
        None => Ok(None),
    }
}
