//! What the doors of one building ask for, in numbers, and which they are.

use rusqlite::Connection;
use shared::{
    EntryId, GridCode, Position, Timestamp,
    deadline::day,
    ipc::DoorState,
    register::{EntryKind, FieldValue, schema},
};

use super::{Campaign, Door, Rounds};
use crate::{
    core::Core,
    error::Result,
    register,
    store::{
        doors::Which,
        entries::{self, Line},
        touched::Building,
    },
};

/// Doors that become due within so many days are told of.
const SOON_DAYS: i64 = 7;

/// What the doors of one building ask for.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// The building, if it is on this device.
    pub(crate) line: Option<Line>,
    /// Where it is, if somebody said so.
    pub(crate) position: Option<Position>,
    /// How many doors it has.
    pub(crate) doors: u32,
    /// Those that are due, in their order.
    pub(crate) due: Vec<EntryId>,
    /// 未遇, in their order.
    pub(crate) not_home: Vec<EntryId>,
    /// Where nothing is due.
    pub(crate) done: u32,
    /// Of those, which become due within a week.
    pub(crate) soon: u32,
    /// Left alone because somebody refused.
    pub(crate) refused: u32,
    /// Where somebody was met today.
    pub(crate) met_today: u32,
    /// How far campaigns are.
    pub(crate) shares: Vec<Share>,
}

/// How far a campaign is in a building, of one grid.
#[derive(Debug)]
pub(crate) struct Share {
    /// Which campaign.
    pub(crate) campaign: EntryId,
    /// Which grid.
    pub(crate) grid: GridCode,
    /// Who is meant.
    pub(crate) meant: u32,
    /// Of whom there is a record that counts.
    pub(crate) recorded: u32,
    /// Doors with somebody who is missing, in their order, and how many are behind each.
    pub(crate) missing: Vec<(EntryId, u32)>,
}

impl Tally {
    /// Counts.
    pub(super) fn of(
        core: &Core,
        db: &Connection,
        building: Building,
        campaigns: &[Campaign],
    ) -> Result<Self> {
        let (now, offset) = (core.clock.now(), core.packs(db)?.utc_offset_minutes());
        let on = |at: Timestamp| day(offset, at);
        let [today, soon] = [now, now.plus_days(SOON_DAYS)].map(on);
        let rounds = Rounds::of(core, db, Which::Of(building), campaigns.to_vec())?;
        let line = building.map(|id| entries::find(db, id)).transpose()?;
        let line = line.flatten().filter(|it| it.kind == EntryKind::Building);
        let mut tally = Self {
            position: match &line {
                Some(line) => position(db, line.id)?,
                None => None,
            },
            line,
            ..Self::default()
        };
        for door in &rounds.doors {
            tally.doors += 1;
            match door.state {
                DoorState::Due => tally.due.push(door.dwelling.id),
                DoorState::NotHome => tally.not_home.push(door.dwelling.id),
                DoorState::Done => {
                    tally.done += 1;
                    tally.soon += u32::from(on(door.due_at) <= soon);
                }
                DoorState::Attention => tally.refused += u32::from(door.is_refused()),
                DoorState::Vacant => {}
            }
            tally.met_today += u32::from(door.visits.met.is_some_and(|met| on(met) == today));
            tally.share(door, campaigns);
        }
        Ok(tally)
    }

    fn share(&mut self, door: &Door, campaigns: &[Campaign]) {
        for meant in &door.meant {
            let Some(campaign) = campaigns.get(meant.campaign).map(|it| it.id) else {
                continue;
            };
            let grid = &door.dwelling.grid;
            let is_it = |it: &Share| it.campaign == campaign && it.grid == *grid;
            let at = self.shares.iter().position(is_it);
            let at = at.unwrap_or_else(|| {
                self.shares.push(Share {
                    campaign,
                    grid: grid.clone(),
                    meant: 0,
                    recorded: 0,
                    missing: Vec::new(),
                });
                self.shares.len() - 1
            });
            let Some(share) = self.shares.get_mut(at) else {
                continue;
            };
            share.meant += 1;
            if meant.standing.is_done() {
                share.recorded += 1;
                continue;
            }
            match share.missing.last_mut() {
                Some((last, count)) if *last == door.dwelling.id => *count += 1,
                Some(_) | None => share.missing.push((door.dwelling.id, 1)),
            }
        }
    }

    /// How far a campaign is here.
    pub(crate) fn shares_of(&self, campaign: EntryId) -> impl Iterator<Item = &Share> {
        let shares = self.shares.iter();
        shares.filter(move |it| it.campaign == campaign)
    }
}

fn position(db: &Connection, building: EntryId) -> Result<Option<Position>> {
    let (entry, _) = register::stands_of(db, EntryKind::Building, building)?;
    Ok(match entry.stands().value(schema::POSITION) {
        Some(FieldValue::Point(position)) => Some(*position),
        _ => None,
    })
}
