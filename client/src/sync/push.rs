//! Operations up, in small batches that shrink on a bad link. The outbox is the truth: a row
//! counts as delivered only when the hub's answer is stored beside it, in one transaction with
//! the document that came with it.

use std::collections::{BTreeMap, BTreeSet};

use fault::Bug;
use shared::{
    DocRef, OpId, Outcome,
    hub_api::{ErrorCode, Push, PushAnswer, PushResult},
    ipc::{Area, Doing},
    time::Observed,
};

use super::{
    SyncError,
    brief::{self, Journey},
    remote::{Remote, RemoteError},
    round::Round,
    truth::{self, Untruth},
};
use crate::{
    erased, fold,
    store::{device, mirror, outbox},
};

/// Rows looked at for one batch.
const ROWS_MAX: u32 = 1_000;

/// An operation that waits, as it will be sent.
struct Waiting {
    dev_seq: u64,
    op_id: OpId,
    target: DocRef,
    json: serde_json::Value,
    bytes: usize,
}

/// What the failure of a batch means.
enum Failed {
    /// Smaller batches may get through, and one operation alone may be what is wrong.
    Divide,
    /// It has nothing to do with what was sent.
    Stop,
}

impl<R: Remote> Round<'_, R> {
    /// Sends what waits. Every operation gets one turn a round.
    pub(super) async fn push(&mut self) -> Result<(), SyncError> {
        let pushed = self.push_all().await;
        self.follow_moves().await?;
        pushed
    }

    async fn push_all(&mut self) -> Result<(), SyncError> {
        // What the hub put off, and what follows it on the same document: the order must stay.
        let mut held = BTreeSet::new();
        let mut failure = None;
        loop {
            let batch = self.next_batch(&held).await?;
            let (Some(first), Some(last)) = (batch.first(), batch.last()) else {
                break;
            };
            let (only, last) = (first.dev_seq == last.dev_seq, last.dev_seq);
            let bytes: usize = batch.iter().map(|op| op.bytes).sum();
            let push = Push {
                sent: self.core.clock.observed(),
                ops: batch.iter().map(|op| op.json.clone()).collect(),
                brief: self.brief,
            };

            let (answer, took) = self.timed(self.remote.push(&push)).await;
            match answer {
                Ok(answer) => {
                    fault::point("client/push: answered, not noted");
                    let packed = self.packed(bytes);
                    self.paces.push.succeeded(packed, took);
                    self.keep(batch, push.sent, answer, &mut held).await?;
                    self.pushed_to = last;
                }
                Err(error) if any_answer_confirms(&error) => {
                    let yes = said_yes(&batch);
                    self.keep(batch, push.sent, yes, &mut held).await?;
                    self.pushed_to = last;
                }
                Err(error) => match meaning(&error) {
                    Failed::Divide if !only => self.pace_down(bytes, &error),
                    // Alone, and still not taken: it waits, the others go on.
                    Failed::Divide if !matches!(error, RemoteError::CutOff(_)) => {
                        held.extend(batch.into_iter().map(|op| op.target));
                        self.pushed_to = last;
                        failure.get_or_insert(error);
                    }
                    Failed::Divide | Failed::Stop => return Err(error.into()),
                },
            }
        }
        failure.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Pushes what a person did since this round's push, if anything: between two pieces of a
    /// photo there is always room for a few words.
    pub(super) async fn push_new(&mut self) -> Result<(), SyncError> {
        let after = self.pushed_to;
        let news = self
            .core
            .read(move |db| outbox::any_queued_after(db, after))
            .await?;
        if news { self.push().await } else { Ok(()) }
    }

    async fn next_batch(&mut self, held: &BTreeSet<DocRef>) -> Result<Vec<Waiting>, SyncError> {
        let rows = loop {
            let after = self.pushed_to;
            let (rows, left) = self
                .core
                .read(move |db| {
                    Ok((
                        outbox::queued_after(db, after, ROWS_MAX)?,
                        outbox::count_queued(db)?,
                    ))
                })
                .await?;
            let Some(last) = rows.last() else {
                return Ok(Vec::new());
            };
            if rows.iter().any(|row| !held.contains(&row.target)) {
                self.core.doing(Some(Doing::Push { left }));
                break rows;
            }
            self.pushed_to = last.dev_seq;
        };

        let wire_budget = self.paces.push.size().saturating_mul(100) / self.remote.packed_percent();
        let budget = wire_budget.min(self.limits.max_body.saturating_sub(1_024));
        let mut batch = Vec::new();
        let mut total = 0_usize;
        for row in rows {
            if held.contains(&row.target) {
                continue;
            }
            total = total.saturating_add(row.json.len()).saturating_add(1);
            let full = total > budget || batch.len() >= self.limits.max_ops;
            if full && !batch.is_empty() {
                break;
            }
            batch.push(Waiting {
                dev_seq: row.dev_seq,
                op_id: row.op_id,
                target: row.target,
                bytes: row.json.len(),
                json: serde_json::from_str(&row.json).map_err(crate::error::Error::from)?,
            });
        }
        Ok(batch)
    }

    /// Stores the hub's answers. An operation it said nothing usable about stays queued.
    async fn keep(
        &mut self,
        batch: Vec<Waiting>,
        sent: Observed,
        answer: PushAnswer,
        held: &mut BTreeSet<DocRef>,
    ) -> Result<(), SyncError> {
        let now = self.core.clock.now();
        let journey = Journey {
            sent,
            received_at: answer.received_at,
        };
        let mut moved = answer.moved;
        // Others may be this device's by now; it hears of them with the next hello.
        moved.retain(|it| self.heads.iter().any(|head| head.scope == it.scope));
        let own: BTreeSet<_> = moved.iter().map(|it| it.scope.clone()).collect();
        let goes_on = self.goes_on(&moved).await?;
        let (confirmed, later, untruth, gap) = self
            .core
            .write(move |tx| {
                let mut confirmed = 0_u32;
                let mut acked = 0;
                let mut later = BTreeSet::new();
                let mut touched = BTreeSet::new();
                let mut docs = BTreeMap::new();
                let mut gap = false;
                let miscounted = answer.results.len() != batch.len();
                let mut untruth = miscounted.then_some(Untruth::Results);
                let mut results = answer.results.into_iter();
                for op in batch {
                    let result = results.next();
                    let ours = result.filter(|result| truth::answers(result, op.op_id));
                    let Some(mut result) = ours else {
                        gap = true;
                        untruth.get_or_insert(Untruth::Results);
                        later.insert(op.target);
                        continue;
                    };
                    let forgotten = truth::says_it_has(&result.outcome)
                        && result.doc.as_ref().is_some_and(|doc| {
                            doc.target == op.target
                                && serde_json::from_value(op.json.clone())
                                    .is_ok_and(|op| truth::lacks(doc, &op))
                        });
                    if forgotten {
                        gap = true;
                        untruth.get_or_insert(Untruth::Forgot);
                        later.insert(op.target);
                        continue;
                    }
                    if result.doc.is_none() {
                        result.doc = brief::work_out(tx, op.json, &result, &journey)?;
                    }
                    if let Some(doc) = result.doc.filter(|doc| doc.target == op.target) {
                        mirror::put(tx, &doc)?;
                        erased::heard(tx, &doc)?;
                        docs.insert(op.target.clone(), doc);
                    } else {
                        gap |= brief::changed_something(&result.outcome);
                    }
                    touched.insert(op.target.clone());
                    if result.outcome == Outcome::RetryLater
                        && !fault::planted(Bug::AnyAnswerConfirms)
                    {
                        later.insert(op.target);
                        continue;
                    }
                    outbox::confirm(tx, op.op_id, &result.outcome, now)?;
                    erased::answered(tx, &op.target, &result.outcome)?;
                    confirmed += 1;
                    acked = op.dev_seq;
                }
                fault::point("client/push: confirmed, not committed");
                if acked > device::get(tx)?.acked_dev_seq {
                    device::set_acked_dev_seq(tx, acked)?;
                }
                brief::stand(tx, &docs, &own)?;
                fold::refold_each(tx, &touched)?;
                Ok((confirmed, later, untruth, gap))
            })
            .await?;

        self.report.ops_pushed = self.report.ops_pushed.saturating_add(confirmed);
        held.extend(later);
        if let Some(untruth) = untruth {
            self.note(SyncError::Untrue(untruth));
        }
        self.core.count_waiting().await?;
        self.announce([Area::Cases, Area::Register, Area::Records, Area::Delivery]);
        self.moved(moved, gap || !goes_on).await
    }

    /// Bytes on the wire that so many of JSON are.
    fn packed(&self, json: usize) -> usize {
        json.saturating_mul(self.remote.packed_percent()) / 100
    }

    fn pace_down(&mut self, json: usize, error: &RemoteError) {
        let sent = self.packed(json);
        match error {
            RemoteError::CutOff(_) => {
                self.paces.push.failed(sent);
                self.paces.chunk.learn(&self.paces.push);
            }
            // Not the link's fault: no reason to stay small after the culprit is found.
            _ => self.paces.push.shrink(sent),
        }
    }
}

fn meaning(error: &RemoteError) -> Failed {
    match error {
        RemoteError::CutOff(_) => Failed::Divide,
        RemoteError::BadAddress(_) | RemoteError::Unreachable(_) | RemoteError::NotAHub => {
            Failed::Stop
        }
        RemoteError::Refused(error) => match error.code {
            ErrorCode::Malformed
            | ErrorCode::TooLarge
            | ErrorCode::UnsupportedMedia
            | ErrorCode::Internal => Failed::Divide,
            // `NewEpochRequired`: the device was cloned or restored from a backup. It takes a new
            // identity after this round.
            ErrorCode::NotEnrolled
            | ErrorCode::Revoked
            | ErrorCode::Forbidden
            | ErrorCode::NotFound
            | ErrorCode::CodeUsed
            | ErrorCode::CodeUnknown
            | ErrorCode::NewEpochRequired
            | ErrorCode::CursorGone
            | ErrorCode::ProtocolVersion
            | ErrorCode::TooMany
            | ErrorCode::ChecksumMismatch
            | ErrorCode::OffsetMismatch
            | ErrorCode::HubFull
            | ErrorCode::Unavailable
            | ErrorCode::Unknown => Failed::Stop,
        },
    }
}

/// Only with the bug planted: a refusal is an answer, too.
fn any_answer_confirms(error: &RemoteError) -> bool {
    fault::planted(Bug::AnyAnswerConfirms) && matches!(error, RemoteError::Refused(_))
}

fn said_yes(batch: &[Waiting]) -> PushAnswer {
    let yes = |op: &Waiting| PushResult {
        op_id: Some(op.op_id),
        outcome: Outcome::Applied,
        rev: 0,
        doc: None,
        brief: None,
    };
    PushAnswer {
        results: batch.iter().map(yes).collect(),
        received_at: None,
        moved: Vec::new(),
    }
}
