//! The key in a real keystore: GNOME Keyring on a session bus of its own. While the keystore is
//! gone or locked the app touches nothing and says so; when it is back, so is everything.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::steps::{RUBBISH, enrol, settle};
use crate::{
    display::until,
    process::Process,
    stage::{DeviceNo, Stage, TABLET},
};

/// The keyring's password; its data is invented and stays in the story's folder.
const PASSWORD: &str = "only-for-this-story";

/// The key in a real keystore, which then goes away, comes back locked, and opens again.
pub(super) async fn keystore(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let mut desktop = Desktop::new(stage.folder()).await?;
    desktop.unlock_keyring().await?;
    let tablet = stage.closed_device("tablet", TABLET).await?;
    stage.on(tablet)?.join_session_bus(&desktop.address());
    stage.on(tablet)?.open().await?;
    enrol(stage, tablet, "w-0101").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("today-report").await?;
    window.type_into("description", RUBBISH).await?;
    window.see("saved-mark").await?;
    settle(stage.on(tablet)?).await?;
    stage.on(tablet)?.window()?.click("nav-me").await?;
    stage
        .on(tablet)?
        .window()?
        .reads_at("main", "系统密钥库")
        .await?;
    stage
        .picture(
            tablet,
            "in-the-keystore",
            "密钥在系统密钥库 · in the keystore",
        )
        .await?;
    stage.on(tablet)?.close().await?;
    let data = stage.on(tablet)?.data();
    ensure!(data.join("device.keystore").exists(), "the marker is there");
    ensure!(!data.join("device.key").exists(), "no key lies beside it");

    stage.say("再次打开，草稿还在 · the next start finds everything");
    finds_the_draft(stage, tablet).await?;
    let before = files_of(stage.on(tablet)?.data())?;

    stage.say("密钥库没了 · the keystore is gone");
    desktop.end_keyring()?;
    misses_the_key(stage, tablet, "keystore-gone").await?;

    stage.say("密钥库锁着 · the keystore is there, and locked");
    desktop.locked_keyring().await?;
    misses_the_key(stage, tablet, "keystore-locked").await?;
    desktop.end_keyring()?;
    ensure!(
        files_of(stage.on(tablet)?.data())? == before,
        "without the key nothing in the folder was made, changed or removed"
    );

    stage.say("密钥库恢复 · the keystore is back");
    desktop.unlock_keyring().await?;
    finds_the_draft(stage, tablet).await?;
    stage.on(tablet)?.open().await?;
    stage.on(tablet)?.window()?.see("draft-row").await?;
    stage
        .picture(tablet, "keystore-back", "草稿都在 · everything is there")
        .await
}

async fn finds_the_draft(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    stage.on(tablet)?.open().await?;
    let window = stage.on(tablet)?.window()?;
    window.click("draft-row").await?;
    window.see("description").await?;
    ensure!(
        window.value("description").await? == RUBBISH,
        "every word is still there"
    );
    stage.on(tablet)?.close().await
}

async fn misses_the_key(stage: &mut Stage, tablet: DeviceNo, picture: &str) -> Result<()> {
    stage.on(tablet)?.open().await?;
    let window = stage.on(tablet)?.window()?;
    window.reads("problem", "密钥").await?;
    stage
        .picture(
            tablet,
            picture,
            "找不到密钥，没有改动 · told, and nothing touched",
        )
        .await?;
    stage.on(tablet)?.close().await
}

/// The database and what belongs to it. (The webview's own folders are not ours.)
fn files_of(data: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        let name = path.file_name().context("a name")?.display().to_string();
        if name.starts_with("device.") {
            files.push((name, fs::read(path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// What a desktop brings: a session bus, and a keyring on it.
#[derive(Debug)]
struct Desktop {
    /// Paths of sockets must be short, so they are not under target/.
    sockets: TempDir,
    home: std::path::PathBuf,
    keyring: Option<Process>,
    starts: u32,
    _bus: Process,
}

impl Desktop {
    /// A bus on which nothing is started by being asked for.
    async fn new(folder: &Path) -> Result<Self> {
        let sockets = tempfile::tempdir()?;
        let home = folder.join("desktop");
        fs::create_dir_all(&home)?;
        let socket = sockets.path().join("bus");
        let config = home.join("bus.conf");
        fs::write(
            &config,
            format!(
                "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
                 <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
                 <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
                socket.display()
            ),
        )?;
        let bus = Process::start(
            Command::new("dbus-daemon")
                .arg("--nofork")
                .arg(format!("--config-file={}", config.display())),
            &home.join("bus.log"),
        )?;
        until("the session bus", || socket.exists()).await?;
        Ok(Self {
            sockets,
            home,
            keyring: None,
            starts: 0,
            _bus: bus,
        })
    }

    fn address(&self) -> String {
        format!("unix:path={}", self.sockets.path().join("bus").display())
    }

    /// The keyring as after a login.
    async fn unlock_keyring(&mut self) -> Result<()> {
        self.start_keyring(&["--unlock"]).await
    }

    /// The keyring as after an automatic login: nobody gave the password.
    async fn locked_keyring(&mut self) -> Result<()> {
        self.start_keyring(&[]).await
    }

    async fn start_keyring(&mut self, how: &[&str]) -> Result<()> {
        self.starts += 1;
        let password = self.home.join("password");
        fs::write(&password, PASSWORD)?;
        let log = self.home.join(format!("keyring-{}.log", self.starts));
        let control = self.sockets.path().join(format!("keyring-{}", self.starts));
        // `exec`, so that the process that is ended is the keyring.
        let mut command = Command::new("sh");
        command
            .args(["-c", "exec gnome-keyring-daemon \"$@\" < \"$0\""])
            .arg(&password)
            .args(["--foreground", "--components=secrets"])
            .args(how)
            .arg(format!("--control-directory={}", control.display()))
            .env("HOME", &self.home)
            .env("XDG_DATA_HOME", self.home.join("share"))
            .env("XDG_RUNTIME_DIR", self.sockets.path())
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        self.keyring = Some(Process::start(&mut command, &log)?);
        let address = self.address();
        until("the keyring to be on the bus", || {
            owns_secrets(&address).is_ok_and(|owns| owns)
        })
        .await
    }

    /// The keyring ends, and nobody starts it again.
    fn end_keyring(&mut self) -> Result<()> {
        self.keyring.take().context("the keyring runs")?.stop()
    }
}

fn owns_secrets(address: &str) -> Result<bool> {
    let output = Command::new("dbus-send")
        .arg(format!("--bus={address}"))
        .args(["--print-reply", "--dest=org.freedesktop.DBus", "/"])
        .arg("org.freedesktop.DBus.NameHasOwner")
        .arg("string:org.freedesktop.secrets")
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).contains("boolean true"))
}
