//! Runs apt-get: what it says by the hundred lines goes to a log, and a person sees how far it is.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    root::tools,
    step::{Watch, program},
};

/// How many lines of the log are shown when it fails.
const LAST_WORDS: usize = 12;

/// A line about progress each time so many packages are done.
const EVERY: usize = 100;

/// Calls apt-get, by sudo when not root.
pub(super) fn get(what: &str, is_root: bool, args: &[&str]) -> Result<()> {
    let watch = Watch::start(what);
    fs::create_dir_all(tools())?;
    let path = tools().join("apt-get.log");
    let mut log =
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut child = command(is_root)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(log.try_clone()?)
        .spawn()
        .context("cannot start apt-get")?;
    if let Some(stdout) = child.stdout.take() {
        follow(BufReader::new(stdout), &mut log, |line| {
            eprintln!("   {line}");
        })?;
    }
    let status = child.wait()?;
    if !status.success() {
        let said = fs::read_to_string(&path).unwrap_or_default();
        bail!(
            "{what} ended with {status}; {} ends with:\n{}",
            path.display(),
            last(&said)
        );
    }
    watch.done();
    Ok(())
}

fn command(is_root: bool) -> Command {
    // sudo passes no environment on; `env` behind it sets what we need.
    let mut command = program(if is_root { "env" } else { "sudo" });
    if !is_root {
        command.arg("env");
    }
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "LC_ALL=C.UTF-8",
        "apt-get",
    ]);
    command
}

/// Keeps every line, and tells the few of interest.
fn follow(lines: impl BufRead, log: &mut impl Write, mut tell: impl FnMut(&str)) -> Result<()> {
    let mut set_up = 0;
    for line in lines.split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        writeln!(log, "{line}")?;
        if line.starts_with("Need to get ") || line.starts_with("After this operation") {
            tell(&line);
        }
        if line.starts_with("Setting up ") {
            set_up += 1;
            if set_up % EVERY == 0 {
                tell(&format!("{set_up} packages set up"));
            }
        }
    }
    Ok(())
}

fn last(said: &str) -> String {
    let lines: Vec<_> = said.lines().filter(|line| !line.is_empty()).collect();
    let from = lines.len().saturating_sub(LAST_WORDS);
    let lines = lines.iter().skip(from).map(|line| format!("  {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{follow, last};

    #[test]
    fn a_person_sees_how_far_it_is_and_the_log_has_every_line() {
        let said = format!(
            "Reading package lists...\nNeed to get 2 MB of archives.\n{}",
            "Setting up a\n".repeat(250)
        );
        let (mut log, mut told) = (Vec::new(), Vec::new());

        follow(said.as_bytes(), &mut log, |line| told.push(line.to_owned())).unwrap();

        assert_eq!(log, said.as_bytes());
        assert_eq!(
            told,
            [
                "Need to get 2 MB of archives.",
                "100 packages set up",
                "200 packages set up"
            ]
        );
    }

    #[test]
    fn the_reason_it_failed_is_among_its_last_words() {
        let said = format!("{}\n\nE: Unable to locate package x\n", "Hit\n".repeat(50));

        let words = last(&said);

        assert!(
            words.ends_with("  E: Unable to locate package x"),
            "{words}"
        );
        assert!(words.lines().count() < 20);
    }
}
