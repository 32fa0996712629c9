//! Brief answers: the hub says that an operation took effect and gives the sum of the document, and
//! the device works the document out by itself, by the same [`apply`] and with the same stamp. What
//! it can't work out, or another sum, comes by the feed as ever; so a brief answer can save bytes
//! and never a document.
//!
//! [`FeedMove`]s say how far the pushes moved the feeds. Where nothing else moved one in between, and
//! count and sum agree, the device is at its end without a pull.

use std::collections::{BTreeMap, BTreeSet};

use fault::Bug;
use rusqlite::Transaction;
use shared::{
    Doc, DocRef, Op, Outcome, Scope, Timestamp,
    apply::{Stamp, apply},
    hub_api::{FeedMove, PushResult},
    time::Observed,
};

use super::{SyncError, remote::Remote, round::Round};
use crate::{
    error::Result as LocalResult,
    store::{
        feeds::{self, Feed, Tally},
        mirror,
    },
};

/// When operations were sent, and received.
#[derive(Debug, Clone)]
pub(super) struct Journey {
    /// How this device's clocks stood.
    pub(super) sent: Observed,
    /// By the hub's clock, if it said so.
    pub(super) received_at: Option<Timestamp>,
}

/// The document after `op`, which the hub answered briefly; `None` when this device can't tell.
pub(super) fn work_out(
    tx: &Transaction<'_>,
    op: serde_json::Value,
    result: &PushResult,
    journey: &Journey,
) -> LocalResult<Option<Doc>> {
    let Some(brief) = &result.brief else {
        return Ok(None);
    };
    let first = brief.first.as_ref();
    let received_at = first.map(|it| it.received_at).or(journey.received_at);
    let Some(received_at) = received_at else {
        return Ok(None);
    };
    let op: Op = serde_json::from_value(op)?;
    let before = mirror::find(tx, &op.target)?;
    let stamp = Stamp::Hub {
        received_at,
        sent: first.map_or(&journey.sent, |it| &it.sent),
        case_no: brief.case_no.as_deref().unwrap_or_default(),
        against: None,
    };
    let applied = apply(before.as_ref(), &op, &stamp);
    let agrees = |doc: &Doc| {
        applied.outcome == result.outcome
            && doc.rev == result.rev
            && doc.sum().is_ok_and(|sum| sum == brief.sum)
    };
    Ok(applied.doc.filter(agrees))
}

/// Whether the hub changed a document for this operation.
pub(super) fn changed_something(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Applied | Outcome::Merged | Outcome::ConflictKept { .. } => true,
        Outcome::Duplicate | Outcome::Quarantined { .. } | Outcome::RetryLater => false,
    }
}

/// Puts the documents into these feeds, or out of them, as their audience is now.
pub(super) fn stand(
    tx: &Transaction<'_>,
    docs: &BTreeMap<DocRef, Doc>,
    moved: &BTreeSet<Scope>,
) -> LocalResult<()> {
    for scope in moved {
        feeds::begin(tx, scope)?;
    }
    for (target, doc) in docs {
        // One we can't read stands where the feed says.
        let Ok(Some(body)) = doc.body() else { continue };
        let audience = body.audience();
        for scope in moved {
            if audience.contains(scope) {
                feeds::join(tx, scope, target)?;
            } else {
                feeds::leave(tx, scope, target)?;
            }
        }
    }
    Ok(())
}

/// How far the pushes of a round moved the feeds, this device's operations alone.
#[derive(Debug, Default)]
pub(super) struct Moves(BTreeMap<Scope, FeedMove>);

impl Moves {
    /// Whether these begin where those before them end.
    fn go_on(&self, next: &[FeedMove]) -> bool {
        next.iter().all(|next| {
            let before = self.0.get(&next.scope);
            before.is_none_or(|before| before.seq == next.from)
        })
    }

    fn add(&mut self, next: Vec<FeedMove>) {
        for next in next {
            let from = self.0.get(&next.scope).map_or(next.from, |it| it.from);
            self.0.insert(next.scope.clone(), FeedMove { from, ..next });
        }
    }
}

impl<R: Remote> Round<'_, R> {
    /// A push was answered, and nothing of the answer is kept yet. Says whether it goes on where the
    /// one before ended. Where not, that end is reached now: afterwards there is more in the feeds
    /// than count and sum of the moves so far say.
    pub(super) async fn goes_on(&mut self, moved: &[FeedMove]) -> Result<bool, SyncError> {
        let goes_on = self.moves.go_on(moved);
        if !goes_on {
            self.follow_moves().await?;
        }
        Ok(goes_on)
    }

    /// A push was answered and kept. With a `gap` something that stands before or between its moves
    /// is not on this device.
    pub(super) async fn moved(&mut self, moved: Vec<FeedMove>, gap: bool) -> Result<(), SyncError> {
        for head in &mut self.heads {
            let further = moved.iter().filter(|it| it.scope == head.scope);
            head.seq = further.map(|it| it.seq).fold(head.seq, u64::max);
        }
        if !gap {
            self.moves.add(moved);
            return Ok(());
        }
        // What is missing is little now. Left until the last push it would be everything after it.
        self.moves = Moves::default();
        let missing: Vec<_> = self
            .heads
            .iter()
            .filter(|head| moved.iter().any(|it| it.scope == head.scope))
            .cloned()
            .collect();
        for head in missing {
            match self.pull_feed(&head).await {
                Err(error) if error.ends_the_round() => return Err(error),
                // It comes with the other feeds, or in the next round.
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Goes to the end of the feeds that only this device moved.
    pub(super) async fn follow_moves(&mut self) -> Result<(), SyncError> {
        let moves = std::mem::take(&mut self.moves).0;
        if moves.is_empty() {
            return Ok(());
        }
        self.core
            .write(move |tx| moves.values().try_for_each(|moved| follow(tx, moved)))
            .await?;
        Ok(())
    }
}

fn follow(tx: &Transaction<'_>, moved: &FeedMove) -> LocalResult<()> {
    // A feed that was empty was never asked for.
    let from_the_beginning = |feed: &Feed| moved.from == 0 && feed.cursor.is_empty();
    let stood_there = feeds::find(tx, &moved.scope)?
        .is_some_and(|feed| feed.head == Some(moved.from) || from_the_beginning(&feed));
    let hub = Tally {
        count: moved.count,
        sum: moved.sum,
    };
    let agrees = stood_there && feeds::tally(tx, &moved.scope)? == hub;
    if agrees || fault::planted(Bug::MovesBlindly) {
        feeds::advance(tx, &moved.scope, &moved.cursor, Some(moved.seq), hub)?;
    }
    Ok(())
}
