//! The end of a schedule: the faults stop, everybody syncs until nothing moves any more, and then
//! everything is held against everything else.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use client::{
    audit::Holdings,
    photo::digest_of,
    sync::{RemoteError, SyncError},
};
use shared::{
    Body, Digest, Doc, DocRef, Kind, OpId, Outcome, PhotoRef,
    case::CaseDoc,
    hub_api::{ErrorCode, feed_hash},
};

use super::{
    feeds::Feeds,
    made_twice, standing,
    tablet::Ended,
    world::{World, must_not_be_local},
};

/// Rounds of everybody after which all must be in step.
const TURNS: u32 = 14;

/// Time between them; longer than any wait of a photo that was put off.
const BETWEEN_MS: i64 = 2 * 60 * 60 * 1_000;

/// How a round at the end went.
enum Rest {
    Quiet,
    Moving(String),
    Out,
}

impl World<'_> {
    /// Without faults everything comes to rest.
    pub(super) async fn comes_to_rest(&mut self) -> Result<()> {
        self.say("the faults stop");
        fault::crash_no_more();
        self.looks_after_the_hub()?;
        self.network.state().calm = true;
        if !self.station.is_up() {
            self.station.start().await?;
        }
        for who in 0..self.tablets.len() {
            if !self.tablet(who)?.is_open() {
                self.opens(who).await?;
            }
            self.tablet(who)?.link().gate.set_open(true);
        }
        let late = std::mem::take(&mut self.network.state().late);
        for late in late {
            self.arrives(late).await;
        }
        // Somebody may never come back for a new code.
        let stays_out = self.roll(|dice| dice.chance(30));
        let mut moving = Vec::new();
        let mut quiet = 0;
        for turn in 1..=TURNS {
            self.time.pass(BETWEEN_MS);
            moving.clear();
            for who in 0..self.tablets.len() {
                match self.last_round(who).await? {
                    Rest::Quiet => {}
                    Rest::Moving(why) => moving.push(format!("d{who}: {why}")),
                    Rest::Out if stays_out && self.tablet(who)?.revoked => {}
                    Rest::Out => {
                        moving.push(format!("d{who}: not enrolled"));
                        self.enrols_again(who).await?;
                    }
                }
                if turn == 2 {
                    self.asks_again(who).await?;
                }
                self.holds_hub()?;
            }
            // One turn more, for what others sent up meanwhile.
            quiet = if moving.is_empty() { quiet + 1 } else { 0 };
            if quiet == 2 {
                return Ok(());
            }
        }
        bail!(
            "I10: after {TURNS} rounds without faults: {}",
            moving.join("; ")
        )
    }

    /// What was refused waits for a person to ask again.
    async fn asks_again(&mut self, who: usize) -> Result<()> {
        let client = self.tablet(who)?.client()?;
        let files = client::audit::holdings(&client).await?.files;
        if files.iter().any(|file| file.own && file.refused) {
            client.sync_again().await?;
        }
        Ok(())
    }

    async fn last_round(&mut self, who: usize) -> Result<Rest> {
        self.tablet(who)?.link().gate.set_open(true);
        let round = match self.tablet_mut(who)?.syncs().await? {
            Ended::Done(round) => round,
            Ended::Waiting | Ended::Crashed(_) => bail!("the faults have stopped"),
        };
        must_not_be_local(
            who,
            match &round {
                Ok(report) => report.failure.as_ref(),
                Err(error) => Some(error),
            },
        )?;
        Ok(match round {
            Ok(report) if report.is_complete() => {
                if report.docs_pulled + report.ops_pushed + report.files_sent == 0 {
                    Rest::Quiet
                } else {
                    Rest::Moving("something moved".to_owned())
                }
            }
            Ok(report) => Rest::Moving(format!("{report:?}")),
            Err(SyncError::Remote(RemoteError::Refused(error)))
                if matches!(error.code, ErrorCode::NotEnrolled | ErrorCode::Revoked) =>
            {
                Rest::Out
            }
            Err(error) => Rest::Moving(error.to_string()),
        })
    }

    /// Everything is held against everything else.
    pub(super) async fn reckons(&mut self) -> Result<()> {
        self.holds_hub()?;
        let log = self.station.audit()?.log()?;
        self.book.holds_log(&log)?;
        self.feeds = Feeds::default();
        self.feeds.hold(self.station.audit()?)?;
        let docs: BTreeMap<DocRef, Doc> = self
            .station
            .audit()?
            .docs()?
            .into_iter()
            .map(|doc| (doc.target.clone(), doc))
            .collect();
        history_is_whole(&log, &docs)?;
        let payloads = self.station.audit()?.payloads()?;
        standing::history_is_whole(&log, &payloads, &docs)?;
        self.papers_are_those(&log, &payloads)?;
        made_twice::says_nothing_new(&log, &payloads)?;
        self.assigned_work_is_taken(&log, &payloads)?;
        self.provenance_is_that(&docs)?;
        self.joined_are_those(&docs)?;
        self.photos_are_whole()?;
        ensure!(
            self.station.audit()?.is_sound()?,
            "the hub's database is damaged"
        );
        let mut out = BTreeSet::new();
        for who in 0..self.tablets.len() {
            self.holds_outbox(who).await?;
            self.finds_drafts(who).await?;
            self.finds_photos(who).await?;
            let client = self.tablet(who)?.client()?;
            ensure!(
                client::audit::is_sound(&client).await?,
                "the database of d{who} is damaged"
            );
            if matches!(self.last_round(who).await?, Rest::Out) {
                out.insert(who);
                continue;
            }
            let holdings = client::audit::holdings(&client).await?;
            let markers = self.mirror_is_the_hubs(who, &holdings, &docs)?;
            let own = self.own_ops(who).await?;
            self.deleted_are_those(who, &holdings, &own, &docs, &markers)?;
            self.conflicts_are_those(who, &docs).await?;
            self.shows_what_folding_says(who).await?;
            self.doors_are_those(who, &docs).await?;
        }
        for (op, known) in &self.book.ops {
            ensure!(
                self.book.log.contains_key(op) || !self.book.must_be_there(op, known, &out),
                "I1: {known:?} was saved, and the hub does not have it"
            );
        }
        Ok(())
    }

    /// Every photo a person was told is stored is there, byte for byte.
    async fn finds_photos(&self, who: usize) -> Result<()> {
        let client = self.tablet(who)?.client()?;
        for digest in self.book.photos(who) {
            let bytes = client::audit::photo(&client, digest).await;
            let is_whole = bytes.is_ok_and(|bytes| digest_of(&bytes) == digest);
            ensure!(is_whole, "I1: d{who} has lost photo {digest}");
        }
        Ok(())
    }

    /// What the hub calls complete has the digest it is named by.
    fn photos_are_whole(&mut self) -> Result<()> {
        let blobs = self.station.data().join("blobs");
        for photo in self.station.audit()?.photos()? {
            if !photo.complete {
                continue;
            }
            let name = photo.digest.to_string();
            let folder = name.get(..2).unwrap_or_default();
            let bytes = std::fs::read(blobs.join(folder).join(&name))
                .with_context(|| format!("I8: photo {name} is complete, and not there"))?;
            ensure!(
                digest_of(&bytes) == photo.digest,
                "I8: photo {name} is complete, and something else"
            );
        }
        Ok(())
    }

    /// A device in step holds exactly what the hub has in its feeds. Gives what stands there as
    /// deleted.
    fn mirror_is_the_hubs(
        &mut self,
        who: usize,
        holdings: &Holdings,
        docs: &BTreeMap<DocRef, Doc>,
    ) -> Result<BTreeSet<DocRef>> {
        let scopes = self.network.state().scopes.get(who).cloned();
        let scopes = scopes.context("there is such a device")?;
        let rows = self.station.audit()?.feeds()?;
        let mut expected = BTreeSet::new();
        let mut tallies: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        let mut markers = BTreeSet::new();
        for row in rows.iter().filter(|row| scopes.contains(&row.scope)) {
            let tally = tallies.entry(row.scope.as_str()).or_default();
            if row.deleted {
                markers.insert(row.target.clone());
            }
            if row.has_left || row.deleted {
                continue;
            }
            expected.insert((row.scope.as_str(), &row.target, row.rev));
            tally.0 += 1;
            tally.1 = tally.1.wrapping_add(feed_hash(&row.target, row.rev));
        }
        let found: BTreeSet<_> = holdings
            .standings
            .iter()
            .map(|standing| (standing.scope.as_str(), &standing.target, standing.rev))
            .collect();
        if let Some(missing) = expected.difference(&found).next() {
            bail!("I4: d{who} does not have {missing:?}");
        }
        if let Some(foreign) = found.difference(&expected).next() {
            bail!("I6: d{who} holds {foreign:?}");
        }
        for feed in &holdings.feeds {
            ensure!(
                scopes.contains(&feed.scope),
                "I6: d{who} keeps the feed {}",
                feed.scope
            );
            // Of a feed nothing ever stood in the hub has no row.
            let tally = tallies
                .get(feed.scope.as_str())
                .copied()
                .unwrap_or_default();
            ensure!(
                tally == (feed.count, feed.sum) && feed.at_end,
                "I4: d{who} takes {} to hold {}, and it holds {tally:?}",
                feed.scope,
                feed.count
            );
        }
        let here: BTreeSet<&DocRef> = found.iter().map(|(_, target, _)| *target).collect();
        let shown: BTreeMap<_, _> = holdings.shown.iter().cloned().collect();
        let photos = self.station.audit()?.photos()?.into_iter();
        let whole: BTreeSet<Digest> = photos.filter(|p| p.complete).map(|p| p.digest).collect();
        for doc in &holdings.docs {
            ensure!(
                here.contains(&doc.target),
                "I6: d{who} keeps {:?}, case {}, that stands in none of its feeds",
                doc.target,
                self.book.number(shared::CaseId(doc.target.id))
            );
            let hubs = docs.get(&doc.target);
            ensure!(
                hubs == Some(doc),
                "I4: d{who} has another {} at revision {}",
                doc.target.id,
                doc.rev
            );
            if let Ok(CaseDoc::Known(case)) = doc.case() {
                let state = shown.get(&doc.target);
                ensure!(
                    state == Some(&case.state),
                    "I4: d{who} shows {state:?} where the hub has {:?}",
                    case.state
                );
            }
            for photo in photos_of(doc) {
                let thumb = holdings.files.iter().find(|f| f.digest == photo.thumb);
                ensure!(
                    !whole.contains(&photo.thumb) || thumb.is_some_and(|file| file.here),
                    "d{who} lacks a thumbnail the hub has: {thumb:?} of {:?}",
                    doc.target
                );
            }
        }
        Ok(markers)
    }
}

/// The photos that a document shows.
fn photos_of(doc: &Doc) -> Vec<PhotoRef> {
    match doc.body() {
        Ok(Some(Body::Case(CaseDoc::Known(case)))) => case.photos().into_iter().cloned().collect(),
        Ok(Some(Body::Record(record))) => record.filled.photos,
        _ => Vec::new(),
    }
}

/// Every operation that took effect, or was kept without, is in the history of its case.
fn history_is_whole(log: &[hub::audit::LogRow], docs: &BTreeMap<DocRef, Doc>) -> Result<()> {
    let mut histories: BTreeMap<&DocRef, BTreeSet<OpId>> = BTreeMap::new();
    for (target, doc) in docs
        .iter()
        .filter(|(target, _)| target.kind == Kind::case())
    {
        let ops = match doc.case()? {
            CaseDoc::Known(case) => case
                .events
                .iter()
                .map(|event| event.signed.op_id)
                .chain([case.reported.op_id])
                .collect(),
            CaseDoc::Awaiting(ops) => ops.iter().map(|op| op.op_id).collect(),
        };
        histories.insert(target, ops);
    }
    for row in log.iter().filter(|row| !row.repeated) {
        let kept = match row.outcome {
            Outcome::Applied | Outcome::Merged | Outcome::ConflictKept { .. } => true,
            Outcome::Duplicate | Outcome::Quarantined { .. } | Outcome::RetryLater => false,
        };
        let (Some(target), Some(op)) = (&row.target, row.op_id) else {
            continue;
        };
        if target.kind != Kind::case() {
            continue;
        }
        let there = histories.get(target).is_some_and(|ops| ops.contains(&op));
        ensure!(
            there || !kept,
            "I5: operation {op} was taken, and is in no history"
        );
    }
    Ok(())
}
