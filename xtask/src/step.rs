//! Running other programs: a headline before, the time after, a clear error when one fails.
//! Progress goes to stderr, so that stdout holds only answers.

use std::{
    ffi::OsStr,
    fmt,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::root::root;

/// A program to be run in the workspace folder.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    // `cargo run` points the loader at the toolchain's libraries; other compilers must not see them.
    command.current_dir(root()).env_remove("LD_LIBRARY_PATH");
    command
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Says `what` is done, does it with its output in sight, and says how long it took.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    let watch = Watch::start(what);
    let status = command
        .status()
        .with_context(|| format!("{what}: cannot start {}", named(command)))?;
    if !status.success() {
        bail!("{what}: {} ended with {status}", named(command));
    }
    watch.done();
    Ok(())
}

/// What a program prints, or nothing if it is not there or fails. Nothing is shown.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs quietly for at most `limit`; says whether it succeeded in time.
pub(crate) fn succeeds_within(limit: Duration, command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else {
        return false;
    };
    let watch = Watch::quiet();
    while watch.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    // Too late: end it and collect it, so that nothing goes on downloading behind our back.
    child
        .kill()
        .and_then(|()| child.wait())
        .is_ok_and(|status| status.success())
}

/// The full path of a program, if one of that name can be called.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

fn named(command: &Command) -> String {
    let name = PathBuf::from(command.get_program());
    name.file_name()
        .unwrap_or(name.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// How long a step takes.
pub(crate) struct Watch(Instant);

impl Watch {
    /// Prints the headline of a step and starts counting.
    pub(crate) fn start(what: &str) -> Self {
        eprintln!("── {what}");
        Self::quiet()
    }

    /// Counts without a headline.
    #[expect(
        clippy::disallowed_methods,
        reason = "a person waits for this; it decides nothing"
    )]
    pub(crate) fn quiet() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Prints the time taken, if it was long enough to be of interest.
    pub(crate) fn done(&self) {
        if self.elapsed() > Duration::from_millis(500) {
            eprintln!("   done in {self}");
        }
    }
}

impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed().as_secs_f32();
        if seconds < 100.0 {
            return write!(f, "{seconds:.1} s");
        }
        let whole = self.elapsed().as_secs();
        write!(f, "{} min {} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{answer, program, run, succeeds_within};

    #[test]
    fn a_program_that_fails_is_named_with_what_it_was_to_do() {
        let error = run("looking", &mut program("false"))
            .unwrap_err()
            .to_string();

        assert!(error.starts_with("looking: false ended with"), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_gives_no_answer() {
        assert_eq!(answer(&mut program("gridwalker-no-such-program")), None);
        assert_eq!(answer(program("echo").arg("yes")).as_deref(), Some("yes\n"));
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        assert!(!succeeds_within(
            Duration::from_millis(150),
            program("sleep").arg("60")
        ));
        assert!(succeeds_within(
            Duration::from_mins(1),
            &mut program("true")
        ));
    }
}
