//! 走访 and 专项: a clerk launches a campaign at the desk, the worker finds it in the round, fills it in
//! at the door with everything else that is due there, and the desk sees how far it is.

use anyhow::{Context, Result, ensure};
use scenarios::sample_city::register;
use shared::{GridCode, ipc::ChangeEntry, register::EntryKind};

use super::{
    every_page::{LOOKS, dress, shown},
    residents::{GRID, community, delivered, open_door},
    steps::{sync, worker_and_clerk},
    touch::STAND_AT,
};
use crate::{
    driver::Session,
    stage::{DeviceNo, Stage},
};

/// The device knows nothing of where it is.
const NOWHERE: &str = r"
    Object.defineProperty(navigator, 'geolocation', {
        configurable: true,
        value: { getCurrentPosition: (_, failed) => failed({ code: 2 }) },
    });
";

pub(super) async fn rounds(stage: &mut Stage) -> Result<()> {
    stage.hub.load_form("packs/forms/vaccination.xlsx")?;
    stage.hub.start().await?;
    let [tablet, desk] = worker_and_clerk(stage).await?;
    stage.on(desk)?.window()?.click("nav-campaigns").await?;
    stage.on(desk)?.window()?.see("launch-campaign").await?;
    shown(stage, desk, "campaigns-empty", "light").await?;

    let community = community(stage).await?;
    let entered = register::enter(&community, &GridCode::from(GRID), 2).await?;
    let household = entered.households.first().context("a household")?;
    community
        .change_entry(ChangeEntry {
            kind: EntryKind::Household,
            entry: *household,
            set: [(
                "call_first".into(),
                Some(shared::register::FieldValue::Flag(true)),
            )]
            .into(),
        })
        .await?;
    delivered(&community).await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }

    stage.say("社区发起专项 · the community launches a campaign");
    let window = stage.on(desk)?.window()?;
    window.click("nav-campaigns").await?;
    window.click("launch-campaign").await?;
    window.see("sheet-confirm").await?;
    presses_beside(window).await?;
    window.see_count("dialog.sheet", 0).await?;
    window.click("launch-campaign").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    shown(stage, desk, "launch-wrong", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.type_into("title", "秋季流感疫苗").await?;
    presses_beside(window).await?;
    ensure!(
        window.value("title").await? == "秋季流感疫苗",
        "a press beside the sheet takes away nothing that was typed"
    );
    choose(window, "form", "vaccination").await?;
    choose(window, "counts", "status=completed").await?;
    window
        .type_into("note", "先问老人；没带接种本的，约好再来看。")
        .await?;
    shown(stage, desk, "launch", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("sheet-confirm").await?;
    window.reads("campaign-row", "秋季流感疫苗").await?;
    sync(stage, desk).await?;
    sync(stage, tablet).await?;

    stage.say("今天的走访 · today's round");
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.reads("today-round", "44").await?;
    shown(stage, tablet, "today", "light").await?;
    open_door(stage, tablet, "1-1-102").await?;
    stage.on(tablet)?.window()?.click("door-not-home").await?;
    stage
        .on(tablet)?
        .window()?
        .reads("door-state", "未遇")
        .await?;

    stage.say("一次敲门，都问完 · one knock, everything asked");
    open_door(stage, tablet, "1-1-201").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("asked-form").await?;
    window.click("choice-not_done").await?;
    window.click("choice-unwilling").await?;
    window.click("fill-finish").await?;
    window.see_count("[data-test='asked']", 2).await?;
    vaccinated(window).await?;
    window.see("door-state").await?;
    window.see_count("[data-test='asked']", 1).await?;

    stage.say("孩子要先告知监护人 · of a child a guardian is told, and named");
    let window = stage.on(tablet)?.window()?;
    vaccinated(window).await?;
    window.reads("field-error", "监护人").await?;
    shown(stage, tablet, "guardian", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.type_into("guardian", "欧阳大山").await?;
    window.click("fill-finish").await?;
    window.see("door-state").await?;
    window.see_count("[data-test='still-asked']", 0).await?;
    window.click("door-unchanged").await?;
    window.reads("door-state", "已见面").await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await?;

    stage.say("按距离，这里没有定位 · by distance, and there is no position here");
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("today-round").await?;
    window.see("round-due").await?;
    window.click("round-by-distance").await?;
    window.see("round-nowhere").await?;

    here(stage, tablet).await?;
    stage.say("做到哪了：社区、网格、楼栋、原因 · how far it is, level by level, and why not");
    let window = stage.on(desk)?.window()?;
    window.click("nav-campaigns").await?;
    window.click("campaign-row").await?;
    how_far(window, entered.residents.len()).await?;

    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
        }
        tablet_pages(stage, tablet, look.0).await?;
        desk_pages(stage, desk, look.0).await?;
    }
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }

    stage.say("导出：要说用途，文件留在下载文件夹 · an export says what for");
    let window = stage.on(desk)?.window()?;
    window.click("nav-campaigns").await?;
    window.click("campaign-row").await?;
    window.click("export").await?;
    window.see("export-form").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    window.click("reason-chip").await?;
    shown(stage, desk, "export", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("sheet-confirm").await?;
    window.reads("export-made", ".xlsx").await?;
    shown(stage, desk, "exported", "light").await?;
    stage.on(desk)?.window()?.click("sheet-cancel").await?;

    stage.say("专项结束，门上不再问 · the campaign is over, and no door asks for it");
    open_door(stage, tablet, "1-1-301").await?;
    stage.on(tablet)?.window()?.see("still-asked").await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-campaigns").await?;
    window.click("campaign-row").await?;
    window.reads("campaign-far", "2/").await?;
    window.click("edit-campaign").await?;
    window.click("more-fields").await?;
    set_day(window, "[data-test='ended_on']", "2026-01-02").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='sheet-confirm']", 0).await?;
    sync(stage, desk).await?;
    sync(stage, tablet).await?;
    open_door(stage, tablet, "1-1-301").await?;
    let window = stage.on(tablet)?.window()?;
    window.see_count("[data-test='still-asked']", 0).await
}

/// Where the second building is: the round begins there; then the first is said to be there, and it begins
/// with that one.
async fn here(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    stage.say("站在 2 幢前：先走 2 幢 · in front of the second building, which comes first");
    let second = register::position(&GridCode::from(GRID), 2)?.context("the grid is the city's")?;
    let window = stage.on(tablet)?.window()?;
    let begins = "[data-test='round-due'] .round-head .row-title";
    window.click("round-by-door").await?;
    window.reads_at(begins, "1幢").await?;
    window
        .script(STAND_AT, vec![second.lng().into(), second.lat().into()])
        .await?;
    window.click("round-by-distance").await?;
    window.reads_at(begins, "2幢").await?;
    window.see_count("[data-test='round-nowhere']", 0).await?;
    shown(stage, tablet, "round-near", "light").await?;

    stage.say(
        "我在这里：楼栋的位置站在那里取 · I am here: a building's place is taken where it stands",
    );
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("building-row").await?;
    window.click("entry").await?;
    window.click("edit-entry").await?;
    window.see("point-said").await?;
    window.click("point-clear").await?;
    window.see_count("[data-test='point-said']", 0).await?;
    window.script(NOWHERE, vec![]).await?;
    window.click("point-here").await?;
    window.see("point-none").await?;
    shown(stage, tablet, "point-none", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window
        .script(STAND_AT, vec![second.lng().into(), second.lat().into()])
        .await?;
    window.click("point-here").await?;
    window
        .reads("point-said", &format!("{:.5}", second.lng()))
        .await?;
    shown(stage, tablet, "point-here", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='sheet-confirm']", 0).await?;
    // Both are where the worker stands now, and the first is the first again.
    window.click("nav-today").await?;
    window.click("today-round").await?;
    window.see("round-due").await?;
    window.click("round-by-distance").await?;
    window.reads_at(begins, "1幢").await?;
    window.click("round-by-door").await
}

/// Two are vaccinated and one said no, of `all`: at each level, in the list of who is missing, and in the
/// chart of reasons.
async fn how_far(window: &Session, all: usize) -> Result<()> {
    window.reads("campaign-counts", "接种状态：已接种").await?;
    let whole = format!("已完成 2/{all}");
    for level in ["by-community", "by-grid"] {
        let row = format!("[data-test='{level}'] [data-test='covered']");
        window.reads_at(&row, &whole).await?;
    }
    window
        .see_count("[data-test='by-community'] [data-test='covered']", 1)
        .await?;
    let figures = "return [...document.querySelectorAll(\
         \"[data-test='by-building'] .progress-words\")].map(it => it.textContent)";
    let figures = window.script(figures, vec![]).await?;
    let figures: Vec<(usize, usize)> = figures
        .as_array()
        .context("a list")?
        .iter()
        .map(|it| {
            let said = it.as_str().context("words")?;
            let (done, of) = said.split_once('/').context("a figure")?;
            let done = done.rsplit(' ').next().unwrap_or_default();
            Ok((done.parse()?, of.parse()?))
        })
        .collect::<Result<_>>()?;
    let [first, second] = figures.as_slice() else {
        anyhow::bail!("two buildings: {figures:?}");
    };
    ensure!(
        (first.0, second.0, first.1 + second.1) == (2, 0, all),
        "building by building: {figures:?}"
    );
    let left = format!("{}", all - 2);
    window
        .reads_at("[data-test='missing'] .count", &left)
        .await?;
    window.reads("otherwise", "未接种 · 不愿").await?;
    let charts: [(&str, &[&str]); 2] = [
        ("接种状态", &["已接种2（67%）", "未接种1（33%）"]),
        ("未接种原因", &["不愿1（100%）"]),
    ];
    for (question, bars) in charts {
        let chart = "const asked = [...document.querySelectorAll('.answer-chart')]\
             .find(it => it.querySelector('.answer-question').textContent === arguments[0]);\
             return [...asked.querySelectorAll('.answer-bar')].map(it => it.textContent.trim())";
        window.reads("answers", question).await?;
        let shown = window.script(chart, vec![question.into()]).await?;
        ensure!(shown == serde_json::json!(bars), "{question}: {shown}");
    }
    Ok(())
}

/// Somebody of the door's was vaccinated.
async fn vaccinated(window: &Session) -> Result<()> {
    window.click("asked-form").await?;
    window.click("choice-completed").await?;
    window.click("choice-2").await?;
    let day = "[data-address='vaccination/occurred_on'] [data-test='answer']";
    set_day(window, day, "2026-09-01").await?;
    window.click("fill-finish").await
}

/// A webdriver types into a day by the keyboard of the machine's language; the value is what counts.
async fn set_day(window: &Session, selector: &str, day: &str) -> Result<()> {
    window.find(selector).await?;
    let script = "const it = document.querySelector(arguments[0]);
         it.value = arguments[1];
         it.dispatchEvent(new Event('input', { bubbles: true }));
         it.dispatchEvent(new Event('change', { bubbles: true }));";
    window
        .script(script, vec![selector.into(), day.into()])
        .await
        .map(drop)
}

async fn choose(window: &Session, name: &str, value: &str) -> Result<()> {
    window
        .click_on(&format!("[data-test='{name}'] option[value='{value}']"))
        .await
}

async fn tablet_pages(stage: &mut Stage, tablet: DeviceNo, look: &str) -> Result<()> {
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.see("today-round").await?;
    shown(stage, tablet, "today", look).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("today-round").await?;
    window.see("round-due").await?;
    shown(stage, tablet, "round", look).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("round-door").await?;
    window.see("still-asked").await?;
    shown(stage, tablet, "door", look).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("campaign-row").await?;
    window.see("missing").await?;
    shown(stage, tablet, "campaign", look).await
}

async fn desk_pages(stage: &mut Stage, desk: DeviceNo, look: &str) -> Result<()> {
    let window = stage.on(desk)?.window()?;
    window.click("nav-campaigns").await?;
    window.see("campaign-row").await?;
    shown(stage, desk, "campaigns", look).await?;
    let window = stage.on(desk)?.window()?;
    window.click("campaign-row").await?;
    window.see("answers").await?;
    shown(stage, desk, "campaign", look).await
}

/// As a finger does that misses the sheet.
async fn presses_beside(window: &Session) -> Result<()> {
    let press = "const sheet = document.querySelector('dialog.sheet'); \
         sheet.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })); \
         sheet.click();";
    window.script(press, vec![]).await?;
    Ok(())
}
