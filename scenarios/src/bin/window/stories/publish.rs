//! 发布表单: a clerk chooses a workbook, is told what is wrong with it, mends it, adds the list it looks
//! into, and publishes it; then the worker fills it in. A worker finds no way there.

use std::fs;

use anyhow::{Result, ensure};
use scenarios::workbook::Rows;

use super::{
    every_page::{LOOKS, dress, shown},
    steps::{choose_file, to_delivery, worker_and_clerk},
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
    "relevant",
    "appearance",
];

const WRONG: Rows<'static> = &[
    HEAD,
    &["texd", "who", "姓名", "Name", "", ""],
    &["integer", "age", "年龄", "Age", "${whom} > 1", "fancy"],
    &["select_one towns", "town", "社区", "Community", "", ""],
    &["begin_group", "more", "其他", "More", "", ""],
];

const RIGHT: Rows<'static> = &[
    HEAD,
    &["text", "who", "姓名", "Name", "", ""],
    &["integer", "age", "年龄", "Age", "", "fancy"],
    &[
        "select_one_from_file towns.csv",
        "town",
        "社区",
        "Community",
        "",
        "",
    ],
];

const SETTINGS: Rows<'static> = &[
    &[
        "form_title::中文 (zh)",
        "form_title::English (en)",
        "form_id",
        "version",
    ],
    &[
        "独居老人月度走访",
        "Monthly visit, living alone",
        "alone",
        "1",
    ],
];

pub(super) async fn publish(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let [tablet, desk] = worker_and_clerk(stage).await?;
    let folder = stage.folder();
    let (wrong, right) = (folder.join("wrong.xlsx"), folder.join("alone.xlsx"));
    fixtures::form(&wrong, WRONG, SETTINGS)?;
    fixtures::form(&right, RIGHT, SETTINGS)?;
    let list = folder.join("towns.csv");
    fs::write(&list, "name,label\nxh,杏花社区\nll,柳林社区\n")?;

    stage.say("选一份表单 · a workbook is chosen");
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        open(stage, desk).await?;
        shown(stage, desk, "publish-choose", look.0).await?;
        choose_file(stage, desk, "publish-file", &wrong).await?;
        let window = stage.on(desk)?.window()?;
        window.see("publish-mistake").await?;
        shown(stage, desk, "publish-mistakes", look.0).await?;
        choose_file(stage, desk, "publish-file", &right).await?;
        let window = stage.on(desk)?.window()?;
        window.see("publish-needs").await?;
        shown(stage, desk, "publish-list-missing", look.0).await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;

    stage.say("错在哪一行、哪一列 · what is wrong, by row and column");
    open(stage, desk).await?;
    choose_file(stage, desk, "publish-file", &wrong).await?;
    let window = stage.on(desk)?.window()?;
    window.reads("publish-mistake", "第 2 行 · type").await?;
    window.reads("publish-mistake", "是不是“text”").await?;
    ensure!(
        window.count("[data-test='publish-run']").await? == 0,
        "nothing with a mistake is published"
    );

    stage.say("补上清单，发布 · the list is added, and it is published");
    choose_file(stage, desk, "publish-file", &right).await?;
    stage
        .on(desk)?
        .window()?
        .reads("publish-form", "3 题")
        .await?;
    let window = stage.on(desk)?.window()?;
    window.reads("publish-form", "记录长期保存").await?;
    choose_file(stage, desk, "publish-list", &list).await?;
    stage.on(desk)?.window()?.see("publish-run").await?;
    shown(stage, desk, "publish-ready", "light").await?;
    stage.on(desk)?.window()?.click("publish-run").await?;
    stage
        .on(desk)?
        .window()?
        .reads("publish-done", "版本 1")
        .await?;
    shown(stage, desk, "publish-done", "light").await?;

    stage.say("网格员同步后就能填 · the worker has it after a sync");
    let window = stage.on(tablet)?.window()?;
    to_delivery(window).await?;
    window.click("sync-now").await?;
    window.click("nav-today").await?;
    window.click("today-forms").await?;
    window.reads("form-row", "独居老人月度走访").await?;
    ensure!(
        window.count("[data-test='to-publish']").await? == 0,
        "a worker publishes none"
    );
    shown(stage, tablet, "publish-at-the-tablet", "light").await
}

/// The page, from 表单.
async fn open(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-forms").await?;
    window.click("to-publish").await?;
    window.find("[data-test='publish-file']").await?;
    Ok(())
}
