//! One round: hello → operations up → documents down → photos up → thumbnails down.
//!
//! Small things first, and nothing waits for what is stuck: a failed stage is noted and the next
//! one runs, unless the failure means that no request can succeed.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use shared::{
    DocRef,
    hub_api::{BRIEF, Limits, ScopeHead},
    ipc::{Area, Changed, Doing, Link},
};

use super::{SyncError, brief::Moves, pace::Pace, remote::Remote};
use crate::{
    blocking::off_thread,
    core::Core,
    erased,
    error::Error,
    store::{device, files, outbox},
};

/// After this long a round stops sending photos, so that documents come down between them.
/// Uploads resume where they stopped.
const PHOTOS_FOR: Duration = Duration::from_mins(1);

/// However long photos go up, thumbnails come down for this long.
const THUMBS_AT_LEAST: Duration = Duration::from_secs(15);

/// Bytes of the heads of a push and its answer, of what their bodies have in common with those of
/// every other, and what many small bodies pack worse than a large one.
const PUSH_COST: usize = 500;

/// The heads of a page and its request are as large as about so many items.
const PAGE_COST: usize = 8;

/// Bytes of the heads of a piece of a photo and its answer.
const CHUNK_COST: usize = 500;

/// What a round did.
#[derive(Debug, Default)]
pub struct RoundReport {
    /// Operations the hub answered for.
    pub ops_pushed: u32,
    /// Documents that came down.
    pub docs_pulled: u32,
    /// Feeds that were pulled anew from their beginning.
    pub feeds_restarted: u32,
    /// Photos and thumbnails that the hub has whole since this round.
    pub files_sent: u32,
    /// Thumbnails that came down.
    pub thumbs_fetched: u32,
    /// There is more to send at once; the round ended only to let documents through.
    pub unfinished: bool,
    /// The first thing that failed after the hub said hello.
    pub failure: Option<SyncError>,
    /// Operations the hub doesn't have.
    pub ops_waiting: u32,
    /// Photos the hub doesn't have whole.
    pub photos_waiting: u32,
}

impl RoundReport {
    /// Nothing failed and nothing of this device is missing at the hub.
    pub fn is_complete(&self) -> bool {
        self.failure.is_none()
            && !self.unfinished
            && self.ops_waiting == 0
            && self.photos_waiting == 0
    }
}

/// What the rounds of one run of the app learn about the link.
#[derive(Debug)]
pub(crate) struct Paces {
    /// Bytes of a push, compressed.
    pub(super) push: Pace,
    /// Items of a page.
    pub(super) page: Pace,
    /// Bytes of a piece of a photo, up or down.
    pub(super) chunk: Pace,
}

impl Default for Paces {
    fn default() -> Self {
        Self {
            push: Pace::new(32 * 1024, 1, 256 * 1024, PUSH_COST),
            page: Pace::new(100, 1, 400, PAGE_COST),
            chunk: Pace::new(64 * 1024, 4 * 1024, 1024 * 1024, CHUNK_COST),
        }
    }
}

/// A round being run.
pub(super) struct Round<'a, R> {
    pub(super) core: &'a Arc<Core>,
    pub(super) remote: &'a R,
    pub(super) paces: &'a mut Paces,
    pub(super) limits: Limits,
    /// The hub answers briefly to those who ask for it.
    pub(super) brief: bool,
    /// The feeds of this device, and how far they go.
    pub(super) heads: Vec<ScopeHead>,
    /// What they said in this round is gone from them: it left, or was deleted.
    pub(super) gone: BTreeSet<DocRef>,
    /// How far this round's pushes moved them.
    pub(super) moves: Moves,
    pub(super) report: RoundReport,
    /// Operations up to here had their turn in this round.
    pub(super) pushed_to: u64,
}

/// Runs one round. Fails only when the hub did not say hello; what fails later is in the report.
pub(super) async fn run<R: Remote>(
    core: &Arc<Core>,
    remote: &R,
    paces: &mut Paces,
) -> Result<RoundReport, SyncError> {
    core.doing(Some(Doing::Hello));
    let greeting = super::hello::greet(core, remote, paces).await?;
    core.set_link(Link::Up);
    let mut round = Round {
        core,
        remote,
        paces,
        limits: greeting.answer.limits,
        brief: greeting.answer.features.iter().any(|it| it == BRIEF),
        heads: greeting.answer.scopes,
        gone: BTreeSet::new(),
        moves: Moves::default(),
        report: RoundReport::default(),
        pushed_to: 0,
    };
    if let Some(untruth) = greeting.untruth {
        round.note(SyncError::Untrue(untruth));
    }
    round.stages().await;
    round.finish().await
}

impl<R: Remote> Round<'_, R> {
    async fn stages(&mut self) {
        let pushed = self.push().await;
        if !self.goes_on_after(pushed) {
            return;
        }
        let pulled = self.pull().await;
        if !self.goes_on_after(pulled) {
            return;
        }
        let until_ms = self.core.clock.mono_ms().saturating_add(as_ms(PHOTOS_FOR));
        let sent = self.photos_up(until_ms).await;
        if !self.goes_on_after(sent) {
            return;
        }
        let thumbs_until_ms = until_ms.max(
            self.core
                .clock
                .mono_ms()
                .saturating_add(as_ms(THUMBS_AT_LEAST)),
        );
        let fetched = self.thumbs_down(thumbs_until_ms).await;
        self.goes_on_after(fetched);
    }

    async fn finish(mut self) -> Result<RoundReport, SyncError> {
        let core = Arc::clone(self.core);
        off_thread(move || erased::finish(&core))
            .await
            .map_err(Error::from)??;
        let now = self.core.clock.now();
        let failed = self.report.failure.is_some() || self.report.unfinished;
        let (ops, photos) = self
            .core
            .write(move |tx| {
                let waiting = (outbox::count_queued(tx)?, files::waiting(tx)?.photos);
                if !failed && waiting == (0, 0) {
                    device::set_last_complete_at(tx, now)?;
                }
                Ok(waiting)
            })
            .await?;
        self.report.ops_waiting = ops;
        self.report.photos_waiting = photos;
        Ok(self.report)
    }

    /// Notes a stage's failure; says whether the next stage has a chance.
    fn goes_on_after(&mut self, stage: Result<(), SyncError>) -> bool {
        let Err(error) = stage else { return true };
        let goes_on = !error.ends_the_round();
        self.note(error);
        goes_on
    }

    /// Notes a failure. The first one is told: later ones often follow from it.
    pub(super) fn note(&mut self, error: SyncError) {
        tracing::debug!(%error, "a part of the round failed");
        self.report.failure.get_or_insert(error);
    }

    pub(super) fn announce(&self, areas: impl IntoIterator<Item = Area>) {
        let touched: BTreeSet<Area> = areas.into_iter().collect();
        if !touched.is_empty() {
            self.core.announce(Changed { touched });
        }
    }

    /// Runs `work` and says how long it took.
    pub(super) async fn timed<T>(&self, work: impl Future<Output = T>) -> (T, Duration) {
        let begun_ms = self.core.clock.mono_ms();
        let done = work.await;
        let took_ms = self.core.clock.mono_ms().saturating_sub(begun_ms);
        (
            done,
            Duration::from_millis(u64::try_from(took_ms).unwrap_or(0)),
        )
    }
}

pub(super) fn as_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
