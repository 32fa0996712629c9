//! `cargo xtask dictionary KIND FILE`: trains a dictionary for small messages. What was released is never
//! trained over: peers know a dictionary by its digest.

use anyhow::{Context as _, Result, bail, ensure};

use crate::step::program;

/// Trains one of this kind into the file that is named, if there is none yet.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let [kind, file] = args else {
        bail!(
            "of what, and where to? For example: cargo xtask dictionary cases packing/src/cases-2.zdict"
        );
    };
    ensure!(
        !std::path::Path::new(file).exists(),
        "{file} is there already; a new edition gets a new name"
    );
    let status = program("cargo")
        .args([
            "run",
            "--quiet",
            "--bin",
            "train-dictionary",
            "--",
            kind,
            file,
        ])
        .status()
        .context("cargo can't be run")?;
    ensure!(status.success(), "the training failed");
    Ok(())
}
