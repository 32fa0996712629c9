//! 历史: what was done with a case, by day: corrections made apart, what was decided, what had no
//! effect, what is not sent yet. In the real window, in the looks people use, the last of it offline.

use anyhow::{Result, ensure};

use super::{
    corrections::{OF_BOTH, OF_THE_CLERK, OF_THE_WORKER, correct},
    every_page::{LOOKS, dress, shown},
    steps::{enrol, report_rubbish, sync, to_delivery},
};
use crate::{
    driver::Session,
    stage::{DESKTOP, DeviceNo, Stage, TABLET},
};

/// The history of a case that two people worked on.
pub(super) async fn history(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    enrol(stage, tablet, "w-0101").await?;
    report_rubbish(stage, tablet).await?;
    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;

    stage.say("都断网，各自更正 · both correct it without a network");
    stage.hub.stop()?;
    let window = stage.on(tablet)?.window()?;
    open_case(window, "nav-cases", "case-row").await?;
    window.click("action-amend").await?;
    correct(window, OF_THE_WORKER).await?;
    let window = stage.on(desk)?.window()?;
    open_case(window, "nav-desk", "desk-row").await?;
    window.click("action-amend").await?;
    window.see("amend-description").await?;
    window.click("amend-urgency-urgent").await?;
    correct(window, OF_THE_CLERK).await?;
    stage.hub.start().await?;
    for device in [desk, tablet, desk] {
        sync(stage, device).await?;
    }
    for device in [tablet, desk] {
        open_history(stage, device).await?;
        let window = stage.on(device)?.window()?;
        window.see_count("[data-test='history-deed']", 3).await?;
        window
            .see_count("[data-test='history-disputed']", 2)
            .await?;
        window
            .see_count("[data-test='history-parallel']", 2)
            .await?;
        window.reads("history-verdict", "还没有决定").await?;
        shown(stage, device, "history-undecided", LOOKS[0].0).await?;
    }

    stage.say("决定、受理、撤得太迟 · decided, accepted, taken back too late");
    let window = stage.on(tablet)?.window()?;
    window.click("history-back").await?;
    window.click("action-amend").await?;
    window.see("amend-description").await?;
    correct(window, OF_BOTH).await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await?;
    stage.on(tablet)?.close().await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.click("desk-row").await?;
    window.click("action-register").await?;
    window.click("register-condition").await?;
    window.click("sheet-confirm").await?;
    window.reads("case-state", "已立案").await?;
    sync(stage, desk).await?;
    stage.hub.stop()?;
    stage.on(tablet)?.open().await?;
    let window = stage.on(tablet)?.window()?;
    open_case(window, "nav-cases", "case-row").await?;
    window.click("action-withdraw").await?;
    window.type_into("sheet-reason", "报错了").await?;
    window.click("sheet-confirm").await?;
    window.reads("case-state", "撤回").await?;
    window.click("case-history").await?;
    window.see("history-pending").await?;
    shown(stage, tablet, "history-unsent", LOOKS[0].0).await?;

    stage.say("撤回没有生效，历史里写着为什么 · the history says why it had no effect");
    stage.hub.start().await?;
    let window = stage.on(tablet)?.window()?;
    to_delivery(window).await?;
    window.click("sync-now").await?;
    window.see("delivery-stuck").await?;
    sync(stage, desk).await?;
    stage.hub.stop()?;
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            whole(stage, device, look.0).await?;
        }
    }
    Ok(())
}

/// The whole history, and that of the description alone.
async fn whole(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    open_history(stage, device).await?;
    let window = stage.on(device)?.window()?;
    window.see_count("[data-test='history-deed']", 6).await?;
    window.see_count("[data-test='history-void']", 1).await?;
    window.see_count("[data-test='history-settles']", 1).await?;
    window.see_count("[data-test='history-pending']", 0).await?;
    shown(stage, device, "history", look).await?;
    let window = stage.on(device)?.window()?;
    scroll(window, "1e6").await?;
    shown(stage, device, "history-end", look).await?;
    let window = stage.on(device)?.window()?;
    scroll(window, "0").await?;
    window.click("history-description").await?;
    window.see_count("[data-test='history-deed']", 4).await?;
    window.see_count("[data-test='history-change']", 4).await?;
    let address = window.script("return location.search", vec![]).await?;
    ensure!(
        address == "?field=description",
        "the address says what is shown: {address}"
    );
    shown(stage, device, "history-description", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("history-all").await?;
    window.see_count("[data-test='history-deed']", 6).await
}

async fn scroll(window: &Session, to: &str) -> Result<()> {
    let scroll = format!("document.getElementById('content').scrollTo(0, {to})");
    window.script(&scroll, vec![]).await?;
    Ok(())
}

async fn open_history(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let at_desk = stage.on(device)?.name == "desk";
    let window = stage.on(device)?.window()?;
    if at_desk {
        window.click("nav-desk").await?;
        // What was decided no longer waits.
        window.click("case-filter-any").await?;
        window.click("desk-row").await?;
    } else {
        open_case(window, "nav-cases", "case-row").await?;
    }
    window.click("case-history").await?;
    window.see("history-deed").await?;
    Ok(())
}

async fn open_case(window: &Session, list: &str, row: &str) -> Result<()> {
    window.click(list).await?;
    window.click(row).await?;
    window.see("case-history").await?;
    Ok(())
}
