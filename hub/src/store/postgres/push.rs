//! Takes in a batch of operations: log rows, effects, feeds and results, all in the caller's one
//! transaction. What becomes of each is the [`desk`]'s matter.

use deadpool_postgres::Transaction;

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
pub(super) async fn push(
    tx: &Transaction<'_>,
    session: &Session,
    batch: &Batch,
) -> Result<Result<Pushed, NewEpochRequired>, StoreError> {
    let device = session.device;
    // Locked first: two pushes of one device are taken in one after the other.
    let last = devices::lock_last_dev_seq(tx, device).await?;
    let found = ops::look_up(tx, device, &LookUp::of(batch, last)).await?;
    let log = Log::of(device, found);
    let mut needed = Needed::by(&session.staff.id, &batch.ops);
    needed.docs.extend(log.targets().cloned());
    let known = judge::lock(tx, &needed, batch.received_at).await?;
    let judge = Judge::new(session, &batch.sent, batch.received_at, known);
    let Ok(taken) = desk::take_in(device, batch, last, log, judge)? else {
        return Ok(Err(NewEpochRequired));
    };
    let sender = Sender {
        device,
        sent: &to_json(&batch.sent)?,
        received_at: batch.received_at,
    };
    ops::append(tx, sender, &taken.entries).await?;
    let moved = judge::write(tx, &taken.effects, batch.received_at).await?;
    let moved = feeds::reach_back(tx, moved, &taken.again).await?;
    devices::pushed(tx, device, taken.last_dev_seq, batch.received_at).await?;
    Ok(Ok(Pushed {
        results: taken.results,
        moved,
        erased: !taken.effects.erased.is_empty(),
    }))
}
