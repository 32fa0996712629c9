//! Runs rounds by itself: at the start, after everything a person does, when somebody asks, and
//! every minute; after failures ever more rarely.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt as _;
use shared::{
    hub_api::ErrorCode,
    ipc::{Area, Changed, Link},
};
use tokio::{
    sync::Notify,
    task::{JoinHandle, spawn_blocking},
};

use super::{
    OverHttp, SyncError,
    backoff::Backoff,
    identity,
    remote::{Connect, Retry},
    round::{self, Paces, RoundReport, as_ms},
};
use crate::{
    Client, clearing,
    clock::random,
    core::Core,
    erased,
    store::{device, files, settings},
};

/// Between rounds when everything is well.
const IDLE: Duration = Duration::from_mins(1);

/// Lands inside every window, near its middle.
const BACKOFF_WITHOUT_CHANCE: u64 = 500;

/// The sync's own state, beside the database: only what a restart may forget.
#[derive(Debug, Default)]
pub(crate) struct SyncState {
    /// One round at a time; and what rounds learn of the link.
    pub(super) round: tokio::sync::Mutex<Paces>,
    nudged: Notify,
    /// The nudge came from a person or the network, not from work alone.
    asked: AtomicBool,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl SyncState {
    /// There is something new to send.
    pub(crate) fn nudge(&self) {
        self.nudged.notify_one();
    }

    /// Somebody wants a round now, or the network came back.
    pub(crate) fn ask(&self) {
        self.asked.store(true, Ordering::Release);
        self.nudged.notify_one();
    }

    /// What was asked for until now is answered by the round that begins.
    fn heard(&self) {
        self.asked.store(false, Ordering::Release);
        if self.nudged.notified().now_or_never().is_some() {
            tracing::trace!("the nudge that waited is taken");
        }
    }

    fn replace_task(&self, task: Option<JoinHandle<()>>) -> Option<JoinHandle<()>> {
        std::mem::replace(
            &mut *self.task.lock().unwrap_or_else(PoisonError::into_inner),
            task,
        )
    }

    /// Ends the rounds. Every step of one is a transaction, so it may end anywhere.
    pub(crate) fn stop(&self) -> Option<JoinHandle<()>> {
        let task = self.replace_task(None);
        if let Some(task) = &task {
            task.abort();
        }
        task
    }
}

impl Client {
    /// Starts to run rounds by itself. Must be called inside a tokio runtime; a second call
    /// replaces the first.
    pub fn start_sync(&self) {
        self.start_sync_with(OverHttp::default());
    }

    /// [`Client::start_sync`] over another kind of connection.
    pub fn start_sync_with<C: Connect>(&self, connect: C) {
        let Ok(core) = self.core() else { return };
        let core_of_task = Arc::clone(core);
        let task = tokio::spawn(async move {
            clear_out(&core_of_task).await;
            rounds(core_of_task, connect).await;
        });
        if let Some(before) = core.sync.replace_task(Some(task)) {
            before.abort();
        }
    }

    /// Stops running rounds, and waits until the last one has let go.
    pub async fn stop(&self) {
        let Ok(core) = self.core() else { return };
        if let Some(task) = core.sync.stop() {
            // It ends by being aborted: that it says so is no news.
            drop(task.await);
        }
        core.doing(None);
    }

    /// A person asks for a round now, and for another try at what was stuck.
    pub async fn sync_again(&self) -> Result<(), SyncError> {
        let core = self.core()?;
        core.write(|tx| files::retry_all(tx)).await?;
        core.announce(Changed::of([Area::Delivery]));
        core.sync.ask();
        Ok(())
    }
}

/// One round, with the status told before, in between and after.
pub(super) async fn one_round<C: Connect>(
    core: &Arc<Core>,
    connect: &C,
) -> Result<RoundReport, SyncError> {
    let mut paces = core.sync.round.lock().await;
    core.next_attempt(None);
    let mut outcome = attempt(core, connect, &mut paces).await;
    if failure_of(&outcome).is_some_and(SyncError::needs_new_identity) {
        outcome = match renew(core, connect).await {
            Ok(()) => attempt(core, connect, &mut paces).await,
            Err(error) => Err(error),
        };
    }
    drop(paces);

    let failure = failure_of(&outcome);
    core.doing(None);
    // After a hello, that the hub wouldn't take one thing is told with that thing.
    let told = failure.filter(|error| outcome.is_err() || error.concerns_the_link());
    core.set_link(told.map_or(Link::Up, SyncError::link));
    if let Some(SyncError::Remote(error)) = failure
        && error.is_revoked()
    {
        // Capture goes on, and the outbox stays: only the rounds pause.
        let unknown = error.code() == Some(ErrorCode::NotEnrolled);
        core.write(move |tx| {
            device::set_revoked(tx, true)?;
            settings::put(tx, settings::TOKEN_UNKNOWN, &unknown)
        })
        .await?;
        core.announce(Changed::of([Area::Session]));
    }
    core.count_waiting().await?;
    core.refresh_last_complete().await?;
    outcome
}

async fn attempt<C: Connect>(
    core: &Arc<Core>,
    connect: &C,
    paces: &mut Paces,
) -> Result<RoundReport, SyncError> {
    core.count_waiting().await?;
    let remote = super::remote_of(core, connect).await?;
    round::run(core, &remote, paces).await
}

async fn renew<C: Connect>(core: &Arc<Core>, connect: &C) -> Result<(), SyncError> {
    let remote = super::remote_of(core, connect).await?;
    identity::take_new(core, &remote).await
}

fn failure_of(outcome: &Result<RoundReport, SyncError>) -> Option<&SyncError> {
    match outcome {
        Ok(report) => report.failure.as_ref(),
        Err(error) => Some(error),
    }
}

async fn rounds<C: Connect>(core: Arc<Core>, connect: C) {
    let mut backoff = Backoff::default();
    loop {
        core.sync.heard();
        let outcome = one_round(&core, &connect).await;
        if matches!(&outcome, Ok(report) if report.failure.is_none() && report.unfinished) {
            continue;
        }
        let failure = failure_of(&outcome);
        let wait = failure.map_or(Wait::AtMost(IDLE), |error| pause(error, &mut backoff));
        let next = match (failure, wait) {
            (None, _) | (_, Wait::UntilAsked) => None,
            (_, Wait::AtMost(wait) | Wait::AtLeast(wait)) => {
                Some(core.clock.now().plus_ms(as_ms(wait)))
            }
        };
        if failure.is_none() {
            backoff.reset();
        }
        core.next_attempt(next);
        drop(outcome);
        idle(&core, wait, &mut backoff).await;
    }
}

/// What ends the wait for the next round.
#[derive(Debug, Clone, Copy)]
enum Wait {
    /// This time, or anything new.
    AtMost(Duration),
    /// This time: the hub asked for it. Or a person.
    AtLeast(Duration),
    /// A person or the network: a device the hub doesn't know would only be refused again for
    /// every case its owner reports.
    UntilAsked,
}

async fn idle(core: &Arc<Core>, wait: Wait, backoff: &mut Backoff) {
    let until = match wait {
        Wait::AtMost(wait) | Wait::AtLeast(wait) => tokio::time::Instant::now().checked_add(wait),
        Wait::UntilAsked => None,
    };
    loop {
        let nudged = core.sync.nudged.notified();
        match until {
            Some(until) => {
                if tokio::time::timeout_at(until, nudged).await.is_err() {
                    return;
                }
            }
            None => nudged.await,
        }
        let asked = core.sync.asked.swap(false, Ordering::AcqRel);
        if asked || matches!(wait, Wait::AtMost(_)) {
            backoff.reset();
            return;
        }
        // It can't be sent now; that it waits is shown.
        if core.count_waiting().await.is_err() {
            tracing::warn!("what waits could not be counted");
        }
    }
}

/// The one thing done at a start beside the sync.
async fn clear_out(core: &Arc<Core>) {
    let core = Arc::clone(core);
    let cleared = spawn_blocking(move || {
        erased::finish(&core)?;
        clearing::clear_out(&core)
    });
    match cleared.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "what nobody needs could not be cleared out"),
        Err(error) => tracing::warn!(%error, "clearing out was broken off"),
    }
}

/// How long to wait after a failure.
fn pause(error: &SyncError, backoff: &mut Backoff) -> Wait {
    let paused = match error {
        SyncError::NotEnrolled => true,
        SyncError::Remote(error) => error.is_revoked(),
        _ => false,
    };
    if paused {
        return Wait::UntilAsked;
    }
    // Without randomness there is no jitter, but still a wait.
    let random = random::<8>().map_or(BACKOFF_WITHOUT_CHANCE, u64::from_le_bytes);
    match error.retry() {
        Retry::Soon => Wait::AtMost(backoff.after_failure(random, None)),
        Retry::After(floor) => Wait::AtLeast(backoff.after_failure(random, Some(floor))),
        // It will be the same in a second; but hubs get repaired and updated.
        Retry::Never => Wait::AtMost(backoff.after_failure(random, Some(IDLE))),
    }
}
