//! What an operation does to a case.

use std::collections::BTreeSet;

use super::{Case, CaseDoc, Event, Registration, Signed, State, Void, transitions};
use crate::{
    Action, CaseId, Extra, Op, Outcome,
    apply::{Quarantine, Stamp},
    op::Report,
};

/// Applies `op` to the case `id`; gives the new body (`None`: unchanged) and what became of it.
///
/// Facts (supplements, photos, +1) commute: in whatever order they arrive, the case is the same.
/// Decisions (register, reject, withdraw …) take effect in the order they are applied, which is
/// the hub's; one that no longer fits is kept, marked void.
pub(crate) fn apply_to_case(
    current: Option<CaseDoc>,
    id: CaseId,
    op: &Op,
    stamp: &Stamp<'_>,
) -> (Option<CaseDoc>, Outcome) {
    match (current, &op.action) {
        (None, Action::Report(report)) => open(id, report, Vec::new(), op, stamp),
        (Some(CaseDoc::Awaiting(waiting)), Action::Report(report)) => {
            open(id, report, waiting, op, stamp)
        }
        (None, _) => (Some(CaseDoc::Awaiting(vec![op.clone()])), Outcome::Applied),
        (Some(CaseDoc::Awaiting(mut waiting)), _) => {
            if waiting.iter().any(|other| other.op_id == op.op_id) {
                return (None, Outcome::Duplicate);
            }
            waiting.push(op.clone());
            waiting.sort_by_key(|op| (op.observed_at.wall, op.op_id));
            (Some(CaseDoc::Awaiting(waiting)), Outcome::Applied)
        }
        (Some(CaseDoc::Known(case)), _) if case.knows(op.op_id) => (None, Outcome::Duplicate),
        (Some(CaseDoc::Known(_)), Action::Report(_)) => (
            None,
            Outcome::Quarantined {
                why: Quarantine::AlreadyReported,
            },
        ),
        (Some(CaseDoc::Known(mut case)), _) => {
            let outcome = happen(&mut case, op, stamp, stamp.against().cloned());
            (Some(CaseDoc::Known(case)), outcome)
        }
    }
}

fn open(
    id: CaseId,
    report: &Report,
    waiting: Vec<Op>,
    op: &Op,
    stamp: &Stamp<'_>,
) -> (Option<CaseDoc>, Outcome) {
    let state = match report.handled {
        Some(_) => State::Closed,
        None => State::Submitted,
    };
    let mut case = Case {
        id,
        case_no: stamp.case_no().map(str::to_owned),
        report: report.clone(),
        reported: stamp.sign(op),
        state,
        registration: None,
        events: Vec::new(),
        merged_into: None,
        joined: Vec::new(),
        extra: Extra::default(),
    };
    for earlier in waiting {
        // Whether the other case can take it was asked of nobody when it arrived.
        let against = matches!(earlier.action, Action::Merge { .. }).then_some(Void::NoSurvivor);
        happen(&mut case, &earlier, stamp, against);
    }
    (Some(CaseDoc::Known(Box::new(case))), Outcome::Applied)
}

/// `against` is what stands against it outside the case.
fn happen(case: &mut Case, op: &Op, stamp: &Stamp<'_>, against: Option<Void>) -> Outcome {
    let signed = stamp.sign(op);
    let allowed = transitions::allowed(case, &op.action, &op.author);
    let (void, outcome) = match allowed.and_then(|state| against.map_or(Ok(state), Err)) {
        Ok(state) => {
            case.state = state;
            decide(case, &op.action, &signed);
            (None, Outcome::Applied)
        }
        Err(why) => (Some(why.clone()), Outcome::ConflictKept { why }),
    };
    case.events.push(Event {
        signed,
        action: op.action.clone(),
        void,
        extra: Extra::default(),
    });
    case.events
        .sort_by_key(|event| (event.signed.at, event.signed.op_id));
    count_each_person_once(case);
    outcome
}

/// What a decision sets beside the state.
fn decide(case: &mut Case, action: &Action, signed: &Signed) {
    match action {
        Action::Register(decided) => {
            case.registration = Some(Registration {
                // The clock for handling starts when the hub has the decision, not when a device
                // with a wrong clock made it.
                at: signed.received_at.unwrap_or(signed.at),
                decided: decided.clone(),
                extra: Extra::default(),
            });
        }
        Action::Merge(merging) => case.merged_into = Some(merging.into),
        Action::Split { .. } => case.merged_into = None,
        _ => {}
    }
}

/// Of several +1 by one person the earliest counts, whichever arrived first.
fn count_each_person_once(case: &mut Case) {
    let mut seen = BTreeSet::from([case.reported.author.staff.clone()]);
    for event in &mut case.events {
        let counts = matches!(event.void, None | Some(Void::AlreadyCounted));
        if counts && matches!(event.action, Action::PlusOne(_)) {
            let first = seen.insert(event.signed.author.staff.clone());
            event.void = if first {
                None
            } else {
                Some(Void::AlreadyCounted)
            };
        }
    }
}
