//! 单位/场所: entered at the counter and from the building, found, shown for a reason, confirmed, disputed;
//! taken over from a table, and exported. In the real window, in the looks people use.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use client::Client;
use scenarios::sample_city::register;
use shared::{
    EntryId, GridCode,
    ipc::{ChangeEntry, ListPlaces},
    register::EntryKind,
};

use super::{
    every_page::{LOOKS, dress, shown},
    residents::{GRID, community, delivered},
    steps::{choose_file, sync, worker_and_clerk},
};
use crate::stage::{DeviceNo, Stage};

/// Rows of the table.
const ROWS: u32 = 120;

/// A telephone of the table, to be masked.
const PHONE: &str = "13800000901";

/// Stands on the card of the first shop.
const RISKS: &str = "液化气瓶放在灶台边";

pub(super) async fn places(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let devices = worker_and_clerk(stage).await?;
    let [tablet, desk] = devices;
    stage.say("还没有登记单位场所 · no places yet");
    open_list(stage, tablet).await?;
    shown(stage, tablet, "empty", "light").await?;
    let community = community(stage).await?;
    register::enter(&community, &GridCode::from(GRID), 2).await?;
    delivered(&community).await?;
    for device in devices {
        sync(stage, device).await?;
    }

    entered(stage, tablet).await?;
    let [wrong, right] = tables(stage)?;
    imported(stage, desk, &wrong, &right).await?;
    for device in [desk, tablet] {
        sync(stage, device).await?;
    }
    // What the tablet entered and the desk imported is here and there.
    for device in devices {
        open_list(stage, device).await?;
        let total = (ROWS + 2).to_string();
        stage
            .on(device)?
            .window()?
            .reads("places-figures", &total)
            .await?;
    }
    for look in LOOKS {
        for device in devices {
            dress(stage.on(device)?.window()?, look).await?;
            pages(stage, device, look.0).await?;
        }
    }
    for device in devices {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }
    found(stage, tablet).await?;
    on_its_card(stage, devices, &community).await?;
    exported(stage, desk, &right).await
}

/// 单位场所, from 居民.
async fn open_list(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("to-places").await?;
    window.see("places-figures").await?;
    Ok(())
}

/// The first building, from 居民.
async fn open_building(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("building-row").await?;
    window.see("places-of").await?;
    Ok(())
}

/// Without a network: one from the list, one from the building it stands in.
async fn entered(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    stage.say("没有网络也能登记 · entered without a network");
    stage.hub.stop()?;
    open_list(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("add-place").await?;
    window.type_into("contact_phone", "138").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    shown(stage, tablet, "wrong", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.type_into("name", "街角修车铺").await?;
    window.click("kind-shop").await?;
    window.type_into("address", "文峰路9号").await?;
    // After what stands there.
    window.type_into("contact_phone", "00000777").await?;
    window.click("sheet-confirm").await?;
    window.reads("place-row", "街角修车铺").await?;

    open_building(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("add-place").await?;
    window.type_into("name", "云水雅苑物业服务处").await?;
    window.click("kind-company").await?;
    shown(stage, tablet, "new", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("sheet-confirm").await?;
    window.reads("place-row", "云水雅苑物业服务处").await?;
    shown(stage, tablet, "building", "light").await?;
    stage.hub.start().await?;
    sync(stage, tablet).await
}

/// A table of the market office: what is wrong is told by row and column, and it is imported whole.
async fn imported(stage: &mut Stage, desk: DeviceNo, wrong: &Path, right: &Path) -> Result<()> {
    stage.say("从表格导入单位场所 · places are imported from a table");
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        open_import(stage, desk).await?;
        choose_file(stage, desk, "import-file", wrong).await?;
        let window = stage.on(desk)?.window()?;
        window.see("import-mistake").await?;
        window.reads("import-wrong", "3").await?;
        ensure!(
            window
                .find("[data-test='import-of-places']")
                .await?
                .is_selected()
                .await?,
            "the columns say that it is places"
        );
        shown(stage, desk, "import", look.0).await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    open_import(stage, desk).await?;
    choose_file(stage, desk, "import-file", right).await?;
    let window = stage.on(desk)?.window()?;
    window.reads("import-places", &ROWS.to_string()).await?;
    window.reads("import-wrong", "0").await?;
    window.click("import-of-residents").await?;
    window.see("import-residents").await?;
    window.click("import-of-places").await?;
    window.reads("import-places", &ROWS.to_string()).await?;
    window.click("import-run").await?;
    window.see("import-done").await?;
    shown(stage, desk, "imported", "light").await?;
    ensure!(
        !stage.on(desk)?.holds_in_clear(RISKS)?,
        "nothing of the table lies on the device in the clear"
    );

    stage.say("同一份表再来一次，什么都不变 · the same table again changes nothing");
    open_import(stage, desk).await?;
    choose_file(stage, desk, "import-file", right).await?;
    stage.on(desk)?.window()?.see("import-nothing").await?;
    shown(stage, desk, "import-again", "light").await
}

async fn open_import(stage: &mut Stage, desk: DeviceNo) -> Result<()> {
    let window = stage.on(desk)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("to-import").await?;
    window.find("[data-test='import-file']").await?;
    Ok(())
}

/// The list, a kind of it, one more page, a building, a card, its sheet.
async fn pages(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    open_list(stage, device).await?;
    let window = stage.on(device)?.window()?;
    window.see_count("[data-test='place-row']", 50).await?;
    shown(stage, device, "list", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("places-more").await?;
    window.see_count("[data-test='place-row']", 100).await?;
    window.click("place-kind-clinic").await?;
    window.see_count("[data-test='place-row']", 1).await?;
    shown(stage, device, "kind", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("place-kind-any").await?;
    window.type_into("place-search", "xxx").await?;
    window.see_count("[data-test='place-row']", 0).await?;
    shown(stage, device, "none", look).await?;
    open_building(stage, device).await?;
    shown(stage, device, "building-of", look).await?;
    open_card(stage, device, "云水面馆").await?;
    shown(stage, device, "card", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("edit-entry").await?;
    window.see("sheet-confirm").await?;
    shown(stage, device, "edit", look).await?;
    stage.on(device)?.window()?.click("sheet-cancel").await
}

/// One by its name, from the list.
async fn open_card(stage: &mut Stage, device: DeviceNo, name: &str) -> Result<()> {
    open_list(stage, device).await?;
    let window = stage.on(device)?.window()?;
    window.type_into("place-search", name).await?;
    window.see_count("[data-test='place-row']", 1).await?;
    window.click("place-row").await?;
    window.see("entry-history").await?;
    Ok(())
}

/// In the one box, as people think of it.
async fn found(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    stage.say("一个框里就能找到 · found in the one box");
    for typed in ["云水面馆", "ysmg", "yunshuimian", "0901", "文峰路12"] {
        let window = stage.on(tablet)?.window()?;
        window.click("nav-today").await?;
        window.click("nav-residents").await?;
        window.type_into("register-search", typed).await?;
        window.reads("register-hit", "云水面馆").await?;
    }
    shown(stage, tablet, "found", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("register-hit").await?;
    window.see("entry-history").await?;
    window.see("to-building").await?;
    Ok(())
}

/// Shown for a reason, confirmed with one press, and what two people gave differently is decided.
async fn on_its_card(
    stage: &mut Stage,
    [tablet, desk]: [DeviceNo; 2],
    community: &Client,
) -> Result<()> {
    stage.say("看电话要说为什么，无变化一按 · a telephone for a reason, unchanged with one press");
    open_card(stage, tablet, "云水面馆").await?;
    let window = stage.on(tablet)?.window()?;
    window.reads("masked", "138****0901").await?;
    window.click("reveal").await?;
    window.click("sheet-confirm").await?;
    window.see("field-error").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.reads("revealed", PHONE).await?;
    window.click("sheet-cancel").await?;
    window.click("entry-unchanged").await?;
    window.reads("toast", "已确认").await?;
    window.reads_at(".entry-from", "确认").await?;

    stage.say("联系人两人说得不同 · two people name another contact");
    sync(stage, tablet).await?;
    let shop = shop(community).await?;
    stage.hub.stop()?;
    let change = ChangeEntry {
        kind: EntryKind::Place,
        entry: shop,
        set: register::set(&[("contact", "赵半夏")]),
    };
    community.change_entry(change).await?;
    open_card(stage, tablet, "云水面馆").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("edit-entry").await?;
    window.paste("contact", "钱见山").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='sheet-confirm']", 0).await?;
    stage.hub.start().await?;
    delivered(community).await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }
    for device in [tablet, desk] {
        open_card(stage, device, "云水面馆").await?;
        stage.on(device)?.window()?.see("parted").await?;
        shown(stage, device, "parted", "light").await?;
    }
    let window = stage.on(tablet)?.window()?;
    window.click("keep-claim").await?;
    window.see_count("[data-test='parted']", 0).await?;
    window.click("entry-history").await?;
    window.see("did-looked").await?;
    shown(stage, tablet, "history", "light").await?;
    let window = stage.on(tablet)?.window()?;
    window.click("history-back").await?;
    window.see("entry-unchanged").await?;
    sync(stage, tablet).await?;
    sync(stage, desk).await
}

/// The shop, as the community's own device has it.
async fn shop(community: &Client) -> Result<EntryId> {
    delivered(community).await?;
    let wanted = ListPlaces {
        text: "云水面馆".to_owned(),
        limit: 2,
        ..ListPlaces::default()
    };
    let page = community.list_places(wanted).await?;
    Ok(page.rows.first().context("the shop")?.id)
}

/// 导出: in the looks people use; and with whole numbers it is as good as the register it came from.
async fn exported(stage: &mut Stage, desk: DeviceNo, right: &Path) -> Result<()> {
    stage.say("导出单位场所，再导入什么都不变 · exported, and imported again nothing changes");
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        open_list(stage, desk).await?;
        let window = stage.on(desk)?.window()?;
        window.click("export").await?;
        window.see("export-of-places").await?;
        shown(stage, desk, "export", look.0).await?;
        stage.on(desk)?.window()?.click("sheet-cancel").await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    open_list(stage, desk).await?;
    let window = stage.on(desk)?.window()?;
    window.click("export").await?;
    window.click("export-csv").await?;
    window.click("export-numbers").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.reads("export-made", "places-").await?;
    window.click("sheet-cancel").await?;
    let mut files = Vec::new();
    for file in fs::read_dir(stage.on(desk)?.data().join("files"))? {
        let path = file?.path();
        let name = path.file_name().and_then(|it| it.to_str());
        if name.is_some_and(|it| it.starts_with("places-")) {
            files.push(path);
        }
    }
    let [file] = files.as_slice() else {
        bail!("one file of places was kept")
    };
    ensure!(fs::read_to_string(file)?.contains(PHONE), "whole");
    open_import(stage, desk).await?;
    choose_file(stage, desk, "import-file", file).await?;
    stage.on(desk)?.window()?.see("import-nothing").await?;
    shown(stage, desk, "exported-again", "light").await?;
    open_import(stage, desk).await?;
    choose_file(stage, desk, "import-file", right).await?;
    // The contact that was decided is another one than the table's.
    stage
        .on(desk)?
        .window()?
        .reads("import-differing", "1")
        .await
}

/// One with mistakes as spreadsheets of this country write it, and one without.
fn tables(stage: &Stage) -> Result<[PathBuf; 2]> {
    let mut right =
        "单位名称,统一社会信用代码,类别,地址,小区,楼栋,联系人,联系电话,从业人数,风险隐患,网格\r\n"
            .to_owned();
    write!(
        right,
        "云水面馆,92990100MA90000015,九小场所,文峰路12号,云水雅苑,1号楼,欧阳一帆,{PHONE},6人,{RISKS},\r\n\
         半夏诊所,92990100MA90000028,诊所,,云水雅苑,2幢,韩半夏,0513-85001234,4,,\r\n"
    )?;
    for number in 2..ROWS {
        write!(right, "第{number}店,,商铺,西街{number}号,,,,,,,{GRID}\r\n")?;
    }
    let wrong = right
        .replacen("92990100MA90000015", "92990100MA90000016", 1)
        .replacen("2幢", "9幢", 1)
        .replacen("西街2号,,,,", "西街2号,,,,138000", 1);
    let (gbk, ..) = encoding_rs::GBK.encode(&wrong);
    let paths = ["places-wrong.csv", "places-right.csv"].map(|name| stage.folder().join(name));
    let [one, two] = &paths;
    fs::write(one, &gbk)?;
    fs::write(two, &right)?;
    Ok(paths)
}
