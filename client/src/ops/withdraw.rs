//! 撤回.

use shared::{
    Action,
    ipc::{Saved, WithdrawCase},
};

use super::queue;
use crate::{core::Core, error::Result};

/// Takes a case back, with a reason.
pub(crate) fn withdraw(core: &Core, args: WithdrawCase) -> Result<Saved> {
    let reason = args.reason;
    queue::at_once(core, args.case, Action::Withdraw(reason.into()))
}
