//! 并户: everybody of a household goes on in another behind the same door, and it ends. Who was gone
//! already stays where they were last.

use shared::{
    ipc::{Arranged, JoinHouseholds},
    register::EntryKind,
};

use super::households::{act, open_household};
use crate::{
    core::Core,
    error::{Error, Result},
    store::entries,
};

/// Joins them.
pub(crate) fn join(core: &Core, args: JoinHouseholds) -> Result<Arranged> {
    act(core, |act| {
        let from = open_household(act.tx, args.from)?;
        let into = open_household(act.tx, args.into)?;
        if from.id == into.id || from.parent != into.parent {
            return Err(Error::Malformed("not two households behind one door"));
        }
        let mut members = entries::inside(act.tx, from.id, EntryKind::Resident)?;
        members.retain(|it| !it.gone);
        act.go_on_in(&into, &members)?;
        let today = act.today()?;
        act.end(from.id, &today)
    })
}
