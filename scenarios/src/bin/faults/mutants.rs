//! `faults mutants`: the control of the proofs. Each planted bug must be caught, or the proof that
//! there is none is worth nothing.
#![expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]

use anyhow::{Context as _, Result, ensure};
use fault::Bug;
use scenarios::sim::run::{catch, play_one};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many seeds a bug may survive before it counts as not caught.
    #[arg(long, default_value_t = 400)]
    seeds: u64,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let mut survived = Vec::new();
    for bug in Bug::ALL {
        let Some(caught) = catch(bug, args.seeds)? else {
            println!("{bug:?}: SURVIVED {} seeds", args.seeds);
            survived.push(bug);
            continue;
        };
        // What fails without the bug as well has caught nothing.
        play_one(caught.seed)?
            .verdict
            .with_context(|| format!("seed {} fails without a planted bug", caught.seed))?;
        println!("{bug:?}: caught by seed {}: {}", caught.seed, caught.said);
    }
    ensure!(survived.is_empty(), "planted and not caught: {survived:?}");
    println!("all {} planted bugs were caught", Bug::ALL.len());
    Ok(())
}
