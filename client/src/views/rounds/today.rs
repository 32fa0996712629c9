//! Today's round: every door that asks for a visit, once, building by building.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    EntryId, Position, Timestamp,
    geo::distance_m,
    ipc::{DoorState, GetRound, Round, RoundBuilding, RoundDoor},
    register::{EntryKind, FieldValue, schema},
};

use crate::{
    core::Core,
    error::Result,
    number, register,
    rounds::{Campaign, Door, Rounds},
    store::{
        doors::Which,
        entries::{self, Line},
    },
    views::midnight,
};

/// Doors that become due within so many days are told of.
const SOON_DAYS: i64 = 7;

/// The round.
pub(crate) fn get(core: &Core, args: GetRound) -> Result<Round> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let rounds = Rounds::of(core, db, Which::All, Campaign::running(core, db)?)?;
        let figures = figures(&rounds, now, midnight(now, packs.utc_offset_minutes()));
        let of = |state: DoorState| {
            let doors = rounds.doors.iter().filter(|it| it.state == state);
            doors.collect::<Vec<_>>()
        };
        let mut buildings: BTreeMap<EntryId, Line> = BTreeMap::new();
        for line in entries::all(db, EntryKind::Building)? {
            buildings.insert(line.id, line);
        }
        let due = by_building(db, &buildings, &of(DoorState::Due), args.near)?;
        let revisit = by_building(db, &buildings, &of(DoorState::NotHome), args.near)?;
        let places = due.iter().chain(&revisit);
        let unplaced = places.filter(|it| it.distance_m.is_none()).count();
        Ok(Round {
            quiet: packs.visiting.quiet_at(rounds.minute),
            by_distance: args.near.is_some(),
            without_position: match args.near {
                Some(_) => number::count(unplaced),
                None => 0,
            },
            due,
            revisit,
            ..figures
        })
    })
}

fn figures(rounds: &Rounds, now: Timestamp, midnight: Timestamp) -> Round {
    let mut round = Round {
        quiet: None,
        due: Vec::new(),
        revisit: Vec::new(),
        soon: 0,
        refused: 0,
        met_today: 0,
        by_distance: false,
        without_position: 0,
    };
    for door in &rounds.doors {
        match door.state {
            DoorState::Done if door.due_at <= now.plus_days(SOON_DAYS) => round.soon += 1,
            DoorState::Attention if door.is_refused() => round.refused += 1,
            _ => {}
        }
        if door.visits.met.is_some_and(|met| met >= midnight) {
            round.met_today += 1;
        }
    }
    round
}

/// Doors under their buildings: in order, or the near ones first.
fn by_building(
    db: &Connection,
    buildings: &BTreeMap<EntryId, Line>,
    doors: &[&Door],
    near: Option<Position>,
) -> Result<Vec<RoundBuilding>> {
    let mut found: BTreeMap<(String, Option<EntryId>), RoundBuilding> = BTreeMap::new();
    for door in doors {
        let line = door.dwelling.building.and_then(|id| buildings.get(&id));
        let sort = line.map_or_else(String::new, |it| it.sort.clone());
        let key = (sort, line.map(|it| it.id));
        let building = found.entry(key).or_insert_with(|| RoundBuilding {
            building: line.map(|it| it.id),
            compound: line.map(|it| it.place.clone()).unwrap_or_default(),
            name: line.map(|it| it.title.clone()).unwrap_or_default(),
            distance_m: None,
            doors: Vec::new(),
        });
        building.doors.push(row(door));
    }
    let mut found: Vec<RoundBuilding> = found.into_values().collect();
    if let Some(near) = near {
        for building in &mut found {
            let place = match building.building {
                Some(id) => position(db, id)?,
                None => None,
            };
            building.distance_m = place.map(|place| metres(near, place));
        }
        // Those whose place nobody knows come last, in their order.
        found.sort_by_key(|it| it.distance_m.unwrap_or(u32::MAX));
    }
    Ok(found)
}

fn row(door: &Door) -> RoundDoor {
    RoundDoor {
        dwelling: door.dwelling.id,
        door: door.dwelling.door.clone(),
        residents: number::count(door.residents.len()),
        call_first: door.call_first,
        care: door.care(),
        reasons: door.reasons.clone(),
        not_home_at: door.visits.nobody_opens(),
    }
}

fn position(db: &Connection, building: EntryId) -> Result<Option<Position>> {
    let (entry, _) = register::stands_of(db, EntryKind::Building, building)?;
    Ok(match entry.stands().value(schema::POSITION) {
        Some(FieldValue::Point(position)) => Some(*position),
        _ => None,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no two places on earth are 2^32 metres apart, and none less than none"
)]
fn metres(from: Position, to: Position) -> u32 {
    distance_m(from, to).round() as u32
}
