//! 居民: found, opened, confirmed with one press, changed, looked at for a reason, entered anew; and what
//! two people gave differently. In the real window, in the looks people use.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use client::{Client, Clock, FileKeys, Options, SystemClock};
use scenarios::sample_city::register;
use shared::{
    EntryId, GridCode,
    ipc::{ChangeControl, ChangeEntry, EnrolDevice},
    register::{EntryKind, FieldValue, Fields},
};

use super::{
    building,
    every_page::{LOOKS, dress, shown},
    finding,
    steps::{sync, worker_and_clerk},
};
use crate::stage::{DeviceNo, Stage};

/// The grid of worker `w-0101`.
pub(super) const GRID: &str = "329901001001001";

pub(super) async fn residents(stage: &mut Stage) -> Result<()> {
    stage.hub.load_form("packs/forms/vaccination.xlsx")?;
    stage.hub.start().await?;
    let [tablet, desk] = worker_and_clerk(stage).await?;

    stage.say("还没有名册 · nothing is registered yet");
    let window = stage.on(tablet)?.window()?;
    window.click("nav-residents").await?;
    window.see("add-building").await?;
    shown(stage, tablet, "empty", "light").await?;

    stage.say("社区登记名册 · the community enters the register");
    let community = community(stage).await?;
    let entered = register::enter(&community, &GridCode::from(GRID), 2).await?;
    // The head of the household behind 1-1-602, whose door the pictures open.
    let resident = entered.residents.get(19).context("somebody lives there")?;
    manage(&community, *resident).await?;
    delivered(&community).await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }

    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            pages(stage, device, look.0).await?;
        }
    }
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }

    finding::one_box(stage, [tablet, desk]).await?;
    building::itself(stage, [tablet, desk], &community, &entered.buildings).await?;

    stage.say("一按：见面，无变化 · one press: met, nothing changed");
    open_door(stage, tablet, "1-1-302").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("door-unchanged").await?;
    window.reads("door-state", "已见面").await?;
    window.see("visit").await?;

    stage.say("未遇 · nobody opened");
    open_door(stage, tablet, "1-1-401").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("door-not-home").await?;
    window.reads("door-state", "未遇").await?;
    window.click("to-building").await?;
    window.see("door-cell").await?;
    shown(stage, tablet, "round", "light").await?;

    stage.say("看号码要说为什么 · a number is shown for a reason");
    open_door(stage, tablet, "1-1-102").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("entry").await?;
    window.click("reveal").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.see("revealed").await?;
    shown(stage, tablet, "revealed", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-cancel").await?;

    managed(stage, [tablet, desk]).await?;

    stage.say("填错的，指到那一项 · what is wrong is told at its field");
    let window = stage.on(tablet)?.window()?;
    window.click("edit-entry").await?;
    window.type_into("id_no", "110101199003070012").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    shown(stage, tablet, "wrong", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-cancel").await?;

    stage.say("两人填得不同 · two people disagree");
    stage.hub.stop()?;
    let resident = entered.residents.first().context("somebody lives there")?;
    change(&community, *resident, "phone", "13900000002").await?;
    change(&community, *resident, "name", "田小河").await?;
    open_door(stage, tablet, "1-1-101").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("entry").await?;
    window.click("edit-entry").await?;
    window.type_into("phone", "13900000001").await?;
    window.paste("name", "田晓荷").await?;
    window.click("sheet-confirm").await?;
    stage.hub.start().await?;
    delivered(&community).await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await?;
    for device in [tablet, desk] {
        open_door(stage, device, "1-1-101").await?;
        stage.on(device)?.window()?.see("parted").await?;
        shown(stage, device, "parted", "light").await?;
    }
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            inbox(stage, device).await?;
            shown(stage, device, "disputes", look.0).await?;
        }
    }
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }

    stage.say(
        "没有网络也能决定，是谁由社区定 · decided without a network; who somebody is, by the clerk",
    );
    stage.hub.stop()?;
    inbox(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.see("clerk-decides").await?;
    window.see_count("[data-test='keep-claim']", 2).await?;
    window.click("keep-claim").await?;
    window.see_count("[data-test='keep-claim']", 0).await?;
    inbox(stage, desk).await?;
    let window = stage.on(desk)?.window()?;
    window.see_count("[data-test='keep-claim']", 4).await?;
    window.click("keep-claim").await?;
    window.see_count("[data-test='keep-claim']", 2).await?;
    stage.hub.start().await?;
    for device in [desk, tablet] {
        sync(stage, device).await?;
    }
    open_door(stage, tablet, "1-1-101").await?;
    let window = stage.on(tablet)?.window()?;
    window.reads("door-state", "待走访").await?;

    stage.say("谁看过号码，居民可以问 · who looked at a number, and why");
    for device in [tablet, desk] {
        history(stage, device, "1-1-102").await?;
        let window = stage.on(device)?.window()?;
        window.see("did-looked").await?;
        window.see("did-entered").await?;
        shown(stage, device, "looked", "light").await?;
        for look in LOOKS {
            dress(stage.on(device)?.window()?, look).await?;
            history(stage, device, "1-1-101").await?;
            stage.on(device)?.window()?.see("history-parallel").await?;
            shown(stage, device, "entry-history", look.0).await?;
        }
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }

    stage.say(
        "疫苗接种，从人开始，姓名已经填好 · vaccination, begun from the person, the name is there",
    );
    open_door(stage, tablet, "1-1-201").await?;
    let window = stage.on(tablet)?.window()?;
    // Four presses behind the door: the person, the form, the status, and that it is finished; with what
    // was not done one more for the reason.
    window.click("entry").await?;
    window.click("entry-form").await?;
    window.click("choice-not_done").await?;
    window.click("choice-unwilling").await?;
    shown(stage, tablet, "vaccination", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("fill-finish").await?;
    // Back at the door.
    window.see("door-state").await?;
    window.click("entry").await?;
    window.see("record-row").await?;
    shown(stage, tablet, "record", "light").await?;

    stage.say("登记一位新居民 · somebody new");
    open_door(stage, tablet, "1-1-101").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("add-resident").await?;
    window.type_into("name", "曾新来").await?;
    shown(stage, tablet, "new", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-confirm").await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-residents").await?;
    // As the surname is read, and as the character mostly is.
    for typed in ["zengxinlai", "zxl", "cxl", "xinlai"] {
        window.type_into("register-search", typed).await?;
        window.reads("register-hit", "曾新来").await?;
        window.click("nav-today").await?;
        window.click("nav-residents").await?;
    }
    Ok(())
}

/// The list, a search, a building, a door, and a resident whole.
async fn pages(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-residents").await?;
    window.see("building-row").await?;
    shown(stage, device, "list", look).await?;
    let window = stage.on(device)?.window()?;
    window.type_into("register-search", "z").await?;
    window.see("register-hit").await?;
    shown(stage, device, "search", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("building-row").await?;
    window.see("door-cell").await?;
    shown(stage, device, "building", look).await?;
    let window = stage.on(device)?.window()?;
    window
        .click_on("[data-test='door-cell'][data-state='due']")
        .await?;
    window.see("entry").await?;
    shown(stage, device, "door", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("entry").await?;
    window.see("edit-entry").await?;
    shown(stage, device, "resident", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("edit-entry").await?;
    window.see("sheet-confirm").await?;
    shown(stage, device, "edit", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("more-fields").await?;
    let ethnic = window.see("ethnic").await?;
    ethnic.scroll_into_view().await?;
    shown(stage, device, "edit-all", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("sheet-cancel").await?;
    window.click("control").await?;
    window.see("control-reason").await?;
    shown(stage, device, "control-why", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window
        .see_count("[data-test='control-drugs'][aria-pressed='true']", 1)
        .await?;
    shown(stage, device, "control", look).await?;
    stage.on(device)?.window()?.click("sheet-cancel").await
}

/// 重点管理: asked for with a reason, written on the tablet, and read at the desk.
async fn managed(stage: &mut Stage, [tablet, desk]: [DeviceNo; 2]) -> Result<()> {
    stage.say("重点管理，说了为什么才看得到 · management tags are shown for a reason");
    let window = stage.on(tablet)?.window()?;
    window.click("control").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    window.see_count("[data-test='control-known']", 0).await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.see("control-none").await?;
    shown(stage, tablet, "control-none", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("control-released").await?;
    window.type_into("control-officer", "司法所").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='control-known']", 0).await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await?;
    open_door(stage, desk, "1-1-102").await?;
    let window = stage.on(desk)?.window()?;
    window.click("entry").await?;
    window.click("control").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window
        .see_count("[data-test='control-released'][aria-pressed='true']", 1)
        .await?;
    window.click("sheet-cancel").await?;
    // Back at the door on the tablet, with its card open.
    open_door(stage, tablet, "1-1-102").await?;
    stage.on(tablet)?.window()?.click("entry").await
}

pub(super) async fn open_door(stage: &mut Stage, device: DeviceNo, door: &str) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.type_into("register-search", door).await?;
    window.reads("register-hit", door).await?;
    window.click("register-hit").await?;
    window.see("door-state").await?;
    Ok(())
}

/// A worker and a clerk of a grid in whose two buildings people live.
pub(super) async fn moved_in(stage: &mut Stage) -> Result<[DeviceNo; 2]> {
    let devices = worker_and_clerk(stage).await?;
    let community = community(stage).await?;
    register::enter(&community, &GridCode::from(GRID), 2).await?;
    delivered(&community).await?;
    for device in devices {
        sync(stage, device).await?;
    }
    Ok(devices)
}

/// The community's own device, without a window.
pub(super) async fn community(stage: &Stage) -> Result<Client> {
    without_window(stage, "community", Arc::new(SystemClock::new()), "c-01").await
}

/// A device of somebody's, without a window.
pub(super) async fn without_window(
    stage: &Stage,
    name: &str,
    clock: Arc<dyn Clock>,
    staff: &str,
) -> Result<Client> {
    let folder = stage.folder().join(name);
    std::fs::create_dir_all(&folder)?;
    let client = Client::open(Options {
        keys: Arc::new(FileKeys::new(&folder)),
        data_dir: folder,
        clock,
        device_name: name.to_owned(),
        app_version: "0".to_owned(),
    })
    .await;
    client
        .enrol_device(EnrolDevice {
            hub_url: stage.hub.url(),
            code: stage.hub.code_for(staff)?,
        })
        .await?;
    delivered(&client).await?;
    Ok(client)
}

pub(super) async fn delivered(client: &Client) -> Result<()> {
    for _ in 0..10 {
        if client.sync_once().await?.is_complete() {
            return Ok(());
        }
    }
    bail!("not everything was delivered")
}

/// What the community has on file of somebody.
async fn manage(client: &Client, resident: EntryId) -> Result<()> {
    let flag = |tag: &str| (tag.into(), Some(FieldValue::Flag(true)));
    let mut set = Fields::from([flag("control:drugs"), flag("control:petition")]);
    set.extend(register::set(&[
        ("officer", "禁毒社工站"),
        ("note", "每月上旬见一面"),
    ]));
    client
        .change_control(ChangeControl { resident, set })
        .await?;
    Ok(())
}

/// 待决定, from where the register says that there is something.
async fn inbox(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-residents").await?;
    window.click("to-conflicts").await?;
    window.see("conflict-entry").await?;
    window.see_count("[data-test='parted']", 2).await
}

/// 完整历史 of the first behind a door.
async fn history(stage: &mut Stage, device: DeviceNo, door: &str) -> Result<()> {
    open_door(stage, device, door).await?;
    let window = stage.on(device)?.window()?;
    window.click_on("[data-test='entry'] summary").await?;
    window.click("entry-history").await
}

async fn change(client: &Client, entry: EntryId, field: &str, to: &str) -> Result<()> {
    client
        .change_entry(ChangeEntry {
            kind: EntryKind::Resident,
            entry,
            set: register::set(&[(field, to)]),
        })
        .await?;
    Ok(())
}
