//! 撤销: takes an act about households or duplicates back, by further changes: nothing that was written
//! is ever unwritten.

use shared::{
    ipc::{Deed, Saved, UndoArranged},
    register::EntryKind,
};

use super::households::{Act, act};
use crate::{
    core::Core,
    error::{Error, Result},
    register,
};

/// Takes it back, the last operation first.
pub(crate) fn undo(core: &Core, args: UndoArranged) -> Result<Saved> {
    act(core, |act| {
        args.done
            .iter()
            .rev()
            .try_for_each(|deed| take_back(act, *deed))
    })?;
    Ok(Saved {})
}

fn take_back(act: &mut Act<'_>, deed: Deed) -> Result<()> {
    let (entry, _) = register::stands_of(act.tx, deed.kind, deed.entry)?;
    if entry.entered.op_id == deed.op {
        if deed.kind != EntryKind::Household {
            return Err(Error::Malformed("only a household is begun by an act"));
        }
        let today = act.today()?;
        return act.end(deed.entry, &today);
    }
    let mut changes = entry.changes.iter();
    let change = changes.find(|it| it.signed.op_id == deed.op);
    let change = change.ok_or(Error::NotFound)?;
    let mut before = entry.before(deed.op).unwrap_or_default();
    let stands = entry.stands();
    // What somebody gave since is theirs.
    before.retain(|field, _| {
        let set = change.changing.set.get(field).and_then(Option::as_ref);
        stands.value(field.as_str()) == set && stands.disputed.iter().all(|it| it.field != field)
    });
    act.change(deed.kind, deed.entry, before)
}
