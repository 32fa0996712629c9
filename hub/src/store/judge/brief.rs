//! What a device is told in place of a document that it can work out by itself.

use shared::{
    Action, Op, Outcome,
    hub_api::{Brief, FirstSent},
};

use super::{Changed, Judge, Settled};
use crate::{
    push::Incoming,
    store::{StoreError, StoredDoc, log::Logged},
};

impl Judge<'_> {
    /// What a device needs to work the document out that it had before; `None` where it may not see
    /// it, or the operation changed nothing.
    pub(in crate::store) fn brief(
        &self,
        incoming: &Incoming,
        settled: &Settled,
    ) -> Result<Option<Brief>, StoreError> {
        let (Ok(op), true) = (&incoming.op, changed_it(&settled.outcome) && settled.had_it) else {
            return Ok(None);
        };
        let changed = self.changed(&op.target);
        let Some(Changed { doc, .. }) = changed.filter(|it| !it.deleted && self.sees(&op.target))
        else {
            return Ok(None);
        };
        brief_of(op, doc, None).map(Some)
    }

    /// The same of an operation that is in the log: as long as nothing happened to the document
    /// since, a device that had it right before works out the same. It may be told of none that
    /// another operation of this push is about: it has that by then.
    pub(in crate::store) fn brief_again(
        &mut self,
        incoming: &Incoming,
        logged: &Logged,
    ) -> Result<Option<Brief>, StoreError> {
        let (Ok(op), true) = (&incoming.op, changed_it(&logged.outcome)) else {
            return Ok(None);
        };
        let is_first = self.told.insert(op.target.clone());
        let doc = self.doc(&op.target).filter(|doc| {
            let is_last = doc.rev == logged.rev && op.base_rev.checked_add(1) == Some(doc.rev);
            is_first && is_last && doc.deletion().is_none() && self.sees(&op.target)
        });
        doc.map(|doc| brief_of(op, doc, Some(logged.first.clone())))
            .transpose()
    }
}

/// Whether there is another document for it.
fn changed_it(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Applied | Outcome::Merged | Outcome::ConflictKept { .. }
    )
}

fn brief_of(op: &Op, doc: &StoredDoc, first: Option<FirstSent>) -> Result<Brief, StoreError> {
    let opened = matches!(op.action, Action::Report(_));
    let case = doc.case().filter(|_| opened);
    Ok(Brief {
        sum: doc.sum()?,
        case_no: case.and_then(|case| case.case_no.clone()),
        first,
    })
}
