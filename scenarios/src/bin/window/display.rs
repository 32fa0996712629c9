//! A screen without hardware: Xvfb, one per window, exactly as large as the window.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};

use crate::process::Process;

/// A running Xvfb.
#[derive(Debug)]
pub(crate) struct Display {
    name: String,
    _server: Process,
}

impl Display {
    /// Starts a screen of this size.
    pub(crate) async fn start(width: u32, height: u32, logs: &Path) -> Result<Self> {
        for number in 90..160 {
            let socket = format!("/tmp/.X11-unix/X{number}");
            if Path::new(&socket).exists() || Path::new(&format!("/tmp/.X{number}-lock")).exists() {
                continue;
            }
            let name = format!(":{number}");
            let server = Process::start(
                Command::new("Xvfb")
                    .arg(&name)
                    .args(["-nolisten", "tcp", "-screen", "0"])
                    .arg(format!("{width}x{height}x24")),
                &logs.join(format!("xvfb-{number}.log")),
            )?;
            until("Xvfb to open its socket", || Path::new(&socket).exists()).await?;
            return Ok(Self {
                name,
                _server: server,
            });
        }
        anyhow::bail!("no free display number between :90 and :159")
    }

    /// Its name, for `DISPLAY`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Takes a picture of the whole screen.
    pub(crate) fn picture(&self, file: &Path) -> Result<()> {
        let status = Command::new("import")
            .args(["-display", &self.name, "-window", "root"])
            .arg(file)
            .status()
            .context("ImageMagick's import")?;
        ensure!(status.success(), "import could not take {}", file.display());
        Ok(())
    }
}

/// Looks again and again until `ready`, at most half a minute.
pub(crate) async fn until(what: &str, mut ready: impl FnMut() -> bool) -> Result<()> {
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
