//! The device's own disk: full, written by a newer app, damaged.

use std::{
    fs,
    io::{Seek as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::{Told, enrolment::in_english, small_disk::SmallDisk};
use crate::{
    fixtures::{Scene, street},
    stage::{DeviceNo, TABLET},
    stories::steps::{RUBBISH, add_photo, begin_report, enrol, settle},
};

/// The person is told; nothing of the file changes; the right version of the app finds everything.
pub(super) async fn a_database_of_a_newer_app(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let device = told.stage.on(tablet)?;
    device.close().await?;
    let database = device.data().join("device.db");
    let version_before = set_version(device.data(), 99)?;
    let before = fs::read(&database)?;

    device.open().await?;
    in_english_if_wanted(told, tablet).await?;
    told.sees(tablet, "problem", "problem.newer").await?;
    ensure!(
        told.stage.on(tablet)?.window()?.count(".nav-link").await? == 0,
        "nothing is offered that could not be kept"
    );

    let device = told.stage.on(tablet)?;
    device.close().await?;
    ensure!(fs::read(&database)? == before, "not one byte was changed");
    set_version(device.data(), version_before)?;
    device.open().await?;
    device.window()?.click("nav-cases").await?;
    device.window()?.see("case-row").await?;
    Ok(())
}

/// Writes the schema version into the closed database with the device's own key; gives the one
/// this app has.
fn set_version(data: &Path, version: u32) -> Result<u32> {
    let key = fs::read(data.join("device.key"))?;
    ensure!(key.len() == 32, "the key stands in the file");
    let key = key
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    client::testing::set_schema_version(&data.join("device.db"), &key, version)
        .context("the database takes another version")?;
    Ok(client::testing::SCHEMA_VERSION)
}

/// It is set aside whole, the person is told where, and the app can be used at once.
pub(super) async fn a_damaged_database(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let device = told.stage.on(tablet)?;
    device.close().await?;
    let database = device.data().join("device.db");
    let mut file = fs::File::options().write(true).open(&database)?;
    file.seek(std::io::SeekFrom::Start(0))?;
    file.write_all(&[0x5A; 16 * 1024])?;
    drop(file);
    let damaged = fs::read(&database)?;

    device.open().await?;
    in_english_if_wanted(told, tablet).await?;
    told.sees(tablet, "problem", "problem.set_aside").await?;
    let device = told.stage.on(tablet)?;
    let kept = only_entry(&device.data().join("set-aside"))?.join("device.db");
    ensure!(
        fs::read(kept)? == damaged,
        "every byte of the old one is kept"
    );
    let window = device.window()?;
    window.click("nav-report").await?;
    window.type_into("description", RUBBISH).await?;
    settle(device).await?;
    device.kill().await?;
    device.open().await?;
    device
        .window()?
        .reads("problem", &told.said.fixed_part("problem.set_aside")?)
        .await?;
    device.window()?.click("nav-today").await?;
    device.window()?.see("draft-row").await?;
    device.close().await
}

fn only_entry(folder: &Path) -> Result<PathBuf> {
    let mut entries = fs::read_dir(folder)?;
    let entry = entries.next().context("something was set aside")??;
    ensure!(entries.next().is_none(), "once");
    Ok(entry.path())
}

/// A database that can't be read doesn't know the language chosen.
async fn in_english_if_wanted(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    if told.said.language == "en" {
        in_english(told, tablet).await?;
    }
    Ok(())
}

/// Told at once; what was typed stays on the page and is saved by itself when there is room.
pub(super) async fn a_full_disk(told: &mut Told<'_>) -> Result<()> {
    let name = format!("{}-full", told.said.language);
    let tablet = told.stage.closed_device(&name, TABLET).await?;
    let device = told.stage.on(tablet)?;
    let Some(disk) = SmallDisk::over(device.data(), 32 << 20).await? else {
        told.stage
            .say("no namespaces here: a full disk is shown by client tests only");
        return Ok(());
    };
    let [near, far] = [("near", Scene::Rubbish), ("far", Scene::Pothole)];
    let near = street(told.stage.folder(), near.0, near.1)?;
    let far = street(told.stage.folder(), far.0, far.1)?;
    let device = told.stage.on(tablet)?;
    device.join_namespace(disk.namespace());
    device.open().await?;
    if told.said.language == "en" {
        in_english(told, tablet).await?;
        told.stage.on(tablet)?.window()?.click("me-enrol").await?;
    }
    enrol(told.stage, tablet, "w-0103").await?;
    begin_report(told.stage.on(tablet)?, &near).await?;
    told.stage
        .on(tablet)?
        .window()?
        .type_into("description", RUBBISH)
        .await?;
    settle(told.stage.on(tablet)?).await?;

    disk.fill()?;
    // More than the pages already there have room for.
    let more = format!("{RUBBISH}{}", "，路过的人都看到了".repeat(500));
    told.stage
        .on(tablet)?
        .window()?
        .paste("description", &more)
        .await?;
    told.sees(tablet, "error-notice", "error.disk_full").await?;
    told.sees(tablet, "saved-mark", "report.unsaved").await?;
    disk.empty()?;
    settle(told.stage.on(tablet)?).await?;
    disk.fill()?;
    add_photo(told.stage.on(tablet)?, &far, 2).await?;
    told.sees(tablet, "photo-error", "error.disk_full").await?;
    told.stage.on(tablet)?.kill().await?;
    told.stage.on(tablet)?.open().await?;
    told.picture(tablet, "full_disk.start").await?;

    disk.empty()?;
    let device = told.stage.on(tablet)?;
    device.kill().await?;
    device.open().await?;
    device.window()?.click("draft-row").await?;
    device
        .window()?
        .see_count("[data-state='stored']", 1)
        .await?;
    ensure!(
        device.window()?.value("description").await? == more,
        "the words typed on a full disk are there"
    );
    add_photo(device, &far, 2).await?;
    device
        .window()?
        .see_count("[data-state='stored']", 2)
        .await?;
    device.close().await
}
