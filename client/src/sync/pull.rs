//! Documents down, page by page, feed by feed. A page and the cursor behind it are stored in one
//! transaction, so a crash repeats a page or doesn't, and never loses one.

use std::collections::BTreeSet;

use fault::Bug;
use shared::{
    Doc, DocRef, Kind, Outcome, Scope,
    hub_api::{ErrorCode, FeedItem, Pull, PullAnswer, ScopeHead},
    ipc::{Area, Doing},
    register::EntryKind,
};

use super::{
    SyncError, forgotten,
    remote::{Remote, RemoteError},
    round::Round,
    truth::{self, Untruth},
};
use crate::{
    erased,
    error::Result as LocalResult,
    fold, number,
    store::{
        deleted,
        feeds::{self, Tally},
        mirror, outbox, settings,
    },
};

/// Pages in a row that may bring nothing new and yet promise more.
const IDLE_PAGES_MAX: u32 = 50;

/// What storing a page found.
struct Stored {
    docs: u32,
    kinds: BTreeSet<Kind>,
    /// The last page was stored, and what the feed holds here isn't what the hub says.
    drifted: bool,
    /// What the page said that can't be true.
    untruth: Option<Untruth>,
    /// What the page said is gone from the feed.
    gone: BTreeSet<DocRef>,
}

impl<R: Remote> Round<'_, R> {
    /// Pulls every feed of this device to its end. A feed that fails does not stop the others.
    pub(super) async fn pull(&mut self) -> Result<(), SyncError> {
        let heads = &self.heads.clone();
        self.core.doing(Some(Doing::Pull));
        let (order, abandoned) = self.plan(heads).await?;
        if !abandoned.is_empty() && !fault::planted(Bug::NothingPurged) {
            self.core
                .write(move |tx| {
                    abandoned
                        .iter()
                        .try_for_each(|scope| feeds::abandon(tx, scope))
                })
                .await?;
        }
        let mut failure = self.untrue_before(&order, heads).await?;
        for head in order {
            match self.pull_feed(&head).await {
                Ok(()) => {}
                Err(error) if error.ends_the_round() => return Err(error),
                Err(error) => drop(failure.get_or_insert(error)),
            }
        }
        // What was pushed after the hub said how far its feeds go comes with the next round.
        let all_pulled = failure.is_none() && self.report.ops_pushed == 0;
        self.sweep(all_pulled).await?;
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

    /// What hello says of feeds that can't be true: one went back, or one that is not pulled now
    /// still has figures that don't fit it.
    async fn untrue_before(
        &self,
        order: &[ScopeHead],
        heads: &[ScopeHead],
    ) -> Result<Option<SyncError>, SyncError> {
        let (known, untrue) = self
            .core
            .read(|db| Ok((feeds::all(db)?, untrue_feeds(db)?)))
            .await?;
        let went_back = order.iter().any(|head| {
            let feed = known.iter().find(|feed| feed.scope == head.scope);
            feed.and_then(|feed| feed.head) > Some(head.seq)
        });
        if went_back {
            return Ok(Some(SyncError::Untrue(Untruth::WentBack)));
        }
        let stays = untrue.iter().any(|scope| {
            let listed = |heads: &[ScopeHead]| heads.iter().any(|head| head.scope == *scope);
            listed(heads) && !listed(order)
        });
        Ok(stays.then_some(SyncError::Untrue(Untruth::Tally)))
    }

    pub(super) async fn pull_feed(&mut self, head: &ScopeHead) -> Result<(), SyncError> {
        let scope = head.scope.clone();
        let found = self.core.read(move |db| feeds::find(db, &scope)).await?;
        let mut cursor = found.map(|feed| feed.cursor).unwrap_or_default();
        // Each may happen once a round; a hub that never agrees must not keep us busy for ever.
        let (mut may_begin_anew, mut may_drift) = (true, true);
        let (mut reached, mut idle_pages) = (0, 0);
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
            // More that never gets on would be for ever.
            let last = page.items.iter().filter_map(seq_of).max().unwrap_or(0);
            idle_pages = if last > reached { 0 } else { idle_pages + 1 };
            reached = reached.max(last);
            if page.more && (page.cursor == cursor || idle_pages > IDLE_PAGES_MAX) {
                return Err(SyncError::Untrue(Untruth::NoProgress));
            }

            let more = page.more;
            cursor.clone_from(&page.cursor);
            let stored = self.store_page(head, page, may_drift).await?;
            if let Some(untruth) = stored.untruth {
                self.note(SyncError::Untrue(untruth));
            }
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
                return Err(SyncError::Untrue(Untruth::Tally));
            }
            may_drift = false;
            reached = 0;
            cursor = self.begin_anew(&head.scope).await?;
        }
    }

    async fn begin_anew(&mut self, scope: &Scope) -> Result<String, SyncError> {
        let scope = scope.clone();
        self.core
            .write(move |tx| feeds::restart(tx, &scope))
            .await?;
        fault::point("client/pull: begun anew, nothing pulled");
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
        if fault::planted(Bug::CursorBeforePage) {
            self.cursor_first(&head, &page).await?;
        }
        let stored = self
            .core
            .write(move |tx| store_page(tx, &head, page, check))
            .await?;
        self.report.docs_pulled = self.report.docs_pulled.saturating_add(stored.docs);
        self.announce(areas(&stored.kinds));
        self.gone.extend(stored.gone.iter().cloned());
        Ok(stored)
    }

    /// Only with the bug planted.
    async fn cursor_first(&self, head: &ScopeHead, page: &PullAnswer) -> Result<(), SyncError> {
        let (head, cursor, more) = (head.clone(), page.cursor.clone(), page.more);
        let hub = Tally {
            count: page.count,
            sum: page.sum,
        };
        self.core
            .write(move |tx| {
                let at_end = (!more).then_some(head.seq);
                feeds::advance(tx, &head.scope, &cursor, at_end, hub)
            })
            .await?;
        fault::point("client/pull: cursor moved, page not stored");
        Ok(())
    }

    /// Takes documents off the device that stand in none of its feeds any more.
    async fn sweep(&mut self, all_pulled: bool) -> Result<(), SyncError> {
        let held: BTreeSet<Scope> = self.heads.iter().map(|it| it.scope.clone()).collect();
        let gone = std::mem::take(&mut self.gone);
        let (swept, forgot) = self
            .core
            .write(move |tx| {
                if !fault::planted(Bug::NothingPurged) {
                    outbox::forget_words(tx, &EntryKind::Management.kind(), &held)?;
                }
                let mut swept = feeds::sweep(tx)?;
                if all_pulled && !fault::planted(Bug::NothingPurged) {
                    swept.extend(feeds::sweep_strays(tx)?);
                }
                let forgot = forgotten::ask_again(tx, &swept, &gone, &held)?;
                let swept: Vec<DocRef> = swept.into_iter().map(|it| it.target).collect();
                fault::point("client/pull: swept, not shown");
                fold::refold_each(tx, &swept)?;
                Ok((swept, forgot))
            })
            .await?;
        if forgot {
            self.note(SyncError::Untrue(Untruth::Forgot));
        }
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
    let mut came = BTreeSet::new();
    let mut untruth = None;
    let mut gone = BTreeSet::new();
    // The last page may reach further than hello said.
    let reached = page.items.iter().filter_map(seq_of).max().unwrap_or(0);
    for item in page.items {
        match item {
            FeedItem::Doc { doc, .. } if truth::is_foreign(&doc, &head.scope) => {
                untruth.get_or_insert(Untruth::ForeignDocument);
            }
            FeedItem::Doc { doc, .. } => {
                let lacks = ask_again_for_what_it_lacks(tx, &doc)?;
                if lacks {
                    untruth.get_or_insert(Untruth::Forgot);
                }
                let is_news = mirror::put(tx, &doc)?;
                if is_news {
                    erased::heard(tx, &doc)?;
                }
                feeds::join(tx, &head.scope, &doc.target)?;
                if is_news || lacks {
                    touched.insert(doc.target.clone());
                }
                came.insert(doc.target);
            }
            FeedItem::Left { target, .. } => {
                feeds::leave(tx, &head.scope, &target)?;
                gone.insert(target);
            }
            FeedItem::Deleted {
                target,
                rev,
                deletion,
                ..
            } => {
                feeds::leave(tx, &head.scope, &target)?;
                gone.insert(target.clone());
                // Who did something with it is told; to others it is as if it had never been.
                if !outbox::own_of_target(tx, &target)?.is_empty() {
                    deleted::put(tx, &target, rev, &deletion)?;
                    touched.insert(target);
                }
            }
            FeedItem::Unknown => {}
        }
    }
    forgotten::came(tx, &came)?;
    fold::refold_each(tx, &touched)?;
    fault::point("client/pull: page stored, cursor not moved");
    let hub = Tally {
        count: page.count,
        sum: page.sum,
    };
    let drifted = !page.more && feeds::tally(tx, &head.scope)? != hub;
    // While it differs it isn't pulled to its end, whatever happens next.
    let unfinished = page.more || (drifted && check);
    let at_end = (!unfinished).then_some(head.seq.max(reached));
    feeds::advance(tx, &head.scope, &page.cursor, at_end, hub)?;
    if !page.more {
        remember_untrue(tx, &head.scope, drifted && !check)?;
    }
    let kinds = touched.into_iter().map(|target| target.kind).collect();
    Ok(Stored {
        docs: number::count(came.len()),
        kinds,
        drifted,
        untruth,
        gone,
    })
}

fn seq_of(item: &FeedItem) -> Option<u64> {
    match item {
        FeedItem::Doc { seq, .. } | FeedItem::Left { seq, .. } | FeedItem::Deleted { seq, .. } => {
            Some(*seq)
        }
        FeedItem::Unknown => None,
    }
}

/// What the hub said its document has, and the document has not, waits again. Says whether there
/// was any. What the hub kept aside, and the document has, is aside no more.
fn ask_again_for_what_it_lacks(tx: &rusqlite::Transaction<'_>, doc: &Doc) -> LocalResult<bool> {
    let mut any = false;
    for done in outbox::of_target(tx, &doc.target)? {
        if matches!(done.outcome, Some(Outcome::Quarantined { .. }))
            && let Some(now) = truth::decided_again(doc, &done.op)
        {
            outbox::decided_again(tx, done.op.op_id, &now)?;
            continue;
        }
        let said = done.outcome.as_ref().is_some_and(truth::says_it_has);
        if said && !done.queued && truth::lacks(doc, &done.op) {
            outbox::requeue(tx, done.op.op_id)?;
            any = true;
        }
    }
    Ok(any)
}

fn untrue_feeds(db: &rusqlite::Connection) -> LocalResult<BTreeSet<Scope>> {
    Ok(settings::find(db, settings::UNTRUE_FEEDS)?.unwrap_or_default())
}

/// Kept, because a feed without news is not asked for: the person must still be told.
fn remember_untrue(tx: &rusqlite::Transaction<'_>, scope: &Scope, untrue: bool) -> LocalResult<()> {
    let mut feeds = untrue_feeds(tx)?;
    let changed = if untrue {
        feeds.insert(scope.clone())
    } else {
        feeds.remove(scope)
    };
    if changed {
        settings::put(tx, settings::UNTRUE_FEEDS, &feeds)?;
    }
    Ok(())
}

fn areas(kinds: &BTreeSet<Kind>) -> Vec<Area> {
    let mut areas = Vec::new();
    if kinds.contains(&Kind::case()) {
        areas.extend([Area::Cases, Area::Delivery]);
    }
    let of_the_register = |kind: &Kind| EntryKind::of(kind).is_some() || *kind == Kind::visit();
    if kinds.iter().any(of_the_register) {
        areas.push(Area::Register);
    }
    if kinds.contains(&Kind::pack()) {
        areas.push(Area::Packs);
    }
    if kinds.contains(&Kind::form()) {
        areas.push(Area::Forms);
    }
    if kinds.contains(&Kind::record()) {
        areas.extend([Area::Records, Area::Delivery]);
    }
    areas
}
