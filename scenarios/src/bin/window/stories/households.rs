//! Households: who moves out, moves, splits off, joins; two heads; and people who stand in the register
//! twice. In the real window, in the looks people use.

use anyhow::{Context, Result};
use client::Client;
use scenarios::sample_city::register;
use shared::{EntryId, GridCode, ipc::ChangeEntry, register::EntryKind};

use super::{
    every_page::{LOOKS, dress, shown},
    residents::{GRID, community, delivered, open_door},
    steps::{sync, worker_and_clerk},
};
use crate::{
    driver::Session,
    stage::{DeviceNo, Stage},
};

pub(super) async fn households(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let [tablet, desk] = worker_and_clerk(stage).await?;
    let community = community(stage).await?;
    let entered = register::enter(&community, &GridCode::from(GRID), 1).await?;
    twins(&community, &entered).await?;
    delivered(&community).await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }

    stage.say("迁出，又撤销 · somebody moves out, and it is taken back");
    // Three live behind this door: a head, a spouse, a child.
    open_door(stage, tablet, "1-1-201").await?;
    let window = stage.on(tablet)?.window()?;
    window.see_count(HERE, 3).await?;
    window.click("entry").await?;
    window.click("resident-leave").await?;
    window.see("leave-on").await?;
    window.type_into("leave-note", "迁往外地").await?;
    shown(stage, tablet, "leave", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("head-left").await?;
    window.click("sheet-confirm").await?;
    window.see_count(HERE, 2).await?;
    shown(stage, tablet, "left", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("toast-undo").await?;
    window.see_count(HERE, 3).await?;

    stage.say("分户 · some become a household of their own");
    let window = stage.on(tablet)?.window()?;
    window.click("household-split").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    window
        .click_on("[data-test='arrange-member']:nth-child(2)")
        .await?;
    window
        .click_on("[data-test='arrange-member']:nth-child(3)")
        .await?;
    window.click("head-new").await?;
    shown(stage, tablet, "split", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='household']", 2).await?;
    shown(stage, tablet, "two-households", "light").await?;

    stage.say("并户 · and one again");
    let window = stage.on(tablet)?.window()?;
    window.click("household-join").await?;
    window.see("join-into").await?;
    shown(stage, tablet, "join", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-confirm").await?;
    window.see_count(".section-name.entry-gone", 1).await?;

    stage.say("整户搬到另一扇门 · all of it moves to another door");
    open_door(stage, tablet, "1-1-301").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("household-move").await?;
    window.type_into("move-search", "1-1-102").await?;
    window.reads("move-hit", "1-1-102").await?;
    shown(stage, tablet, "whereto", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("move-hit").await?;
    window.click("move-new").await?;
    shown(stage, tablet, "move", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='household']", 0).await?;
    open_door(stage, tablet, "1-1-102").await?;
    let window = stage.on(tablet)?.window()?;
    window.see_count("[data-test='household']", 2).await?;

    stage.say("填第二位户主，当场说明 · a second head is told where it is entered");
    open_door(stage, tablet, "1-1-202").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("add-resident").await?;
    window.type_into("name", "尤新来").await?;
    choose(window, "relation", "head").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    shown(stage, tablet, "second-head", "light").await?;
    stage.on(tablet)?.window()?.click("sheet-cancel").await?;

    stage.say("两台平板各定了一位户主 · each of two tablets named a head");
    let head = entered
        .residents
        .get(13)
        .context("who is head behind 1-1-402")?;
    relation(&community, *head, "8").await?;
    delivered(&community).await?;
    sync(stage, tablet).await?;
    stage.hub.stop()?;
    relation(&community, *head, "head").await?;
    open_door(stage, tablet, "1-1-402").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("entry").await?;
    window.click("edit-entry").await?;
    choose(window, "relation", "head").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='sheet-confirm']", 0).await?;
    stage.hub.start().await?;
    delivered(&community).await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }
    open_door(stage, tablet, "1-1-402").await?;
    stage.on(tablet)?.window()?.see("two-heads").await?;

    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
        }
        pages(stage, tablet, desk, look.0).await?;
    }
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }

    stage.say("不是同一人；是同一人 · two people; one person");
    let window = stage.on(desk)?.window()?;
    window.click("nav-residents").await?;
    window.click("to-duplicates").await?;
    window.see_count("[data-test='pair']", 2).await?;
    window.click("not-same").await?;
    window.see_count("[data-test='pair']", 1).await?;
    window.click("same").await?;
    window.see_count("[data-test='pair']", 0).await?;
    shown(stage, desk, "no-duplicates", "light").await?;
    open_door(stage, desk, "1-1-602").await?;
    let window = stage.on(desk)?.window()?;
    window
        .click_on("[data-test='entry']:has([data-test='merged']) summary")
        .await?;
    window.see("unmerge").await?;
    shown(stage, desk, "merged", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("unmerge").await?;
    window.see_count("[data-test='merged']", 0).await
}

/// Who is there behind an open door.
const HERE: &str = "[data-test='entry'][data-kind='resident'] .row-title:not(.entry-gone)";

/// What is to be seen in each look.
async fn pages(stage: &mut Stage, tablet: DeviceNo, desk: DeviceNo, look: &str) -> Result<()> {
    open_door(stage, tablet, "1-1-402").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("entry").await?;
    window.see("resident-leave").await?;
    shown(stage, tablet, "two-heads", look).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("resident-move").await?;
    window.type_into("move-search", "1-1-102").await?;
    window.click("move-hit").await?;
    window.click("move-household").await?;
    shown(stage, tablet, "move", look).await?;
    stage.on(tablet)?.window()?.click("sheet-cancel").await?;
    let window = stage.on(desk)?.window()?;
    window.click("nav-residents").await?;
    window.see("to-duplicates").await?;
    shown(stage, desk, "list", look).await?;
    let window = stage.on(desk)?.window()?;
    window.click("to-duplicates").await?;
    window.see("pair").await?;
    shown(stage, desk, "duplicates", look).await
}

/// Two who have one number, behind two doors; two who have name and birth, behind one.
async fn twins(client: &Client, entered: &register::Entered) -> Result<()> {
    let household = |at: usize| entered.households.get(at).context("a household");
    let number = "990101199003070015";
    for (at, fields) in [
        (
            0,
            [
                ("name", "钱同"),
                ("id_no", number),
                ("phone", "13800007771"),
                ("work", "木匠"),
            ],
        ),
        (
            9,
            [
                ("name", "钱桐"),
                ("id_no", number),
                ("phone", "13800007772"),
                ("sex", "1"),
            ],
        ),
        (
            10,
            [
                ("name", "韩两"),
                ("birth", "1990-03-07"),
                ("ethnic", "01"),
                ("work", "教师"),
            ],
        ),
        (
            10,
            [
                ("name", "韩两"),
                ("birth", "1990-03-07"),
                ("ethnic", "01"),
                ("phone", "13800007773"),
            ],
        ),
    ] {
        let of = household(at)?.to_string();
        let mut set = register::set(&fields);
        set.extend(register::set(&[("household", &of)]));
        register::add(client, EntryKind::Resident, set).await?;
    }
    Ok(())
}

async fn relation(client: &Client, entry: EntryId, to: &str) -> Result<()> {
    client
        .change_entry(ChangeEntry {
            kind: EntryKind::Resident,
            entry,
            set: register::set(&[("relation", to)]),
        })
        .await?;
    Ok(())
}

async fn choose(window: &Session, name: &str, value: &str) -> Result<()> {
    window
        .click_on(&format!("[data-test='{name}'] option[value='{value}']"))
        .await
}
