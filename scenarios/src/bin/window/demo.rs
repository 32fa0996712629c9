//! `cargo xtask demo`: with a display the app opens, enrolled, beside a hub with the sample city;
//! without one the same app plays a day by itself and leaves pictures.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks on the terminal"
)]

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use client::{FileKeys, Keys as _};

use crate::{hub::Hub, stage::Stage, stories};

/// The scripted tour; pictures and a log stand under target/demo/tour/.
pub(crate) async fn tour() -> Result<()> {
    println!("No display: the app plays a working day by itself.");
    let mut stage = Stage::new("demo", "tour")?;
    let told = stories::working_day(&mut stage).await;
    if told.is_err() {
        stage.picture_of_failure().await;
    }
    stage.strike().await;
    told?;
    println!("Pictures: target/demo/tour/*.png, log: target/demo/tour/log.txt");
    Ok(())
}

/// Opens the app on the person's own display; ends the hub when the window is closed.
pub(crate) async fn with_display() -> Result<()> {
    let folder = std::path::absolute(Path::new("target/demo/live"))?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut hub = Hub::with_sample_city(&folder)?;
    hub.start().await?;
    println!("A hub with the sample city listens on {}.", hub.url());
    println!("The app opens as grid worker w-0101. For the clerk's desk, enrol a second app with");
    println!("  GRIDWALKER_DATA=/tmp/desk GRIDWALKER_WINDOW=1440x900 target/debug/gridwalker");
    println!("  address {}, code {}", hub.url(), hub.code_for("c-01")?);
    println!("Close the window to end the demo.");
    let program = std::env::var_os("GRIDWALKER_APP").context("GRIDWALKER_APP")?;
    let data = folder.join("tablet");
    fs::create_dir_all(&data)?;
    // A folder that has a key already leaves nothing behind in the person's own keystore.
    FileKeys::new(&data).create()?;
    let status = Command::new(program)
        .env("GRIDWALKER_DATA", data)
        .env(
            "GRIDWALKER_ENROL",
            format!("{} {}", hub.url(), hub.code_for("w-0101")?),
        )
        .status()?;
    ensure!(status.success(), "the app ended with {status}");
    hub.stop()
}
