//! 整户搬: a household goes on behind another door. Everybody in it comes along, also who is gone or goes
//! on as somebody else: what belongs to a household stands in its grid.

use shared::{
    ipc::{Arranged, MoveHousehold},
    register::{EntryKind, schema},
};

use super::households::{act, of_kind, open_household, set};
use crate::{core::Core, error::Result, store::entries};

/// Moves it.
pub(crate) fn go(core: &Core, args: MoveHousehold) -> Result<Arranged> {
    act(core, |act| {
        let household = open_household(act.tx, args.household)?;
        let door = of_kind(act.tx, args.dwelling, EntryKind::Dwelling)?;
        let grid = (schema::GRID, Some(door.grid.as_str()));
        let members = entries::all_inside(act.tx, household.id, EntryKind::Resident)?;
        let dwelling = door.id.to_string();
        let fields = set([("dwelling", Some(dwelling.as_str())), grid]);
        act.change(EntryKind::Household, household.id, fields)?;
        for member in members {
            act.change(EntryKind::Resident, member.id, set([grid]))?;
        }
        Ok(())
    })
}
