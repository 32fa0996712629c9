//! 门口: what comes of standing there, one press each; hours in which nobody knocks; somebody who died;
//! and a form that got a new version while it was being filled in.

use anyhow::{Context as _, Result, ensure};
use scenarios::workbook::Rows;

use super::{
    every_page::{LOOKS, dress, shown},
    residents::{moved_in, open_door},
    steps::sync,
};
use crate::{
    fixtures,
    stage::{DeviceNo, Stage},
};

const HEAD: &[&str] = &[
    "type",
    "name",
    "label::中文 (zh)",
    "label::English (en)",
    "required",
];
const GAS: &[&str] = &["text", "gas", "燃气软管", "Gas hose", "yes"];
const EXIT: &[&str] = &["text", "exit", "楼道是否通畅", "Way out", "yes"];

const BEFORE: Rows<'static> = &[HEAD, GAS];
const AFTER: Rows<'static> = &[HEAD, GAS, EXIT];

const NAMES: &[&str] = &[
    "form_title::中文 (zh)",
    "form_title::English (en)",
    "form_id",
    "version",
];
const FIRST: Rows<'static> = &[NAMES, &["楼道安全", "Safety of the stairs", "stairs", "1"]];
const SECOND: Rows<'static> = &[NAMES, &["楼道安全", "Safety of the stairs", "stairs", "2"]];

/// What each press makes of a door, and how its visit is called.
const OUTCOMES: [(&str, &str, &str, &str); 4] = [
    ("1-1-301", "door-refused", "要留意", "拒访"),
    ("1-1-302", "door-moved", "要留意", "搬离"),
    ("1-1-401", "door-phone", "已见面", "电话"),
    ("1-1-402", "door-not-home", "未遇", "未遇"),
];

pub(super) async fn at_the_door(stage: &mut Stage) -> Result<()> {
    load_form(stage, BEFORE, FIRST)?;
    knocks(stage, "not-now", &[[0, 1440]])?;
    stage.hub.start().await?;
    let [tablet, desk] = moved_in(stage).await?;

    stage.say("不宜敲门的时段 · nobody knocks now");
    for look in LOOKS {
        dress(stage.on(tablet)?.window()?, look).await?;
        open_door(stage, tablet, "1-1-301").await?;
        let window = stage.on(tablet)?.window()?;
        window.reads("quiet-hours", "00:00").await?;
        window
            .reads("standard-address", "云水雅苑1幢1单元3层301室")
            .await?;
        shown(stage, tablet, "quiet", look.0).await?;
    }
    dress(stage.on(tablet)?.window()?, LOOKS[0]).await?;
    stage.hub.stop()?;
    knocks(stage, "any-time", &[])?;
    stage.hub.start().await?;
    sync(stage, tablet).await?;
    open_door(stage, tablet, "1-1-301").await?;
    let window = stage.on(tablet)?.window()?;
    window.see_count("[data-test='quiet-hours']", 0).await?;

    stage.say("没有网络，一下记一次 · without a network, one press each");
    stage.hub.stop()?;
    for (door, press, state, visit) in OUTCOMES {
        open_door(stage, tablet, door).await?;
        let window = stage.on(tablet)?.window()?;
        window.click(press).await?;
        window.reads("door-state", state).await?;
        window.reads("visit", visit).await?;
        shown(stage, tablet, press, "zh-light").await?;
    }
    dies(stage, tablet).await?;
    new_version(stage, tablet).await?;

    stage.say("同事那里也一样 · a colleague reads the same");
    stage.hub.start().await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await?;
    for (door, _, state, visit) in OUTCOMES {
        open_door(stage, desk, door).await?;
        let window = stage.on(desk)?.window()?;
        window.reads("door-state", state).await?;
        window.reads("visit", visit).await?;
    }
    open_door(stage, desk, "1-1-501").await?;
    stage.on(desk)?.window()?.find(".entry-gone").await?;
    shown(stage, desk, "died", "zh-light").await
}

/// 去世: whoever died is still told of, and nobody asks for them any more.
async fn dies(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    stage.say("去世 · somebody died");
    open_door(stage, tablet, "1-1-501").await?;
    let window = stage.on(tablet)?.window()?;
    let before = window
        .count("[data-test='entry'][data-kind='resident']")
        .await?;
    window
        .click_on("[data-test='entry'][data-kind='resident'] summary")
        .await?;
    window.click("edit-entry").await?;
    window.click("presence-dead").await?;
    window.click("sheet-confirm").await?;
    window.find(".entry-gone").await?;
    window
        .see_count("[data-test='entry'][data-kind='resident']", before)
        .await?;
    shown(stage, tablet, "died", "zh-light").await
}

/// A draft keeps the version it was begun with and can be finished; the next one has the new question.
async fn new_version(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    stage.say("填到一半，表单换了版本 · the form gets a new version while it is being filled in");
    begin(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.type_at(&answer("gas"), "去年换过").await?;
    window.reads("fill-left", "必填的都填了").await?;
    load_form(stage, AFTER, SECOND)?;
    stage.hub.start().await?;
    sync(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("form-draft").await?;
    window.see("fill-finish").await?;
    ensure!(
        window.count("[data-address='exit']").await? == 0,
        "a question that was not there when the draft was begun"
    );
    shown(stage, tablet, "draft-of-before", "zh-light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("fill-finish").await?;
    window.click("record-row").await?;
    window.reads("record-lines", "去年换过").await?;
    begin(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.reads("fill-left", "还剩 2 题必填").await?;
    window.find("[data-address='exit']").await?;
    shown(stage, tablet, "new-version", "zh-light").await?;
    stage.hub.stop()
}

async fn begin(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("today-forms").await?;
    window.click("form-row").await?;
    window.see("fill-finish").await?;
    Ok(())
}

fn answer(question: &str) -> String {
    format!("[data-address='{question}'] [data-test='answer']")
}

fn load_form(stage: &Stage, survey: Rows<'_>, settings: Rows<'_>) -> Result<()> {
    let book = stage.folder().join("stairs.xlsx");
    fixtures::form(&book, survey, settings)?;
    stage
        .hub
        .load_form(book.to_str().context("a path of text")?)
}

/// When nobody knocks, in minutes since midnight.
fn knocks(stage: &Stage, version: &str, quiet: &[[u16; 2]]) -> Result<()> {
    stage.hub.load_city(|pack| {
        version.clone_into(&mut pack.version);
        pack.visiting.quiet = quiet.to_vec();
    })
}
