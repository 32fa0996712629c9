//! What is behind one door: the dwelling, its households with their members, the last visits.

use rusqlite::Connection;
use shared::{
    ipc::{BuildingName, DoorView, GetDoor, HouseholdView, VisitView},
    register::{EntryKind, may_write},
};

use super::{entry, state};
use crate::{
    core::Core,
    error::Result,
    packs::Packs,
    register::door_name,
    store::{
        device,
        entries::{self, Line},
        visits,
    },
};

/// The last visits that are shown.
const VISITS_SHOWN: u32 = 12;

/// The door.
pub(crate) fn get(core: &Core, args: GetDoor) -> Result<DoorView> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let month = state::month(now, packs.utc_offset_minutes());
        let line = entries::get(db, args.dwelling)?;
        let state = state::of(db, &line, month)?.state;
        let building = building_name(db, &packs, &line)?;
        let name = building.as_ref().map(|it| it.name.as_str());
        let door = door_name(name.unwrap_or_default(), &line.unit, &line.title);
        let mut households: Vec<HouseholdView> =
            entries::inside(db, line.id, EntryKind::Household)?
                .into_iter()
                .map(|line| household(db, &packs, line))
                .collect::<Result<_>>()?;
        households.sort_by_key(|it| it.entry.gone);
        let visits = visits::at(db, line.id, VISITS_SHOWN)?;
        let author = device::get(db)?.author();
        Ok(DoorView {
            dwelling: entry::view(db, &packs, line)?,
            building,
            door,
            state,
            households,
            visits: visits.into_iter().map(|it| visit(&packs, it)).collect(),
            may_write: author.is_ok_and(|author| may_write(author.role)),
        })
    })
}

/// The building a dwelling is in.
pub(super) fn building_name(
    db: &Connection,
    packs: &Packs,
    dwelling: &Line,
) -> Result<Option<BuildingName>> {
    let Some(parent) = dwelling.parent else {
        return Ok(None);
    };
    let Some(line) = entries::find(db, parent)? else {
        return Ok(None);
    };
    let id = line.id;
    let view = entry::view(db, packs, line)?;
    let text = |field| entry::text(&view, field).unwrap_or_default().to_owned();
    Ok(Some(BuildingName {
        id,
        compound: text("compound"),
        name: text("name"),
    }))
}

fn household(db: &Connection, packs: &Packs, line: Line) -> Result<HouseholdView> {
    let mut members = entries::inside(db, line.id, EntryKind::Resident)?
        .into_iter()
        .map(|member| entry::view(db, packs, member))
        .collect::<Result<Vec<_>>>()?;
    members.sort_by_key(|it| it.gone);
    Ok(HouseholdView {
        entry: entry::view(db, packs, line)?,
        members,
    })
}

fn visit(packs: &Packs, line: visits::Line) -> VisitView {
    let (by, by_en) = packs.person(&line.staff);
    VisitView {
        id: line.id,
        at: line.at,
        by,
        by_en,
        outcome: line.outcome,
        note: line.note,
        unsent: line.unsent,
    }
}
