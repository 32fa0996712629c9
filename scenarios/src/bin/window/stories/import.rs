//! 导入: a clerk takes the register over from a table: what is not recognised is chosen, what is wrong
//! is told by row and saved, nothing is written before all is right; then the worker of the grid has
//! it, and the same table once more changes nothing; nor does what the hub exports of it.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use scenarios::sample_city::table;
use shared::ipc::IMPORT_BYTES_MAX;

use super::{
    every_page::{LOOKS, dress, shown},
    steps::{choose_file, sync, to_delivery, worker_and_clerk},
};
use crate::{
    driver::Session,
    stage::{DeviceNo, Stage},
};

/// Rows of the table.
const ROWS: u32 = 1_000;

/// The grid of worker `w-0101`, where it is chosen.
const GRID_OPTION: &str = "#import-grid option[value='329901001001001']";

/// Stands in the table alone, and must not stand on the device in the clear.
const SECRET: &str = "晚上在家";

pub(super) async fn import(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let [tablet, desk] = worker_and_clerk(stage).await?;
    let [wrong, right, picture] = tables(stage)?;

    stage.say("从表格导入 · a table is chosen");
    open(stage, desk).await?;
    shown(stage, desk, "import-choose", "light").await?;
    choose_file(stage, desk, "import-file", &picture).await?;
    stage.on(desk)?.window()?.see("error-notice").await?;
    shown(stage, desk, "import-no-table", "light").await?;
    let large = stage.folder().join("large.xlsx");
    fs::File::create(&large)?.set_len(IMPORT_BYTES_MAX + 1)?;
    choose_file(stage, desk, "import-file", &large).await?;
    let window = stage.on(desk)?.window()?;
    window.reads("error-notice", "50 MB").await?;
    shown(stage, desk, "import-too-large", "light").await?;

    stage.say("有错的行，逐行说明 · what is wrong is told by row");
    choose_file(stage, desk, "import-file", &wrong).await?;
    let window = stage.on(desk)?.window()?;
    window
        .reads("import-table", &format!("{ROWS} 行 · 列名在第 1 行"))
        .await?;
    window.see("import-left-out").await?;
    window.find(GRID_OPTION).await?.click().await?;
    window.reads("import-wrong", "3").await?;
    window.see("import-mistake").await?;
    window.reads("import-row", "138****0000").await?;
    ensure!(
        !window.see("import-run").await?.is_enabled().await?,
        "nothing is imported while a row is wrong"
    );
    shown(stage, desk, "import-wrong", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("import-save").await?;
    window.reads("import-saved", ".csv").await?;
    let saved = fs::read_dir(stage.on(desk)?.data().join("files"))?.next();
    let saved = fs::read_to_string(saved.context("a file was saved")??.path())?;
    ensure!(
        saved.contains("\"12\",\"公民身份号码\""),
        "by row and column: {saved}"
    );
    ensure!(!saved.contains("990101"), "no number is quoted");

    for look in LOOKS {
        for device in [desk, tablet] {
            dress(stage.on(device)?.window()?, look).await?;
        }
        open(stage, desk).await?;
        choose_file(stage, desk, "import-file", &wrong).await?;
        stage.on(desk)?.window()?.see("import-mistake").await?;
        shown(stage, desk, "import-preview", look.0).await?;
    }
    for device in [desk, tablet] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }

    stage.say("改对以后整份导入 · mended, it is imported whole");
    open(stage, desk).await?;
    choose_file(stage, desk, "import-file", &right).await?;
    let window = stage.on(desk)?.window()?;
    window.find(GRID_OPTION).await?.click().await?;
    window.reads("import-residents", &ROWS.to_string()).await?;
    window.reads("import-wrong", "0").await?;
    shown(stage, desk, "import-right", "light").await?;
    stage.hub.stop()?;
    stage.on(desk)?.window()?.click("import-run").await?;
    stage.on(desk)?.window()?.see("import-done").await?;
    shown(stage, desk, "import-done", "light").await?;
    ensure!(
        !stage.on(desk)?.holds_in_clear(SECRET)?,
        "nothing of the table lies on the device in the clear"
    );

    stage.say("没有网络：说的是还有很多待送 · without a network it says that much waits");
    for look in LOOKS {
        let window = stage.on(desk)?.window()?;
        dress(window, look).await?;
        to_delivery(window).await?;
        window
            .find("[data-test='delivery-register'][data-waiting='1001']")
            .await?;
        shown(stage, desk, "import-waits", look.0).await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    stage.hub.start().await?;

    stage.say("网格员同步后就能找到 · the worker finds them after a sync");
    for device in [desk, tablet] {
        sync(stage, device).await?;
    }
    let door = table::door_of(123);
    let window = stage.on(tablet)?.window()?;
    window.click("nav-residents").await?;
    window.type_into("register-search", &door).await?;
    window.reads("register-hit", &door).await?;
    window.click("register-hit").await?;
    window.click("entry").await?;
    window.reads_at(".entry-from", "导入").await?;
    shown(stage, tablet, "import-at-the-door", "light").await?;

    stage.say("同一份表再来一次，什么都不变 · the same table again changes nothing");
    open(stage, desk).await?;
    choose_file(stage, desk, "import-file", &right).await?;
    let window = stage.on(desk)?.window()?;
    window.see("import-nothing").await?;
    shown(stage, desk, "import-again", "light").await?;

    exported(stage, desk).await
}

/// 导出名册: masked unless asked for whole; a file with whole numbers is as good as the table it came from.
async fn exported(stage: &mut Stage, desk: DeviceNo) -> Result<()> {
    stage.say("导出名册：要说用途 · the register is exported for a reason");
    for look in LOOKS {
        dress(stage.on(desk)?.window()?, look).await?;
        residents(stage.on(desk)?.window()?).await?;
        shown(stage, desk, "register-export-button", look.0).await?;
        let window = stage.on(desk)?.window()?;
        window.click("export").await?;
        window.click("sheet-confirm").await?;
        window.see("field-error").await?;
        shown(stage, desk, "register-export", look.0).await?;
        stage.on(desk)?.window()?.click("sheet-cancel").await?;
    }
    dress(stage.on(desk)?.window()?, LOOKS[0]).await?;
    residents(stage.on(desk)?.window()?).await?;
    let window = stage.on(desk)?.window()?;
    window.click("export").await?;
    window.see_count("[data-test='export-fhir']", 0).await?;
    window.click("export-csv").await?;
    window.click("reason-chip").await?;
    window.click("sheet-confirm").await?;
    window.reads("export-made", ".csv").await?;
    shown(stage, desk, "register-exported", "light").await?;
    let window = stage.on(desk)?.window()?;
    window.click("export-numbers").await?;
    window.click("sheet-confirm").await?;
    window.reads("export-made", "-2.csv").await?;
    window.click("sheet-cancel").await?;
    let mut files = Vec::new();
    for file in fs::read_dir(stage.on(desk)?.data().join("files"))? {
        let path = file?.path();
        let name = path.file_name().and_then(|it| it.to_str());
        if name.is_some_and(|it| it.starts_with("register-")) {
            files.push(path);
        }
    }
    files.sort_by_key(|path| path.as_os_str().len());
    let [masked, whole] = files.as_slice() else {
        bail!("two files of the register were kept")
    };
    let number = &table::cells(0)[8];
    ensure!(!fs::read_to_string(masked)?.contains(number), "masked");
    ensure!(fs::read_to_string(whole)?.contains(number), "whole");

    stage.say(
        "导出的名册再导入，什么都不变 · what was exported is imported again, and nothing changes",
    );
    open(stage, desk).await?;
    choose_file(stage, desk, "import-file", whole).await?;
    stage.on(desk)?.window()?.see("import-nothing").await?;
    shown(stage, desk, "register-imported-again", "light").await
}

/// 居民.
async fn residents(window: &Session) -> Result<()> {
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.see("building-row").await?;
    Ok(())
}

/// The page, from 居民.
async fn open(stage: &mut Stage, device: DeviceNo) -> Result<()> {
    let window = stage.on(device)?.window()?;
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.click("to-import").await?;
    window.find("[data-test='import-file']").await?;
    Ok(())
}

/// One with mistakes and a column nobody knows, one without, and a picture.
fn tables(stage: &Stage) -> Result<[PathBuf; 3]> {
    let right = table::csv(0..ROWS);
    let mut lines: Vec<String> = right.lines().map(|it| format!("{it},x")).collect();
    let mut spoil = |row: usize, what: &dyn Fn(&mut [String])| -> Result<()> {
        let line = lines.get_mut(row - 1).context("a row")?;
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        what(&mut cells);
        *line = cells.join(",");
        Ok(())
    };
    let set = |at: usize, to: &'static str| {
        move |cells: &mut [String]| {
            if let Some(cell) = cells.get_mut(at) {
                to.clone_into(cell);
            }
        }
    };
    spoil(1, &set(15, "宗教信仰"))?;
    spoil(12, &set(7, "9.90101E+17"))?;
    spoil(23, &set(8, "138000"))?;
    spoil(34, &set(5, "户主"))?;
    // As spreadsheets of this country write it.
    let text = lines.join("\r\n") + "\r\n";
    let (wrong, _, _) = encoding_rs::GBK.encode(&text);
    let folder = stage.folder();
    let paths = ["wrong.csv", "right.csv", "picture.csv"].map(|name| folder.join(name));
    let [one, two, three] = &paths;
    fs::write(one, &wrong)?;
    fs::write(two, right)?;
    fs::write(three, b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01")?;
    Ok(paths)
}
