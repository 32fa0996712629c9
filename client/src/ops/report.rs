//! 发送: a draft becomes a case. Operation, outbox, what is shown, and the draft's end are one
//! transaction.

use rusqlite::Transaction;
use shared::{
    Action, CaseId, CategoryCode, DocRef, DraftId, Extra,
    case::receipt_code,
    ipc::{Area, Changed, Choice, Draft, Missing, ReportDraft, Reported},
    op::{Report, TEXT_MAX},
};

use super::{
    becoming::chance_of,
    drafts::missing,
    queue::{self, touched},
};
use crate::{
    core::Core,
    error::{Error, Result},
    store::{became, drafts},
};

/// Makes a case of the draft. Asked again for the same draft, it gives the same answer.
pub(crate) fn report(core: &Core, args: ReportDraft) -> Result<Reported> {
    let case = core.store.write(|tx| {
        if let Some(case) = became(tx, args.draft)? {
            return Ok(case);
        }
        send(core, tx, drafts::get_open(tx, args.draft)?)
    })?;
    core.announce_work(touched().and(Changed::of([Area::Drafts])));
    Ok(reported(case))
}

/// The answer for a case.
pub(super) fn reported(case: CaseId) -> Reported {
    Reported {
        case,
        receipt_code: receipt_code(case),
    }
}

/// A draft's texts are within what one field may hold.
pub(super) fn texts_fit(texts: &[&str]) -> Result<()> {
    if texts.iter().any(|text| text.chars().count() > TEXT_MAX) {
        return Err(Error::TextTooLong);
    }
    Ok(())
}

/// The case the draft has become, or has been added to.
pub(super) fn became(tx: &Transaction<'_>, draft: DraftId) -> Result<Option<CaseId>> {
    Ok(became::find(tx, draft)?.map(|case| CaseId(case.id)))
}

fn send(core: &Core, tx: &Transaction<'_>, draft: Draft) -> Result<CaseId> {
    let address = draft
        .place
        .as_ref()
        .map_or("", |place| place.address.as_str());
    texts_fit(&[&draft.description, &draft.handled_note, address])?;
    if let Some(missing) = missing(&draft).into_iter().next() {
        return Err(Error::Incomplete(missing));
    }
    let Some(place) = draft.place else {
        return Err(Error::Incomplete(Missing::Place));
    };
    let category = match draft.category {
        Choice::Category { code } => Some(code),
        Choice::Unsure | Choice::Open => None,
    };
    if draft.self_handled {
        may_be_self_handled(core, tx, category.as_ref())?;
    }
    let report = Report {
        category,
        description: draft.description,
        occurred_at: draft.begun_at,
        place,
        urgency: draft.urgency,
        photos: queue::photos(tx, &draft.photos)?,
        handled: draft.self_handled.then_some(draft.handled_note),
        extra: Extra::default(),
    };
    let case = CaseId::new(draft.begun_at, chance_of(draft.id, &report)?);
    queue::report(core, tx, case, Action::Report(Box::new(report)))?;
    fault::point("client/report: queued, its draft still there");
    drafts::became_operation(tx, draft.id, &DocRef::case(case))?;
    Ok(case)
}

/// 自行处置 is only for what the catalogue allows.
pub(super) fn may_be_self_handled(
    core: &Core,
    tx: &Transaction<'_>,
    category: Option<&CategoryCode>,
) -> Result<()> {
    let packs = core.packs(tx)?;
    let allows = category
        .and_then(|code| packs.category(code))
        .is_some_and(|c| c.self_handle);
    if allows {
        Ok(())
    } else {
        Err(Error::NotSelfHandled)
    }
}
