//! A screen without hardware: Xvfb, one per window, exactly as large as the window.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use anyhow::{Context, Result, ensure};

use super::process::Process;

/// Screens have these numbers.
const NUMBERS: Range<u32> = 90..160;

/// A running Xvfb.
#[derive(Debug)]
pub struct Display {
    name: String,
    memory: PathBuf,
    server: Option<Process>,
}

impl Display {
    /// Starts a screen of this size.
    pub async fn start(width: u32, height: u32, logs: &Path) -> Result<Self> {
        // Each number is tried once: of two that start together neither sees the other's socket yet.
        static NEXT: AtomicU32 = AtomicU32::new(0);
        for _ in NUMBERS {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let number = NUMBERS.start + number % (NUMBERS.end - NUMBERS.start);
            let socket = format!("/tmp/.X11-unix/X{number}");
            if Path::new(&socket).exists() || Path::new(&format!("/tmp/.X{number}-lock")).exists() {
                continue;
            }
            let name = format!(":{number}");
            let memory = logs.join(format!("screen-{number}"));
            std::fs::create_dir_all(&memory)?;
            let server = Process::start(
                Command::new("Xvfb")
                    .arg(&name)
                    .args(["-nolisten", "tcp", "-screen", "0"])
                    .arg(format!("{width}x{height}x24"))
                    .arg("-fbdir")
                    .arg(&memory),
                &logs.join(format!("xvfb-{number}.log")),
            )?;
            until("Xvfb to open its socket", || Path::new(&socket).exists()).await?;
            return Ok(Self {
                name,
                memory: memory.join("Xvfb_screen0"),
                server: Some(server),
            });
        }
        anyhow::bail!("no free display number between :90 and :159")
    }

    /// Its name, for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that is the screen's memory, in the format of `xwd`.
    pub fn memory(&self) -> &Path {
        &self.memory
    }

    /// Takes a picture of the whole screen.
    pub fn picture(&self, file: &Path) -> Result<()> {
        let status = Command::new("import")
            .args(["-display", &self.name, "-window", "root"])
            .arg(file)
            .status()
            .context("ImageMagick's import")?;
        ensure!(status.success(), "import could not take {}", file.display());
        Ok(())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // Asked to stop, Xvfb takes its lock and its socket away; killed, it would leave them, and
        // after seventy runs no number would be free.
        if let Some(server) = self.server.take() {
            drop(server.stop());
        }
    }
}

/// Looks again and again until `ready`, at most half a minute.
pub async fn until(what: &str, mut ready: impl FnMut() -> bool) -> Result<()> {
    let start = tokio::time::Instant::now();
    while !ready() {
        ensure!(
            start.elapsed() < Duration::from_secs(30),
            "waited 30 s for {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
