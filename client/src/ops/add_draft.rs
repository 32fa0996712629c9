//! "Already reported?" — yes: the draft's words and photos go to the existing case.

use shared::{
    Action, DocRef, Extra,
    ipc::{AddDraftToCase, Area, Changed, Reported},
    op::Addition,
};

use super::{
    queue::{self, touched},
    report::{became, reported, texts_fit},
};
use crate::{
    core::Core,
    error::Result,
    store::{device, drafts},
};

/// Adds the draft as a +1; as a supplement when the person takes part already. Asked again for the
/// same draft, it gives the same answer.
pub(crate) fn add(core: &Core, args: AddDraftToCase) -> Result<Reported> {
    let case = core.store.write(|tx| {
        if let Some(case) = became(tx, args.draft)? {
            return Ok(case);
        }
        let draft = drafts::get_open(tx, args.draft)?;
        texts_fit(&[&draft.description])?;
        let (_, case) = queue::case(tx, args.case)?;
        let author = device::get(tx)?.author()?;
        let addition = Addition {
            note: draft.description,
            photos: queue::photos(tx, &draft.photos)?,
            extra: Extra::default(),
        };
        let action = if case.followers().contains(&author.staff) {
            Action::Supplement(addition)
        } else {
            Action::PlusOne(addition)
        };
        queue::on_case(core, tx, args.case, action)?;
        drafts::became_operation(tx, draft.id, &DocRef::case(args.case))?;
        Ok(args.case)
    })?;
    core.announce_work(touched().and(Changed::of([Area::Drafts])));
    Ok(reported(case))
}
