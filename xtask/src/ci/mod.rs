//! `cargo xtask ci`: what `.ci/run` and `cargo xtask test` run, in this order, to the first
//! failure. Each step has a headline, its time, and its whole output under `target/ci`.

mod count;
mod watched;

use std::{env, fs, process::Command, time::Duration};

use anyhow::{Result, bail};

use self::count::Count;
use crate::{
    build::{ALL_BUT_UI, AS_FOR_TESTS, WINDOW},
    root::target,
    setup::{self, Group},
    step::{Watch, cargo, program},
};

/// `cargo xtask test [--seeds N]`: on a bare machine, too.
pub(crate) fn test(args: &[String]) -> Result<()> {
    setup::ensure(&[Group::Build, Group::Check, Group::Window])?;
    run(args)
}

/// `cargo xtask ci [--seeds N]`
pub(crate) fn run(args: &[String]) -> Result<()> {
    let seeds = match args {
        [] => SEEDS,
        [word, seeds] if word == "--seeds" => seeds,
        _ => bail!("usage: cargo xtask test [--seeds N]"),
    };
    let logs = target().join("ci");
    fs::create_dir_all(&logs)?;
    let watch = Watch::quiet();
    let mut steps = steps(seeds)?;
    let of = steps.len();
    let mut count = Count::default();
    let mut failed = None;
    for (at, (name, command)) in (1..).zip(&mut steps) {
        if *name == SIMULATION {
            let left = ENDS.saturating_sub(watch.elapsed()).max(SHORTEST);
            command.args(["--within", &left.as_secs().to_string()]);
        }
        let step = Watch::start(&format!("[{at}/{of}] {name}"));
        let log = logs.join(format!("{at:02}-{}.log", name.replace(' ', "-")));
        let outcome = watched::run(command, &log)?;
        let counted = Count::in_output(&outcome.stdout);
        count = count + counted;
        eprintln!(
            "   [{at}/{of}] {name}: {} in {step}",
            if outcome.succeeded { "ok" } else { "FAILED" }
        );
        if !outcome.succeeded {
            // A step that breaks without a test saying so must not read as "0 failed".
            count.failed += u32::from(counted.failed == 0);
            failed = Some(format!(
                "step {at} of {of} failed: {name}; its output is in {}",
                log.display()
            ));
            break;
        }
    }
    eprintln!("── all in {watch}");
    println!("{count}");
    match failed {
        Some(failed) => bail!(failed),
        None => Ok(()),
    }
}

/// Schedules of faults played at a desk: some two minutes on two cores. `.ci/run` asks for more.
const SEEDS: &str = "1000";

const SIMULATION: &str = "simulation";

/// When no schedule is begun any more, from the first step on; the simulation says how many it played.
/// CI ends what takes ninety minutes.
const ENDS: Duration = Duration::from_mins(80);

/// So long schedules are played, however late it is.
const SHORTEST: Duration = Duration::from_mins(3);

/// The steps. Cheap ones that often fail come first; the page comes before the app that embeds it.
fn steps(seeds: &str) -> Result<Vec<(&'static str, Command)>> {
    let this = env::current_exe()?;
    let xtask = |word: &str| {
        let mut command = program(&this);
        command.arg(word);
        command
    };
    let deny = ["--", "-D", "warnings"];
    let mut hub_on_postgres = on_all(&["test", "--no-fail-fast"], &["--test", "all"]);
    hub_on_postgres.env("GRIDWALKER_TEST_POSTGRES", "1");
    let mut docs = on_all(&["doc", "--no-deps", "--lib", "--bins", AS_FOR_TESTS], &[]);
    docs.env("RUSTDOCFLAGS", "-Dwarnings");
    let mut ui_docs = on_ui(&["doc", "--no-deps", "--lib", "--bins", AS_FOR_TESTS], &[]);
    ui_docs.env("RUSTDOCFLAGS", "-Dwarnings");
    Ok(vec![
        ("format", words(&["fmt", "--all", "--", "--check"])),
        ("tidy", xtask("tidy")),
        ("page", xtask("ui")),
        ("lints", on_all(&["clippy", "--all-targets"], &deny)),
        (
            "lints of the faults",
            on_all(
                &["clippy", "--all-targets", "--features", "scenarios/faults"],
                &deny,
            ),
        ),
        (
            "lints of the page",
            on_ui(&["clippy", "--all-targets"], &deny),
        ),
        ("tests", on_all(&["test", "--no-fail-fast"], &[])),
        ("hub tests on PostgreSQL", hub_on_postgres),
        ("tests of the page", on_ui(&["test", "--no-fail-fast"], &[])),
        ("planted bugs", xtask("mutants")),
        (
            "kill sweep, short",
            with(xtask("killsweep"), &["--every", "10"]),
        ),
        ("docs", docs),
        ("docs of the page", ui_docs),
        (
            "app and hub",
            on_all(
                &["build", AS_FOR_TESTS],
                &WINDOW.map(|name| ["--bin", name]).concat(),
            ),
        ),
        ("window", xtask("e2e")),
        // Last: it takes whatever time there is.
        (SIMULATION, with(xtask("sim"), &["--seeds", seeds])),
    ])
}

fn with(mut command: Command, args: &[&str]) -> Command {
    command.args(args);
    command
}

fn words(words: &[&str]) -> Command {
    let mut command = cargo();
    command.args(words);
    command
}

fn on_all(before: &[&str], after: &[&str]) -> Command {
    words(&[before, &ALL_BUT_UI, after].concat())
}

/// The page's own crate, compiled for this machine: its tests and lints need no browser.
fn on_ui(before: &[&str], after: &[&str]) -> Command {
    words(&[before, &["--package", "ui"], after].concat())
}
