//! A form comes from the hub, is filled in at the door without a network, and travels; in the real
//! window, in the looks people use.

use anyhow::{Result, ensure};

use super::{
    every_page::{LOOKS, dress, shown},
    listed::listed,
    steps::{sync, worker_and_clerk},
};
use crate::{
    fixtures::{Scene, street},
    stage::{DeviceNo, Stage},
};

/// The words of a resident; they must stand nowhere on the device in the clear.
const NAME: &str = "何田田";

/// Where the answers to a question are given.
fn at(address: &str, what: &str) -> String {
    format!("[data-address='{address}'] [data-test='{what}']")
}

/// 表单: from the list to the record.
pub(super) async fn forms(stage: &mut Stage) -> Result<()> {
    stage.hub.load_form("packs/forms/vaccination.xlsx")?;
    stage.hub.start().await?;
    let [tablet, desk] = worker_and_clerk(stage).await?;

    stage.say("没有网络 · no network");
    stage.hub.stop()?;
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            open_list(stage, device).await?;
            shown(stage, device, "forms", look.0).await?;
        }
    }
    dress(stage.on(tablet)?.window()?, LOOKS[0]).await?;
    fill(stage, tablet).await?;
    for look in LOOKS {
        dress(stage.on(tablet)?.window()?, look).await?;
        stage.on(tablet)?.window()?.click("nav-today").await?;
        stage.on(tablet)?.window()?.see("form-draft").await?;
        shown(stage, tablet, "today", look.0).await?;
        let window = stage.on(tablet)?.window()?;
        window.click("form-draft").await?;
        window.see("fill-finish").await?;
        shown(stage, tablet, "fill", look.0).await?;
    }
    dress(stage.on(tablet)?.window()?, LOOKS[0]).await?;
    finish(stage, tablet).await?;

    stage.say("有网了，同事看得到 · the network returns, and the clerk sees it");
    stage.hub.start().await?;
    sync(stage, tablet).await?;
    shown(stage, tablet, "delivered", "zh-light").await?;
    sync(stage, desk).await?;
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            open_list(stage, device).await?;
            let window = stage.on(device)?.window()?;
            window.see("record-row").await?;
            shown(stage, device, "filled", look.0).await?;
            let window = stage.on(device)?.window()?;
            window.click("record-row").await?;
            window.see("record-lines").await?;
            shown(stage, device, "record", look.0).await?;
        }
    }
    correct(stage, desk).await?;
    sync(stage, tablet).await?;
    listed(stage, tablet).await?;
    ensure!(
        !stage.on(tablet)?.holds_in_clear(NAME)?,
        "the name stands nowhere in the clear"
    );
    Ok(())
}

async fn open_list(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("today-forms").await?;
    window.see("form-row").await?;
    Ok(())
}

/// At the door: what is missing is pointed at, a killed app loses nothing.
async fn fill(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    open_list(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("form-row").await?;
    window.see("fill-finish").await?;
    window.reads("fill-left", "还剩 2 题必填").await?;
    shown(stage, tablet, "fill-blank", "zh-light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("fill-finish").await?;
    window
        .reads_at(&at("person/name_shown", "field-error"), "请写姓名")
        .await?;
    shown(stage, tablet, "fill-lacking", "zh-light").await?;

    let window = stage.on(tablet)?.window()?;
    let name = window.find(&at("person/name_shown", "answer")).await?;
    name.send_keys(NAME).await?;
    let phone = window.find(&at("person/phone", "answer")).await?;
    phone.send_keys("12345").await?;
    window.click("choice-completed").await?;
    window
        .reads_at(&at("person/phone", "field-error"), "11 位数字")
        .await?;
    window.click("choice-2").await?;
    window.click("day-1").await?;
    window.click("choice-document").await?;
    window.find("[data-address='evidence']").await?;
    window.reads("fill-left", "1 处要改").await?;
    shown(stage, tablet, "fill-wrong", "zh-light").await?;

    stage.say("应用被杀掉，再打开 · the app is killed and opened again");
    stage.on(tablet)?.kill().await?;
    stage.on(tablet)?.open().await?;
    let window = stage.on(tablet)?.window()?;
    window.click("form-draft").await?;
    window.see("fill-finish").await?;
    window.reads("fill-left", "1 处要改").await?;
    let phone = window.find(&at("person/phone", "answer")).await?;
    phone.clear().await?;
    phone.send_keys("13800000001").await?;
    let photo = street(stage.folder(), "proof", Scene::Clean)?;
    let window = stage.on(tablet)?.window()?;
    let input = window.find(&at("evidence", "photo-input")).await?;
    input.send_keys(photo.display().to_string()).await?;
    window.find(&at("evidence", "photo-thumb")).await?;
    window.reads("fill-left", "必填的都填了").await
}

async fn finish(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("form-draft").await?;
    window.click("fill-finish").await?;
    window.see("record-row").await?;
    shown(stage, tablet, "finished", "zh-light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("record-row").await?;
    window.reads("record-lines", NAME).await
}

/// The clerk mends what the worker wrote.
async fn correct(stage: &mut Stage, desk: DeviceNo) -> Result<()> {
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    open_list(stage, desk).await?;
    let window = stage.on(desk)?.window()?;
    window.click("record-row").await?;
    window.click("record-correct").await?;
    window.click("choice-3").await?;
    window.reads("fill-left", "必填的都填了").await?;
    shown(stage, desk, "correcting", "zh-light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("fill-finish").await?;
    window.see_count("[data-test='record-row']", 2).await?;
    window
        .click_on("li:last-child > [data-test='record-row']")
        .await?;
    window.see("record-newer").await?;
    shown(stage, desk, "corrected", "zh-light").await
}
