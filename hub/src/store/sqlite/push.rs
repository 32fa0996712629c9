//! Takes in a batch of operations: log rows, effects, feeds and results, all in the caller's one
//! transaction. What an operation does is decided in [`crate::push`].

use rusqlite::Transaction;
use shared::{Action, Applied, Doc, DocRef, Outcome, Scope, apply::Stamp, hub_api::PushResult};
use std::collections::BTreeSet;

use super::{
    case_numbers,
    convert::{to_json, unreadable},
    devices, docs, feeds, grids,
    ops::{self, Entry, Logged},
    photos,
};
use crate::{
    push::{self, Facts, Incoming},
    store::{Batch, NewEpochRequired, Session, StoreError},
};

/// The results, or that the device must take a new identity: then nothing may be committed.
pub(super) type Pushed = Result<Vec<PushResult>, NewEpochRequired>;

pub(super) fn push(
    tx: &Transaction<'_>,
    session: &Session,
    batch: &Batch,
) -> Result<Pushed, StoreError> {
    let mut desk = Desk {
        tx,
        session,
        batch,
        scopes: session.scopes(),
        sent: to_json(&batch.sent)?,
        last: devices::last_dev_seq(tx, session.device)?,
    };
    let mut results = Vec::with_capacity(batch.ops.len());
    let mut gap = false;
    for incoming in &batch.ops {
        let step = if gap {
            Step::Gap
        } else {
            desk.place(incoming)?
        };
        results.push(match step {
            Step::Replay(logged) => desk.stored(incoming, logged)?,
            Step::Repeat(dev_seq, logged) => desk.repeat(incoming, dev_seq, logged)?,
            Step::New(dev_seq) => desk.take_in(incoming, dev_seq)?,
            Step::Gap => {
                gap = true;
                later(incoming)
            }
            Step::Clash => return Ok(Err(NewEpochRequired)),
        });
    }
    devices::pushed(tx, session.device, desk.last, batch.received_at)?;
    Ok(Ok(results))
}

/// What to do with an operation, by its place in the device's sequence.
enum Step {
    /// It is in the log already.
    Replay(Logged),
    /// It is in the log already, but under another identity of the device.
    Repeat(u64, Logged),
    /// It is the next one.
    New(u64),
    /// Something before it is missing.
    Gap,
    /// Another one stands in its place.
    Clash,
}

struct Desk<'a> {
    tx: &'a Transaction<'a>,
    session: &'a Session,
    batch: &'a Batch,
    scopes: BTreeSet<Scope>,
    sent: String,
    last: u64,
}

impl Desk<'_> {
    fn place(&self, incoming: &Incoming) -> Result<Step, StoreError> {
        let device = self.session.device;
        let next = self.last + 1;
        let dev_seq = incoming.dev_seq.unwrap_or(next);
        if dev_seq > next {
            return Ok(Step::Gap);
        }
        if dev_seq < next {
            let logged = ops::at(self.tx, device, dev_seq)?;
            return Ok(match logged {
                Some(logged) if is_same(&logged, incoming) => Step::Replay(logged),
                Some(_) | None => Step::Clash,
            });
        }
        let logged = match incoming.op_id {
            Some(op_id) => ops::find(self.tx, op_id)?,
            None => ops::find_unnamed(self.tx, device, &incoming.payload)?,
        };
        Ok(match logged {
            // Without a place of its own it must not take another one each time it is sent.
            Some(logged) if incoming.dev_seq.is_none() && logged.device == device => {
                Step::Replay(logged)
            }
            Some(logged) if incoming.op_id.is_some() => Step::Repeat(dev_seq, logged),
            Some(_) | None => Step::New(dev_seq),
        })
    }

    /// A replay: the stored result, with the document as it is now.
    fn stored(&self, incoming: &Incoming, logged: Logged) -> Result<PushResult, StoreError> {
        Ok(PushResult {
            op_id: incoming.op_id,
            outcome: logged.outcome,
            rev: logged.rev,
            doc: self.visible(logged.target.as_ref())?,
        })
    }

    /// A device with a new identity sends again what it sent under the old one: the row keeps its
    /// sequence dense, the effect was there already.
    fn repeat(
        &mut self,
        incoming: &Incoming,
        dev_seq: u64,
        logged: Logged,
    ) -> Result<PushResult, StoreError> {
        self.log(incoming, dev_seq, true, &logged.outcome, logged.rev)?;
        self.stored(incoming, logged)
    }

    fn take_in(&mut self, incoming: &Incoming, dev_seq: u64) -> Result<PushResult, StoreError> {
        let current = match &incoming.target {
            Some(target) => docs::find(self.tx, target)?,
            None => None,
        };
        let applied = self.decide(incoming, current.as_ref())?;
        if let Some(doc) = &applied.doc {
            self.store(incoming, doc)?;
        }
        let rev = match (&applied.doc, &current) {
            (Some(doc), _) | (None, Some(doc)) => doc.rev,
            (None, None) => 0,
        };
        self.log(incoming, dev_seq, false, &applied.outcome, rev)?;
        Ok(PushResult {
            op_id: incoming.op_id,
            outcome: applied.outcome,
            rev,
            doc: self.visible(incoming.target.as_ref())?,
        })
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
            Action::Report(_) => Some(case_numbers::next(self.tx, self.batch.received_at)?),
            _ => None,
        };
        let facts = Facts {
            staff: &self.session.staff,
            current,
            sees,
            grid_known,
        };
        let stamp = Stamp::Hub {
            received_at: self.batch.received_at,
            sent: &self.batch.sent,
            case_no: number.as_ref().map_or("", |number| &number.text),
        };
        let applied = push::decide(op, &facts, &stamp);
        if let Some(number) = number.filter(|_| applied.doc.is_some()) {
            case_numbers::take(self.tx, &number)?;
        }
        Ok(applied)
    }

    fn store(&self, incoming: &Incoming, doc: &Doc) -> Result<(), StoreError> {
        docs::put(self.tx, doc, self.batch.received_at)?;
        let audience = push::audience(doc).map_err(|source| unreadable("case", source))?;
        feeds::publish(self.tx, &doc.target, doc.rev, &audience)?;
        if let Ok(op) = &incoming.op {
            photos::refer(self.tx, &doc.target, op.action.photos())?;
        }
        Ok(())
    }

    fn log(
        &mut self,
        incoming: &Incoming,
        dev_seq: u64,
        repeated: bool,
        outcome: &Outcome,
        rev: u64,
    ) -> Result<(), StoreError> {
        ops::append(
            self.tx,
            &Entry {
                device: self.session.device,
                dev_seq,
                incoming,
                repeated,
                sent: &self.sent,
                received_at: self.batch.received_at,
                outcome,
                rev,
            },
        )?;
        self.last = dev_seq;
        Ok(())
    }

    /// The document as it is now, where this person may see it.
    fn visible(&self, target: Option<&DocRef>) -> Result<Option<Doc>, StoreError> {
        match target {
            Some(target) if self.sees(target)? => docs::find(self.tx, target),
            Some(_) | None => Ok(None),
        }
    }

    fn sees(&self, target: &DocRef) -> Result<bool, StoreError> {
        let holders = feeds::holders(self.tx, target)?;
        Ok(!holders.is_disjoint(&self.scopes))
    }
}

fn is_same(logged: &Logged, incoming: &Incoming) -> bool {
    match (logged.op_id, incoming.op_id) {
        (Some(logged), Some(incoming)) => logged == incoming,
        (None, None) => logged.payload == incoming.payload,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn later(incoming: &Incoming) -> PushResult {
    PushResult {
        op_id: incoming.op_id,
        outcome: Outcome::RetryLater,
        rev: 0,
        doc: None,
    }
}
