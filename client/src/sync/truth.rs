//! What a hub says that can't be true. The device keeps its work, goes on with what it can, and
//! tells the person: only the hub's operator can mend it.

use shared::{
    Body, CaseId, Doc, Kind, Op, OpId, Outcome, Scope, case::CaseDoc, hub_api::PushResult,
};

/// How an answer shows that the hub is not what the protocol promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untruth {
    /// It lost again what it had confirmed again, or confirms what its own document lacks.
    Forgot,
    /// Its results are not one for each operation, in order.
    Results,
    /// It sent a document that does not belong to the feed.
    ForeignDocument,
    /// A feed ends before the place it had reached, in the same epoch.
    WentBack,
    /// Count and sum of a feed differ from its documents even after it was pulled anew.
    Tally,
    /// Pages that promise more and never get on.
    NoProgress,
}

/// Whether the hub may have answered this to this operation.
pub(super) fn answers(result: &PushResult, op_id: OpId) -> bool {
    match result.op_id {
        Some(id) => id == op_id,
        // Only what it could not read has no name.
        None => matches!(
            result.outcome,
            Outcome::Quarantined { .. } | Outcome::RetryLater
        ),
    }
}

/// Whether the hub says that its document has the operation.
pub(super) fn says_it_has(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Applied | Outcome::Merged | Outcome::ConflictKept { .. } | Outcome::Duplicate => {
            true
        }
        Outcome::Quarantined { .. } | Outcome::RetryLater => false,
    }
}

/// Whether the document lacks an operation that its hub took in. One we can't read lacks nothing.
pub(super) fn lacks(doc: &Doc, op: &Op) -> bool {
    matches!(doc.body(), Ok(Some(body)) if body.lacks(op))
}

/// What became of an operation that the hub kept aside and had decided again since: its document has
/// it now.
pub(super) fn decided_again(doc: &Doc, op: &Op) -> Option<Outcome> {
    let body = doc.body().ok().flatten().filter(|body| body.shows(op))?;
    let void = match body {
        Body::Case(CaseDoc::Known(case)) => {
            let mut events = case.events.into_iter();
            let its = events.find(|event| event.signed.op_id == op.op_id);
            its.and_then(|event| event.void)
        }
        _ => None,
    };
    Some(void.map_or(Outcome::Applied, |why| Outcome::ConflictKept { why }))
}

/// Whether the document can't stand in this feed: a case, or something of the register, in the feed
/// of a grid it is not in, or in the city's. What feeds of people hold is not ours to judge.
pub(super) fn is_foreign(doc: &Doc, scope: &Scope) -> bool {
    let Ok(Some(body)) = doc.body() else {
        return *scope == Scope::city() && doc.target.kind == Kind::case();
    };
    if *scope == Scope::city() {
        return true;
    }
    // A body that names another case is dealt with where it is shown.
    let names_another = match &body {
        Body::Case(CaseDoc::Known(case)) => case.id != CaseId(doc.target.id),
        _ => false,
    };
    let of_a_grid = scope.as_str().starts_with("grid:");
    of_a_grid && !names_another && !body.is_awaiting() && !body.audience().contains(scope)
}
