//! What a door asks for: by the visits of this month and by who lives behind it.

use rusqlite::Connection;
use shared::{
    EntryId, Timestamp,
    deadline::{day, midnight_utc},
    ipc::DoorState,
    register::EntryKind,
    visit::Met,
};

use crate::{
    error::Result,
    store::{
        entries::{self, Line},
        visits,
    },
};

/// How many visits a door's state looks at.
const VISITS: u32 = 20;

/// A door with what is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door {
    /// What it asks for.
    pub(super) state: DoorState,
    /// Who lives there.
    pub(super) residents: u32,
    /// Somebody there has a care tag.
    pub(super) care: bool,
}

/// When the month began, where local time is so many minutes ahead of UTC.
pub(super) fn month(now: Timestamp, utc_offset_minutes: i32) -> Timestamp {
    let today = day(utc_offset_minutes, now);
    let first = today.get(..7).map(|month| format!("{month}-01"));
    let first = first.and_then(|first| midnight_utc(&first));
    first.map_or(now, |first| {
        first.plus_ms(-i64::from(utc_offset_minutes) * 60_000)
    })
}

/// A dwelling's door, as it stands since `month` began.
pub(super) fn of(db: &Connection, dwelling: &Line, month: Timestamp) -> Result<Door> {
    let mut residents = 0_u32;
    let mut care = false;
    let mut conflicts = dwelling.conflicts;
    for household in entries::inside(db, dwelling.id, EntryKind::Household)? {
        conflicts += household.conflicts;
        for member in entries::inside(db, household.id, EntryKind::Resident)? {
            conflicts += member.conflicts;
            if !member.gone && !household.gone {
                residents += 1;
                care |= !member.tags.is_empty();
            }
        }
    }
    let state = if conflicts > 0 {
        DoorState::Attention
    } else {
        by_visits(db, dwelling.id, month)?.unwrap_or_else(|| {
            let vacant = dwelling.tags.iter().any(|it| it == "vacant");
            if vacant && residents == 0 {
                DoorState::Vacant
            } else {
                DoorState::Due
            }
        })
    };
    Ok(Door {
        state,
        residents,
        care,
    })
}

/// `None`: nobody was there this month.
fn by_visits(db: &Connection, door: EntryId, month: Timestamp) -> Result<Option<DoorState>> {
    let visits = visits::at(db, door, VISITS)?;
    let this_month: Vec<Met> = visits
        .iter()
        .filter(|it| it.at >= month)
        .map(|it| it.outcome)
        .collect();
    let last = this_month.first().copied();
    Ok(match last {
        None => None,
        Some(Met::Refused | Met::Moved) => Some(DoorState::Attention),
        Some(Met::Met | Met::Phone) => Some(DoorState::Done),
        Some(Met::NotHome) if this_month.iter().any(|it| it.is_done()) => Some(DoorState::Done),
        Some(Met::NotHome) => Some(DoorState::NotHome),
    })
}
