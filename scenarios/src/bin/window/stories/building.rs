//! A building itself: what is known of it, who said so, and what somebody must decide.

use anyhow::{Context as _, Result};
use client::Client;
use scenarios::sample_city::register;
use shared::{EntryId, ipc::ChangeEntry, register::EntryKind};

use super::{
    every_page::{LOOKS, dress, shown},
    residents::delivered,
    steps::sync,
};
use crate::stage::{DeviceNo, Stage};

/// 楼栋: what is known of it lies folded below its doors; a press shows a telephone for a reason, another
/// says that all is so; and what two people gave differently is decided before anything else.
pub(super) async fn itself(
    stage: &mut Stage,
    devices: [DeviceNo; 2],
    community: &Client,
    buildings: &[EntryId],
) -> Result<()> {
    stage.say("楼栋资料：物业、楼长、隐患 · what is known of a building");
    let [tablet, desk] = devices;
    let building = *buildings.first().context("a building")?;
    let of_building = [
        ("address", "文峰路12号"),
        ("manager", "云水物业"),
        ("manager_phone", "13800000801"),
        ("steward", "欧阳一帆"),
        ("steward_phone", "13800000802"),
        ("hazards", "一楼东侧有电动车飞线充电"),
    ];
    let write = async |pairs: &[(&str, &str)]| {
        let change = ChangeEntry {
            kind: EntryKind::Building,
            entry: building,
            set: register::set(pairs),
        };
        community.change_entry(change).await
    };
    write(&of_building).await?;
    delivered(community).await?;
    for device in devices {
        sync(stage, device).await?;
    }
    for device in devices {
        for look in LOOKS {
            dress(stage.on(device)?.window()?, look).await?;
            open_building(stage, device).await?;
            shown(stage, device, "building-folded", look.0).await?;
            let window = stage.on(device)?.window()?;
            window.click("entry").await?;
            window.see("entry-unchanged").await?;
            shown(stage, device, "building-open", look.0).await?;
        }
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }
    open_building(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("entry").await?;
    window.reads("masked", "138****0801").await?;
    window.click("reveal").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.reads("revealed", "13800000801").await?;
    window.click("sheet-cancel").await?;
    window.click("entry-unchanged").await?;
    window.reads("toast", "已确认").await?;
    sync(stage, tablet).await?;
    open_building(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("entry").await?;
    window
        .reads_at("[data-test='building-itself'] .entry-from", "确认")
        .await?;

    stage.say("楼长两人说得不同 · two people name another steward");
    stage.hub.stop()?;
    write(&[("steward", "赵半夏")]).await?;
    open_building(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("entry").await?;
    window.click("edit-entry").await?;
    window.click("more-fields").await?;
    window.type_into("steward", "钱见山").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='sheet-confirm']", 0).await?;
    stage.hub.start().await?;
    delivered(community).await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await?;
    for device in devices {
        open_building(stage, device).await?;
        stage.on(device)?.window()?.see("parted").await?;
        shown(stage, device, "building-parted", "light").await?;
    }
    let window = stage.on(tablet)?.window()?;
    window.click("keep-claim").await?;
    window.see_count("[data-test='parted']", 0).await
}

async fn open_building(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("building-row").await?;
    window.see("door-cell").await?;
    Ok(())
}
