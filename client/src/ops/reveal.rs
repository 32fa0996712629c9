//! Shows what stands in a masked field, or was answered to such a question. That it was looked at, by
//! whom and why is kept and sent before anybody sees it.

use rusqlite::Transaction;
use serde_json::Map;
use shared::{
    Action, DocRef, FieldName, GridCode, Kind, RevealId, Scope,
    ipc::{RevealAnswer, RevealField, Revealed},
    op::TEXT_MAX,
    register::FieldValue,
    reveal::Revealing,
};

use super::{enter::touched, open_form::own_grids, queue};
use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    fold_record, register,
    store::entries,
};

/// What stands in a field.
pub(crate) fn field(core: &Core, args: RevealField) -> Result<Revealed> {
    reveal(core, &args.reason, |tx| {
        let (entry, _) = register::stands_of(tx, args.kind, args.entry)?;
        let stands = entry.stands();
        let value = stands.value(args.field.as_str()).ok_or(Error::NotFound)?;
        let found = Found {
            of: DocRef::entry(args.kind, args.entry),
            field: args.field.clone(),
            grid: entries::get(tx, args.entry)?.grid,
            value: value.clone(),
        };
        Ok(found)
    })
}

/// What was answered. Only in a grid of the person's: elsewhere nobody would take it down.
pub(crate) fn answer(core: &Core, args: RevealAnswer) -> Result<Revealed> {
    reveal(core, &args.reason, |tx| {
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
            value: FieldValue::Text(given.ok_or(Error::NotFound)?.value),
        })
    })
}

/// What is to be shown.
struct Found {
    of: DocRef,
    field: FieldName,
    grid: GridCode,
    value: FieldValue,
}

fn reveal(
    core: &Core,
    reason: &str,
    find: impl FnOnce(&Transaction<'_>) -> Result<Found>,
) -> Result<Revealed> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::NoReason);
    }
    if reason.chars().count() > TEXT_MAX {
        return Err(Error::TextTooLong);
    }
    let value = core.store.write(|tx| {
        let found = find(tx)?;
        let scope = Scope::grid(&found.grid);
        let revealing = Revealing {
            of: found.of,
            field: found.field,
            reason: reason.to_owned(),
            grid: found.grid,
            extra: Map::new(),
        };
        let doc = DocRef {
            kind: Kind::reveal(),
            id: RevealId::new(core.clock.now(), random()?).0,
        };
        let action = Action::Reveal(Box::new(revealing));
        queue::add(core, tx, doc, 0, scope, action)?;
        Ok(found.value)
    })?;
    core.announce_work(touched());
    Ok(Revealed { value })
}
