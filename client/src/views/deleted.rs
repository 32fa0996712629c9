//! What was deleted: who, when and why; and deletions somebody must decide on. Of a case that is gone
//! from this device only what was done with it here is shown.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    Action, Author, Extra, OpId, Place, PlaceSource,
    case::{Case, Deletion, Signed, Void, may_delete, receipt_code},
    ipc::{CaseAction, CaseView, DeletionView, DisputedDeletion, Happening, TimelineEntry},
    op::Deleting,
};

use super::{
    case::{entry, happening, signed_here},
    rows::row,
};
use crate::{
    error::Result,
    fold::Folded,
    packs::Packs,
    store::{cases::Record, device},
};

/// A case of which this device has no more than what was done with it here.
pub(super) fn view(
    db: &Connection,
    packs: &Packs,
    record: Record,
    folded: &Folded,
    deletion: &Deletion,
) -> Result<CaseView> {
    let author = device::get(db)?.author();
    Ok(CaseView {
        receipt_code: receipt_code(record.id),
        description: String::new(),
        occurred_at: record.reported_at,
        place: Place {
            position: None,
            accuracy_m: None,
            source: PlaceSource::Typed,
            address: String::new(),
            grid: record.grid.clone(),
            in_own_grid: false,
            extra: Extra::default(),
        },
        photos: Vec::new(),
        timeline: done_here(packs, folded, deletion),
        limit: None,
        working_ms_left: None,
        actions: author.map_or_else(|_| Vec::new(), |author| actions(folded, &author)),
        handled: None,
        conflicts: Vec::new(),
        deletion: Some(told(packs, deletion, folded)),
        disputed: Vec::new(),
        survivor: None,
        joined: Vec::new(),
        row: row(db, packs, record)?,
    })
}

/// What may be done with a deleted case.
pub(super) fn actions(folded: &Folded, author: &Author) -> Vec<CaseAction> {
    let restore = may_delete(author) && !folded.is_being_restored();
    restore.then_some(CaseAction::Restore).into_iter().collect()
}

/// Who deleted a case that is shown.
pub(super) fn of_case(packs: &Packs, case: &Case, folded: &Folded) -> Option<DeletionView> {
    let deletion = folded.deletion.clone().or_else(|| case.deletion())?;
    Some(told(packs, &deletion, folded))
}

/// Deletions of a case that somebody must decide on.
pub(super) fn disputed(packs: &Packs, case: &Case, folded: &Folded) -> Vec<DisputedDeletion> {
    if folded.deletion.is_some() {
        return Vec::new();
    }
    let pending: BTreeSet<OpId> = folded.pending().collect();
    let shown = |signed: &Signed| {
        let report = Action::Report(Box::new(case.report.clone()));
        let event = case.events.iter().find(|it| it.signed == *signed);
        let (action, void) = event.map_or((&report, None), |it| (&it.action, it.void.clone()));
        let what = happening(case, signed, action);
        entry(packs, what, signed, action, void, &pending)
    };
    let disputed = case.disputed().into_iter();
    disputed
        .map(|it| DisputedDeletion {
            deletion: told(packs, &it.deletion, folded),
            unseen: it.unseen.iter().map(shown).collect(),
        })
        .collect()
}

/// Like [`disputed`], where this person may decide.
pub(super) fn to_decide(
    db: &Connection,
    packs: &Packs,
    case: &Case,
    folded: &Folded,
) -> Result<Vec<DisputedDeletion>> {
    let author = device::get(db)?.author();
    Ok(match author {
        Ok(author) if may_delete(&author) => disputed(packs, case, folded),
        Ok(_) | Err(_) => Vec::new(),
    })
}

/// The end of the timeline of a case that is gone from this device, unless it stands there already.
pub(super) fn last_entry(
    packs: &Packs,
    deletion: &Deletion,
    is_there: impl Fn(OpId) -> bool,
) -> Option<TimelineEntry> {
    let signed = &deletion.signed;
    let action = Action::Delete(Deleting {
        reason: deletion.reason.clone(),
        knew: Vec::new(),
        extra: Extra::default(),
    });
    let what = Happening::Deleted { disputed: false };
    let shown = || entry(packs, what, signed, &action, None, &BTreeSet::new());
    (!is_there(signed.op_id)).then(shown)
}

fn done_here(packs: &Packs, folded: &Folded, deletion: &Deletion) -> Vec<TimelineEntry> {
    let pending: BTreeSet<OpId> = folded.pending().collect();
    let done = folded.done.iter().map(|done| {
        let signed = signed_here(&done.op);
        let what = what_alone(&done.op.action);
        let void = folded
            .kept_aside()
            .any(|(op, _)| op.op_id == done.op.op_id)
            .then_some(Void::Unknown);
        entry(packs, what, &signed, &done.op.action, void, &pending)
    });
    let there = |op_id| folded.done.iter().any(|done| done.op.op_id == op_id);
    let mut entries: Vec<TimelineEntry> = done.collect();
    entries.extend(last_entry(packs, deletion, there));
    entries.sort_by_key(|entry| entry.at);
    entries
}

/// What was done, without the case it was done with.
pub(super) fn what_alone(action: &Action) -> Happening {
    match action {
        Action::Report(_) => Happening::Reported,
        Action::Supplement(_) => Happening::Supplemented,
        Action::PlusOne(_) => Happening::PlusOne,
        Action::SelfHandle(_) => Happening::SelfHandled,
        Action::Withdraw { .. } => Happening::Withdrawn,
        Action::Register(decided) => Happening::Registered {
            category: decided.category.clone(),
            condition: decided.condition.clone(),
            limit: decided.limit,
        },
        Action::Reject { .. } => Happening::Rejected,
        Action::Amend(_) => Happening::Amended {
            changes: Vec::new(),
            parallel: false,
        },
        Action::Merge { .. } => Happening::Merged,
        Action::Split { .. } => Happening::Split,
        Action::Delete(_) => Happening::Deleted { disputed: false },
        Action::Restore(_) => Happening::Restored,
        Action::Enter(_)
        | Action::Change(_)
        | Action::Confirm(_)
        | Action::Record(_)
        | Action::Visit(_)
        | Action::Reveal(_)
        | Action::Erase(_)
        | Action::Erased
        | Action::Unknown(_) => Happening::Unknown,
    }
}

fn told(packs: &Packs, deletion: &Deletion, folded: &Folded) -> DeletionView {
    let (by_name, by_name_en) = packs.person(&deletion.signed.author.staff);
    DeletionView {
        by_name,
        by_name_en,
        at: deletion.signed.at,
        reason: deletion.reason.clone(),
        pending: folded.pending().any(|op| op == deletion.signed.op_id),
        restoring: folded.is_being_restored(),
    }
}
