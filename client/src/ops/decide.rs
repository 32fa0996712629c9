//! 立案, 不予立案, 并案 and 撤销并案: a clerk's decisions. They need the hub, so that two clerks don't decide
//! differently without knowing of each other.

use shared::{
    Action, Extra,
    case::Void,
    ipc::{MergeCase, RegisterCase, RejectCase, Saved, SplitCase},
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
            extra: Extra::default(),
        };
        queue::on_case(core, tx, args.case, Action::Register(decided))
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// 不予立案, with a reason the reporter will read.
pub(crate) fn reject(core: &Core, args: RejectCase) -> Result<Saved> {
    let reason = args.reason;
    queue::at_once(core, args.case, Action::Reject(reason.into()))
}

/// 并案: a case goes on as another one of this device.
pub(crate) fn merge(core: &Core, args: MergeCase) -> Result<Saved> {
    core.store.write(|tx| {
        let (_, case) = queue::case(tx, args.case)?;
        let (folded, other) = queue::case(tx, args.into)?;
        if folded.deletion.is_some() || other.merged_into == Some(args.case) {
            return Err(Void::NoSurvivor.into());
        }
        other.may_take(&case)?;
        let into = args.into;
        queue::on_case(core, tx, args.case, Action::Merge(into.into()))
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// 撤销并案, with a reason the reporter will read.
pub(crate) fn split(core: &Core, args: SplitCase) -> Result<Saved> {
    let reason = args.reason;
    queue::at_once(core, args.case, Action::Split(reason.into()))
}
