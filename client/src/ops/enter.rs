//! 登记: something new in the register.

use rusqlite::Transaction;
use shared::{
    Action, DocRef, EntryId, Extra, FieldName, OpId, Scope,
    ipc::{Area, Changed, EnterEntry, Entered},
    register::{
        Entering, EntryKind, FieldValue, Fields, check, grids_named, schema, told_by_number,
    },
};

use super::{households, queue};
use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    store::entries,
};

/// Enters something. What can't stand is told by field, and nothing is entered.
pub(crate) fn enter(core: &Core, args: EnterEntry) -> Result<Entered> {
    let EnterEntry { kind, set } = args;
    in_lists(kind)?;
    let (id, _) = core.store.write(|tx| write(core, tx, kind, set))?;
    core.announce_work(touched());
    Ok(Entered { id })
}

/// Queues something new, in the caller's transaction. Gives its id and the operation.
pub(super) fn write(
    core: &Core,
    tx: &Transaction<'_>,
    kind: EntryKind,
    mut set: Fields,
) -> Result<(EntryId, OpId)> {
    set.retain(|_, value| value.as_ref().is_some_and(|it| it.text() != Some("")));
    let id = EntryId::new(core.clock.now(), random()?);
    stand_with_holder(tx, kind, &mut set)?;
    if kind == EntryKind::Resident {
        set.extend(told_by_number(&set, &core.today(tx)?));
    }
    stands(core, tx, kind, &set)?;
    if kind == EntryKind::Resident {
        households::one_head(tx, None, "relation", |name| {
            let value = set.get(name).and_then(Option::as_ref);
            value.and_then(FieldValue::text).unwrap_or_default()
        })?;
    }
    let grid = grid_of(kind, &set)?;
    let target = DocRef::entry(kind, id);
    let action = Action::Enter(Entering {
        set,
        import: None,
        extra: Extra::default(),
    });
    let op = queue::add_named(core, tx, target, 0, grid, action)?;
    Ok((id, op))
}

/// What belongs to something stands in its grid, unless it is said where.
pub(super) fn stand_with_holder(
    db: &rusqlite::Connection,
    kind: EntryKind,
    set: &mut Fields,
) -> Result<()> {
    let field = |name: &str| set.get(name).and_then(Option::as_ref);
    let parent = kind
        .belongs_to()
        .and_then(|(name, _)| field(name)?.text()?.parse().ok());
    if let (Some(parent), None) = (parent, field(schema::GRID)) {
        let grid = entries::get(db, parent)?.grid;
        let grid = FieldValue::from(grid.as_str());
        set.insert(FieldName::known(schema::GRID), Some(grid));
    }
    Ok(())
}

/// Whether values may stand together.
fn stands(core: &Core, tx: &rusqlite::Connection, kind: EntryKind, fields: &Fields) -> Result<()> {
    match check::mistakes(kind, fields, &core.today(tx)?) {
        none if none.is_empty() => Ok(()),
        mistakes => Err(Error::Mistakes(mistakes)),
    }
}

/// Refuses what is apart: only [`super::control`] reads and writes it.
pub(super) fn in_lists(kind: EntryKind) -> Result<()> {
    if kind.is_apart() {
        return Err(Error::Malformed("entries of this kind are apart"));
    }
    Ok(())
}

pub(super) fn grid_of(kind: EntryKind, set: &Fields) -> Result<Scope> {
    let grids = grids_named(set);
    let grid = grids
        .first()
        .ok_or(Error::Malformed("nothing says in which grid it stands"))?;
    Ok(kind.scope(grid))
}

/// What writing into the register touches.
pub(crate) fn touched() -> Changed {
    Changed::of([Area::Register, Area::Delivery])
}
