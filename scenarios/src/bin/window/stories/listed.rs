//! A form asks who was met, from the register of the tablet: building, door, person. Nothing is typed, the
//! record names who it was, and who moved out is not offered.

use anyhow::{Context as _, Result};
use scenarios::{sample_city::register, workbook::Rows};
use shared::GridCode;

use super::{
    every_page::{LOOKS, dress, shown},
    residents::{GRID, community, delivered, open_door},
    steps::sync,
};
use crate::{
    fixtures,
    stage::{DeviceNo, Stage},
};

const SURVEY: Rows<'static> = &[
    &[
        "type",
        "name",
        "label::中文 (zh)",
        "label::English (en)",
        "choice_filter",
        "required",
    ],
    &[
        "select_one_from_file building.csv",
        "house",
        "哪一幢",
        "Which building",
        "",
        "yes",
    ],
    &[
        "select_one_from_file dwelling.csv",
        "door",
        "哪一户门",
        "Which door",
        "building = ${house}",
        "yes",
    ],
    &[
        "select_one_from_file resident.csv",
        "who",
        "见到谁",
        "Who was met",
        "dwelling = ${door}",
        "yes",
    ],
    &["text", "said", "说了什么", "What was said", "", ""],
];

const SETTINGS: Rows<'static> = &[
    &[
        "form_title::中文 (zh)",
        "form_title::English (en)",
        "form_id",
        "version",
        "instance_name",
    ],
    &[
        "走访见面登记",
        "Who was met",
        "met",
        "1",
        "jr:choice-name(${who}, '${who}')",
    ],
];

fn of(address: &str, what: &str) -> String {
    format!("[data-address='{address}'] {what}")
}

/// The last form of the list is the one that was loaded here.
const ITS_ROW: &str = "li:last-child > [data-test='form-row']";

pub(super) async fn listed(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    stage.say("表单里的名单就是本机的名册 · the list of a form is the register of the tablet");
    let book = stage.folder().join("met.xlsx");
    fixtures::form(&book, SURVEY, SETTINGS)?;
    stage.hub.stop()?;
    stage
        .hub
        .load_form(book.to_str().context("a path of text")?)?;
    stage.hub.start().await?;
    let community = community(stage).await?;
    register::enter(&community, &GridCode::from(GRID), 2).await?;
    delivered(&community).await?;
    dress(stage.on(tablet)?.window()?, LOOKS[0]).await?;
    sync(stage, tablet).await?;
    // The whole register is here, and 今日 has its round: nothing moves under the finger any more.
    open_door(stage, tablet, "2-2-101").await?;
    stage.hub.stop()?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.see("today-round").await?;
    window.click("today-forms").await?;
    window.see_count("[data-test='form-row']", 2).await?;
    window.click_on(ITS_ROW).await?;
    window.see("fill-finish").await?;
    window.reads_at(&of("house", ""), "云水雅苑 1幢").await?;
    window.reads_at(&of("door", ""), "没有可选的").await?;
    shown(stage, tablet, "listed-blank", "zh-light").await?;
    let window = stage.on(tablet)?.window()?;
    window
        .click_on(&of("house", ".fill-choice:first-child"))
        .await?;
    window.click_on(&of("door", "[data-test='choose']")).await?;
    window.type_into("choice-search", "1-1-102").await?;
    window.reads_at(".fill-found", "1-1-102").await?;
    shown(stage, tablet, "listed-doors", "zh-light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click_on(".fill-found").await?;
    window.find(&of("who", ".fill-choice")).await?;
    window.click_on(&of("who", ".fill-choice")).await?;
    window.reads("fill-left", "必填的都填了").await?;
    for look in LOOKS {
        dress(stage.on(tablet)?.window()?, look).await?;
        let window = stage.on(tablet)?.window()?;
        window.click("nav-today").await?;
        window.click("form-draft").await?;
        window
            .find(&of("who", ".fill-choice[aria-pressed='true']"))
            .await?;
        shown(stage, tablet, "listed", look.0).await?;
    }
    dress(stage.on(tablet)?.window()?, LOOKS[0]).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("form-draft").await?;
    window.click("fill-finish").await?;
    window.see("record-row").await?;
    window.click("record-row").await?;
    window.reads("record-lines", "云水雅苑 1-1-102").await?;
    shown(stage, tablet, "listed-record", "zh-light").await?;
    stage.hub.start().await?;
    Ok(())
}
