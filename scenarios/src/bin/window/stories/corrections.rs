//! Two people correct the same words while one has no signal; a third wording ends it. Offline, in the
//! real window, in the looks people use.

use anyhow::{Result, ensure};

use super::{
    every_page::{LOOKS, dress, shown},
    steps::{enrol, report_rubbish, sync},
};
use crate::{
    driver::Session,
    stage::{DESKTOP, DeviceNo, Stage, TABLET},
};

pub(super) const OF_THE_WORKER: &str = "单元门口堆了五袋垃圾，已经发臭";
pub(super) const OF_THE_CLERK: &str = "三单元门口有垃圾，居民已来电";
pub(super) const OF_BOTH: &str = "三单元门口堆了五袋垃圾，居民已来电";

/// Two corrections of one field, and what becomes of them.
pub(super) async fn corrections(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    enrol(stage, tablet, "w-0101").await?;
    report_rubbish(stage, tablet).await?;
    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.see("desk-row").await?;

    stage.say("都断网，各自更正 · both correct it without a network");
    stage.hub.stop()?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-cases").await?;
    window.click("case-row").await?;
    window.click("action-amend").await?;
    window.see("amend-description").await?;
    stage
        .picture(tablet, "amend", "更正：只改不对的地方 · correcting")
        .await?;
    correct(stage.on(tablet)?.window()?, OF_THE_WORKER).await?;
    let window = stage.on(desk)?.window()?;
    window.click("desk-row").await?;
    window.click("action-amend").await?;
    window.see("amend-description").await?;
    stage
        .picture(desk, "amend-desk", "案台上更正 · correcting at the desk")
        .await?;
    let window = stage.on(desk)?.window()?;
    window.click("amend-urgency-urgent").await?;
    correct(window, OF_THE_CLERK).await?;

    stage.say("网回来了 · the network returns");
    stage.hub.start().await?;
    for device in [desk, tablet, desk] {
        sync(stage, device).await?;
    }
    for device in [tablet, desk] {
        let window = stage.on(device)?.window()?;
        window.click("nav-today").await?;
        window.see("today-conflicts").await?;
    }
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            undecided(stage, device, look.0).await?;
        }
    }

    stage.say("断网也能决定 · deciding needs no network");
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }
    stage.hub.stop()?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("today-conflicts").await?;
    window.click("conflict-other").await?;
    window.see("amend-description").await?;
    correct(window, OF_BOTH).await?;
    window.reads_at(".case-words", OF_BOTH).await?;
    ensure!(
        window.count("[data-test='case-undecided']").await? == 0,
        "decided here at once"
    );
    stage.hub.start().await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.click("desk-row").await?;
    window.reads_at(".case-words", OF_BOTH).await?;
    window.reads("timeline-change", OF_THE_CLERK).await?;
    stage
        .picture(desk, "history", "时间线留着每种写法 · every version stays")
        .await
}

/// Writes the description anew and saves.
pub(super) async fn correct(window: &Session, words: &str) -> Result<()> {
    window.paste("amend-description", words).await?;
    window.click("sheet-confirm").await?;
    window
        .see_count("[data-test='amend-description']", 0)
        .await?;
    window.reads_at(".case-words", words).await
}

/// 今日, the inbox and the case while it is open which words stand.
async fn undecided(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.see("today-conflicts").await?;
    shown(stage, device, "today-conflicts", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("today-conflicts").await?;
    window
        .see_count("[data-test='conflict-version']", 2)
        .await?;
    shown(stage, device, "conflicts", look).await?;
    let window = stage.on(device)?.window()?;
    window.click_on(".conflict-case").await?;
    window.see("case-undecided").await?;
    shown(stage, device, "case-undecided", look).await
}
