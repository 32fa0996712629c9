//! What a changed document does to its feeds, as arithmetic: counters, sums, places and the
//! markers it leaves behind. Pure; the stores read and lock the heads before, and write what came
//! of it after.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    Doc, DocRef, Scope,
    hub_api::{FeedItem, feed_hash},
};

use super::{Moved, StoredDoc};
use crate::push;

/// A document at a new revision, and exactly the feeds it belongs to now. A deleted one keeps its
/// places there, as markers.
#[derive(Debug, Clone)]
pub(super) struct Publication {
    pub(super) target: DocRef,
    pub(super) rev: u64,
    pub(super) audience: BTreeSet<Scope>,
    pub(super) deleted: bool,
}

impl Publication {
    /// A document of the hub's own making in exactly these feeds.
    pub(super) fn of(doc: &StoredDoc, audience: BTreeSet<Scope>) -> Self {
        Self {
            target: doc.target.clone(),
            rev: doc.rev,
            audience,
            deleted: false,
        }
    }
}

/// How far a feed goes, and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Head {
    pub(super) seq: u64,
    pub(super) count: u64,
    /// Wrapping sum of the hashes of what it holds.
    pub(super) sum: u64,
    /// The last place that was forgotten. Only pruning moves it.
    pub(super) horizon: u64,
}

/// Where documents stand: for each the feeds that hold it, with the revision each feed counts;
/// none where it stands as deleted.
pub(super) type Standing = BTreeMap<DocRef, BTreeMap<Scope, Option<u64>>>;

/// A document's new place in a feed.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) scope: Scope,
    pub(super) target: DocRef,
    pub(super) seq: u64,
    pub(super) rev: u64,
    pub(super) held: Held,
}

/// As what a document stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// As it is now; counted.
    Here,
    /// It belongs to this feed no longer; only its id stands there.
    Left,
    /// It was deleted; its id and who deleted it stand there.
    Deleted,
}

/// What a page has at a place that a document did not leave.
pub(super) fn item(seq: u64, doc: Doc, deleted: bool) -> FeedItem {
    if !deleted {
        return FeedItem::Doc { seq, doc };
    }
    match push::deletion(&doc) {
        Some(deletion) => FeedItem::Deleted {
            seq,
            rev: doc.rev,
            target: doc.target,
            deletion,
        },
        // Can't be; and what nobody says they deleted must go all the same.
        None => FeedItem::Left {
            seq,
            target: doc.target,
        },
    }
}

/// How far the heads moved.
pub(super) fn moved(before: &BTreeMap<Scope, Head>, after: &BTreeMap<Scope, Head>) -> Vec<Moved> {
    let moved = after.iter().map(|(scope, head)| Moved {
        scope: scope.clone(),
        from: before.get(scope).map_or(0, |head| head.seq),
        seq: head.seq,
        count: head.count,
        sum: head.sum,
        horizon: head.horizon,
    });
    moved.collect()
}

/// Moves that reach back over documents which were told again, at these places of these feeds: as far
/// as nothing else stands between them, and up to where a move begins. A push that has nothing new
/// moves a feed up to the last of them. `heads` are those of the feeds.
pub(super) fn reach_back(
    moved: Vec<Moved>,
    again: &BTreeMap<Scope, BTreeSet<u64>>,
    heads: &BTreeMap<Scope, Head>,
) -> Vec<Moved> {
    let mut by_scope: BTreeMap<Scope, Moved> = moved
        .into_iter()
        .map(|moved| (moved.scope.clone(), moved))
        .collect();
    for (scope, places) in again {
        let head = heads.get(scope).copied().unwrap_or_default();
        let last = places.last().copied().unwrap_or_default();
        let end = by_scope.get(scope).map_or(last, |moved| moved.from);
        let mut from = end;
        while places.contains(&from) {
            from = from.saturating_sub(1);
        }
        if from == end {
            continue;
        }
        let moved = by_scope.entry(scope.clone()).or_insert_with(|| Moved {
            scope: scope.clone(),
            from,
            seq: end,
            count: head.count,
            sum: head.sum,
            horizon: head.horizon,
        });
        moved.from = from;
    }
    by_scope.into_values().collect()
}

/// Every feed these publications touch: those that hold the document and those that will.
pub(super) fn touched(publications: &[Publication], standing: &Standing) -> BTreeSet<Scope> {
    let new = publications.iter().flat_map(|one| &one.audience);
    let old = publications
        .iter()
        .filter_map(|one| standing.get(&one.target))
        .flat_map(BTreeMap::keys);
    new.chain(old).cloned().collect()
}

/// Moves the heads and gives the new places. A document is published once at most.
pub(super) fn publish(
    heads: &mut BTreeMap<Scope, Head>,
    standing: &Standing,
    publications: &[Publication],
) -> Vec<Place> {
    let mut places = Vec::new();
    let nowhere = BTreeMap::new();
    for one in publications {
        let holders = standing.get(&one.target).unwrap_or(&nowhere);
        let left = holders.keys().filter(|scope| !one.audience.contains(scope));
        for scope in one.audience.iter().chain(left) {
            let as_what = match one.audience.contains(scope) {
                false => Held::Left,
                true if one.deleted => Held::Deleted,
                true => Held::Here,
            };
            let head = heads.entry(scope.clone()).or_default();
            let before = holders.get(scope).copied().flatten();
            head.move_on(&one.target, before, one.rev, as_what);
            places.push(Place {
                scope: scope.clone(),
                target: one.target.clone(),
                seq: head.seq,
                rev: one.rev,
                held: as_what,
            });
        }
    }
    places
}

impl Head {
    fn move_on(&mut self, target: &DocRef, before: Option<u64>, rev: u64, held: Held) {
        self.seq += 1;
        if let Some(before) = before {
            self.count = self.count.saturating_sub(1);
            self.sum = self.sum.wrapping_sub(feed_hash(target, before));
        }
        if held == Held::Here {
            self.count += 1;
            self.sum = self.sum.wrapping_add(feed_hash(target, rev));
        }
    }
}
