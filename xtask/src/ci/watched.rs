//! Running a program while keeping what it prints: on the terminal, in a log, and for counting.

use std::{
    fs::File,
    io::{self, IsTerminal, Read, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Mutex,
    thread,
};

use anyhow::{Context, Result};

/// How a program ended.
pub(super) struct Outcome {
    pub(super) succeeded: bool,
    pub(super) stdout: String,
}

/// Runs a program to its end, with its output passing through and into `log`.
pub(super) fn run(command: &mut Command, log: &Path) -> Result<Outcome> {
    if io::stderr().is_terminal() {
        // Its output goes through our pipe, which cargo would take for a file.
        command.env("CARGO_TERM_COLOR", "always");
    }
    run_to(command, log, io::stdout(), io::stderr())
}

fn run_to(
    command: &mut Command,
    log: &Path,
    mut to: impl Write,
    mut to_errors: impl Write + Send,
) -> Result<Outcome> {
    let log =
        Mutex::new(File::create(log).with_context(|| format!("cannot write {}", log.display()))?);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let kept = thread::scope(|scope| {
        let errors = scope.spawn(|| pass(stderr, &mut to_errors, &log));
        let output = pass(stdout, &mut to, &log);
        errors.join().map_or(Ok(Vec::new()), |errors| errors)?;
        output
    })?;
    let succeeded = child.wait()?.success();
    Ok(Outcome {
        succeeded,
        stdout: String::from_utf8_lossy(&kept).into_owned(),
    })
}

/// Passes everything on as it comes, and keeps it.
fn pass(from: Option<impl Read>, to: &mut impl Write, log: &Mutex<File>) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let Some(mut from) = from else {
        return Ok(kept);
    };
    let mut buffer = [0; 4096];
    loop {
        let length = from.read(&mut buffer)?;
        let piece = buffer.get(..length).unwrap_or_default();
        if piece.is_empty() {
            return Ok(kept);
        }
        to.write_all(piece)?;
        to.flush()?;
        log.lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .write_all(piece)?;
        kept.extend_from_slice(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::run_to;
    use crate::step::program;

    #[test]
    fn what_a_failing_program_printed_is_kept_with_its_failure() {
        let log = std::env::temp_dir().join(format!("xtask-watched-{}.log", std::process::id()));
        let (mut shown, mut shown_errors) = (Vec::new(), Vec::new());
        let mut fails = program("sh");
        fails.args(["-c", "echo out; echo err >&2; exit 3"]);

        let outcome = run_to(&mut fails, &log, &mut shown, &mut shown_errors).unwrap();

        let logged = std::fs::read_to_string(&log).unwrap();
        std::fs::remove_file(&log).unwrap();
        assert!(!outcome.succeeded, "exit 3 is a failure");
        assert_eq!(outcome.stdout, "out\n", "errors are not counted as results");
        assert!(
            logged.contains("out\n") && logged.contains("err\n"),
            "the log holds both: {logged}"
        );
    }
}
