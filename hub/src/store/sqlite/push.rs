//! Takes in a batch of operations: log rows, effects, feeds and results, all in the caller's one
//! transaction. What an operation does is the [`Judge`]'s matter.

use fault::Bug;
use rusqlite::Transaction;
use shared::{Outcome, hub_api::PushResult};

use super::{
    convert::to_json,
    devices,
    judge::Judge,
    ops::{self, Entry, Logged},
};
use crate::{
    push::Incoming,
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
        judge: Judge {
            tx,
            session,
            scopes: session.scopes(),
            sent: &batch.sent,
            received_at: batch.received_at,
            now: batch.received_at,
        },
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
    judge: Judge<'a>,
    sent: String,
    last: u64,
}

impl Desk<'_> {
    fn place(&self, incoming: &Incoming) -> Result<Step, StoreError> {
        let (tx, device) = (self.judge.tx, self.judge.session.device);
        let next = self.last + 1;
        let dev_seq = incoming.dev_seq.unwrap_or(next);
        if dev_seq > next {
            return Ok(Step::Gap);
        }
        if dev_seq < next {
            let logged = ops::at(tx, device, dev_seq)?;
            return Ok(match logged {
                Some(logged) if is_same(&logged, incoming) => Step::Replay(logged),
                Some(_) | None => Step::Clash,
            });
        }
        let logged = match incoming.op_id {
            _ if fault::planted(Bug::SameWordsSameOp) => ops::same_words(tx, device, incoming)?,
            Some(op_id) => ops::find(tx, op_id)?,
            None => ops::find_unnamed(tx, device, &incoming.payload)?,
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
            doc: self.judge.visible(logged.target.as_ref())?,
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
        let (outcome, rev) = self.judge.settle(incoming)?;
        fault::point("hub/push: decided, not in the log");
        if fault::planted(Bug::LogOutsideTransaction) {
            self.judge.tx.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
            fault::point("hub/push: effect committed, not in the log");
        }
        self.log(incoming, dev_seq, false, &outcome, rev)?;
        fault::point("hub/push: in the log, sequence not moved");
        Ok(PushResult {
            op_id: incoming.op_id,
            outcome,
            rev,
            doc: self.judge.visible(incoming.target.as_ref())?,
        })
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
            self.judge.tx,
            &Entry {
                device: self.judge.session.device,
                dev_seq,
                incoming,
                repeated,
                sent: &self.sent,
                received_at: self.judge.received_at,
                outcome,
                rev,
            },
        )?;
        self.last = dev_seq;
        Ok(())
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
