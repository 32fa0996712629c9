//! The first page: codes that are none, addresses where no hub is.

use anyhow::Result;

use super::{Told, network::Portal};
use crate::{
    stage::{DeviceNo, TABLET},
    stories::steps::{enrol, fill_enrolment},
};

/// Every way to be refused, then the right way. Gives the enrolled tablet.
pub(super) async fn wrong_codes_and_addresses(told: &mut Told<'_>) -> Result<DeviceNo> {
    let language = told.said.language;
    let used = told.stage.hub.code_for("w-0102")?;
    let spent = told
        .stage
        .device(&format!("{language}-spent"), TABLET)
        .await?;
    let url = told.stage.hub.url();
    let window = told.stage.on(spent)?.window()?;
    fill_enrolment(window, &url, &used).await?;
    window.see("today-report").await?;
    told.stage.on(spent)?.close().await?;

    let tablet = told
        .stage
        .device(&format!("{language}-tablet"), TABLET)
        .await?;
    if language == "en" {
        in_english(told, tablet).await?;
        told.stage.on(tablet)?.window()?.click("me-enrol").await?;
    }
    let portal = Portal::open(0).await?;
    let elsewhere = format!("http://127.0.0.1:{}", portal.port);
    for (url, code, key) in [
        (url.as_str(), "AAAA-BBBB-CCCC", "hub_error.code_unknown"),
        (&url, &used, "hub_error.code_used"),
        ("http://127.0.0.1:9", &used, "error.unreachable"),
        (&elsewhere, &used, "error.not_a_hub"),
        ("http://127.0.0.1/login", &used, "error.bad_address"),
    ] {
        let window = told.stage.on(tablet)?.window()?;
        fill_enrolment(window, url, code).await?;
        told.sees(tablet, "enrol-error", key).await?;
    }
    enrol(told.stage, tablet, "w-0101").await?;
    Ok(tablet)
}

/// Changes the language of a device that doesn't know it: at 我的, or where the database can't be
/// opened, which has no other page.
pub(super) async fn in_english(told: &mut Told<'_>, device: DeviceNo) -> Result<()> {
    let window = told.stage.on(device)?.window()?;
    if window.count("[data-test='enrol-later']").await? > 0 {
        window.click("enrol-later").await?;
    }
    window
        .find("[data-test='nav-me'], [data-test='lang-en']")
        .await?;
    if window.count("[data-test='nav-me']").await? > 0 {
        window.click("nav-me").await?;
    }
    window.click("lang-en").await?;
    window.find("html[lang='en']").await?;
    Ok(())
}
