//! Offline with photos, killed in the middle and after saving; then the network returns.

use anyhow::{Result, ensure};

use super::steps::{
    RUBBISH, add_photo, begin_report, choose_category, choose_place, delivered, enrol, settle,
    to_delivery,
};
use crate::{
    fixtures::{Scene, street},
    stage::{DESKTOP, Stage, TABLET},
};

/// Offline with photos, killed in the middle and after saving; then the network returns.
pub(crate) async fn working_day(stage: &mut Stage) -> Result<()> {
    let near = street(stage.folder(), "near", Scene::Rubbish)?;
    let far = street(stage.folder(), "far", Scene::Pothole)?;
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    stage
        .picture(tablet, "first-start", "第一次打开：登记设备 · first start")
        .await?;
    enrol(stage, tablet, "w-0101").await?;
    stage
        .picture(
            tablet,
            "today-empty",
            "登记完成，今日页 · enrolled, nothing yet",
        )
        .await?;

    stage.say("信号断了 · the network is gone");
    stage.hub.stop()?;
    begin_report(stage.on(tablet)?, &near).await?;
    stage
        .on(tablet)?
        .window()?
        .type_into("description", RUBBISH)
        .await?;
    stage.on(tablet)?.window()?.see("saved-mark").await?;
    settle(stage.on(tablet)?).await?;
    stage
        .picture(
            tablet,
            "report-filled",
            "照片、类别、文字，断网填写 · a report, offline",
        )
        .await?;

    stage.say("写到一半电池没电 · kill -9 in the middle of a draft");
    stage.on(tablet)?.kill().await?;
    stage.on(tablet)?.open().await?;
    stage.on(tablet)?.window()?.see("draft-row").await?;
    stage
        .picture(tablet, "draft-kept", "草稿还在 · the draft is still there")
        .await?;
    let window = stage.on(tablet)?.window()?;
    window.click("draft-row").await?;
    window.see_count("[data-test='photo-tile']", 1).await?;
    ensure!(
        window.value("description").await? == RUBBISH,
        "every word typed is still there"
    );
    add_photo(stage.on(tablet)?, &far, 2).await?;
    choose_category(stage.on(tablet)?, "bllj").await?;
    choose_place(stage.on(tablet)?).await?;
    stage
        .picture(tablet, "report-ready", "可以发送 · ready to send")
        .await?;
    stage.on(tablet)?.window()?.click("send").await?;
    stage.on(tablet)?.window()?.see("today-report").await?;

    stage.say("发送后立刻断电 · kill -9 right after sending");
    stage.on(tablet)?.kill().await?;
    ensure!(
        !stage.on(tablet)?.holds_in_clear("堆了三袋垃圾")?,
        "nothing a person wrote stands on the disk in the clear"
    );
    stage.on(tablet)?.open().await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-cases").await?;
    window.see_count("[data-test='case-row']", 1).await?;
    stage
        .picture(
            tablet,
            "case-on-device",
            "案件在本机 · the case is on the device",
        )
        .await?;
    to_delivery(stage.on(tablet)?.window()?).await?;
    stage.on(tablet)?.window()?.see("delivery-row").await?;
    stage
        .picture(
            tablet,
            "delivery-waiting",
            "都送到了吗：待送 · waiting for the network",
        )
        .await?;

    stage.say("信号恢复 · the network returns");
    stage.hub.start().await?;
    // What the system does when it finds a network; nobody presses anything.
    let window = stage.on(tablet)?.window()?;
    let found = "window.dispatchEvent(new Event('online'))";
    window.script(found, Vec::new()).await?;
    delivered(stage.on(tablet)?).await?;
    stage
        .picture(tablet, "delivery-done", "都已送到 · delivered")
        .await?;
    let photos = stage.hub.verified_photos()?;
    ensure!(
        photos.len() == 4,
        "two photos and their thumbnails are at the hub: {photos:?}"
    );

    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.see("desk-row").await?;
    stage
        .picture(desk, "desk", "社区案台收到 · the clerk's desk")
        .await?;
    stage.on(desk)?.window()?.click("desk-row").await?;
    stage.on(desk)?.window()?.see("action-register").await?;
    stage
        .picture(desk, "desk-case", "打开案件 · the case at the desk")
        .await?;
    stage.on(desk)?.window()?.click("action-register").await?;
    stage
        .on(desk)?
        .window()?
        .click("register-condition")
        .await?;
    stage
        .picture(desk, "desk-register", "选立案条件 · registering")
        .await?;
    stage.on(desk)?.window()?.click("sheet-confirm").await?;
    stage
        .on(desk)?
        .window()?
        .reads("case-state", "已立案")
        .await?;
    stage
        .picture(desk, "desk-registered", "已立案 · registered")
        .await?;

    stage.say("上报人看到结果 · the answer comes back to the reporter");
    let window = stage.on(tablet)?.window()?;
    window.click("sync-now").await?;
    window.click("nav-cases").await?;
    window.click("case-row").await?;
    window.reads("case-state", "已立案").await?;
    stage
        .picture(
            tablet,
            "case-registered",
            "街道已立案 · the reporter sees it",
        )
        .await
}
