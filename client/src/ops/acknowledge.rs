//! 知道了: what had no effect was seen. This device's own note; the hub need not know.

use shared::{
    DocRef,
    ipc::{AcknowledgeCase, Saved},
};

use super::queue::touched;
use crate::{core::Core, error::Result, fold, store::acknowledged};

/// The person has seen what of theirs had no effect in this case.
pub(crate) fn acknowledge(core: &Core, args: AcknowledgeCase) -> Result<Saved> {
    let now = core.clock.now();
    let target = DocRef::case(args.case);
    core.store.write(|tx| {
        for op in fold::without_effect(tx, &target)? {
            acknowledged::add(tx, op, now)?;
        }
        fold::refold(tx, &target)
    })?;
    core.announce(touched());
    Ok(Saved {})
}
