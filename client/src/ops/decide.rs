//! 立案 and 不予立案: a clerk's decisions. They need the hub, so that two clerks don't decide
//! differently without knowing of each other.

use shared::{
    Action,
    ipc::{RegisterCase, RejectCase, Saved},
    op::Registering,
};

use super::queue::{self, touched};
use crate::{
    core::Core,
    error::{Error, Result},
};

/// 立案 under a condition of the catalogue, whose limit is copied into the decision.
pub(crate) fn register(core: &Core, args: RegisterCase) -> Result<Saved> {
    core.store.write(|tx| {
        let packs = core.packs(tx)?;
        let category = packs.category(&args.category).ok_or(Error::NotFound)?;
        let condition = category
            .conditions
            .iter()
            .find(|c| c.code == args.condition);
        let decided = Registering {
            category: args.category,
            limit: condition.ok_or(Error::NotFound)?.limit,
            condition: args.condition,
            opinion: args.opinion,
        };
        queue::on_case(core, tx, args.case, Action::Register(decided))
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// 不予立案, with a reason the reporter will read.
pub(crate) fn reject(core: &Core, args: RejectCase) -> Result<Saved> {
    let action = Action::Reject {
        reason: args.reason,
    };
    core.store
        .write(|tx| queue::on_case(core, tx, args.case, action))?;
    core.announce_work(touched());
    Ok(Saved {})
}
