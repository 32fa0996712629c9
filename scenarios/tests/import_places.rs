//! A clerk takes 单位/场所 over from a table, the worker of the grid has them, and what the hub exports of
//! them changes nothing where it came from.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::{fmt::Write as _, fs};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use encoding_rs::GBK;
use scenarios::world::{Device, World};
use shared::{
    hub_api::export::{Export, ExportFormat, ExportOf},
    ipc::{
        ExportFile, ImportChoices, ImportCounts, ImportFormat, ImportPreview, ImportTable,
        ImportUpload, ListPlaces, PlacePage, PreviewImport, PutImportChunk, RunImport,
    },
    register::words::Table,
};

const PLACES: u32 = 300;

/// Two buildings, and places in them and beside them; of everything that a file could lose something.
fn tables() -> [String; 2] {
    let buildings = "小区,楼号\n乙园,=2幢\n乙园,3幢\n".to_owned();
    let mut places = "单位名称,统一社会信用代码,类别,地址,小区,楼栋,联系人,联系电话,从业人数,风险隐患,经度,纬度\n\
        =云水面馆,92990100MA90000015,九小场所,-文峰路12号,乙园,=2幢,@欧阳一帆,+8613800000001,6,-2+3,\
        -120.85312345678901,31.9800000000000004\n\
        云水面馆,92990100MB90000017,餐饮,,乙园,=2幢,,,0,,,\n\
        半夏诊所,,诊所,,乙园,3幢,,0513-85001234,,,,\n\
        见山超市,,,西街7号,,,,,,,,\n\
        见山超市,,,西街9号,,,,,,,,\n\
        无处小店,,其他,,,,,,,,,\n"
        .to_owned();
    for number in 6..PLACES {
        writeln!(places, "第{number}店,,商铺,东街{number}号,,,,,,,,").unwrap();
    }
    [buildings, places]
}

async fn hand_in(device: &Device, table: &[u8]) -> (ImportTable, ImportChoices) {
    let chunk = PutImportChunk {
        upload: "table".to_owned(),
        offset: 0,
        total: u64::try_from(table.len()).unwrap(),
        data: STANDARD.encode(table),
    };
    let read = device.client().put_import_chunk(chunk).await.unwrap();
    let ImportUpload::Read { table } = read else {
        panic!("one piece is the whole table")
    };
    let choices = ImportChoices {
        of: table.of,
        columns: table.recognised_as(table.of),
        grid: Some(Device::grid()),
        ..ImportChoices::default()
    };
    (*table, choices)
}

async fn import(device: &Device, table: &[u8]) -> ImportCounts {
    let (_, choices) = hand_in(device, table).await;
    let run = RunImport {
        choices,
        leave_out: false,
    };
    device.client().run_import(run).await.unwrap().counts
}

async fn preview(device: &Device, table: &[u8], replace: bool) -> ImportPreview {
    let (table, choices) = hand_in(device, table).await;
    assert_eq!(table.of, Table::Places);
    let choices = ImportChoices { replace, ..choices };
    let asked = PreviewImport { choices };
    device.client().preview_import(asked).await.unwrap()
}

/// The places as a file of the hub's.
async fn export(device: &Device, format: ExportFormat, numbers: bool) -> Vec<u8> {
    let export = Export {
        of: ExportOf::PLACES,
        format,
        reason: "社区自查".to_owned(),
        numbers,
    };
    let saved = device.client().export_file(ExportFile { export }).await;
    fs::read(saved.unwrap().path).unwrap()
}

async fn listed(device: &Device) -> PlacePage {
    let wanted = ListPlaces {
        limit: 10,
        ..ListPlaces::default()
    };
    device.client().list_places(wanted).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_of_a_clerk_reach_the_worker_and_what_is_exported_is_nothing_new() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let other = world.device("w-0102").await.unwrap();
    let [buildings, places] = tables();
    import(&clerk, buildings.as_bytes()).await;
    // As spreadsheets of this country write it.
    let (gbk, ..) = GBK.encode(&places);
    let (table, _) = hand_in(&clerk, &gbk).await;
    assert_eq!(
        (table.format, table.of),
        (ImportFormat::Gb18030, Table::Places)
    );
    let counts = import(&clerk, &gbk).await;
    assert_eq!((counts.places, counts.rows), (PLACES, PLACES));
    for device in [&clerk, &worker, &other] {
        device.syncs_until_delivered(20).await.unwrap();
    }
    assert_eq!(listed(&worker).await.total, PLACES);
    assert_eq!(listed(&other).await.total, 0);

    let nothing_new = ImportCounts {
        rows: PLACES,
        unchanged: PLACES,
        ..ImportCounts::default()
    };
    for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
        let file = export(&clerk, format, true).await;
        for replace in [false, true] {
            let again = preview(&clerk, &file, replace).await;
            assert_eq!(
                (again.mistakes, again.counts),
                (0, nothing_new),
                "{format:?}"
            );
        }
    }
    let masked = export(&clerk, ExportFormat::Csv, false).await;
    let refused = preview(&clerk, &masked, false).await;
    assert_eq!(refused.wrong_rows, 2, "masked numbers are no numbers");

    let elsewhere = World::new().await.unwrap();
    let desk = elsewhere.device("c-01").await.unwrap();
    import(&desk, buildings.as_bytes()).await;
    let file = export(&clerk, ExportFormat::Csv, true).await;
    assert_eq!(import(&desk, &file).await.places, PLACES);
    desk.syncs_until_delivered(20).await.unwrap();
    assert_eq!(
        String::from_utf8(export(&desk, ExportFormat::Csv, true).await).unwrap(),
        String::from_utf8(file).unwrap(),
        "in another hub they are the same"
    );
}
