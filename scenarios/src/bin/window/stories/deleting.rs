//! A clerk deletes a case while the worker, without signal, still adds to it; then knowing all of it;
//! and brings it back. In the real window, in the looks people use.

use anyhow::{Result, ensure};

use super::{
    every_page::{LOOKS, dress, shown},
    steps::{EVERY_STATE, RUBBISH, enrol, report_rubbish, sync},
};
use crate::stage::{DESKTOP, DeviceNo, Stage, TABLET};

const ADDED: &str = "又多了两袋";

/// 删除, deciding on it, and 恢复.
pub(super) async fn deleting(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    enrol(stage, tablet, "w-0101").await?;
    report_rubbish(stage, tablet).await?;
    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.click("desk-row").await?;
    window.see("action-delete").await?;
    shown(stage, desk, "before", "light").await?;

    stage.say("断网删除，另一头断网补充 · deleted here, added to there, neither with a network");
    stage.hub.stop()?;
    delete(stage, desk, true).await?;
    let window = stage.on(desk)?.window()?;
    window.see("case-deleted").await?;
    shown(stage, desk, "deleted-offline", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-cases").await?;
    window.click("case-row").await?;
    ensure!(
        window.count("[data-test='action-delete']").await? == 0,
        "not hers to delete"
    );
    window.click("action-supplement").await?;
    window.paste("sheet-note", ADDED).await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='sheet-note']", 0).await?;
    stage.hub.start().await?;
    for device in [desk, tablet, desk] {
        sync(stage, device).await?;
    }
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        let window = stage.on(desk)?.window()?;
        window.click("nav-today").await?;
        window.click("today-conflicts").await?;
        window.reads("unseen", ADDED).await?;
        shown(stage, desk, "disputed", look.0).await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;

    stage.say("看过以后仍然删除 · deleted all the same, knowing all");
    let window = stage.on(desk)?.window()?;
    window.click("nav-today").await?;
    window.click("today-conflicts").await?;
    window.click("conflict-delete").await?;
    delete(stage, desk, false).await?;
    for device in [desk, desk, tablet] {
        sync(stage, device).await?;
    }
    for look in LOOKS {
        for (device, nav, row) in [
            (tablet, "nav-cases", "case-row"),
            (desk, "nav-desk", "desk-row"),
        ] {
            dress(stage.on(device)?.window()?, look).await?;
            let window = stage.on(device)?.window()?;
            window.click(nav).await?;
            window.click_on(EVERY_STATE).await?;
            window.see(row).await?;
            shown(stage, device, "list", look.0).await?;
            let window = stage.on(device)?.window()?;
            window.click(row).await?;
            window.see("case-deleted").await?;
            shown(stage, device, "deleted", look.0).await?;
        }
    }
    let window = stage.on(tablet)?.window()?;
    window.reads_at(".case-words", RUBBISH).await?;

    stage.say("恢复 · restored");
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.click_on(EVERY_STATE).await?;
    window.click("desk-row").await?;
    window.click("action-restore").await?;
    window.see("sheet-confirm").await?;
    shown(stage, desk, "restore", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("sheet-confirm").await?;
    for device in [desk, tablet] {
        sync(stage, device).await?;
    }
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.click("desk-row").await?;
    window.reads_at(".case-words", RUBBISH).await?;
    ensure!(
        window.count("[data-test='case-deleted']").await? == 0,
        "it is back"
    );
    shown(stage, desk, "restored", "light").await
}

/// Gives a reason and deletes; never with one press.
async fn delete(stage: &mut Stage, device: DeviceNo, opens: bool) -> Result<()> {
    let window = stage.on(device)?.window()?;
    if opens {
        window.click("action-delete").await?;
    }
    window.see("delete-reason").await?;
    shown(
        stage,
        device,
        if opens { "reason" } else { "again" },
        "light",
    )
    .await?;
    let window = stage.on(device)?.window()?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='delete-reason']", 0).await
}
