//! What is behind one door: the dwelling, its households with their members, the last visits.

use rusqlite::Connection;
use shared::{
    DocRef,
    ipc::{BuildingName, DoorView, GetDoor, HouseholdView, VisitView},
    register::{EntryKind, may_write},
};

use super::{address, entry};
use crate::{
    core::Core,
    error::{Error, Result},
    filling::known,
    packs::Packs,
    rounds::{Campaign, Rounds},
    store::{
        device,
        doors::Which,
        entries::{self, Line},
        visits,
    },
    views::{forms, records::last_time, rounds::asked},
};

/// The last visits that are shown.
const VISITS_SHOWN: u32 = 12;

/// The door.
pub(crate) fn get(core: &Core, args: GetDoor) -> Result<DoorView> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let line = entries::get(db, args.dwelling)?;
        let running = Campaign::running(core, db)?;
        let rounds = Rounds::of(core, db, Which::One(line.id), running)?;
        let here = rounds.doors.first().ok_or(Error::NotFound)?;
        let latest = forms::latest(core, db)?;
        let form = |id: &str| latest.get(id).map(|about| about.version.doc);
        let (state, reasons) = (here.state, here.reasons.clone());
        let last = |id: &str, subject: &DocRef| {
            let again = known::again(db, &latest, id, subject)?;
            Ok(again.map(|it| last_time(&packs, &it.last)))
        };
        let asked = asked(&rounds, here, form, last)?;
        let call_first = here.call_first;
        let building = building_name(db, &line)?;
        let door = line.place.clone();
        let mut households: Vec<HouseholdView> =
            entries::inside(db, line.id, EntryKind::Household)?
                .into_iter()
                .map(|line| household(db, &packs, line))
                .collect::<Result<_>>()?;
        households.sort_by_key(|it| it.entry.gone);
        let visits = visits::at(db, line.id, VISITS_SHOWN)?;
        let author = device::get(db)?.author();
        Ok(DoorView {
            address: address::line(db, &packs, &line)?,
            dwelling: entry::view(db, &packs, line)?,
            building,
            door,
            state,
            reasons,
            asked,
            quiet: packs.visiting.quiet_at(rounds.minute),
            call_first,
            households,
            visits: visits.into_iter().map(|it| visit(&packs, it)).collect(),
            may_write: author.is_ok_and(|author| may_write(author.role)),
        })
    })
}

/// The building that a dwelling or a place is in.
pub(super) fn building_name(db: &Connection, it: &Line) -> Result<Option<BuildingName>> {
    let building = match it.parent {
        Some(parent) => entries::find(db, parent)?,
        None => None,
    };
    Ok(building.map(|line| BuildingName {
        id: line.id,
        compound: line.place,
        name: line.title,
    }))
}

fn household(db: &Connection, packs: &Packs, line: Line) -> Result<HouseholdView> {
    let members = entries::inside(db, line.id, EntryKind::Resident)?;
    let heads = members.iter().filter(|it| it.is_head && !it.gone);
    let heads = heads.map(|it| it.id).collect();
    let mut members = members
        .into_iter()
        .map(|member| entry::view(db, packs, member))
        .collect::<Result<Vec<_>>>()?;
    members.sort_by_key(|it| it.gone);
    Ok(HouseholdView {
        entry: entry::view(db, packs, line)?,
        members,
        heads,
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
