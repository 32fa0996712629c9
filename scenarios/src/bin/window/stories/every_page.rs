//! Every page in light and dark, Chinese and English, large text, tablet and desktop: pictures to
//! be looked at, and what can be measured is: on the tablet everything to press is as large as a
//! finger, on desktops nothing has to be scrolled sideways.

use anyhow::{Context, Result, ensure};

use super::{
    steps::{RUBBISH, begin_report, choose_category, choose_place, enrol, sync, to_delivery},
    touch::fits_fingers,
};
use crate::{
    driver::Session,
    fixtures::{Scene, street},
    stage::{DESKTOP, DeviceNo, Stage, TABLET},
};

/// The narrowest desktop.
const NARROW: (u32, u32) = (1_280, 800);

/// What has to be scrolled sideways, what stands beyond the right edge, heads of columns that are
/// cut, and a bar of buttons that needs two lines.
const TOO_WIDE: &str = r"
    const found = [];
    const name = (it) => `${it.tagName} ${it.className}`;
    for (const it of document.querySelectorAll('main, main *')) {
        const style = getComputedStyle(it);
        if (style.visibility !== 'visible' || !it.getClientRects().length) continue;
        const scrolls = ['auto', 'scroll'].includes(style.overflowX);
        if (scrolls && it.scrollWidth > it.clientWidth + 1) found.push(`scrolls: ${name(it)}`);
        if (it.getBoundingClientRect().right > innerWidth + 1) found.push(`beyond: ${name(it)}`);
    }
    for (const it of document.querySelectorAll('.desk-head .desk-cell')) {
        const shown = it.getClientRects().length && getComputedStyle(it).visibility === 'visible';
        if (shown && it.scrollWidth > it.clientWidth) found.push(`cut: ${name(it)}`);
    }
    const tops = [...document.querySelectorAll('.case-actions .button')].map((it) => it.offsetTop);
    if (new Set(tops).size > 1) found.push('the actions need two lines');
    return found;
";

/// Cards and lists that hide some of what they have, which nobody can scroll to.
const CUT: &str = r"
    const cards = [...document.querySelectorAll('main .card, main .card-list')];
    const hides = (it) => getComputedStyle(it).overflowY === 'hidden' && it.scrollHeight > it.clientHeight + 1;
    return cards.filter(hides).map((it) => `${it.className}: ${it.scrollHeight} in ${it.clientHeight}`);
";

pub(super) type Look = (&'static str, &'static str, &'static str, &'static str);

pub(super) const LOOKS: [Look; 4] = [
    ("zh-light", "lang-zh", "theme-light", "text-normal"),
    ("en-dark", "lang-en", "theme-dark", "text-normal"),
    ("zh-dark-large", "lang-zh", "theme-dark", "text-large"),
    ("en-light-large", "lang-en", "theme-light", "text-large"),
];

/// Every page in light and dark, Chinese and English, large text, tablet and desktop.
pub(super) async fn every_page(stage: &mut Stage) -> Result<()> {
    let near = street(stage.folder(), "near", Scene::Rubbish)?;
    let after = street(stage.folder(), "after", Scene::Clean)?;
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    enrol(stage, tablet, "w-0101").await?;
    for (words, initials, photo) in [
        (RUBBISH, "bllj", &near),
        ("路面有坑，电动车容易摔倒", "dlps", &after),
    ] {
        begin_report(stage.on(tablet)?, photo).await?;
        stage
            .on(tablet)?
            .window()?
            .type_into("description", words)
            .await?;
        if words == RUBBISH {
            stage
                .on(tablet)?
                .window()?
                .click("urgency-critical")
                .await?;
        }
        choose_category(stage.on(tablet)?, initials).await?;
        choose_place(stage.on(tablet)?).await?;
        stage.on(tablet)?.window()?.click("send").await?;
        stage.on(tablet)?.window()?.see("today-report").await?;
    }
    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;
    let narrow = stage.device("narrow", NARROW).await?;
    enrol(stage, narrow, "c-01").await?;
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            pages_of(stage, device, look.0).await?;
        }
        // Large type is for wide desktops.
        if look.3 == "text-normal" {
            dress(stage.on(narrow)?.window()?, look).await?;
            list_and_case(stage, narrow, look.0).await?;
        }
    }
    a_reporter_at_a_desktop(stage).await?;
    what_had_no_effect(stage, tablet, desk).await
}

/// Pressed as fast as the driver can: none of the choices may be lost.
pub(super) async fn dress(window: &Session, (_, language, theme, text): Look) -> Result<()> {
    window.click("nav-me").await?;
    for (choice, attribute) in [
        (language, "lang^"),
        (theme, "data-theme"),
        (text, "data-text"),
    ] {
        let value = choice.split_once('-').map_or(choice, |(_, value)| value);
        let worn = format!("html[{attribute}='{value}']");
        window.click(choice).await?;
        // Another language draws the whole page anew; a click in the middle of that meets nothing.
        if window.find(&worn).await.is_err() {
            window.click(choice).await?;
            window.find(&worn).await?;
        }
    }
    Ok(())
}

async fn pages_of(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    for page in ["me", "today", "report", "cases", "delivery"] {
        let window = stage.on(device)?.window()?;
        if page == "delivery" {
            to_delivery(window).await?;
        } else {
            window.click(&format!("nav-{page}")).await?;
        }
        shown(stage, device, page, look).await?;
    }
    list_and_case(stage, device, look).await?;
    if stage.on(device)?.name == "tablet" {
        sheets_of(stage, device, look).await?;
    }
    Ok(())
}

/// A picture, and what can be measured of the page.
pub(super) async fn shown(
    stage: &mut Stage,
    device: DeviceNo,
    page: &str,
    look: &str,
) -> Result<()> {
    let name = stage.on(device)?.name.clone();
    stage
        .picture(device, &format!("{page}-{name}-{look}"), page)
        .await?;
    let window = stage.on(device)?.window()?;
    let what = format!("{page}, {name}, {look}");
    let cut = window.script(CUT, vec![]).await?;
    let cut = cut.as_array().context("a list")?;
    ensure!(cut.is_empty(), "cut off on {what}: {cut:?}");
    if name == "tablet" {
        return fits_fingers(window, &what).await;
    }
    let wide = window.script(TOO_WIDE, vec![]).await?;
    let wide = wide.as_array().context("a list")?;
    ensure!(wide.is_empty(), "too wide on {what}: {wide:?}");
    Ok(())
}

async fn list_and_case(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    // A clerk has reported nothing; their cases stand at the desk.
    let (list, row) = if stage.on(device)?.name == "tablet" {
        ("nav-cases", "case-row")
    } else {
        ("nav-desk", "desk-row")
    };
    let window = stage.on(device)?.window()?;
    window.click(list).await?;
    window.see(row).await?;
    shown(stage, device, "list", look).await?;
    let window = stage.on(device)?.window()?;
    window.click(row).await?;
    window.see("timeline-entry").await?;
    shown(stage, device, "case", look).await
}

/// What rises over the case page and the report.
async fn sheets_of(stage: &mut Stage, tablet: DeviceNo, look: &str) -> Result<()> {
    for action in ["supplement", "withdraw"] {
        let window = stage.on(tablet)?.window()?;
        window.click(&format!("action-{action}")).await?;
        window.see("sheet-confirm").await?;
        shown(stage, tablet, action, look).await?;
        stage.on(tablet)?.window()?.click("sheet-cancel").await?;
    }
    stage.on(tablet)?.window()?.click("nav-report").await?;
    for (opens, shows) in [
        ("category-more", "category-search"),
        ("place-choose", "place-query"),
    ] {
        let window = stage.on(tablet)?.window()?;
        window.click(opens).await?;
        window.see(shows).await?;
        shown(stage, tablet, shows, look).await?;
        stage.on(tablet)?.window()?.click("sheet-cancel").await?;
    }
    Ok(())
}

/// A worker at a desktop: before enrolling, offline with work on its way, and delivered.
async fn a_reporter_at_a_desktop(stage: &mut Stage) -> Result<()> {
    let [zh, .., en] = LOOKS;
    let photo = street(stage.folder(), "office", Scene::Pothole)?;
    let office = stage.device("office", DESKTOP).await?;
    stage.on(office)?.window()?.click("enrol-later").await?;
    both_pages(stage, office, "not-enrolled", [zh, en]).await?;

    let window = stage.on(office)?.window()?;
    dress(window, zh).await?;
    window.click("me-enrol").await?;
    enrol(stage, office, "w-0103").await?;
    stage.hub.stop()?;
    begin_report(stage.on(office)?, &photo).await?;
    let device = stage.on(office)?;
    device.window()?.type_into("description", RUBBISH).await?;
    choose_category(device, "bllj").await?;
    choose_place(device).await?;
    device.window()?.click("send").await?;
    let window = stage.on(office)?.window()?;
    window.see("today-report").await?;
    to_delivery(window).await?;
    window.click("sync-now").await?;
    window.reads("sync-state", "离线").await?;
    both_pages(stage, office, "waiting", [zh, en]).await?;
    let window = stage.on(office)?.window()?;
    window.type_into("case-search", "没有这样的词").await?;
    window.see("case-filter-clear").await?;
    shown(stage, office, "cases-none-fit", en.0).await?;

    stage.hub.start().await?;
    sync(stage, office).await?;
    both_pages(stage, office, "delivered", [zh, en]).await
}

async fn both_pages(
    stage: &mut Stage,
    device: DeviceNo,
    name: &str,
    looks: [Look; 2],
) -> Result<()> {
    for look in looks {
        dress(stage.on(device)?.window()?, look).await?;
        for page in ["delivery", "cases"] {
            stage
                .on(device)?
                .window()?
                .click(&format!("nav-{page}"))
                .await?;
            shown(stage, device, &format!("{page}-{name}"), look.0).await?;
        }
    }
    Ok(())
}

/// The worker withdraws offline what the clerk has registered meanwhile: the worker is told until
/// they have seen it.
async fn what_had_no_effect(stage: &mut Stage, tablet: DeviceNo, desk: DeviceNo) -> Result<()> {
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }
    stage.on(tablet)?.close().await?;
    let window = stage.on(desk)?.window()?;
    // The hub was away for a while, which the desk may have noticed; registering needs it.
    to_delivery(window).await?;
    window.click("sync-now").await?;
    window.reads("sync-glyph", "已连接").await?;
    window.click("nav-desk").await?;
    window.click("desk-row").await?;
    window.click("action-register").await?;
    window.click("register-condition").await?;
    shown(stage, desk, "register", "zh-light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("sheet-confirm").await?;
    window.reads("case-state", "已立案").await?;
    stage.hub.stop()?;

    stage.on(tablet)?.open().await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-cases").await?;
    // The desk takes the oldest first, the list shows the newest first.
    window
        .click_on(".virtual-row:last-child [data-test='case-row']")
        .await?;
    window.click("action-withdraw").await?;
    window.type_into("sheet-reason", "报错了").await?;
    window.click("sheet-confirm").await?;
    window.reads("case-state", "撤回").await?;
    stage.hub.start().await?;
    window_sync(stage, tablet).await?;
    for look in [LOOKS[0], LOOKS[3]] {
        dress(stage.on(tablet)?.window()?, look).await?;
        stage.on(tablet)?.window()?.click("nav-today").await?;
        stage.on(tablet)?.window()?.see("today-attention").await?;
        shown(stage, tablet, "today-attention", look.0).await?;
        let window = stage.on(tablet)?.window()?;
        window.click("today-attention").await?;
        window.see_count("[data-test='case-row']", 1).await?;
        shown(stage, tablet, "cases-attention", look.0).await?;
        stage.on(tablet)?.window()?.click("case-row").await?;
        stage.on(tablet)?.window()?.see("case-attention").await?;
        shown(stage, tablet, "case-attention", look.0).await?;
    }
    to_delivery(stage.on(tablet)?.window()?).await?;
    shown(stage, tablet, "delivery-stuck", LOOKS[3].0).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("delivery-row").await?;
    window.click("acknowledge").await?;
    window.see_count("[data-test='case-attention']", 0).await?;
    window.see("timeline-entry").await?;
    window.click("nav-today").await?;
    window.see("today-report").await?;
    window.see_count("[data-test='today-attention']", 0).await
}

async fn window_sync(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    let window = stage.on(tablet)?.window()?;
    to_delivery(window).await?;
    window.click("sync-now").await?;
    window.see("delivery-stuck").await?;
    Ok(())
}
