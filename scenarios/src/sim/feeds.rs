//! What must be true of a hub's feeds at any moment: they hold exactly what their audience says,
//! their places are dense enough to be pulled, they count themselves right, and they say how far
//! they were forgotten.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use hub::audit::{Audit, FeedRow, Head};
use shared::{DocRef, Kind, Scope, hub_api::feed_hash, register::EntryKind};

/// What was read of the hub before: only documents that changed are read again, and what is not
/// there any more must have been forgotten aloud.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    docs: BTreeMap<DocRef, Known>,
    places: Vec<FeedRow>,
}

/// What a document says of its feeds at a revision.
#[derive(Debug, Clone)]
struct Known {
    rev: u64,
    audience: BTreeSet<Scope>,
    is_deleted: bool,
}

impl Feeds {
    /// Holds all feeds of a hub against its documents.
    pub(super) fn hold(&mut self, audit: &Audit) -> Result<()> {
        let rows = audit.feeds()?;
        let revs: BTreeMap<DocRef, u64> = audit.revisions()?.into_iter().collect();
        let mut sums: BTreeMap<&Scope, (u64, u64, u64)> = BTreeMap::new();
        let mut before: Option<(&Scope, u64)> = None;
        for row in &rows {
            if let Some((scope, seq)) = before {
                ensure!(
                    scope != &row.scope || seq < row.seq,
                    "I7: two documents stand at {seq} in {scope}"
                );
            }
            before = Some((&row.scope, row.seq));
            let (last, count, sum) = sums.entry(&row.scope).or_default();
            *last = row.seq;
            if row.has_left {
                continue;
            }
            ensure!(
                revs.get(&row.target) == Some(&row.rev),
                "I4: {} counts revision {} of a document that is at {:?}",
                row.scope,
                row.rev,
                revs.get(&row.target)
            );
            if !row.deleted {
                *count += 1;
                *sum = sum.wrapping_add(feed_hash(&row.target, row.rev));
            }
        }
        let heads = audit.heads()?;
        for head in &heads {
            let (last, count, sum) = sums.remove(&head.scope).unwrap_or_default();
            ensure!(
                last.max(head.horizon) == head.seq && count == head.count && sum == head.sum,
                "I7: {} says it ends at {} and holds {}; it ends at {last} and holds {count}",
                head.scope,
                head.seq,
                head.count
            );
        }
        ensure!(sums.is_empty(), "I7: a feed has no head");
        let horizons = horizons(&heads);
        self.nothing_vanished(&rows, &horizons)?;
        self.everybody_is_served(audit, &rows, &revs, &horizons)?;
        self.places = rows;
        Ok(())
    }

    /// A place that is gone is behind the horizon: who stands before it must hear of that.
    fn nothing_vanished(&self, rows: &[FeedRow], horizons: &BTreeMap<&Scope, u64>) -> Result<()> {
        for before in &self.places {
            let horizon = horizons.get(&before.scope).copied().unwrap_or_default();
            let is_same = |row: &FeedRow| row.scope == before.scope && row.target == before.target;
            // Nearly all stand where they stood.
            let place = (&before.scope, before.seq);
            let at = rows.binary_search_by(|row| (&row.scope, row.seq).cmp(&place));
            let stands_there = at.ok().and_then(|at| rows.get(at)).is_some_and(is_same);
            ensure!(
                before.seq <= horizon || stands_there || rows.iter().any(is_same),
                "I8: place {} of {} was forgotten, and its horizon is {horizon}",
                before.seq,
                before.scope
            );
        }
        Ok(())
    }

    /// Each document that takes operations stands in the feeds it is for and in no others; a deleted
    /// one as deleted, as long as that is not forgotten.
    fn everybody_is_served(
        &mut self,
        audit: &Audit,
        rows: &[FeedRow],
        revs: &BTreeMap<DocRef, u64>,
        horizons: &BTreeMap<&Scope, u64>,
    ) -> Result<()> {
        let mut holders: BTreeMap<&DocRef, BTreeMap<&Scope, bool>> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.has_left) {
            let holders = holders.entry(&row.target).or_default();
            holders.insert(&row.scope, row.deleted);
        }
        for (target, rev) in revs
            .iter()
            .filter(|(target, _)| takes_operations(&target.kind))
        {
            let known = self.known(audit, target, *rev)?;
            let held_by = holders.remove(target).unwrap_or_default();
            let may_lack = |scope: &&Scope| {
                known.is_deleted && horizons.get(*scope).is_some_and(|horizon| *horizon > 0)
            };
            let lacking = known.audience.iter().filter(|it| !held_by.contains_key(it));
            ensure!(
                lacking.clone().all(|scope| may_lack(&scope))
                    && held_by.keys().all(|scope| known.audience.contains(*scope)),
                "I6: {} is for {:?} and stands in {held_by:?}",
                target.id,
                known.audience
            );
            ensure!(
                held_by.values().all(|deleted| *deleted == known.is_deleted),
                "I8: {} is deleted: {}, and stands as {held_by:?}",
                target.id,
                known.is_deleted
            );
        }
        Ok(())
    }

    fn known(&mut self, audit: &Audit, target: &DocRef, rev: u64) -> Result<&Known> {
        let is_stale = self.docs.get(target).is_none_or(|known| known.rev != rev);
        if is_stale {
            let doc = audit.doc(target)?.context("a feed names a document")?;
            let known = Known {
                rev,
                audience: hub::push::audience(&doc)?,
                is_deleted: hub::push::deletion(&doc).is_some(),
            };
            self.docs.insert(target.clone(), known);
        }
        self.docs.get(target).context("it was just put there")
    }
}

/// Whether documents of this kind are made by what people do.
pub(super) fn takes_operations(kind: &Kind) -> bool {
    [Kind::case(), Kind::record(), Kind::visit(), Kind::reveal()].contains(kind)
        || EntryKind::of(kind).is_some()
}

fn horizons(heads: &[Head]) -> BTreeMap<&Scope, u64> {
    heads
        .iter()
        .map(|head| (&head.scope, head.horizon))
        .collect()
}
