//! `faults sim|mutants|killsweep|device …`: proofs by fault. `cargo xtask` builds and calls it; the
//! hub's side of a kill sweep is the program `hub-with-faults`.

mod device;
mod killsweep;
mod mutants;
mod sim;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Schedules make and drop small things all the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Proves by fault that nothing is lost.
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play schedules of a hub and devices, one per seed.
    Sim(sim::Args),
    /// Plant bugs one by one, and see that each is caught.
    Mutants(mutants::Args),
    /// Kill device and hub at every write point of a scripted day.
    Killsweep(killsweep::Args),
    /// The device of a kill sweep.
    #[command(hide = true)]
    Device(device::Args),
}

fn main() -> Result<()> {
    match Args::parse().command {
        Command::Sim(args) => sim::run(args),
        Command::Mutants(args) => mutants::run(args),
        Command::Killsweep(args) => killsweep::run(args),
        Command::Device(args) => device::run(args),
    }
}
