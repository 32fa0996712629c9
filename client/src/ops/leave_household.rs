//! 迁出, 去世: residents are here no more. Who they were, and that they lived here, stays.

use shared::{
    ipc::{Arranged, LeaveHousehold, Leaving},
    register::EntryKind,
};

use super::households::{Members, act, set};
use crate::{
    core::Core,
    error::{Error, Result},
    register,
};

/// Notes that they left.
pub(crate) fn leave(core: &Core, args: LeaveHousehold) -> Result<Arranged> {
    act(core, |act| {
        let members = Members::of(act.tx, &args.residents)?;
        let presence = match args.how {
            Leaving::Moved => "moved",
            Leaving::Dead => "dead",
        };
        for resident in &members.chosen {
            let mut fields = set([
                ("presence", Some(presence)),
                ("presence_since", Some(args.on.as_str())),
            ]);
            let said = args.note.trim();
            if !said.is_empty() {
                // Beside what was noted before, not over it.
                let (entry, _) = register::stands_of(act.tx, EntryKind::Resident, resident.id)?;
                let stands = entry.stands();
                let note = match stands.text("note") {
                    Some(before) => format!("{before}\n{said}"),
                    None => said.to_owned(),
                };
                fields.extend(set([("note", Some(note.as_str()))]));
            }
            act.change(EntryKind::Resident, resident.id, fields)?;
        }
        if args.end_household {
            if !members.left.is_empty() {
                return Err(Error::Malformed("somebody is left in the household"));
            }
            act.end(members.household.id, &args.on)?;
        }
        act.new_head(&members.left, args.head)
    })
}
