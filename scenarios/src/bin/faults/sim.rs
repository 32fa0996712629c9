//! `faults sim --seeds N [--from S]`: plays schedules, tells how fast, and of the first that fails
//! everything that happened and how to play it again.
#![expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]

use std::thread;

use anyhow::{Result, bail};
use scenarios::sim::{
    STEPS,
    run::{Seeds, play_all},
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
    /// Print what happened even if everything was right.
    #[arg(long)]
    trace: bool,
}

pub(crate) fn run(args: Args) -> Result<()> {
    if args.trace {
        return print_traces(&args);
    }
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = args.threads.unwrap_or(cores);
    let outcome = play_all(Seeds {
        from: args.from,
        count: args.seeds,
        threads,
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
    println!(
        "{} schedules of {STEPS} steps, nothing lost, in {seconds:.1} s on {threads} threads",
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

fn print_traces(args: &Args) -> Result<()> {
    for seed in args.from..args.from.saturating_add(args.seeds) {
        let schedule = scenarios::sim::run::play_one(seed)?;
        println!("seed {seed}\n{}", schedule.trace);
        schedule.verdict?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
fn rate(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds.max(0.001)
}
