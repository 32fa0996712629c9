//! Steps that several stories take, in the words of a person.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::{
    app::Device,
    driver::Session,
    fixtures::{Scene, street},
    stage::{DESKTOP, DeviceNo, Stage, TABLET},
};

/// Words of the worker; they must stand nowhere on the device in the clear.
pub(super) const RUBBISH: &str = "单元门口堆了三袋垃圾，已经发臭";

/// 全部: what is done with is not among what waits.
pub(super) const EVERY_STATE: &str = "[data-test='case-filter-any']";

/// Fills the first page and presses the button.
pub(super) async fn fill_enrolment(window: &Session, url: &str, code: &str) -> Result<()> {
    for (field, text) in [("enrol-url", url), ("enrol-code", code)] {
        let element = window.see(field).await?;
        element.clear().await?;
        element.send_keys(text).await?;
    }
    window.click("enrol-submit").await
}

/// Enrols a new device for a member of staff, and waits for the city.
pub(super) async fn enrol(stage: &mut Stage, device: DeviceNo, staff: &str) -> Result<()> {
    let code = stage.hub.code_for(staff)?;
    let url = stage.hub.url();
    let window = stage.on(device)?.window()?;
    fill_enrolment(window, &url, &code).await?;
    window.see("today-report").await?;
    // The city's data has come when the report page knows categories.
    window.click("nav-report").await?;
    window.see("category-chip").await?;
    window.click("nav-today").await?;
    window.see("today-report").await?;
    Ok(())
}

/// The tablet of a grid's worker, and the desk of their community's clerk.
pub(super) async fn worker_and_clerk(stage: &mut Stage) -> Result<[DeviceNo; 2]> {
    let tablet = stage.device("tablet", TABLET).await?;
    enrol(stage, tablet, "w-0101").await?;
    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;
    Ok([tablet, desk])
}

/// Chooses a file, as a person does in the system's dialog.
pub(super) async fn choose_file(
    stage: &mut Stage,
    device: DeviceNo,
    input: &str,
    file: &Path,
) -> Result<()> {
    let path = file.to_str().context("a path of text")?.to_owned();
    let window = stage.on(device)?.window()?;
    let input = window.find(&format!("[data-test='{input}']")).await?;
    input.send_keys(path).await?;
    Ok(())
}

/// 送达, by way of 今日: on a tablet nothing else leads there.
pub(super) async fn to_delivery(window: &Session) -> Result<()> {
    window.click("nav-today").await?;
    window.click("today-delivery").await
}

/// One report of rubbish with a photo, delivered.
pub(super) async fn report_rubbish(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    let photo = street(stage.folder(), "near", Scene::Rubbish)?;
    let device = stage.on(tablet)?;
    begin_report(device, &photo).await?;
    device.window()?.type_into("description", RUBBISH).await?;
    choose_category(device, "bllj").await?;
    choose_place(device).await?;
    device.window()?.click("send").await?;
    device.window()?.see("today-report").await?;
    to_delivery(device.window()?).await?;
    delivered(device).await
}

/// Asks for a round, and waits for its end: everything of this device is at the hub, and what was there
/// has come. A round that was under way is let finish first, for it may have asked before.
pub(super) async fn sync(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    to_delivery(window).await?;
    window.find("[data-test='sync-now']:enabled").await?;
    let last = "return document.querySelector('[data-complete-at]')?.dataset.completeAt ?? '';";
    let last = window.script(last, Vec::new()).await?;
    let last = last.as_str().context("a text")?;
    window.click("sync-now").await?;
    let later = format!("[data-complete-at]:not([data-complete-at='{last}'])");
    window.find(&later).await?;
    window.see_count("[data-test='delivery-register']", 0).await
}

/// Begins a report with one photo.
pub(super) async fn begin_report(device: &Device, photo: &Path) -> Result<()> {
    device.window()?.click("today-report").await?;
    add_photo(device, photo, 1).await
}

/// Adds a photo and waits until `expected` are there.
pub(super) async fn add_photo(device: &Device, photo: &Path, expected: usize) -> Result<()> {
    let window = device.window()?;
    let input = window.find("[data-test='photo-input']").await?;
    input.send_keys(photo.display().to_string()).await?;
    window.see_count("[data-test='photo-tile']", expected).await
}

/// Finds a category by its initials and takes the first hit.
pub(super) async fn choose_category(device: &Device, initials: &str) -> Result<()> {
    let window = device.window()?;
    window.click("category-more").await?;
    window.type_into("category-search", initials).await?;
    window.click("category-hit").await
}

/// Finds 文峰路 by its initials and takes the first hit.
pub(super) async fn choose_place(device: &Device) -> Result<()> {
    let window = device.window()?;
    window.click("place-choose").await?;
    window.type_into("place-query", "wfl").await?;
    // What lies nearest stands there until the search has answered.
    window.leads("place-hit", ["文峰路", "Wenfeng"]).await?;
    window.click("place-hit").await
}

/// Waits until the page says that what was typed is saved.
pub(super) async fn settle(device: &Device) -> Result<()> {
    device
        .window()?
        .find("[data-test='saved-mark'][data-saved='true']")
        .await?;
    Ok(())
}

/// Waits until all three marks of the first row are full.
pub(super) async fn delivered(device: &Device) -> Result<()> {
    let window = device.window()?;
    for mark in ["mark-here", "mark-at-hub", "mark-photos"] {
        window
            .find(&format!(
                "[data-test='delivery-row'] [data-test='{mark}'][data-done='true']"
            ))
            .await?;
    }
    Ok(())
}
