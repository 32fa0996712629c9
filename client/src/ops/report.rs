//! 发送: a draft becomes a case. Operation, outbox, what is shown, and the draft's end are one
//! transaction.

use rusqlite::Transaction;
use serde_json::Map;
use shared::{
    Action, CaseId, CategoryCode, DocRef, DraftId,
    case::receipt_code,
    ipc::{Area, Changed, Choice, Draft, Missing, ReportDraft, Reported},
    op::{Report, TEXT_MAX},
};

use super::{
    drafts::missing,
    queue::{self, touched},
};
use crate::{
    core::Core,
    error::{Error, Result},
    store::{drafts, outbox},
};

/// Makes a case of the draft. Asked again for the same draft, it gives the same answer.
pub(crate) fn report(core: &Core, args: ReportDraft) -> Result<Reported> {
    let case = case_of(args.draft);
    core.store
        .write(|tx| match drafts::get_open(tx, args.draft) {
            Err(Error::NotFound) if was_reported(tx, case)? => Ok(()),
            Err(error) => Err(error),
            Ok(draft) => send(core, tx, case, draft),
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

/// The case a draft becomes has the draft's id, so that sending twice is sending once.
fn case_of(draft: DraftId) -> CaseId {
    CaseId(draft.0)
}

fn was_reported(tx: &Transaction<'_>, case: CaseId) -> Result<bool> {
    let done = outbox::of_target(tx, &DocRef::case(case))?;
    Ok(done
        .iter()
        .any(|done| matches!(done.op.action, Action::Report(_))))
}

fn send(core: &Core, tx: &Transaction<'_>, case: CaseId, draft: Draft) -> Result<()> {
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
        extra: Map::new(),
    };
    queue::report(core, tx, case, Action::Report(Box::new(report)))?;
    fault::point("client/report: queued, its draft still there");
    drafts::became_operation(tx, draft.id)
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
