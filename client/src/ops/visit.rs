//! 走访: somebody was at a door. 无变化 is a visit, too, and says of everything behind the door that
//! it is as it stands.

use fault::Bug;
use rusqlite::Transaction;
use shared::{
    Action, DocRef, EntryId, Extra, FieldName, Kind, Scope, VisitId,
    ipc::{ConfirmDoor, ConfirmEntry, Saved, VisitDoor},
    op::TEXT_MAX,
    register::{Confirming, EntryKind},
    visit::{Met, Visiting},
};

use super::{
    enter::{self, touched},
    queue,
};
use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    register,
    store::{entries, records, visits},
    views::midnight,
};

/// Notes a visit.
pub(crate) fn visit(core: &Core, args: VisitDoor) -> Result<Saved> {
    if args.note.chars().count() > TEXT_MAX {
        return Err(Error::TextTooLong);
    }
    core.store
        .write(|tx| note(core, tx, args.dwelling, args.outcome, args.note))?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// Notes a visit where nothing had changed: one operation for each that was confirmed, in one
/// transaction.
pub(crate) fn confirm(core: &Core, args: ConfirmDoor) -> Result<Saved> {
    let met = |tx: &Transaction<'_>| note(core, tx, args.dwelling, Met::Met, String::new());
    if fault::planted(Bug::DoorInPieces) {
        core.store.write(met)?;
    }
    core.store.write(|tx| {
        if !fault::planted(Bug::DoorInPieces) {
            met(tx)?;
        }
        one(core, tx, EntryKind::Dwelling, args.dwelling)?;
        for household in entries::inside(tx, args.dwelling, EntryKind::Household)? {
            if household.gone {
                continue;
            }
            one(core, tx, EntryKind::Household, household.id)?;
            let members = entries::inside(tx, household.id, EntryKind::Resident)?;
            for member in members.into_iter().filter(|it| !it.gone) {
                one(core, tx, EntryKind::Resident, member.id)?;
            }
        }
        Ok(())
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// Says of one entry that it was found to be as it stands. Nobody was visited.
pub(crate) fn confirm_entry(core: &Core, args: ConfirmEntry) -> Result<Saved> {
    enter::in_lists(args.kind)?;
    core.store
        .write(|tx| one(core, tx, args.kind, args.entry))?;
    core.announce_work(touched());
    Ok(Saved {})
}

fn note(
    core: &Core,
    tx: &Transaction<'_>,
    dwelling: EntryId,
    outcome: Met,
    note: String,
) -> Result<()> {
    let grid = entries::get(tx, dwelling)?.grid;
    // What was filled in here today belongs to this visit, unless one before had it already.
    let today = midnight(core.clock.now(), core.packs(tx)?.utc_offset_minutes());
    let last = visits::at(tx, dwelling, 1)?.first().map(|it| it.at);
    let since = last.map_or(today, |last| last.max(today));
    let visiting = Visiting {
        at: DocRef::entry(EntryKind::Dwelling, dwelling),
        grid: grid.clone(),
        outcome,
        note,
        records: records::behind(tx, dwelling, since)?,
        extra: Extra::default(),
    };
    let visit = DocRef {
        kind: Kind::visit(),
        id: VisitId::new(core.clock.now(), random()?).0,
    };
    let action = Action::Visit(Box::new(visiting));
    queue::add(core, tx, visit, 0, Scope::grid(&grid), action)
}

fn one(core: &Core, tx: &Transaction<'_>, kind: EntryKind, id: EntryId) -> Result<()> {
    found_so(core, tx, kind, id, Vec::new())
}

/// Queues that fields of an entry were found to be as they stand; none: all of them.
pub(super) fn found_so(
    core: &Core,
    tx: &Transaction<'_>,
    kind: EntryKind,
    id: EntryId,
    fields: Vec<FieldName>,
) -> Result<()> {
    let (entry, rev) = register::stands_of(tx, kind, id)?;
    let stands = entry.stands();
    let grid = entries::get(tx, id)?.grid;
    let confirming = Confirming {
        knew: stands.heads,
        fields,
        extra: Extra::default(),
    };
    let action = Action::Confirm(confirming);
    queue::add(
        core,
        tx,
        DocRef::entry(kind, id),
        rev,
        Scope::grid(&grid),
        action,
    )
}
