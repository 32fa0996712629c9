//! `gridwalker-conformance`: whether a hub keeps to docs/protocol.md, looked at from outside. It
//! speaks HTTP and raw JSON only and shares no code with the hub or the app, so that it can judge
//! anybody's. How to prepare a hub for it stands in the protocol, section 12.
//!
//! Exit code: 0 when all checks hold, 1 when one fails, 2 when they could not be made.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks on the terminal"
)]
#![forbid(unsafe_code)]

mod amend;
mod answer;
mod check;
mod clock;
mod control;
mod core;
mod delete;
mod device;
mod erasing;
mod hub;
mod joining;
mod merge;
mod moved;
mod photos;
mod register;
mod report;
mod scopes;
mod stage;
mod wire;

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, ensure};
use clap::Parser;

use check::{Check, Level};
use report::Report;
use stage::Stage;

/// Checks a sync hub against the protocol. Give it a hub of its own: what it writes stays there.
#[derive(Debug, Parser)]
#[command(name = "gridwalker-conformance", version)]
struct Args {
    /// Where the hub is, for example `http://127.0.0.1:8640`.
    #[arg(long, value_name = "URL")]
    base_url: String,
    /// A one-time enrolment code; repeat it for each person: a worker, somebody else who sees the
    /// worker's grid, a worker of another grid, a clerk. `--level core` and `photos` need the first.
    #[arg(long = "enrolment", value_name = "CODE", required = true)]
    enrolments: Vec<String>,
    /// Only these levels; without it, all.
    #[arg(long = "level", value_enum, value_name = "LEVEL")]
    levels: Vec<Level>,
    /// A command for the shell by which the operator moves the worker of another grid to a third
    /// one, for good. It is run once, at the end. Without it that check is skipped.
    #[arg(long = "move", value_name = "COMMAND")]
    mover: Option<String>,
    /// Where to write the results as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("gridwalker-conformance: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<bool> {
    let levels: Vec<_> = Level::ALL
        .into_iter()
        .filter(|level| args.levels.is_empty() || args.levels.contains(level))
        .collect();
    let stage = Stage::set(&args.base_url, &args.enrolments, args.mover.clone())?;
    let missing = stage.missing_for(&levels);
    ensure!(
        missing.is_empty(),
        "these levels need an enrolment code for {}",
        missing.join(", and one for ")
    );
    let mut report = Report::new(&args.base_url, &levels);
    for check in levels.iter().flat_map(|level| level.checks()) {
        let line = report.add(check, &stage);
        println!("{line}");
    }
    println!("{}", report.summary());
    if let Some(file) = &args.report {
        fs::write(file, report.to_json()?)
            .with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(report.all_hold())
}

impl Level {
    /// The checks of this level, in the order they are made.
    fn checks(self) -> Vec<&'static Check> {
        match self {
            Self::Core => core::checks(),
            Self::Merge => merge::CHECKS
                .iter()
                .chain(&amend::CHECKS)
                .chain(&delete::CHECKS)
                .chain(&joining::CHECKS)
                .collect(),
            Self::Register => register::CHECKS.iter().collect(),
            Self::Photos => photos::checks(),
            Self::Scopes => scopes::CHECKS
                .iter()
                .chain(&amend::PLACES)
                .chain(&control::CHECKS)
                .chain(&erasing::CHECKS)
                .chain(&moved::CHECKS)
                .collect(),
        }
    }
}
