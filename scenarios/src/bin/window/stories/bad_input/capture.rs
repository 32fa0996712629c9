//! The report page: a device that doesn't know where it is, files that are no photos, far too many
//! words.

use anyhow::{Result, ensure};
use serde_json::json;

use super::Told;
use crate::{
    app::Device,
    driver::Session,
    fixtures::{Scene, no_photos, street},
    stage::DeviceNo,
    stories::steps::{RUBBISH, add_photo, settle},
};

/// Puts an answer in the place of the device's position.
async fn device_says(window: &Session, longitude: &str, latitude: &str) -> Result<()> {
    let script = format!(
        "Object.defineProperty(navigator, 'geolocation', {{ configurable: true, value: {{ \
           getCurrentPosition: found => setTimeout(() => found({{ coords: {{ \
             longitude: {longitude}, latitude: {latitude}, accuracy: 8 }} }}), 0) }} }});"
    );
    window.script(&script, Vec::new()).await?;
    Ok(())
}

/// NaN and (0,0) are no place; the page asks for a choice, and takes a good fix.
pub(super) async fn positions_that_are_none(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let window = told.stage.on(tablet)?.window()?;
    device_says(window, "NaN", "NaN").await?;
    window.click("nav-report").await?;
    told.sees(tablet, "place-text", "place.no_fix").await?;

    for (longitude, latitude) in [
        ("0", "0"),
        ("Infinity", "31"),
        ("200", "31"),
        ("'x'", "null"),
    ] {
        let window = told.stage.on(tablet)?.window()?;
        device_says(window, longitude, latitude).await?;
        ask_the_device(window).await?;
        window
            .reads("place-text", &told.said.fixed_part("place.no_fix")?)
            .await?;
        ensure!(
            window
                .count("[data-test='place-text'][data-known='true']")
                .await?
                == 0,
            "({longitude}, {latitude}) is no place"
        );
    }
    let window = told.stage.on(tablet)?.window()?;
    window.click("place-choose").await?;
    window.see("place-query").await?;
    told.picture(tablet, "place.choose").await?;

    let window = told.stage.on(tablet)?.window()?;
    device_says(window, "120.8930", "32.0075").await?;
    window.click("place-device").await?;
    window
        .find("[data-test='place-text'][data-known='true']")
        .await?;
    told.picture(tablet, "place.found").await
}

async fn ask_the_device(window: &Session) -> Result<()> {
    window.click("place-choose").await?;
    window.click("place-device").await?;
    // The sheet closes at once; the answer stands on the page when nobody searches any more.
    window.see_count("[data-test='place-device']", 0).await
}

/// Each is refused by its reason; words and the good photo stay.
pub(super) async fn files_that_are_no_photos(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let good = street(told.stage.folder(), "near", Scene::Rubbish)?;
    let files = no_photos(told.stage.folder())?;
    let device = told.stage.on(tablet)?;
    device.window()?.type_into("description", RUBBISH).await?;
    add_photo(device, &good, 1).await?;
    settle(device).await?;

    for (nth, (word, file)) in files.iter().enumerate() {
        add_photo(told.stage.on(tablet)?, file, nth + 2).await?;
        told.sees(tablet, "photo-error", &format!("photo_error.{word}"))
            .await?;
        is_untouched(told.stage.on(tablet)?).await?;
    }
    for left in (0..files.len()).rev() {
        let window = told.stage.on(tablet)?.window()?;
        window.click("photo-forget").await?;
        window.see_count("[data-test='photo-error']", left).await?;
    }
    settle(told.stage.on(tablet)?).await
}

async fn is_untouched(device: &Device) -> Result<()> {
    let window = device.window()?;
    ensure!(
        window.value("description").await? == RUBBISH,
        "the words typed before are still there"
    );
    ensure!(
        window.count("[data-state='stored']").await? == 1,
        "the photo taken before is still there"
    );
    Ok(())
}

/// They are saved whole, can't be sent, and outlive a power cut.
pub(super) async fn a_megabyte_of_words(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let window = told.stage.on(tablet)?.window()?;
    let long = format!("{RUBBISH}{}", "字".repeat(350_000));
    window.paste("description", &long).await?;
    window.see("field-error").await?;
    settle(told.stage.on(tablet)?).await?;
    told.stage
        .on(tablet)?
        .window()?
        .click("category-chip")
        .await?;
    told.stage.on(tablet)?.window()?.click("send").await?;
    told.sees(tablet, "field-error", "report.room_over").await?;

    let device = told.stage.on(tablet)?;
    settle(device).await?;
    device.kill().await?;
    device.open().await?;
    device.window()?.click("draft-row").await?;
    device.window()?.see("field-error").await?;
    let length = device
        .window()?
        .script(
            "return document.getElementById('description').value.length;",
            vec![],
        )
        .await?;
    ensure!(
        length == json!(RUBBISH.chars().count() + 350_000),
        "every word outlives a power cut: {length}"
    );
    device.window()?.paste("description", RUBBISH).await?;
    settle(device).await?;
    is_untouched(device).await
}
