//! The stories: what a person does, and what must be true afterwards.

use std::path::Path;

use anyhow::{Result, bail, ensure};

use crate::{
    app::Device,
    fixtures::{Scene, street},
    stage::{DESKTOP, DeviceNo, Stage, TABLET},
};

/// All stories, in the order they are told.
pub(crate) const NAMES: &[&str] = &["working_day", "first_start", "every_page"];

/// Tells one story.
pub(crate) async fn run(name: &str, stage: &mut Stage) -> Result<()> {
    match name {
        "working_day" => working_day(stage).await,
        "first_start" => first_start(stage).await,
        "every_page" => every_page(stage).await,
        _ => bail!("there is no story {name}"),
    }
}

/// Words of the worker; they must stand nowhere on the device in the clear.
const RUBBISH: &str = "单元门口堆了三袋垃圾，已经发臭";

/// Offline with photos, killed in the middle and after saving; then the network returns.
pub(crate) async fn working_day(stage: &mut Stage) -> Result<()> {
    let near = street(stage.folder(), "near", Scene::Rubbish)?;
    let far = street(stage.folder(), "far", Scene::Pothole)?;
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    stage
        .picture(tablet, "first-start", "第一次打开：登记设备 · first start")
        .await?;
    enrol(stage, tablet, "w-0101").await?;
    stage
        .picture(
            tablet,
            "today-empty",
            "登记完成，今日页 · enrolled, nothing yet",
        )
        .await?;

    stage.say("信号断了 · the network is gone");
    stage.hub.stop()?;
    begin_report(stage.on(tablet)?, &near).await?;
    stage
        .on(tablet)?
        .window()?
        .type_into("description", RUBBISH)
        .await?;
    stage.on(tablet)?.window()?.see("saved-mark").await?;
    settle(stage.on(tablet)?).await?;
    stage
        .picture(
            tablet,
            "report-filled",
            "照片、类别、文字，断网填写 · a report, offline",
        )
        .await?;

    stage.say("写到一半电池没电 · kill -9 in the middle of a draft");
    stage.on(tablet)?.kill().await?;
    stage.on(tablet)?.open().await?;
    stage.on(tablet)?.window()?.see("draft-row").await?;
    stage
        .picture(tablet, "draft-kept", "草稿还在 · the draft is still there")
        .await?;
    let window = stage.on(tablet)?.window()?;
    window.click("draft-row").await?;
    window.see_count("[data-test='photo-tile']", 1).await?;
    ensure!(
        window.value("description").await? == RUBBISH,
        "every word typed is still there"
    );
    add_photo(stage.on(tablet)?, &far, 2).await?;
    choose_category(stage.on(tablet)?, "bllj").await?;
    choose_place(stage.on(tablet)?, "wfl").await?;
    stage
        .picture(tablet, "report-ready", "可以发送 · ready to send")
        .await?;
    stage.on(tablet)?.window()?.click("send").await?;
    stage.on(tablet)?.window()?.see("today-report").await?;

    stage.say("发送后立刻断电 · kill -9 right after sending");
    stage.on(tablet)?.kill().await?;
    ensure!(
        !stage.on(tablet)?.holds_in_clear("堆了三袋垃圾")?,
        "nothing a person wrote stands on the disk in the clear"
    );
    stage.on(tablet)?.open().await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-cases").await?;
    window.see_count("[data-test='case-row']", 1).await?;
    stage
        .picture(
            tablet,
            "case-on-device",
            "案件在本机 · the case is on the device",
        )
        .await?;
    stage.on(tablet)?.window()?.click("nav-delivery").await?;
    stage.on(tablet)?.window()?.see("delivery-row").await?;
    stage
        .picture(
            tablet,
            "delivery-waiting",
            "都送到了吗：待送 · waiting for the network",
        )
        .await?;

    stage.say("信号恢复 · the network returns");
    stage.hub.start().await?;
    stage.on(tablet)?.window()?.click("sync-now").await?;
    delivered(stage.on(tablet)?).await?;
    stage
        .picture(tablet, "delivery-done", "都已送到 · delivered")
        .await?;
    let photos = stage.hub.verified_photos()?;
    ensure!(
        photos.len() == 4,
        "two photos and their thumbnails are at the hub: {photos:?}"
    );

    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-desk").await?;
    window.see("desk-row").await?;
    stage
        .picture(desk, "desk", "社区案台收到 · the clerk's desk")
        .await?;
    stage.on(desk)?.window()?.click("desk-row").await?;
    stage.on(desk)?.window()?.see("action-register").await?;
    stage
        .picture(desk, "desk-case", "打开案件 · the case at the desk")
        .await?;
    stage.on(desk)?.window()?.click("action-register").await?;
    stage
        .on(desk)?
        .window()?
        .click("register-condition")
        .await?;
    stage
        .picture(desk, "desk-register", "选立案条件 · registering")
        .await?;
    stage.on(desk)?.window()?.click("sheet-confirm").await?;
    stage
        .on(desk)?
        .window()?
        .reads("case-state", "已立案")
        .await?;
    stage
        .picture(desk, "desk-registered", "已立案 · registered")
        .await?;

    stage.say("上报人看到结果 · the answer comes back to the reporter");
    let window = stage.on(tablet)?.window()?;
    window.click("sync-now").await?;
    window.click("nav-cases").await?;
    window.click("case-row").await?;
    window.reads("case-state", "已立案").await?;
    stage
        .picture(
            tablet,
            "case-registered",
            "街道已立案 · the reporter sees it",
        )
        .await
}

/// A wrong code, a code used twice, an address where no hub is.
async fn first_start(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    let url = stage.hub.url();
    let window = stage.on(tablet)?.window()?;
    fill_enrolment(window, &url, "AAAA-BBBB-CCCC").await?;
    window.see("enrol-error").await?;
    stage
        .picture(tablet, "wrong-code", "登记码不对 · a wrong code")
        .await?;
    let window = stage.on(tablet)?.window()?;
    fill_enrolment(window, "http://127.0.0.1:9", "AAAA-BBBB-CCCC").await?;
    window.see("enrol-error").await?;
    stage
        .picture(tablet, "unreachable", "连不上服务器 · unreachable")
        .await?;
    let code = stage.hub.code_for("w-0102")?;
    let window = stage.on(tablet)?.window()?;
    fill_enrolment(window, &url, &code).await?;
    window.see("today-report").await?;
    let second = stage.device("second", TABLET).await?;
    let window = stage.on(second)?.window()?;
    fill_enrolment(window, &url, &code).await?;
    window.see("enrol-error").await?;
    stage
        .picture(second, "used-code", "登记码已用过 · a used code")
        .await
}

async fn fill_enrolment(window: &crate::driver::Session, url: &str, code: &str) -> Result<()> {
    for (field, text) in [("enrol-url", url), ("enrol-code", code)] {
        let element = window.see(field).await?;
        element.clear().await?;
        element.send_keys(text).await?;
    }
    window.click("enrol-submit").await
}

/// Every page in light and dark, Chinese and English, large text, tablet and desktop.
async fn every_page(stage: &mut Stage) -> Result<()> {
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
        choose_category(stage.on(tablet)?, initials).await?;
        choose_place(stage.on(tablet)?, "wfl").await?;
        stage.on(tablet)?.window()?.click("send").await?;
        stage.on(tablet)?.window()?.see("today-report").await?;
    }
    let desk = stage.device("desk", DESKTOP).await?;
    enrol(stage, desk, "c-01").await?;
    let looks = [
        ("zh-light", "lang-zh", "theme-light", "text-normal"),
        ("en-dark", "lang-en", "theme-dark", "text-normal"),
        ("zh-dark-large", "lang-zh", "theme-dark", "text-large"),
        ("en-light-large", "lang-en", "theme-light", "text-large"),
    ];
    for (look, language, theme, text) in looks {
        for device in [tablet, desk] {
            let window = stage.on(device)?.window()?;
            window.click("nav-me").await?;
            for choice in [language, theme, text] {
                window.click(choice).await?;
            }
            pages_of(stage, device, look).await?;
        }
    }
    Ok(())
}

async fn pages_of(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    let name = stage.on(device)?.name.clone();
    for page in ["me", "today", "report", "cases", "delivery"] {
        stage
            .on(device)?
            .window()?
            .click(&format!("nav-{page}"))
            .await?;
        stage
            .picture(device, &format!("{page}-{name}-{look}"), page)
            .await?;
    }
    // A clerk has reported nothing; their cases stand at the desk.
    let (list, row) = if name == "desk" {
        ("nav-desk", "desk-row")
    } else {
        ("nav-cases", "case-row")
    };
    let window = stage.on(device)?.window()?;
    window.click(list).await?;
    window.see(row).await?;
    stage
        .picture(device, &format!("list-{name}-{look}"), "list")
        .await?;
    let window = stage.on(device)?.window()?;
    window.click(row).await?;
    window.see("timeline-entry").await?;
    stage
        .picture(device, &format!("case-{name}-{look}"), "case")
        .await
}

async fn enrol(stage: &mut Stage, device: DeviceNo, staff: &str) -> Result<()> {
    let code = stage.hub.code_for(staff)?;
    let url = stage.hub.url();
    let window = stage.on(device)?.window()?;
    fill_enrolment(window, &url, &code).await?;
    window.see("today-report").await?;
    // The city's data has come when the report page knows categories.
    window.click("nav-report").await?;
    window.see("category-chip").await?;
    window.click("nav-today").await?;
    window.see("today-report").await?;
    Ok(())
}

async fn begin_report(device: &Device, photo: &Path) -> Result<()> {
    device.window()?.click("today-report").await?;
    add_photo(device, photo, 1).await
}

async fn add_photo(device: &Device, photo: &Path, expected: usize) -> Result<()> {
    let window = device.window()?;
    let input = window.find("[data-test='photo-input']").await?;
    input.send_keys(photo.display().to_string()).await?;
    window.see_count("[data-test='photo-tile']", expected).await
}

async fn choose_category(device: &Device, initials: &str) -> Result<()> {
    let window = device.window()?;
    window.click("category-more").await?;
    window.type_into("category-search", initials).await?;
    window.click("category-hit").await
}

async fn choose_place(device: &Device, query: &str) -> Result<()> {
    let window = device.window()?;
    window.click("place-choose").await?;
    window.type_into("place-query", query).await?;
    window.click("place-hit").await
}

/// Waits until the page says that what was typed is saved.
async fn settle(device: &Device) -> Result<()> {
    device
        .window()?
        .find("[data-test='saved-mark'][data-saved='true']")
        .await?;
    Ok(())
}

async fn delivered(device: &Device) -> Result<()> {
    let window = device.window()?;
    for mark in ["mark-here", "mark-at-hub", "mark-photos"] {
        window
            .find(&format!(
                "[data-test='delivery-row'] [data-test='{mark}'][data-done='true']"
            ))
            .await?;
    }
    Ok(())
}
