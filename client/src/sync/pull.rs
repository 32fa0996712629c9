//! Documents down, page by page, feed by feed. A page and the cursor behind it are stored in one
//! transaction, so a crash repeats a page or doesn't, and never loses one.

use std::collections::BTreeSet;

use shared::{
    DocRef, Kind, Scope,
    hub_api::{ErrorCode, FeedItem, Pull, PullAnswer, ScopeHead},
    ipc::{Area, Doing},
};

use super::{
    SyncError,
    remote::{Remote, RemoteError},
    round::Round,
};
use crate::{
    error::Result as LocalResult,
    fold,
    store::{
        feeds::{self, Tally},
        mirror,
    },
};

/// What storing a page found.
struct Stored {
    docs: u32,
    kinds: BTreeSet<Kind>,
    /// The last page was stored, and what the feed holds here isn't what the hub says.
    drifted: bool,
}

impl<R: Remote> Round<'_, R> {
    /// Pulls every feed of this device to its end. A feed that fails does not stop the others.
    pub(super) async fn pull(&mut self, heads: &[ScopeHead]) -> Result<(), SyncError> {
        self.core.doing(Some(Doing::Pull));
        let (order, abandoned) = self.plan(heads).await?;
        if !abandoned.is_empty() {
            self.core
                .write(move |tx| {
                    abandoned
                        .iter()
                        .try_for_each(|scope| feeds::abandon(tx, scope))
                })
                .await?;
        }
        let mut failure = None;
        for head in order {
            match self.pull_feed(&head).await {
                Ok(()) => {}
                Err(error) if error.ends_the_round() => return Err(error),
                Err(error) => drop(failure.get_or_insert(error)),
            }
        }
        self.sweep().await?;
        failure.map_or(Ok(()), Err)
    }

    /// Feeds with something new, in the order people wait for them; and those that are no longer
    /// this device's.
    async fn plan(&self, heads: &[ScopeHead]) -> Result<(Vec<ScopeHead>, Vec<Scope>), SyncError> {
        let known = self.core.read(feeds::all).await?;
        let mut order: Vec<ScopeHead> = heads
            .iter()
            .filter(|head| {
                let feed = known.iter().find(|feed| feed.scope == head.scope);
                match feed {
                    Some(feed) => feed.head != Some(head.seq),
                    None => head.seq > 0,
                }
            })
            .cloned()
            .collect();
        // Without the packs there is no category to choose and no grid to stand in.
        let has_packs = known
            .iter()
            .any(|feed| feed.scope == Scope::city() && feed.head.is_some());
        order.sort_by_key(|head| match head.scope.as_str() {
            "city" if !has_packs => 0,
            scope if scope.starts_with("staff:") => 1,
            scope if scope.starts_with("grid:") => 2,
            _ => 3,
        });
        let abandoned = known
            .into_iter()
            .filter(|feed| heads.iter().all(|head| head.scope != feed.scope))
            .map(|feed| feed.scope)
            .collect();
        Ok((order, abandoned))
    }

    async fn pull_feed(&mut self, head: &ScopeHead) -> Result<(), SyncError> {
        let scope = head.scope.clone();
        let found = self.core.read(move |db| feeds::find(db, &scope)).await?;
        let mut cursor = found.map(|feed| feed.cursor).unwrap_or_default();
        // Each may happen once a round; a hub that never agrees must not keep us busy for ever.
        let (mut may_begin_anew, mut may_drift) = (true, true);
        loop {
            let pull = Pull {
                scope: head.scope.clone(),
                cursor: cursor.clone(),
                limit: self.paces.page.size(),
            };
            let (answer, took) = self.timed(self.remote.pull(&pull)).await;
            let page = match answer {
                Ok(page) => page,
                Err(RemoteError::CutOff(_)) if !self.paces.page.is_smallest() => {
                    self.paces.page.failed(pull.limit);
                    continue;
                }
                Err(error) if error.code() == Some(ErrorCode::CursorGone) && may_begin_anew => {
                    may_begin_anew = false;
                    cursor = self.begin_anew(&head.scope).await?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            self.paces.page.succeeded(page.items.len(), took);
            // More of nothing, from the same place, would be for ever.
            if page.more && page.items.is_empty() && page.cursor == cursor {
                return Err(RemoteError::NotAHub.into());
            }

            let more = page.more;
            cursor.clone_from(&page.cursor);
            let stored = self.store_page(head, page, may_drift).await?;
            if more {
                continue;
            }
            if !stored.drifted {
                return Ok(());
            }
            tracing::warn!(
                again = may_drift,
                "a feed on this device differs from the hub's"
            );
            if !may_drift {
                return Ok(());
            }
            may_drift = false;
            cursor = self.begin_anew(&head.scope).await?;
        }
    }

    async fn begin_anew(&mut self, scope: &Scope) -> Result<String, SyncError> {
        let scope = scope.clone();
        self.core
            .write(move |tx| feeds::restart(tx, &scope))
            .await?;
        self.report.feeds_restarted = self.report.feeds_restarted.saturating_add(1);
        Ok(String::new())
    }

    async fn store_page(
        &mut self,
        head: &ScopeHead,
        page: PullAnswer,
        check: bool,
    ) -> Result<Stored, SyncError> {
        let head = head.clone();
        let stored = self
            .core
            .write(move |tx| store_page(tx, &head, page, check))
            .await?;
        self.report.docs_pulled = self.report.docs_pulled.saturating_add(stored.docs);
        self.announce(areas(&stored.kinds));
        Ok(stored)
    }

    /// Takes documents off the device that stand in none of its feeds any more.
    async fn sweep(&mut self) -> Result<(), SyncError> {
        let swept = self
            .core
            .write(|tx| {
                let swept = feeds::sweep(tx)?;
                fold::refold_each(tx, &swept)?;
                Ok(swept)
            })
            .await?;
        self.announce(areas(
            &swept.into_iter().map(|target| target.kind).collect(),
        ));
        Ok(())
    }
}

fn store_page(
    tx: &rusqlite::Transaction<'_>,
    head: &ScopeHead,
    page: PullAnswer,
    check: bool,
) -> LocalResult<Stored> {
    let mut touched: BTreeSet<DocRef> = BTreeSet::new();
    let mut docs = 0;
    for item in page.items {
        match item {
            FeedItem::Doc { doc, .. } => {
                mirror::put(tx, &doc)?;
                feeds::join(tx, &head.scope, &doc.target)?;
                touched.insert(doc.target);
                docs += 1;
            }
            FeedItem::Left { target, .. } => feeds::leave(tx, &head.scope, &target)?,
            FeedItem::Unknown => {}
        }
    }
    fold::refold_each(tx, &touched)?;
    let hub = Tally {
        count: page.count,
        sum: page.sum,
    };
    let drifted = !page.more && feeds::tally(tx, &head.scope)? != hub;
    // While it differs it isn't pulled to its end, whatever happens next.
    let unfinished = page.more || (drifted && check);
    let at_end = (!unfinished).then_some(head.seq);
    feeds::advance(tx, &head.scope, &page.cursor, at_end, hub)?;
    let kinds = touched.into_iter().map(|target| target.kind).collect();
    Ok(Stored {
        docs,
        kinds,
        drifted,
    })
}

fn areas(kinds: &BTreeSet<Kind>) -> Vec<Area> {
    let mut areas = Vec::new();
    if kinds.contains(&Kind::case()) {
        areas.extend([Area::Cases, Area::Delivery]);
    }
    if kinds.contains(&Kind::pack()) {
        areas.push(Area::Packs);
    }
    areas
}
