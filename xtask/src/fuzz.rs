//! `cargo xtask fuzz [RUNS] [TARGET]…`: the decoders with as many damaged inputs as somebody likes; the
//! tests give them only a few seconds. `cargo xtask fuzz TARGET --seconds N`: one of them guided by
//! coverage. What that keeps stays in `target/guided/corpus`, from which the next run goes on.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    root::target,
    step::{self, answer, program},
};

/// Runs the targets with optimisation, `RUNS` damaged inputs each; or one of them, guided.
pub(crate) fn run(args: &[String]) -> Result<()> {
    match args {
        [target, word, seconds] if word == "--seconds" => {
            let seconds = seconds.parse().context("--seconds takes a number")?;
            guided(target, seconds)
        }
        _ if args.iter().any(|word| word == "--seconds") => {
            bail!("usage: cargo xtask fuzz TARGET --seconds N")
        }
        _ => damaged(args),
    }
}

fn damaged(args: &[String]) -> Result<()> {
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
        .args(["--test", "short", "--"])
        .args(targets)
        .env("GRIDWALKER_FUZZ_RUNS", runs)
        .status()
        .context("cargo can't be run")?;
    ensure!(status.success(), "a decoder failed; the seed stands above");
    Ok(())
}

/// What makes code tell where it went, as LLVM's fuzzer reads it. These are flags of any compiler.
const WATCHED: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "--cfg=fuzzing",
];

/// What sees memory used that is not one's own. Only a nightly compiler takes it.
const ADDRESSES: &str = "-Zsanitizer=address";

/// With flags of its own nothing else of a build can be used again.
const FOLDER: &str = "guided";

/// One input that takes longer is a mistake, in seconds; so is one that takes more memory, in MB.
/// The targets' own bounds are narrower.
const LIMITS: [&str; 3] = ["-timeout=60", "-rss_limit_mb=4096", "-detect_leaks=0"];

fn guided(name: &str, seconds: u32) -> Result<()> {
    let is_nightly = has_nightly();
    step::run(
        if is_nightly {
            "building what is watched, with the nightly compiler and AddressSanitizer"
        } else {
            "building what is watched (no nightly toolchain is installed: without AddressSanitizer)"
        },
        &mut building(is_nightly)?,
    )?;
    let folder = target().join(FOLDER);
    let corpus = folder.join("corpus").join(name);
    let found = folder.join("found").join(name);
    let scratch = scratch().join(format!("gridwalker-fuzz-{}", std::process::id()));
    for folder in [&corpus, &found, &scratch] {
        fs::create_dir_all(folder)?;
    }
    let mut command = program(folder.join(host()?).join("faults/guided"));
    command
        .arg(&corpus)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args(LIMITS)
        .args(["-max_len=65536", "-print_final_stats=1"])
        .env("GRIDWALKER_FUZZ_TARGET", name)
        .env("GRIDWALKER_FUZZ_CORPUS", &corpus)
        .env("TMPDIR", &scratch);
    let done = step::run(&format!("fuzzing {name} for {seconds} s"), &mut command);
    // What the targets made of files; they end without a chance to tidy up.
    fs::remove_dir_all(&scratch)?;
    done.with_context(|| {
        format!(
            "what failed is in {}; mend it, and keep the file in fuzzing/found/{name}",
            found.display()
        )
    })
}

/// Where databases are made and thrown away: in memory, where there is a folder for it, for what is
/// flushed there is flushed at once.
fn scratch() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    }
}

fn building(is_nightly: bool) -> Result<Command> {
    let mut command = program("cargo");
    let mut flags = WATCHED.join(" ");
    if is_nightly {
        command.arg("+nightly");
        flags = format!("{flags} {ADDRESSES}");
    }
    // With a target of its own the flags are not for build scripts.
    command
        .args(["build", "--profile", "faults", "--target", &host()?])
        .arg("--target-dir")
        .arg(target().join(FOLDER))
        .args([
            "--package",
            "fuzzing",
            "--features",
            "guided",
            "--bin",
            "guided",
        ])
        .env_remove("CARGO")
        .env("RUSTFLAGS", flags)
        .env("CARGO_INCREMENTAL", "0")
        // As the simulation is built: see `faults`.
        .env("LIBSQLITE3_FLAGS", "-DSQLITE_DEFAULT_MEMSTATUS=0")
        .env("OPENSSL_NO_VENDOR", "1");
    Ok(command)
}

fn has_nightly() -> bool {
    let toolchains = answer(program("rustup").args(["toolchain", "list"]));
    toolchains.is_some_and(|list| list.lines().any(|line| line.starts_with("nightly")))
}

/// The name of this machine's kind, as compilers say it.
fn host() -> Result<String> {
    let said = answer(program("rustc").arg("-vV")).context("rustc can't be run")?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.context("rustc doesn't say its host")?.to_owned())
}
