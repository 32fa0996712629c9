//! `faults device …`: the device's process of a kill sweep.

use std::path::PathBuf;

use anyhow::Result;
use scenarios::sweep::driver::{self, Setup};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The device's folder.
    #[arg(long)]
    home: PathBuf,
    /// Where its person's memory is kept.
    #[arg(long)]
    journal: PathBuf,
    /// The hub's address.
    #[arg(long)]
    hub: String,
    /// The code to enrol with.
    #[arg(long)]
    code: String,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let setup = Setup {
        home: args.home,
        journal: args.journal,
        hub: args.hub,
        code: args.code,
    };
    tokio::runtime::Runtime::new()?.block_on(driver::play(&setup))
}
