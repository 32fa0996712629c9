//! 撤回.

use shared::{
    Action,
    ipc::{Saved, WithdrawCase},
};

use super::queue::{self, touched};
use crate::{core::Core, error::Result};

/// Takes a case back, with a reason.
pub(crate) fn withdraw(core: &Core, args: WithdrawCase) -> Result<Saved> {
    let action = Action::Withdraw {
        reason: args.reason,
    };
    core.store
        .write(|tx| queue::on_case(core, tx, args.case, action))?;
    core.announce_work(touched());
    Ok(Saved {})
}
