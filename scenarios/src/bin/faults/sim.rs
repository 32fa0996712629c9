//! `faults sim --seeds N [--from S]`: plays schedules, tells how fast, and of the first that fails
//! everything that happened and how to play it again.
#![expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]

use std::{thread, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use fault::Bug;
use scenarios::sim::{
    STEPS,
    run::{Seeds, play_all, play_each, play_one},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many seeds to play.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// On how many threads; one per core if not given.
    #[arg(long)]
    threads: Option<usize>,
    /// Begin none after so many seconds, however many were asked for.
    #[arg(long)]
    within: Option<u64>,
    /// Plant this bug before; for those who look for a schedule that shows it.
    #[arg(long)]
    plant: Option<String>,
    /// Print what happened even if everything was right.
    #[arg(long)]
    trace: bool,
    /// Print a digest of what happened for each seed, to see whether two programs play the same.
    #[arg(long)]
    digests: bool,
}

pub(crate) fn run(args: Args) -> Result<()> {
    if args.digests {
        return print_digests(&args);
    }
    if args.trace || args.plant.is_some() {
        return print_traces(&args);
    }
    follows_from_its_seed(args.from)?;
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = args.threads.unwrap_or(cores);
    let outcome = play_all(Seeds {
        from: args.from,
        count: args.seeds,
        threads,
        within: args.within.map(Duration::from_secs),
    })?;
    if let Some((seed, schedule)) = outcome.failed {
        println!("{}", schedule.trace);
        let why = schedule
            .verdict
            .err()
            .unwrap_or_else(|| anyhow::anyhow!("?"));
        bail!("seed {seed}: {why:#}\nplay it again: cargo xtask sim --from {seed} --seeds 1");
    }
    let seconds = outcome.took.as_secs_f64();
    let left_out = match args.seeds.saturating_sub(outcome.played) {
        0 => String::new(),
        left => format!("; time was up before {left} more"),
    };
    println!(
        "{} schedules of {STEPS} steps, nothing lost, in {seconds:.1} s on {threads} threads{left_out}",
        outcome.played
    );
    println!(
        "{}",
        serde_json::json!({
            "schedules": outcome.played,
            "first_seed": args.from,
            "seconds": seconds,
            "threads": threads,
            "per_second": rate(outcome.played, seconds),
        })
    );
    Ok(())
}

/// A schedule follows from its seed alone; else a failure could not be played again.
fn follows_from_its_seed(seed: u64) -> Result<()> {
    let (first, again) = (play_one(seed)?, play_one(seed)?);
    let other = play_one(seed.wrapping_add(1))?;
    ensure!(
        first.trace.lines() == again.trace.lines(),
        "seed {seed} played two different schedules"
    );
    ensure!(
        first.trace.lines() != other.trace.lines(),
        "two seeds played one schedule"
    );
    Ok(())
}

fn print_digests(args: &Args) -> Result<()> {
    let last = args.from.saturating_add(args.seeds);
    let played = play_each(args.from..last)?;
    for (seed, schedule) in (args.from..).zip(played) {
        println!("{seed} {}", schedule.trace.digest());
        schedule.verdict?;
    }
    Ok(())
}

fn print_traces(args: &Args) -> Result<()> {
    if let Some(name) = &args.plant {
        let bug = Bug::ALL.into_iter().find(|bug| format!("{bug:?}") == *name);
        fault::plant(Some(bug.context("there is no such bug")?));
    }
    for seed in args.from..args.from.saturating_add(args.seeds) {
        let schedule = play_one(seed)?;
        println!("seed {seed}\n{}", schedule.trace);
        schedule.verdict?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
fn rate(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds.max(0.001)
}
