//! Today's round: every door that asks for a visit, once, building by building; as many as a person
//! reads.

use std::collections::HashMap;

use rusqlite::Connection;
use shared::{
    EntryId, Position,
    geo::distance_m,
    ipc::{DoorState, GetRound, ROUND_DOORS_MAX, Round, RoundBuilding, RoundDoor},
};

use crate::{
    core::Core,
    error::Result,
    number,
    rounds::{All, Campaign, Door, Rounds, Tally},
    store::doors::Which,
};

/// The round.
pub(crate) fn get(core: &Core, args: GetRound) -> Result<Round> {
    let limit = args.doors.min(ROUND_DOORS_MAX) as usize;
    core.store.read(|db| {
        let (mut round, due, revisit) = core.counted.look(core, db, |all| {
            let order = Order::of(all, args.near);
            (
                figures(all, args.near.is_some()),
                order.first(limit, |it| &it.due),
                order.first(limit, |it| &it.not_home),
            )
        })?;
        let running = Campaign::running(core, db)?;
        let (due, minute) = with_doors(core, db, &running, due, DoorState::Due)?;
        let (revisit, _) = with_doors(core, db, &running, revisit, DoorState::NotHome)?;
        round.quiet = core.packs(db)?.visiting.quiet_at(minute);
        round.due = due;
        round.revisit = revisit;
        Ok(round)
    })
}

fn figures(all: &All, by_distance: bool) -> Round {
    let asks = |it: &&Tally| !it.due.is_empty() || !it.not_home.is_empty();
    let lists = |it: &Tally| usize::from(!it.due.is_empty()) + usize::from(!it.not_home.is_empty());
    let unplaced = all
        .tallies()
        .filter(asks)
        .filter(|it| it.position.is_none());
    Round {
        quiet: None,
        due: Vec::new(),
        due_total: all.sum(|it| number::count(it.due.len())),
        revisit: Vec::new(),
        revisit_total: all.sum(|it| number::count(it.not_home.len())),
        counting: all.is_counting(),
        soon: all.sum(|it| it.soon),
        refused: all.sum(|it| it.refused),
        met_today: all.sum(|it| it.met_today),
        by_distance,
        without_position: if by_distance {
            number::count(unplaced.map(lists).sum())
        } else {
            0
        },
    }
}

/// Buildings in the order in which they are walked: as lists have them, or the near ones first.
struct Order<'a>(Vec<(Option<u32>, &'a Tally)>);

impl<'a> Order<'a> {
    fn of(all: &'a All, near: Option<Position>) -> Self {
        let far = |it: &Tally| Some(metres(near?, it.position?));
        let mut order: Vec<_> = all.tallies().map(|it| (far(it), it)).collect();
        if near.is_some() {
            // Those whose place nobody knows come last, in their order.
            order.sort_by_key(|(far, _)| far.unwrap_or(u32::MAX));
        }
        Self(order)
    }

    /// So many doors of a list, under their buildings. Those in no building that is known are together.
    fn first(
        &self,
        limit: usize,
        list: fn(&Tally) -> &Vec<EntryId>,
    ) -> Vec<(RoundBuilding, Vec<EntryId>)> {
        let mut found: Vec<(RoundBuilding, Vec<EntryId>)> = Vec::new();
        let mut left = limit;
        for (distance_m, tally) in &self.0 {
            let doors = list(tally).iter().take(left).copied();
            let doors: Vec<EntryId> = doors.collect();
            if doors.is_empty() {
                continue;
            }
            left -= doors.len();
            let line = tally.line.as_ref();
            let id = line.map(|it| it.id);
            match found.last_mut() {
                Some((before, its_doors)) if before.building.is_none() && id.is_none() => {
                    its_doors.extend(doors);
                    continue;
                }
                Some(_) | None => {}
            }
            let building = RoundBuilding {
                building: id,
                compound: line.map(|it| it.place.clone()).unwrap_or_default(),
                name: line.map(|it| it.title.clone()).unwrap_or_default(),
                distance_m: *distance_m,
                doors: Vec::new(),
            };
            found.push((building, doors));
        }
        found
    }
}

/// The same with what is known of each door, and the minute of the day. A door that asks for something else by
/// now is left out.
fn with_doors(
    core: &Core,
    db: &Connection,
    running: &[Campaign],
    found: Vec<(RoundBuilding, Vec<EntryId>)>,
    state: DoorState,
) -> Result<(Vec<RoundBuilding>, u16)> {
    let which = found
        .iter()
        .flat_map(|(_, doors)| doors.iter().copied().map(Which::One));
    let rounds = Rounds::each(core, db, which, running.to_vec())?;
    let doors = rounds.doors.iter().filter(|it| it.state == state);
    let mut doors: HashMap<EntryId, &Door> = doors.map(|it| (it.dwelling.id, it)).collect();
    let buildings = found.into_iter().map(|(building, ids)| {
        let doors = ids.iter().filter_map(|id| doors.remove(id)).map(row);
        RoundBuilding {
            doors: doors.collect(),
            ..building
        }
    });
    let buildings: Vec<RoundBuilding> = buildings.filter(|it| !it.doors.is_empty()).collect();
    Ok((buildings, rounds.minute))
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

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no two places on earth are 2^32 metres apart, and none less than none"
)]
fn metres(from: Position, to: Position) -> u32 {
    distance_m(from, to).round() as u32
}
