//! `cargo xtask sim|killsweep|mutants`: proofs by fault. They run programs of their own, built with
//! the feature `faults` in the profile `faults`, so that nothing of it gets into anybody else's.

use std::process::Command;

use anyhow::Result;

use crate::{
    build::exe,
    root::target,
    setup::{self, Group},
    step::{self, cargo, program},
};

/// How `SQLite` is built for it. Nobody asks how much memory it has; counting it takes a lock for each
/// allocation. What nobody uses is not set up for each connection that is opened, and not written down
/// for each column that is selected. Small things are taken from a place of the connection's own.
const SQLITE: &str = "-DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_DEFAULT_LOOKASIDE=1200,120 \
                      -USQLITE_ENABLE_FTS3 -USQLITE_ENABLE_FTS3_PARENTHESIS -USQLITE_ENABLE_FTS5 \
                      -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_COLUMN_METADATA";

/// Plays schedules, one a seed.
pub(crate) fn sim(args: &[String]) -> Result<()> {
    prove("sim", args)
}

/// Kills device and hub at every write point.
pub(crate) fn killsweep(args: &[String]) -> Result<()> {
    prove("killsweep", args)
}

/// Plants bugs and sees that each is caught.
pub(crate) fn mutants(args: &[String]) -> Result<()> {
    prove("mutants", args)
}

fn prove(word: &str, args: &[String]) -> Result<()> {
    setup::ensure(&[Group::Build])?;
    step::run("building what can be told to fail", &mut building())?;
    let mut command = program(exe(&target().join("faults"), "faults"));
    step::run(
        &format!("faults {word} {}", args.join(" ")),
        command.arg(word).args(args),
    )
}

fn building() -> Command {
    let mut command = cargo();
    command.env("LIBSQLITE3_FLAGS", SQLITE);
    // In a simulation OpenSSL encrypts as the system's does; building one more takes minutes.
    command.env("OPENSSL_NO_VENDOR", "1");
    command.args([
        "build",
        "--profile",
        "faults",
        "--workspace",
        "--exclude",
        "ui",
    ]);
    command.args([
        "--features",
        "scenarios/faults",
        "--bin",
        "faults",
        "--bin",
        "hub-with-faults",
    ]);
    command
}
