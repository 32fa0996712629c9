//! 分户: some of a household become one of their own.

use shared::{
    ipc::{Arranged, SplitHousehold},
    register::{EntryKind, schema},
};

use super::households::{Members, act, lives_in, of_kind, set};
use crate::{
    core::Core,
    error::{Error, Result},
};

/// Splits it.
pub(crate) fn split(core: &Core, args: SplitHousehold) -> Result<Arranged> {
    act(core, |act| {
        let members = Members::of(act.tx, &args.residents)?;
        let door = of_kind(act.tx, args.dwelling, EntryKind::Dwelling)?;
        let mut chosen = members.chosen.iter();
        let head = chosen
            .find(|it| it.id == args.head)
            .ok_or(Error::NotFound)?;
        let dwelling = door.id.to_string();
        let fields = set([("dwelling", Some(dwelling.as_str()))]);
        let household = act.enter(EntryKind::Household, fields)?;
        for member in &members.chosen {
            let mut fields = lives_in(household, door.grid.as_str());
            if member.id == head.id {
                fields.extend(set([("relation", Some(schema::HEAD))]));
            } else if !head.is_head {
                // What they are to somebody who was not their head nobody has said.
                fields.extend(set([("relation", None)]));
            }
            act.change(EntryKind::Resident, member.id, fields)?;
        }
        act.new_head(&members.left, args.head_left)
    })
}
