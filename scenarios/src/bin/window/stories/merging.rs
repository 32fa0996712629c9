//! Two people report one thing; a clerk merges the two, both live on, whoever reported either follows
//! the one that is handled, and it can be undone. In the real window, in the looks people use.

use anyhow::{Result, ensure};

use super::{
    every_page::{LOOKS, dress, shown},
    steps::{EVERY_STATE, enrol, report_rubbish, sync},
};
use crate::stage::{DESKTOP, DeviceNo, Stage, TABLET};

/// 并案 and 撤销并案.
pub(super) async fn merging(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let first = stage.device("tablet", TABLET).await?;
    enrol(stage, first, "w-0101").await?;
    report_rubbish(stage, first).await?;
    let second = stage.device("office", DESKTOP).await?;
    enrol(stage, second, "d-01").await?;
    report_rubbish(stage, second).await?;
    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;

    stage.say(
        "第二件：附近有一件可能是同一件事 · the second one: something likely the same lies near by",
    );
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        let window = stage.on(desk)?.window()?;
        window.click("nav-desk").await?;
        window.click("desk-row").await?;
        window.see("case-alike").await?;
        shown(stage, desk, "alike", look.0).await?;
        let window = stage.on(desk)?.window()?;
        window.click("case-alike").await?;
        window.see("merge-into").await?;
        shown(stage, desk, "sheet", look.0).await?;
        stage.on(desk)?.window()?.click("sheet-cancel").await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;

    stage.say("没选就确认，先问 · nothing chosen: asked first");
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.click("desk-row").await?;
    window.click("action-merge").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    window.type_into("merge-search", "wfl").await?;
    window.click("merge-into").await?;
    shown(stage, desk, "chosen", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("sheet-confirm").await?;
    window.see("case-survivor").await?;
    for device in [desk, first, second, desk] {
        sync(stage, device).await?;
    }

    stage.say("两件都在，两个人都看得到 · both live on, for both people");
    for look in LOOKS {
        for device in [first, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            open_merged(stage, device).await?;
            shown(stage, device, "merged", look.0).await?;
            let window = stage.on(device)?.window()?;
            window.click("case-survivor").await?;
            window.see("case-joined").await?;
            shown(stage, device, "survivor", look.0).await?;
        }
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    open_merged(stage, second).await?;

    stage.say("撤销并案 · undone");
    open_merged(stage, desk).await?;
    let window = stage.on(desk)?.window()?;
    window.click("action-split").await?;
    window.see("split-reason").await?;
    shown(stage, desk, "split", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='split-reason']", 0).await?;
    for device in [desk, second] {
        sync(stage, device).await?;
    }
    let window = stage.on(desk)?.window()?;
    ensure!(
        window.count("[data-test='case-survivor']").await? == 0,
        "it goes on by itself"
    );
    Ok(())
}

/// Opens the case that was merged, in the list of all.
async fn open_merged(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    let is_desk = window.count("[data-test='nav-desk']").await? > 0;
    window
        .click(if is_desk { "nav-desk" } else { "nav-cases" })
        .await?;
    window.click_on(EVERY_STATE).await?;
    window.click_on("[data-merged='true']").await?;
    window.see("case-survivor").await?;
    Ok(())
}
