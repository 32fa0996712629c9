//! Takes in a batch of operations: log rows, effects, feeds and results, all in the caller's one
//! transaction. What becomes of each is the [`desk`]'s matter.

use fault::Bug;
use rusqlite::Transaction;

use super::{
    devices, feeds, judge,
    ops::{self, Sender},
};
use crate::store::{
    Batch, NewEpochRequired, Pushed, Session, StoreError,
    desk::{self, Log, LookUp},
    json::to_json,
    judge::{Judge, Needed},
};

/// What became of it, or that the device must take a new identity: then nothing is written.
pub(super) fn push(
    tx: &Transaction<'_>,
    session: &Session,
    batch: &Batch,
) -> Result<Result<Pushed, NewEpochRequired>, StoreError> {
    let device = session.device;
    let last = devices::last_dev_seq(tx, device)?;
    let mut found = ops::look_up(tx, device, &LookUp::of(batch, last))?;
    if fault::planted(Bug::SameWordsSameOp) {
        found.extend(ops::same_words(tx, device, batch)?);
    }
    let log = Log::of(device, found);
    let mut needed = Needed::by(&session.staff.id, &batch.ops);
    needed.docs.extend(log.targets().cloned());
    let known = judge::read(tx, needed, batch.received_at)?;
    let judge = Judge::new(session, &batch.sent, batch.received_at, known);
    let Ok(taken) = desk::take_in(device, batch, last, log, judge)? else {
        return Ok(Err(NewEpochRequired));
    };
    let sender = Sender {
        device,
        sent: &to_json(&batch.sent)?,
        received_at: batch.received_at,
    };
    fault::point("hub/push: decided, not in the log");
    let mut moved = Vec::new();
    let effects_first = fault::planted(Bug::LogOutsideTransaction);
    if effects_first {
        moved = judge::write(tx, &taken.effects, batch.received_at)?;
        tx.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        fault::point("hub/push: effects committed, not in the log");
    }
    ops::append(tx, sender, &taken.entries)?;
    if !effects_first {
        moved = judge::write(tx, &taken.effects, batch.received_at)?;
    }
    fault::point("hub/push: effects there, sequence not moved");
    let moved = feeds::reach_back(tx, moved, &taken.again)?;
    devices::pushed(tx, device, taken.last_dev_seq, batch.received_at)?;
    Ok(Ok(Pushed {
        results: taken.results,
        moved,
        erased: !taken.effects.erased.is_empty(),
    }))
}
