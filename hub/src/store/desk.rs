//! Takes in a batch of operations, each by its place in the device's sequence: new ones are judged,
//! replays are told what they were told before. Works in memory, like the [`Judge`] it asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use fault::Bug;
use shared::{
    DeviceId, DocRef, OpId, Outcome,
    case::Void,
    hub_api::{FirstSent, PushResult},
};

use super::{
    Batch, NewEpochRequired, StoreError,
    judge::{Effects, Judge, Settled},
    log::{ERASED, Entry, Logged},
};
use crate::push::{self, Incoming};

/// What a store must look up in the log for a batch.
#[derive(Debug, Default)]
pub(super) struct LookUp<'a> {
    /// Places in the device's sequence that are taken already.
    pub(super) dev_seqs: BTreeSet<u64>,
    /// Ids, whichever device sent them first.
    pub(super) op_ids: BTreeSet<OpId>,
    /// Operations of the device without a readable id, letter by letter.
    pub(super) unnamed: BTreeSet<&'a str>,
}

impl<'a> LookUp<'a> {
    pub(super) fn of(batch: &'a Batch, last_dev_seq: u64) -> Self {
        let mut look_up = Self::default();
        for incoming in &batch.ops {
            match (incoming.dev_seq, incoming.op_id) {
                (Some(dev_seq), _) if dev_seq <= last_dev_seq => {
                    look_up.dev_seqs.insert(dev_seq);
                }
                (_, Some(op_id)) => {
                    look_up.op_ids.insert(op_id);
                }
                (_, None) => {
                    look_up.unnamed.insert(&incoming.payload);
                }
            }
        }
        look_up
    }
}

/// What the log knows of a batch; grows while the batch is taken in.
#[derive(Debug, Default)]
pub(super) struct Log {
    at: BTreeMap<u64, Arc<Logged>>,
    by_id: BTreeMap<OpId, Arc<Logged>>,
    unnamed: BTreeMap<String, Arc<Logged>>,
}

impl Log {
    /// What was found for a [`LookUp`].
    pub(super) fn of(device: DeviceId, found: Vec<Logged>) -> Self {
        let mut log = Self::default();
        for logged in found {
            log.add(device, logged, false);
        }
        log
    }

    /// The documents these operations were about.
    pub(super) fn targets(&self) -> impl Iterator<Item = &DocRef> {
        let all = self.at.values().chain(self.by_id.values());
        all.chain(self.unnamed.values())
            .filter_map(|logged| logged.target.as_ref())
    }

    fn add(&mut self, device: DeviceId, logged: Logged, repeated: bool) {
        let logged = Arc::new(logged);
        match logged.op_id {
            // Of one that came twice, the first is what a replay is told.
            Some(op_id) if !repeated => {
                let first = self.by_id.entry(op_id);
                first.or_insert_with(|| Arc::clone(&logged));
            }
            None if logged.device == device => {
                let first = self.unnamed.entry(logged.payload.clone());
                first.or_insert_with(|| Arc::clone(&logged));
            }
            Some(_) | None => {}
        }
        if logged.device == device {
            self.at.insert(logged.dev_seq, logged);
        }
    }
}

/// What taking in a batch gave: its results, and what the store must write.
#[derive(Debug)]
pub(super) struct TakenIn<'a> {
    pub(super) results: Vec<PushResult>,
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) effects: Effects,
    pub(super) last_dev_seq: u64,
    /// Documents that the device is told again to work out: it lost the answer that told it so.
    pub(super) again: BTreeSet<DocRef>,
}

/// Takes in a batch, or finds that the device must take a new identity; then nothing of it may be
/// written.
pub(super) fn take_in<'a>(
    device: DeviceId,
    batch: &'a Batch,
    last_dev_seq: u64,
    log: Log,
    judge: Judge<'a>,
) -> Result<Result<TakenIn<'a>, NewEpochRequired>, StoreError> {
    let mut desk = Desk {
        device,
        brief: batch.brief,
        now: FirstSent {
            sent: batch.sent.clone(),
            received_at: batch.received_at,
        },
        judge,
        log,
        entries: Vec::new(),
        last: last_dev_seq,
        again: BTreeSet::new(),
    };
    let mut results = Vec::with_capacity(batch.ops.len());
    let mut gap = false;
    for incoming in &batch.ops {
        let step = if gap { Step::Gap } else { desk.place(incoming) };
        results.push(match step {
            Step::Replay(logged) => desk.replay(incoming, &logged)?,
            Step::Repeat(dev_seq, logged) => desk.repeat(incoming, dev_seq, &logged)?,
            Step::New(dev_seq) => desk.settle(incoming, dev_seq)?,
            Step::Gap => {
                gap = true;
                later(incoming)
            }
            Step::Clash => return Ok(Err(NewEpochRequired)),
        });
    }
    Ok(Ok(TakenIn {
        results,
        entries: desk.entries,
        effects: desk.judge.effects(),
        last_dev_seq: desk.last,
        again: desk.again,
    }))
}

/// What to do with an operation, by its place in the device's sequence.
enum Step {
    /// It is in the log already.
    Replay(Arc<Logged>),
    /// It is in the log already, but under another identity of the device.
    Repeat(u64, Arc<Logged>),
    /// It is the next one.
    New(u64),
    /// Something before it is missing.
    Gap,
    /// Another one stands in its place.
    Clash,
}

struct Desk<'a> {
    device: DeviceId,
    /// The device works documents out by itself where it can.
    brief: bool,
    now: FirstSent,
    judge: Judge<'a>,
    log: Log,
    entries: Vec<Entry<'a>>,
    last: u64,
    again: BTreeSet<DocRef>,
}

impl<'a> Desk<'a> {
    fn place(&self, incoming: &Incoming) -> Step {
        let next = self.last + 1;
        let dev_seq = incoming.dev_seq.unwrap_or(next);
        if dev_seq > next {
            return Step::Gap;
        }
        if dev_seq < next {
            return match self.log.at.get(&dev_seq) {
                Some(logged) if logged.is(incoming) || fault::planted(Bug::AnotherForReplay) => {
                    Step::Replay(Arc::clone(logged))
                }
                Some(_) | None => Step::Clash,
            };
        }
        let logged = match incoming.op_id {
            Some(op_id) => self.log.by_id.get(&op_id),
            None => self.log.unnamed.get(&incoming.payload),
        };
        match logged {
            // Without a place of its own it must not take another one each time it is sent.
            Some(logged) if incoming.dev_seq.is_none() && logged.device == self.device => {
                Step::Replay(Arc::clone(logged))
            }
            Some(logged) if incoming.op_id.is_some() => Step::Repeat(dev_seq, Arc::clone(logged)),
            Some(_) | None => Step::New(dev_seq),
        }
    }

    /// A replay. Mostly the answer was lost, and the device lacks just what that said.
    fn replay(&mut self, incoming: &Incoming, logged: &Logged) -> Result<PushResult, StoreError> {
        let brief = if self.brief {
            self.judge.brief_again(incoming, logged)?
        } else {
            None
        };
        if brief.is_none() {
            return self.stored(incoming, logged);
        }
        self.again.extend(logged.target.clone());
        Ok(PushResult {
            op_id: incoming.op_id,
            outcome: logged.outcome.clone(),
            rev: logged.rev,
            doc: None,
            brief,
        })
    }

    /// The stored result, with the document as it is now.
    fn stored(&self, incoming: &Incoming, logged: &Logged) -> Result<PushResult, StoreError> {
        Ok(PushResult {
            op_id: incoming.op_id,
            outcome: logged.outcome.clone(),
            rev: logged.rev,
            doc: self.judge.visible(logged.target.as_ref())?,
            brief: None,
        })
    }

    /// A device with a new identity sends again what it sent under the old one: the row keeps its
    /// sequence dense, the effect was there already.
    fn repeat(
        &mut self,
        incoming: &'a Incoming,
        dev_seq: u64,
        logged: &Logged,
    ) -> Result<PushResult, StoreError> {
        self.append(incoming, dev_seq, true, &logged.outcome, logged.rev);
        self.stored(incoming, logged)
    }

    fn settle(&mut self, incoming: &'a Incoming, dev_seq: u64) -> Result<PushResult, StoreError> {
        let settled = self.judge.settle(incoming)?;
        let Settled { outcome, rev, .. } = &settled;
        self.append(incoming, dev_seq, false, outcome, *rev);
        let brief = if self.brief {
            self.judge.brief(incoming, &settled)?
        } else {
            None
        };
        let doc = match brief {
            Some(_) => None,
            None => self.judge.visible(incoming.target.as_ref())?,
        };
        Ok(PushResult {
            op_id: incoming.op_id,
            outcome: settled.outcome,
            rev: settled.rev,
            doc,
            brief,
        })
    }

    fn append(
        &mut self,
        incoming: &'a Incoming,
        dev_seq: u64,
        repeated: bool,
        outcome: &Outcome,
        rev: u64,
    ) {
        let payload = self.kept(incoming, outcome);
        let logged = Logged {
            device: self.device,
            dev_seq,
            op_id: incoming.op_id,
            target: incoming.target.clone(),
            payload: payload.to_owned(),
            outcome: outcome.clone(),
            rev,
            first: self.now.clone(),
        };
        self.log.add(self.device, logged, repeated);
        self.entries.push(Entry {
            dev_seq,
            incoming,
            payload,
            repeated,
            outcome: outcome.clone(),
            rev,
        });
        self.last = dev_seq;
    }

    /// What the log keeps of an operation: nothing of what was done with something that is erased, but
    /// who erased it and why.
    fn kept(&self, incoming: &'a Incoming, outcome: &Outcome) -> &'a str {
        if incoming.op.as_ref().is_ok_and(|op| push::erases(op)) {
            return &incoming.payload;
        }
        let refused = *outcome == Outcome::ConflictKept { why: Void::Erased };
        let target = incoming.target.as_ref();
        if refused || target.is_some_and(|target| self.judge.is_erased(target)) {
            return ERASED;
        }
        &incoming.payload
    }
}

fn later(incoming: &Incoming) -> PushResult {
    PushResult {
        op_id: incoming.op_id,
        outcome: Outcome::RetryLater,
        rev: 0,
        doc: None,
        brief: None,
    }
}
