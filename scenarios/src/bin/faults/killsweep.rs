//! `faults killsweep [--every N]`: kills device and hub at every write point of a scripted day.
#![expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]

use std::{env, path::PathBuf, thread};

use anyhow::{Context, Result, ensure};
use scenarios::sweep::{Programs, sweep};

/// A whole sweep kills at least so often, at so many places.
const KILLS_MIN: usize = 600;
const POINTS_MIN: usize = 20;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Play only every n-th of all days.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// How many days at once; one per core if not given.
    #[arg(long)]
    threads: Option<usize>,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let device = env::current_exe()?;
    let hub = beside(&device)?;
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = args.threads.unwrap_or(cores);
    let swept = sweep(&Programs { device, hub }, args.every, threads)?;
    for (point, times) in &swept.points {
        println!("{times:5}  {point}");
    }
    for (kill, why) in &swept.failures {
        println!("{kill:?}: {why}");
    }
    println!(
        "{} points, {} days, {} kills, {} failures",
        swept.points.len(),
        swept.days,
        swept.kills,
        swept.failures.len()
    );
    ensure!(
        swept.failures.is_empty(),
        "something was lost, doubled or damaged"
    );
    ensure!(
        swept.points.len() >= POINTS_MIN,
        "too few points were passed"
    );
    ensure!(
        args.every > 1 || swept.kills >= KILLS_MIN,
        "a whole sweep kills at least {KILLS_MIN} times"
    );
    Ok(())
}

fn beside(program: &std::path::Path) -> Result<PathBuf> {
    let folder = program.parent().context("the program is in a folder")?;
    let name = format!("hub-with-faults{}", env::consts::EXE_SUFFIX);
    Ok(folder.join(name))
}
