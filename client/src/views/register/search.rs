//! One box for people, doors and buildings, and for a case whose number somebody has in their hands.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    ipc::{CASE_HITS_MAX, CaseHit, HITS_MAX, RegisterHit, RegisterHits, SearchRegister},
    register::EntryKind,
};

use crate::{
    core::Core,
    error::Result,
    packs::Packs,
    register,
    store::{
        case_numbers, cases,
        entries::{self, DoorOf, Line},
    },
    views::rows::row,
};

/// Keys that are read: one entry may be found by several.
const READ: u32 = 40;

/// A number of a case that is shorter begins too many: all of a city begin alike.
const NUMBER_MIN: usize = 5;

/// Numbers of cases that are read: one case may have several.
const NUMBERS_READ: u32 = 20;

/// What was found, by its keys.
pub(crate) fn find(core: &Core, args: SearchRegister) -> Result<RegisterHits> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
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
        Ok(RegisterHits {
            cases: by_number(db, &packs, &args.text)?,
            entries: hits,
        })
    })
}

/// Cases whose number begins so, each once.
fn by_number(db: &Connection, packs: &Packs, typed: &str) -> Result<Vec<CaseHit>> {
    let number = register::number(typed);
    if number.chars().count() < NUMBER_MIN {
        return Ok(Vec::new());
    }
    let mut seen = BTreeSet::new();
    let mut found = case_numbers::beginning(db, &number, NUMBERS_READ)?;
    found.retain(|it| seen.insert(it.id));
    let hits = found.into_iter().take(CASE_HITS_MAX).map(|it| {
        let case = row(db, packs, cases::get(db, it.id)?)?;
        let own = case.case_no.clone();
        let own = own.filter(|own| register::number(own) == it.number);
        Ok(CaseHit {
            number: own.unwrap_or_else(|| it.number.to_uppercase()),
            case,
        })
    });
    hits.collect()
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
            let building = line.parent.map(|it| entries::find(db, it)).transpose()?;
            let building = building
                .flatten()
                .map(|it| format!("{} {}", it.place, it.title));
            let place = [building.unwrap_or_default(), line.place].into_iter();
            let place: Vec<String> = place.filter(|it| !it.is_empty()).collect();
            hit.place = place.join(" · ");
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
