//! What must be true of a hub's feeds at any moment: they hold exactly what their audience says,
//! their places are dense enough to be pulled, and they count themselves right.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use hub::audit::Audit;
use shared::{DocRef, Kind, Scope, hub_api::feed_hash};

/// What was read of the hub's documents before: only what changed is read again.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    audiences: BTreeMap<DocRef, (u64, BTreeSet<Scope>)>,
}

impl Feeds {
    /// Holds all feeds of a hub against its documents.
    pub(super) fn hold(&mut self, audit: &Audit) -> Result<()> {
        let rows = audit.feeds()?;
        let revs: BTreeMap<DocRef, u64> = audit.revisions()?.into_iter().collect();
        let mut holders: BTreeMap<&DocRef, BTreeSet<&Scope>> = BTreeMap::new();
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
            *count += 1;
            *sum = sum.wrapping_add(feed_hash(&row.target, row.rev));
            holders.entry(&row.target).or_default().insert(&row.scope);
        }
        for head in audit.heads()? {
            let (last, count, sum) = sums.remove(&head.scope).unwrap_or_default();
            ensure!(
                last == head.seq && count == head.count && sum == head.sum,
                "I7: {} says it ends at {} and holds {}; it ends at {last} and holds {count}",
                head.scope,
                head.seq,
                head.count
            );
        }
        ensure!(sums.is_empty(), "I7: a feed has no head");
        for (target, rev) in revs
            .iter()
            .filter(|(target, _)| target.kind == Kind::case())
        {
            let audience = self.audience(audit, target, *rev)?;
            let held_by = holders.remove(target).unwrap_or_default();
            ensure!(
                audience.iter().collect::<BTreeSet<_>>() == held_by,
                "I6: case {} is for {audience:?} and stands in {held_by:?}",
                target.id
            );
        }
        Ok(())
    }

    fn audience(&mut self, audit: &Audit, target: &DocRef, rev: u64) -> Result<BTreeSet<Scope>> {
        if let Some((known, audience)) = self.audiences.get(target)
            && *known == rev
        {
            return Ok(audience.clone());
        }
        let doc = audit.doc(target)?.context("a feed names a document")?;
        let audience = hub::push::audience(&doc)?;
        let known = (rev, audience.clone());
        self.audiences.insert(target.clone(), known);
        Ok(audience)
    }
}
