//! 门牌码: a building's plates are printed, hung, and photographed; the door opens. A photo that opens none
//! says why.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::{
    every_page::{LOOKS, dress, shown},
    residents::moved_in,
    steps::choose_file,
};
use crate::{
    fixtures::{Scene, plate, street},
    stage::{DeviceNo, Stage},
};

pub(super) async fn plates(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let [tablet, desk] = moved_in(stage).await?;

    let bare = street(stage.folder(), "bare", Scene::Clean)?;
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            stage.on(device)?.window()?.click("nav-residents").await?;
            stage.on(device)?.window()?.see("building-row").await?;
            choose_file(stage, device, "scan-plate", &bare).await?;
            stage.on(device)?.window()?.see("error-notice").await?;
            shown(stage, device, "no-code", look.0).await?;
            print(stage, device).await?;
            shown(stage, device, "printed", look.0).await?;
        }
    }
    dress(stage.on(tablet)?.window()?, LOOKS[0]).await?;

    stage.say("打印一栋楼的门牌 · the plates of a building");
    let path = print(stage, tablet).await?;
    let doors = stage
        .on(tablet)?
        .window()?
        .count("[data-test='door-cell']")
        .await?;
    let page = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    let hung: Vec<&str> = page.split("<li>").skip(1).collect();
    ensure!(
        hung.len() == doors && doors > 1,
        "{doors} doors have {} plates",
        hung.len()
    );
    ensure!(
        !page.contains("http:") && !page.contains("https:"),
        "it needs no other file"
    );

    stage.say("拍一块门牌，门就开了 · a plate is photographed, and the door opens");
    let one = hung.get(1).context("a second door")?;
    let squares = between(one, "viewBox=\"0 0 ", " ")?.parse()?;
    let name = between(one, "<p class=\"door\">", "</p>")?;
    let photo = plate(
        stage.folder(),
        "plate",
        between(one, " d=\"", "\"")?,
        squares,
    )?;
    stage.on(tablet)?.window()?.click("nav-residents").await?;
    choose_file(stage, tablet, "scan-plate", &photo).await?;
    let window = stage.on(tablet)?.window()?;
    window.see("door-state").await?;
    window.reads_at("main h1", name).await?;
    shown(stage, tablet, "opened", "light").await?;

    stage.say("没有码的照片说清原因 · a photo without a code says so");
    stage.on(tablet)?.window()?.click("nav-residents").await?;
    choose_file(stage, tablet, "scan-plate", &bare).await?;
    let window = stage.on(tablet)?.window()?;
    window.reads("error-notice", "照片里没有找到码").await
}

/// Prints the first building's plates; gives where they are.
async fn print(stage: &mut Stage, device: DeviceNo) -> Result<String> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("building-row").await?;
    window.see("door-cell").await?;
    window.click("print-plates").await?;
    window.reads("plates-path", ".html").await?;
    window.says("plates-path").await
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Result<&'a str> {
    let (_, rest) = text.split_once(from).with_context(|| from.to_owned())?;
    let (found, _) = rest.split_once(to).with_context(|| to.to_owned())?;
    Ok(found)
}
