//! What a changed document does to its feeds, as arithmetic: counters, sums, places and the
//! markers it leaves behind. Pure; the stores read and lock the heads before, and write what came
//! of it after.

use std::collections::{BTreeMap, BTreeSet};

use shared::{DocRef, Scope, hub_api::feed_hash};

use super::Moved;

/// A document at a new revision, and exactly the feeds it belongs to now.
#[derive(Debug, Clone)]
pub(super) struct Publication {
    pub(super) target: DocRef,
    pub(super) rev: u64,
    pub(super) audience: BTreeSet<Scope>,
}

/// How far a feed goes, and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Head {
    pub(super) seq: u64,
    pub(super) count: u64,
    /// Wrapping sum of the hashes of what it holds.
    pub(super) sum: u64,
}

/// Where documents stand: for each the feeds that hold it, with the revision each feed counts.
pub(super) type Standing = BTreeMap<DocRef, BTreeMap<Scope, u64>>;

/// A document's new place in a feed.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) scope: Scope,
    pub(super) target: DocRef,
    pub(super) seq: u64,
    pub(super) rev: u64,
    pub(super) has_left: bool,
}

/// How far the heads moved.
pub(super) fn moved(before: &BTreeMap<Scope, Head>, after: &BTreeMap<Scope, Head>) -> Vec<Moved> {
    let moved = after.iter().map(|(scope, head)| Moved {
        scope: scope.clone(),
        from: before.get(scope).map_or(0, |head| head.seq),
        seq: head.seq,
        count: head.count,
        sum: head.sum,
    });
    moved.collect()
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
            let has_left = !one.audience.contains(scope);
            let head = heads.entry(scope.clone()).or_default();
            head.move_on(&one.target, holders.get(scope).copied(), one.rev, has_left);
            places.push(Place {
                scope: scope.clone(),
                target: one.target.clone(),
                seq: head.seq,
                rev: one.rev,
                has_left,
            });
        }
    }
    places
}

impl Head {
    fn move_on(&mut self, target: &DocRef, before: Option<u64>, rev: u64, has_left: bool) {
        self.seq += 1;
        if let Some(before) = before {
            self.count = self.count.saturating_sub(1);
            self.sum = self.sum.wrapping_sub(feed_hash(target, before));
        }
        if !has_left {
            self.count += 1;
            self.sum = self.sum.wrapping_add(feed_hash(target, rev));
        }
    }
}
