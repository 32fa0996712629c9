//! `cargo xtask fuzz [RUNS] [TARGET]`: the decoders for as long as somebody likes; the tests give
//! them only a few seconds.

use anyhow::{Context as _, Result, ensure};

use crate::step::program;

/// Runs the targets with optimisation, `RUNS` damaged inputs each.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let (runs, targets) = args
        .split_first()
        .map_or(("100000", args), |(first, rest)| {
            if first.parse::<u64>().is_ok() {
                (first.as_str(), rest)
            } else {
                ("100000", args)
            }
        });
    let status = program("cargo")
        .args(["test", "--release", "--workspace", "--exclude", "ui"])
        .args(["--test", "fuzz", "--"])
        .args(targets)
        .env("GRIDWALKER_FUZZ_RUNS", runs)
        .status()
        .context("cargo can't be run")?;
    ensure!(status.success(), "a decoder failed; the seed stands above");
    Ok(())
}
