//! One device: its data folder, its screen, and the app on it. Page steps that several stories
//! share stand here, in the words of a person.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{
    display::{Display, until},
    driver::Session,
    process,
};

/// A device of somebody.
#[derive(Debug)]
pub(crate) struct Device {
    /// For logs and pictures.
    pub(crate) name: String,
    program: PathBuf,
    data: PathBuf,
    logs: PathBuf,
    size: (u32, u32),
    display: Display,
    session: Option<Session>,
    session_bus: Option<String>,
    namespace: Option<u32>,
    starts: u32,
}

impl Device {
    /// A new device with a screen of this size; the app is not running yet.
    pub(crate) async fn new(name: &str, size: (u32, u32), folder: &Path) -> Result<Self> {
        let program =
            std::env::var_os("GRIDWALKER_APP").context("GRIDWALKER_APP names the app's program")?;
        // As /proc names it, so that the running app is found again behind a linked folder.
        let program = std::fs::canonicalize(program).context("the app's program")?;
        let data = folder.join(name);
        std::fs::create_dir_all(&data)?;
        let display = Display::start(size.0, size.1, folder).await?;
        Ok(Self {
            name: name.to_owned(),
            program,
            data,
            logs: folder.to_owned(),
            size,
            display,
            session: None,
            session_bus: None,
            namespace: None,
            starts: 0,
        })
    }

    /// From the next start the app finds this D-Bus session; without this it finds none.
    pub(crate) fn join_session_bus(&mut self, address: &str) {
        self.session_bus = Some(address.to_owned());
    }

    /// From the next start the app sees the file systems of this process.
    pub(crate) fn join_namespace(&mut self, pid: u32) {
        self.namespace = Some(pid);
    }

    /// The folder with its data.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The app's window.
    pub(crate) fn window(&self) -> Result<&Session> {
        self.session
            .as_ref()
            .with_context(|| format!("the app runs on {}", self.name))
    }

    /// Starts the app.
    pub(crate) async fn open(&mut self) -> Result<()> {
        self.starts += 1;
        let mut environment = vec![
            ("GRIDWALKER_DATA", self.data.display().to_string()),
            (
                "GRIDWALKER_FILES",
                self.data.join("files").display().to_string(),
            ),
            (
                "GRIDWALKER_WINDOW",
                format!("{}x{}", self.size.0, self.size.1),
            ),
        ];
        if let Some(address) = &self.session_bus {
            environment.push(("DBUS_SESSION_BUS_ADDRESS", address.clone()));
        }
        let log = self.logs.join(format!("{}-{}.log", self.name, self.starts));
        let session = Session::start(
            &self.program,
            &environment,
            &self.display,
            self.namespace,
            &log,
        )
        .await?;
        session.find("[data-test]").await?;
        self.session = Some(session);
        Ok(())
    }

    /// Ends the app the ordinary way, and waits until it has let go of its files.
    pub(crate) async fn close(&mut self) -> Result<()> {
        self.session.take().context("the app runs")?.quit().await?;
        let ended = tokio::time::timeout(Duration::from_secs(5), self.ended()).await;
        if ended.is_err() {
            // The driver sometimes lets go of a window that is still loading without closing it.
            let variable = format!("GRIDWALKER_DATA={}", self.data.display());
            for pid in process::running(&self.program, &variable) {
                // It may have ended meanwhile.
                drop(process::signal("TERM", pid));
            }
        }
        self.ended().await
    }

    async fn ended(&self) -> Result<()> {
        let variable = format!("GRIDWALKER_DATA={}", self.data.display());
        until("the app to end", || {
            process::running(&self.program, &variable).is_empty()
        })
        .await
    }

    /// `kill -9`, as when the battery dies.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        let variable = format!("GRIDWALKER_DATA={}", self.data.display());
        let pids = process::running(&self.program, &variable);
        anyhow::ensure!(!pids.is_empty(), "the app runs on {}", self.name);
        for pid in pids {
            process::signal("KILL", pid)?;
        }
        self.ended().await?;
        self.session = None;
        Ok(())
    }

    /// A picture of the screen.
    pub(crate) async fn picture(&self, file: &Path) -> Result<()> {
        if let Some(session) = &self.session {
            session.rests().await?;
        }
        self.display.picture(file)
    }

    /// Whether any file of the device holds these bytes.
    pub(crate) fn holds_in_clear(&self, words: &str) -> Result<bool> {
        let status = std::process::Command::new("grep")
            .args(["-rqF", "--", words])
            .arg(&self.data)
            .status()?;
        Ok(status.success())
    }
}
