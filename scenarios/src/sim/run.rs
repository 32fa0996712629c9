//! Playing many schedules, on as many threads as there are cores; and planting bugs, to see that
//! they are caught.

use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use fault::Bug;

use super::{Played, Templates, play};

/// Seeds to play.
#[derive(Debug, Clone, Copy)]
pub struct Seeds {
    /// The first.
    pub from: u64,
    /// How many.
    pub count: u64,
    /// On so many threads.
    pub threads: usize,
    /// None is begun after so long.
    pub within: Option<Duration>,
}

/// How they went.
#[derive(Debug)]
pub struct Outcome {
    /// Schedules played to their end.
    pub played: u64,
    /// How long it took.
    pub took: Duration,
    /// The first that went wrong.
    pub failed: Option<(u64, Played)>,
}

/// Plays all of them, to the first failure.
pub fn play_all(seeds: Seeds) -> Result<Outcome> {
    let started = now();
    let next = AtomicU64::new(0);
    let played = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        let work = || {
            on_this_thread(async |templates| {
                while !stop.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let time_is_up = seeds.within.is_some_and(|it| started.elapsed() >= it);
                    if at >= seeds.count || time_is_up {
                        break;
                    }
                    let seed = seeds.from.wrapping_add(at);
                    let schedule = play(templates, seed).await;
                    if schedule.verdict.is_err() {
                        stop.store(true, Ordering::Relaxed);
                        failed
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .get_or_insert((seed, schedule));
                        break;
                    }
                    played.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            })
        };
        let threads: Vec<_> = (0..seeds.threads.max(1))
            .map(|_| scope.spawn(work))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .map_err(|_panic| anyhow!("a schedule panicked; its thread says where"))?
        })
    })?;
    Ok(Outcome {
        played: played.into_inner(),
        took: started.elapsed(),
        failed: failed.into_inner().unwrap_or_else(PoisonError::into_inner),
    })
}

/// Plays one schedule.
pub fn play_one(seed: u64) -> Result<Played> {
    let mut played = None;
    on_this_thread(async |templates| {
        played = Some(play(templates, seed).await);
        Ok(())
    })?;
    played.context("it was played")
}

/// Plays these, one after the other.
pub fn play_each(seeds: Range<u64>) -> Result<Vec<Played>> {
    let mut played = Vec::new();
    on_this_thread(async |templates| {
        for seed in seeds {
            played.push(play(templates, seed).await);
        }
        Ok(())
    })?;
    Ok(played)
}

/// The schedule that caught a planted bug.
#[derive(Debug)]
pub struct Caught {
    /// Its seed.
    pub seed: u64,
    /// What it said.
    pub said: String,
}

/// Plants a bug and plays seeds until one catches it; `None`: it survived all of them.
pub fn catch(bug: Bug, seeds: u64) -> Result<Option<Caught>> {
    let mut caught = None;
    on_this_thread(async |templates| {
        fault::plant(Some(bug));
        for seed in 1..=seeds {
            if let Err(error) = play(templates, seed).await.verdict {
                let said = format!("{error:#}");
                caught = Some(Caught { seed, said });
                break;
            }
        }
        fault::plant(None);
        Ok(())
    })?;
    Ok(caught)
}

fn on_this_thread(work: impl AsyncFnOnce(&Templates) -> Result<()>) -> Result<()> {
    // One thread: what happens next must hang on the seed alone.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("a runtime")?;
    runtime.block_on(async {
        let templates = Templates::new().await.context("the templates")?;
        work(&templates).await
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "how fast schedules play is told, and decides nothing"
)]
fn now() -> Instant {
    Instant::now()
}
