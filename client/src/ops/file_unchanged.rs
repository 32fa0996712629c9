//! 无变化: what was filled in the last time is filed again as it was, in one press. What must be asked
//! anew opens the filling instead, begun with the rest.

use shared::ipc::{FileUnchanged, FinishForm, FormFinish, Unchanged};

use super::{finish_form, open_form};
use crate::{
    core::Core,
    error::{Error, Result},
    filling::{DeviceWorld, known},
    store::records,
    views::forms,
};

/// Files it, or says what was begun instead.
pub(crate) fn file(core: &Core, args: FileUnchanged) -> Result<Unchanged> {
    let found = core.store.read(|db| {
        let record = records::find(db, args.record)?.ok_or(Error::NotFound)?;
        known::again_of(db, &forms::latest(core, db)?, &record)
    })?;
    // Somebody corrected it, or filled in another one: there is a later last time.
    let again = found.ok_or(Error::NotFound)?;
    let world = DeviceWorld::of(core)?;
    let mut open = core.fillings.open();
    let filling = open_form::begin(core, &world, again.form, Some(again.subject), &[])?;
    let draft = filling.draft.id;
    // Somebody must decide, or say something to the person.
    let asks = filling.disputed || filling.notice.is_some();
    open.put_back(filling);
    drop(open);
    if asks {
        return Ok(Unchanged::Open { draft });
    }
    match finish_form::finish(core, FinishForm { draft })? {
        FormFinish::Done { record } => Ok(Unchanged::Done { record }),
        FormFinish::Lacking { .. } | FormFinish::NoGuardian => Ok(Unchanged::Open { draft }),
    }
}
