//! 删除 and 恢复: what must not stay goes, and comes back if that was wrong. A deletion names all this
//! device knows of the case, so that what its author had not seen is never lost by it.

use shared::{
    Action, DocRef, Extra,
    case::{Void, may_delete},
    ipc::{DeleteCase, RestoreCase, Saved},
    op::{Deleting, Restoring},
};

use super::queue::{self, touched};
use crate::{
    core::Core,
    error::{Error, Result},
    fold,
    store::device,
};

/// 删除, with a reason that everybody who had it reads.
pub(crate) fn delete(core: &Core, args: DeleteCase) -> Result<Saved> {
    core.store.write(|tx| {
        let (_, case) = queue::case(tx, args.case)?;
        let deleting = Deleting {
            reason: args.reason,
            knew: case.history(),
            extra: Extra::default(),
        };
        queue::on_case(core, tx, args.case, Action::Delete(deleting))
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// 恢复: brings back what was deleted, or keeps what somebody would delete.
pub(crate) fn restore(core: &Core, args: RestoreCase) -> Result<Saved> {
    core.store.write(|tx| {
        let folded = fold::folded(tx, &DocRef::case(args.case))?;
        let Some(deletion) = &folded.deletion else {
            let case = folded.case()?.ok_or(Error::NotFound)?;
            let knew = case.unanswered();
            return queue::on_case(
                core,
                tx,
                args.case,
                Action::Restore(Restoring {
                    knew,
                    extra: Extra::default(),
                }),
            );
        };
        if folded.is_being_restored() {
            return Ok(());
        }
        if !may_delete(&device::get(tx)?.author()?) {
            return Err(Void::NotYourRole.into());
        }
        let knew = vec![deletion.signed.op_id];
        let action = Action::Restore(Restoring {
            knew,
            extra: Extra::default(),
        });
        queue::on_deleted(core, tx, args.case, &folded, action)
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}
