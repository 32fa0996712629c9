//! 搬到另一户: residents go on in a household that is there.

use shared::ipc::{Arranged, MoveResidents};

use super::households::{Members, act, open_household};
use crate::{
    core::Core,
    error::{Error, Result},
};

/// Moves them.
pub(crate) fn go(core: &Core, args: MoveResidents) -> Result<Arranged> {
    act(core, |act| {
        let members = Members::of(act.tx, &args.residents)?;
        let there = open_household(act.tx, args.household)?;
        if there.id == members.household.id {
            return Err(Error::Malformed("they live there already"));
        }
        act.go_on_in(&there, &members.chosen)?;
        act.new_head(&members.left, args.head_left)
    })
}
