//! Processes this tool starts: every one is ended again, whatever happens.

use std::{
    fs::File,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};

/// A process that is killed when it goes out of scope.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts `command` with its output in `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("creating {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        Ok(Self(child))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        signal("TERM", self.id())?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Sends a signal by the `kill` program (the standard library has only SIGKILL, for own children).
pub fn signal(name: &str, pid: u32) -> Result<()> {
    let status = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(pid.to_string())
        .status()?;
    anyhow::ensure!(status.success(), "no process {pid} to send {name} to");
    Ok(())
}

/// Ids of running processes of the program `exe` whose environment holds `NAME=value`.
pub fn running(exe: &Path, variable: &str) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &u32| {
            let proc = Path::new("/proc").join(pid.to_string());
            let is_it = std::fs::read_link(proc.join("exe")).is_ok_and(|found| found == exe);
            let environment = std::fs::read(proc.join("environ")).unwrap_or_default();
            is_it
                && environment
                    .split(|byte| *byte == 0)
                    .any(|v| v == variable.as_bytes())
        })
        .collect()
}
