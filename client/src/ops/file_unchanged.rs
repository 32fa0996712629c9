//! 无变化: what was filled in the last time is filed again as it was, in one press. What must be asked
//! anew opens the filling instead, begun with the rest.

use shared::ipc::{FileUnchanged, Filling as Asked, FinishForm, FormFinish, OpenForm, Unchanged};

use super::{finish_form, open_form};
use crate::{
    core::Core,
    error::{Error, Result},
    filling::{
        DeviceWorld,
        known::{self, Again, Numbers},
    },
    store::form_drafts,
};

/// Files it, or says what was begun instead.
pub(crate) fn file(core: &Core, args: FileUnchanged) -> Result<Unchanged> {
    let found = core
        .store
        .read(|db| known::again_of(core, db, args.record))?;
    // Somebody corrected it, or filled in another one: there is a later last time.
    let again = found.ok_or(Error::NotFound)?;
    let world = DeviceWorld::of(core)?;
    let mut open = core.fillings.open();
    let (form, subject) = (again.form, again.subject.clone());
    let filling = open_form::begin(core, &world, form, Some(subject), &[], Numbers::Taken)?;
    let draft = filling.draft.id;
    // Somebody must decide, or say something to the person.
    let asks = filling.disputed || filling.notice.is_some();
    open.put_back(filling);
    drop(open);
    let finished = if asks {
        None
    } else {
        Some(finish_form::finish(core, FinishForm { draft })?)
    };
    if let Some(FormFinish::Done { record }) = finished {
        return Ok(Unchanged::Done { record });
    }
    // What is opened is seen: it begins without the numbers that are shown masked.
    core.fillings.open().forget(draft);
    core.store.write(|tx| form_drafts::forget(tx, draft))?;
    begin(core, again)
}

fn begin(core: &Core, again: Again) -> Result<Unchanged> {
    let filling = Asked::New {
        form: again.form,
        subject: Some(again.subject),
        prefill: Vec::new(),
    };
    let view = open_form::open(core, OpenForm { filling })?;
    Ok(Unchanged::Open { draft: view.draft })
}
