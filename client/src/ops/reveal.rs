//! Shows what stands in a masked field, or was answered to such a question. That it was looked at, by
//! whom and why is kept and sent before anybody sees it.

use rusqlite::Transaction;
use shared::{
    Action, DocRef, Extra, FieldName, GridCode, Kind, RevealId,
    ipc::{RevealAnswer, RevealField, Revealed},
    op::TEXT_MAX,
    register::FieldValue,
    reveal::Revealing,
};

use super::{
    enter::{self, touched},
    open_form::own_grids,
    queue,
};
use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    fold_record, register,
    store::entries,
};

/// What stands in a field.
pub(crate) fn field(core: &Core, args: RevealField) -> Result<Revealed> {
    enter::in_lists(args.kind)?;
    let value = reveal(core, &args.reason, |tx| {
        let (entry, _) = register::stands_of(tx, args.kind, args.entry)?;
        let stands = entry.stands();
        let value = stands.value(args.field.as_str()).ok_or(Error::NotFound)?;
        let found = Found {
            of: DocRef::entry(args.kind, args.entry),
            field: args.field.clone(),
            grid: entries::get(tx, args.entry)?.grid,
            shown: value.clone(),
        };
        Ok(found)
    })?;
    Ok(Revealed { value })
}

/// What was answered. Only in a grid of the person's: elsewhere nobody would take it down.
pub(crate) fn answer(core: &Core, args: RevealAnswer) -> Result<Revealed> {
    let value = reveal(core, &args.reason, |tx| {
        let record = fold_record::record(tx, args.record)?.ok_or(Error::NotFound)?;
        let grid = record.filled.grid;
        if !own_grids(tx)?.contains(&grid) {
            return Err(Error::NoGrid);
        }
        let mut values = record.filled.values.into_iter();
        let given = values.find(|it| it.address == args.address);
        Ok(Found {
            of: DocRef::record(args.record),
            field: FieldName::from(args.address.as_str()),
            grid,
            shown: FieldValue::Text(given.ok_or(Error::NotFound)?.value),
        })
    })?;
    Ok(Revealed { value })
}

/// What is to be shown.
pub(super) struct Found<T> {
    pub(super) of: DocRef,
    pub(super) field: FieldName,
    pub(super) grid: GridCode,
    pub(super) shown: T,
}

/// Finds what is to be shown, and puts down that it was looked at.
pub(super) fn reveal<T>(
    core: &Core,
    reason: &str,
    find: impl FnOnce(&Transaction<'_>) -> Result<Found<T>>,
) -> Result<T> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::NoReason);
    }
    if reason.chars().count() > TEXT_MAX {
        return Err(Error::TextTooLong);
    }
    let shown = core.store.write(|tx| {
        let found = find(tx)?;
        let revealing = Revealing {
            of: found.of,
            field: found.field,
            reason: reason.to_owned(),
            grid: found.grid,
            extra: Extra::default(),
        };
        let scope = revealing.scope();
        let doc = DocRef {
            kind: Kind::reveal(),
            id: RevealId::new(core.clock.now(), random()?).0,
        };
        let action = Action::Reveal(Box::new(revealing));
        queue::add(core, tx, doc, 0, scope, action)?;
        Ok(found.shown)
    })?;
    core.announce_work(touched());
    Ok(shown)
}
