//! A clerk erases a record, then the person it was about while a worker without signal fills in another
//! form about them. In the real window, in the looks people use.

use anyhow::{Result, ensure};

use super::{
    every_page::{LOOKS, dress, shown},
    residents::{moved_in, open_door},
    steps::{sync, to_delivery},
};
use crate::stage::{DeviceNo, Stage};

/// Whose record, behind which door.
const DOOR: &str = "1-1-201";

/// 清除: a record, a person, and what came too late.
pub(super) async fn erasing(stage: &mut Stage) -> Result<()> {
    stage.hub.load_form("packs/forms/vaccination.xlsx")?;
    stage.hub.start().await?;
    let [tablet, desk] = moved_in(stage).await?;
    vaccinate(stage, tablet).await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }

    stage.say("清除一份记录 · a record is erased");
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        open_record(stage, desk).await?;
        stage.on(desk)?.window()?.see("erase").await?;
        shown(stage, desk, "record", look.0).await?;
        let window = stage.on(desk)?.window()?;
        window.click("erase").await?;
        window.see("erase-reason").await?;
        shown(stage, desk, "sheet-record", look.0).await?;
        stage.on(desk)?.window()?.click("sheet-cancel").await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    open_record(stage, desk).await?;
    let window = stage.on(desk)?.window()?;
    window.click("erase").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.see("erased").await?;
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        back(stage, desk, 1).await?;
        stage.on(desk)?.window()?.see("erased").await?;
        shown(stage, desk, "erased", look.0).await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    open_record(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.see("record-lines").await?;
    ensure!(
        window.count("[data-test='erase']").await? == 0,
        "not hers to erase"
    );
    sync(stage, desk).await?;
    let window = stage.on(tablet)?.window()?;
    to_delivery(window).await?;
    window.click("sync-now").await?;
    // It stands in no list any more: only who still has its address comes here.
    back(stage, tablet, 2).await?;
    stage.on(tablet)?.window()?.see("erased").await?;
    shown(stage, tablet, "erased", "zh-light").await?;

    stage.say(
        "清除一个人，另一头断网还在填 · a person is erased while somebody still writes about them",
    );
    stage.hub.stop()?;
    vaccinate(stage, tablet).await?;
    // It hears of nothing until the person is erased.
    stage.on(tablet)?.close().await?;
    stage.hub.start().await?;
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        open_door(stage, desk, DOOR).await?;
        let window = stage.on(desk)?.window()?;
        window.click("entry").await?;
        window.see("erase").await?;
        shown(stage, desk, "resident", look.0).await?;
        let window = stage.on(desk)?.window()?;
        window.click("erase").await?;
        window.see("erase-reason").await?;
        shown(stage, desk, "sheet-resident", look.0).await?;
        stage.on(desk)?.window()?.click("sheet-cancel").await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    open_door(stage, desk, DOOR).await?;
    let window = stage.on(desk)?.window()?;
    window.see("entry").await?;
    let before = window
        .count("[data-test='entry'][data-kind='resident']")
        .await?;
    window.click("entry").await?;
    window.click("erase").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window
        .see_count("[data-test='entry'][data-kind='resident']", before - 1)
        .await?;
    sync(stage, desk).await?;
    stage.on(tablet)?.open().await?;
    sync(stage, tablet).await?;
    for look in LOOKS {
        dress(stage.on(tablet)?.window()?, look).await?;
        let window = stage.on(tablet)?.window()?;
        to_delivery(window).await?;
        window.see("delivery-erased").await?;
        shown(stage, tablet, "too-late", look.0).await?;
    }
    dress(stage.on(tablet)?.window()?, LOOKS[0]).await?;
    open_door(stage, tablet, DOOR).await?;
    stage
        .on(tablet)?
        .window()?
        .see_count("[data-test='entry'][data-kind='resident']", before - 1)
        .await
}

/// Back, so many pages.
async fn back(stage: &mut Stage, device: DeviceNo, pages: u32) -> Result<()> {
    let window = stage.on(device)?.window()?;
    let back = "history.go(-arguments[0])";
    window.script(back, vec![pages.into()]).await?;
    Ok(())
}

/// Fills the form in about the first behind the door.
async fn vaccinate(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    open_door(stage, device, DOOR).await?;
    let window = stage.on(device)?.window()?;
    window.click("entry").await?;
    window.click("entry-form").await?;
    window.click("choice-not_done").await?;
    window.click("choice-unwilling").await?;
    window.click("fill-finish").await?;
    window.see("door-state").await?;
    Ok(())
}

/// Opens the record from the card of whom it is about.
async fn open_record(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    open_door(stage, device, DOOR).await?;
    let window = stage.on(device)?.window()?;
    window.click("entry").await?;
    window.click("record-row").await?;
    window.see("record-lines").await?;
    Ok(())
}
