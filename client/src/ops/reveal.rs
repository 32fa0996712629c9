//! Shows what stands in a masked field. That it was looked at, by whom and why is kept and sent
//! before anybody sees it.

use serde_json::Map;
use shared::{
    Action, DocRef, Kind, RevealId, Scope,
    ipc::{RevealField, Revealed},
    op::TEXT_MAX,
    reveal::Revealing,
};

use super::{enter::touched, queue};
use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    register,
    store::entries,
};

/// What stands there.
pub(crate) fn reveal(core: &Core, args: RevealField) -> Result<Revealed> {
    let reason = args.reason.trim();
    if reason.is_empty() {
        return Err(Error::NoReason);
    }
    if reason.chars().count() > TEXT_MAX {
        return Err(Error::TextTooLong);
    }
    let value = core.store.write(|tx| {
        let (entry, _) = register::stands_of(tx, args.kind, args.entry)?;
        let stands = entry.stands();
        let value = stands.value(args.field.as_str()).ok_or(Error::NotFound)?;
        let grid = entries::get(tx, args.entry)?.grid;
        let revealing = Revealing {
            of: DocRef::entry(args.kind, args.entry),
            field: args.field.clone(),
            reason: reason.to_owned(),
            grid: grid.clone(),
            extra: Map::new(),
        };
        let doc = DocRef {
            kind: Kind::reveal(),
            id: RevealId::new(core.clock.now(), random()?).0,
        };
        let action = Action::Reveal(Box::new(revealing));
        queue::add(core, tx, doc, 0, Scope::grid(&grid), action)?;
        Ok(value.clone())
    })?;
    core.announce_work(touched());
    Ok(Revealed { value })
}
