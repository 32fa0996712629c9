//! `cargo xtask bench NAME`: the figures of the design, measured and never asserted.
//! The last line on stdout is the bench's own JSON object, so nothing is printed after it.

use std::process::Stdio;

use anyhow::{Context, Result};

use crate::{
    build::{self, Profile},
    npm, pip,
    root::root,
    setup::{self, Group},
    step::{cargo, program},
    ui,
};

/// Builds with optimisation and runs one bench.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let name = args
        .first()
        .context("which one? For example: cargo xtask bench save")?;
    setup::ensure(&[Group::Build])?;
    match name.as_str() {
        "photo" => {
            setup::ensure(&[Group::Bench])?;
            npm::install(&npm::SHARP)?;
        }
        "race" => setup::ensure(&[Group::Check])?,
        "forms" => {
            setup::ensure(&[Group::Check])?;
            return forms();
        }
        // A bench without its peers is still a bench.
        "sync" => {
            let peers = npm::POUCHDB.iter().map(npm::install);
            if let Err(error) = peers.collect::<Result<()>>().and_then(|()| pip::install()) {
                eprintln!("without peers: {error:#}");
            }
        }
        "start" => {
            setup::ensure(&[Group::Window])?;
            ui::build(ui::Mode::Small)?;
            build::programs(Profile::Release, &["gridwalker", "gridwalker-hub"])?;
        }
        _ => {}
    }
    build::programs(Profile::Release, &["bench"])?;
    measure(args)
}

/// The engine of forms is measured by itself: it is no part of `scenarios` and needs none of it. What an
/// answer costs that is saved, too, is measured on a device before, and stands in the same figures.
fn forms() -> Result<()> {
    build::programs(Profile::Release, &["bench"])?;
    let saved = program(build::exe(&Profile::Release.folder(), "bench"))
        .arg("answer")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start the bench")?;
    anyhow::ensure!(
        saved.status.success(),
        "bench answer: ended with {}",
        saved.status
    );
    let told = String::from_utf8(saved.stdout).context("a bench tells its figures as text")?;
    print!("{told}");
    let figures = told.lines().next_back().unwrap_or_default();
    let status = cargo()
        .env("GRIDWALKER_BENCH_SAVED", figures)
        .args([
            "bench",
            "--workspace",
            "--exclude",
            "ui",
            "--bench",
            "forms",
        ])
        .status()
        .context("cannot start cargo")?;
    anyhow::ensure!(status.success(), "bench forms: ended with {status}");
    Ok(())
}

fn measure(args: &[String]) -> Result<()> {
    let status = program(build::exe(&Profile::Release.folder(), "bench"))
        .args(args)
        .envs(build::addresses(Profile::Release))
        .env("GRIDWALKER_UI", root().join("ui/dist"))
        .env("NODE_PATH", npm::modules())
        .envs(
            pip::python()
                .exists()
                .then(|| ("GRIDWALKER_ANKI_PYTHON", pip::python())),
        )
        .status()
        .context("cannot start the bench")?;
    anyhow::ensure!(
        status.success(),
        "bench {}: ended with {status}",
        args.join(" ")
    );
    Ok(())
}
