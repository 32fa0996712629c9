//! Decides an operation and makes what it does so: document, feeds, photos and case number, all in
//! the caller's one transaction. [`crate::push`] says what is to be; the log is the caller's.

use std::collections::BTreeSet;

use fault::Bug;
use rusqlite::Transaction;
use serde_json::Value;
use shared::{
    Action, Applied, Doc, DocRef, Outcome, Scope, Timestamp, apply::Stamp, time::Observed,
};

use super::{case_numbers, convert::unreadable, docs, feeds, grids, photos};
use crate::{
    push::{self, Facts, Incoming},
    store::{Session, StoreError},
};

/// Whose operations, how they came, and where they take effect.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) session: &'a Session,
    /// The feeds that person may see, worked out once.
    pub(super) scopes: BTreeSet<Scope>,
    /// How the device's clocks stood when it sent.
    pub(super) sent: &'a Observed,
    /// When the hub received them.
    pub(super) received_at: Timestamp,
    /// Later than that only when the operator has an operation decided again.
    pub(super) now: Timestamp,
}

impl Judge<'_> {
    /// What becomes of an operation, and the revision of its target afterwards.
    pub(super) fn settle(&self, incoming: &Incoming) -> Result<(Outcome, u64), StoreError> {
        let current = match &incoming.target {
            Some(target) => docs::find(self.tx, target)?,
            None => None,
        };
        let current = current.map(|doc| later_writer_wins(doc, incoming));
        let applied = self.decide(incoming, current.as_ref())?;
        if let Some(doc) = &applied.doc {
            self.store(incoming, doc)?;
        }
        let rev = match (&applied.doc, &current) {
            (Some(doc), _) | (None, Some(doc)) => doc.rev,
            (None, None) => 0,
        };
        Ok((applied.outcome, rev))
    }

    fn decide(&self, incoming: &Incoming, current: Option<&Doc>) -> Result<Applied, StoreError> {
        let op = match &incoming.op {
            Ok(op) => op,
            Err(why) => {
                return Ok(Applied {
                    doc: None,
                    outcome: Outcome::Quarantined { why: *why },
                });
            }
        };
        let sees = current.is_some() && self.sees(&op.target)?;
        let grid_known = match push::grid_named(op) {
            Some(grid) => grids::is_known(self.tx, grid)?,
            None => true,
        };
        // Only a report opens a case; the counter need not be looked up for anything else.
        let number = match &op.action {
            Action::Report(_) => Some(case_numbers::next(self.tx, self.received_at)?),
            _ => None,
        };
        let facts = Facts {
            staff: &self.session.staff,
            current,
            sees,
            grid_known,
        };
        let stamp = Stamp::Hub {
            received_at: self.received_at,
            sent: self.sent,
            case_no: number.as_ref().map_or("", |number| &number.text),
        };
        let applied = push::decide(op, &facts, &stamp);
        if let Some(number) = number.filter(|_| applied.doc.is_some()) {
            case_numbers::take(self.tx, &number)?;
        }
        Ok(applied)
    }

    fn store(&self, incoming: &Incoming, doc: &Doc) -> Result<(), StoreError> {
        docs::put(self.tx, doc, self.now)?;
        fault::point("hub/push: document changed, not in its feeds");
        let audience = push::audience(doc).map_err(|source| unreadable("case", source))?;
        feeds::publish(self.tx, &doc.target, doc.rev, &audience)?;
        fault::point("hub/push: in its feeds, photos not referred to");
        if let Ok(op) = &incoming.op {
            photos::refer(self.tx, &doc.target, op.action.photos())?;
        }
        Ok(())
    }

    /// The document as it is now, where this person may see it.
    pub(super) fn visible(&self, target: Option<&DocRef>) -> Result<Option<Doc>, StoreError> {
        match target {
            Some(target) if fault::planted(Bug::ScopeLeak) || self.sees(target)? => {
                docs::find(self.tx, target)
            }
            Some(_) | None => Ok(None),
        }
    }

    fn sees(&self, target: &DocRef) -> Result<bool, StoreError> {
        let holders = feeds::holders(self.tx, target)?;
        Ok(!holders.is_disjoint(&self.scopes))
    }
}

/// Only with the bug planted: what the author had not seen is not there when they write.
fn later_writer_wins(mut doc: Doc, incoming: &Incoming) -> Doc {
    let base = incoming.op.as_ref().map_or(doc.rev, |op| op.base_rev);
    if fault::planted(Bug::LastWriterWins)
        && base < doc.rev
        && let Some(events) = doc
            .body
            .pointer_mut("/known/events")
            .and_then(Value::as_array_mut)
    {
        events.pop();
    }
    doc
}
