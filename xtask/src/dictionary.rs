//! `cargo xtask dictionary FILE`: trains a dictionary for small messages. What was released is never
//! trained over: peers know a dictionary by its digest.

use anyhow::{Context as _, Result, ensure};

use crate::step::program;

/// Trains into the file that is named, if there is none yet.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let file = args
        .first()
        .context("where to? For example: cargo xtask dictionary packing/src/cases-2.zdict")?;
    ensure!(
        !std::path::Path::new(file).exists(),
        "{file} is there already; a new edition gets a new name"
    );
    let status = program("cargo")
        .args(["run", "--quiet", "--bin", "train-dictionary", "--", file])
        .status()
        .context("cargo can't be run")?;
    ensure!(status.success(), "the training failed");
    Ok(())
}
