//! 清除: what was kept about a person goes for good. What the hub does with records about somebody it
//! does itself: it has more of them than any device.

use rusqlite::Connection;
use shared::{
    Action, DocRef, EntryId, Extra, GridCode, Kind, RecordId, Scope,
    case::Void,
    erase::{Erasing, Why, may_erase},
    ipc::{Area, Changed, Erase, Saved},
    op::TEXT_MAX,
    record::FormVersion,
    register::EntryKind,
};

use super::{open_form::own_grids, queue};
use crate::{
    core::Core,
    error::{Error, Result},
    fold, fold_record, register,
    store::{device, entries},
};

/// Erases it.
pub(crate) fn erase(core: &Core, args: Erase) -> Result<Saved> {
    let reason = args.reason.trim();
    if reason.is_empty() {
        return Err(Error::NoReason);
    }
    if reason.chars().count() > TEXT_MAX {
        return Err(Error::TextTooLong);
    }
    core.store.write(|tx| {
        if !may_erase(device::get(tx)?.author()?.role) {
            return Err(Void::NotYourRole.into());
        }
        let own = own_grids(tx)?;
        for found in found(tx, &args.target)? {
            let grid = found.grids.into_iter().find(|grid| own.contains(grid));
            let grid = grid.ok_or(Error::NoGrid)?;
            let scope = Scope::grid(&grid);
            let erasing = Erasing {
                why: Why::Request,
                reason: reason.to_owned(),
                grid,
                form: found.form,
                extra: Extra::default(),
            };
            let action = Action::Erase(Box::new(erasing));
            queue::add(core, tx, found.target, found.rev, scope, action)?;
        }
        Ok(())
    })?;
    core.announce_work(Changed::of([Area::Register, Area::Records, Area::Delivery]));
    Ok(Saved {})
}

/// Something to be erased.
struct Found {
    target: DocRef,
    rev: u64,
    /// Where it stands; one of these must be the person's own.
    grids: Vec<GridCode>,
    form: Option<FormVersion>,
}

/// What the target is: of a person who stands in the register twice both entries.
fn found(db: &Connection, target: &DocRef) -> Result<Vec<Found>> {
    if target.kind == Kind::record() {
        let record = fold_record::record(db, RecordId(target.id))?.ok_or(Error::NotFound)?;
        return Ok(vec![Found {
            rev: fold::folded(db, target)?.rev(),
            target: target.clone(),
            grids: vec![record.filled.grid],
            form: Some(record.filled.form),
        }]);
    }
    if target.kind != EntryKind::Resident.kind() {
        return Err(Error::Malformed("only residents and records are erased"));
    }
    let id = EntryId(target.id);
    let ended = entries::ended_in(db, id)?.into_iter().map(|line| line.id);
    std::iter::once(id)
        .chain(ended)
        .map(|id| {
            let (entry, rev) = register::stands_of(db, EntryKind::Resident, id)?;
            Ok(Found {
                target: DocRef::entry(EntryKind::Resident, id),
                rev,
                grids: entry.grids(),
                form: None,
            })
        })
        .collect()
}
