//! One case whole: everything that happened, what may be done, where its photos are.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    Action, Author, CaseId, Digest, DocRef, Extra, Op, OpId, PhotoRef,
    case::{Case, Event, Signed, Void, may_amend, offered, receipt_code},
    deadline::working_ms_between,
    ipc::{
        CaseAction, CaseView, FieldChange, GetCase, Happening, PhotoView, Presence, TimelineEntry,
    },
    op::{Addition, Deleting, Registering, Restoring},
    pack::{Limit, LimitKind},
};
use uuid::Uuid;

use super::{
    conflicts,
    deleted::{self, what_alone},
    merged,
    rows::row,
};
use crate::{
    core::Core,
    error::{Error, Result},
    fold::{self, Folded},
    packs::Packs,
    store::{cases, device, files},
};

/// One case whole.
pub(crate) fn get(core: &Core, args: GetCase) -> Result<CaseView> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let record = cases::get(db, args.case)?;
        let folded = fold::folded(db, &DocRef::case(args.case))?;
        let case = match (folded.case()?, &folded.deletion) {
            (Some(case), _) => case,
            (None, Some(deletion)) => return deleted::view(db, &packs, record, &folded, deletion),
            (None, None) => return Err(Error::NotFound),
        };
        let working_ms_left = record
            .deadline
            .filter(|_| record.state.is_open())
            .and_then(|due| Some(working_ms_between(packs.calendar.as_ref()?, now, due)));
        let actions = match device::get(db)?.author() {
            Ok(author) if folded.deletion.is_some() => deleted::actions(&folded, &author),
            Ok(author) => actions(&packs, &case, &author),
            Err(_) => Vec::new(),
        };
        Ok(CaseView {
            row: row(db, &packs, record)?,
            receipt_code: receipt_code(args.case),
            description: case.amended().description.to_owned(),
            occurred_at: case.report.occurred_at,
            place: case.amended().place.clone(),
            photos: case
                .photos()
                .into_iter()
                .map(|photo| photo_view(db, photo))
                .collect::<Result<_>>()?,
            timeline: timeline(&packs, &case, &folded),
            limit: case
                .registration
                .as_ref()
                .map(|registration| registration.decided.limit),
            working_ms_left,
            actions,
            handled: case.report.handled.clone(),
            conflicts: conflicts::of_case(db, &packs, &case, &folded)?,
            deletion: deleted::of_case(&packs, &case, &folded),
            disputed: deleted::to_decide(db, &packs, &case, &folded)?,
            survivor: merged::survivor(db, &case)?,
            joined: merged::joined(db, &packs, &case)?,
        })
    })
}

fn photo_view(db: &Connection, photo: &PhotoRef) -> Result<PhotoView> {
    let is_here = |digest: Digest| -> Result<bool> {
        Ok(files::find(db, digest)?.is_some_and(|file| file.here))
    };
    let presence = if is_here(photo.digest)? {
        Presence::Here
    } else if is_here(photo.thumb)? {
        Presence::ThumbOnly
    } else {
        Presence::NotYet
    };
    Ok(PhotoView {
        photo: photo.clone(),
        presence,
    })
}

fn timeline(packs: &Packs, case: &Case, folded: &Folded) -> Vec<TimelineEntry> {
    let pending: BTreeSet<OpId> = folded.pending().collect();
    let entry = |signed: &Signed, action: &Action, void: Option<Void>| {
        let what = happening(case, signed, action);
        entry(packs, what, signed, action, void, &pending)
    };

    let report = Action::Report(Box::new(case.report.clone()));
    let events = case.events.iter().map(
        |Event {
             signed,
             action,
             void,
             ..
         }| entry(signed, action, void.clone()),
    );
    let joined = merged::entries(packs, case).into_iter();
    let mut later: Vec<TimelineEntry> = events.chain(joined.map(|(_, entry)| entry)).collect();
    later.sort_by_key(|entry| entry.at);
    let mut entries = vec![entry(&case.reported, &report, None)];
    entries.extend(later);
    // What the hub keeps aside is no part of the case there, but it was done, and stays to be seen.
    for (op, _) in folded.kept_aside().filter(|(op, _)| !case.knows(op.op_id)) {
        entries.push(entry(&signed_here(op), &op.action, Some(Void::Unknown)));
    }
    if let Some(deletion) = folded.deletion.as_ref() {
        entries.extend(deleted::last_entry(packs, deletion, |op_id| {
            case.knows(op_id)
        }));
    }
    entries
}

/// Who did what on this device, and when by its clock.
pub(in crate::views) fn signed_here(op: &Op) -> Signed {
    Signed {
        op_id: op.op_id,
        author: op.author.clone(),
        at: op.observed_at.wall,
        received_at: None,
        extra: Extra::default(),
    }
}

/// What the timeline shows of one operation.
pub(super) fn entry(
    packs: &Packs,
    what: Happening,
    signed: &Signed,
    action: &Action,
    void: Option<Void>,
    pending: &BTreeSet<OpId>,
) -> TimelineEntry {
    let (by_name, by_name_en) = packs.person(&signed.author.staff);
    TimelineEntry {
        what,
        by: signed.author.staff.clone(),
        by_name,
        by_name_en,
        at: signed.at,
        text: words(action),
        photos: action.photos().to_vec(),
        void,
        pending: pending.contains(&signed.op_id),
    }
}

pub(super) fn happening(case: &Case, signed: &Signed, action: &Action) -> Happening {
    match action {
        Action::Amend(amendment) => Happening::Amended {
            changes: amendment
                .to
                .iter()
                .map(|it| &it.correction)
                .map(|after| FieldChange {
                    before: case.known_to(signed.op_id, after.field()),
                    after: after.clone(),
                })
                .collect(),
            parallel: case.amended().parallel.contains(&signed.op_id),
        },
        Action::Report(report) if report.handled.is_some() => Happening::ReportedHandled,
        Action::Delete(_) => Happening::Deleted {
            disputed: case
                .disputed()
                .iter()
                .any(|it| it.deletion.signed.op_id == signed.op_id),
        },
        _ => what_alone(action),
    }
}

fn words(action: &Action) -> String {
    match action {
        Action::Report(report) => report
            .handled
            .as_ref()
            .unwrap_or(&report.description)
            .clone(),
        Action::Supplement(addition) | Action::PlusOne(addition) | Action::SelfHandle(addition) => {
            addition.note.clone()
        }
        Action::Withdraw(because) | Action::Reject(because) | Action::Split(because) => {
            because.reason.clone()
        }
        Action::Register(decided) => decided.opinion.clone(),
        Action::Delete(deleting) => deleting.reason.clone(),
        Action::Amend(_)
        | Action::Merge { .. }
        | Action::Restore(_)
        | Action::Enter(_)
        | Action::Change(_)
        | Action::Confirm(_)
        | Action::Record(_)
        | Action::Visit(_)
        | Action::Reveal(_)
        | Action::Erase(_)
        | Action::Erased
        | Action::Unknown(_) => String::new(),
    }
}

/// What this person may do now: asked of the rules with an action that lacks nothing.
fn actions(packs: &Packs, case: &Case, author: &Author) -> Vec<CaseAction> {
    let text = || "…".to_owned();
    let addition = || Addition {
        note: text(),
        photos: Vec::new(),
        extra: Extra::default(),
    };
    let decided = Registering {
        category: case.category().cloned().unwrap_or_else(|| "".into()),
        condition: text(),
        limit: Limit {
            value: 1,
            kind: LimitKind::WorkDay,
        },
        opinion: String::new(),
        extra: Extra::default(),
    };
    let self_handle = case.category().and_then(|code| packs.category(code));
    let self_handle = self_handle.is_some_and(|category| category.self_handle);
    let candidates = [
        (CaseAction::Supplement, Action::Supplement(addition()), true),
        (
            CaseAction::PlusOne,
            Action::PlusOne(addition()),
            // Who reported what goes on as this takes part already.
            !case.followers().contains(&author.staff),
        ),
        (
            CaseAction::SelfHandle,
            Action::SelfHandle(addition()),
            self_handle,
        ),
        (CaseAction::Withdraw, Action::Withdraw(text().into()), true),
        (CaseAction::Register, Action::Register(decided), true),
        (CaseAction::Reject, Action::Reject(text().into()), true),
        // Into which one is asked next; any other will do here.
        (
            CaseAction::Merge,
            Action::Merge(CaseId(Uuid::nil()).into()),
            true,
        ),
        (CaseAction::Split, Action::Split(text().into()), true),
        (
            CaseAction::Delete,
            Action::Delete(Deleting {
                reason: text(),
                knew: Vec::new(),
                extra: Extra::default(),
            }),
            // While somebody must decide on one, that is where it is done.
            case.disputed().is_empty(),
        ),
        (
            CaseAction::Restore,
            Action::Restore(Restoring {
                knew: case.unanswered(),
                extra: Extra::default(),
            }),
            case.deletion().is_some(),
        ),
    ];
    let amend = may_amend(case, author).then_some(CaseAction::Amend);
    candidates
        .into_iter()
        .filter(|(_, action, possible)| *possible && offered(case, action, author).is_ok())
        .map(|(name, _, _)| name)
        .chain(amend)
        .collect()
}
