//! A clerk takes the register over from a table, and the worker of the grid has it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use scenarios::{
    sample_city::{
        register::{add, set},
        table,
    },
    world::{Device, World},
};
use shared::{
    hub_api::export::{Export, ExportFormat, ExportOf},
    ipc::{
        ExportFile, GetDelivery, GetDoor, ImportChoices, ImportCounts, ImportDone, ImportPreview,
        ImportUpload, ListBuildings, MergeResidents, PreviewImport, PutImportChunk, RunImport,
        SearchRegister,
    },
    register::EntryKind,
};

/// Hands in a table, to be taken over as it is recognised.
async fn hand_in(device: &Device, table: &[u8]) -> ImportChoices {
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
    ImportChoices {
        of: table.of,
        columns: table.recognised_as(table.of),
        grid: Some(Device::grid()),
        ..ImportChoices::default()
    }
}

/// Hands in a table and takes it over.
async fn import(device: &Device, table: &[u8]) -> ImportDone {
    let choices = hand_in(device, table).await;
    let run = RunImport {
        choices,
        leave_out: false,
    };
    device.client().run_import(run).await.unwrap()
}

/// What would come of a table.
async fn preview(device: &Device, table: &[u8], replace: bool) -> ImportPreview {
    let choices = ImportChoices {
        replace,
        ..hand_in(device, table).await
    };
    let asked = PreviewImport { choices };
    device.client().preview_import(asked).await.unwrap()
}

/// The register as a file of the hub's.
async fn export(device: &Device, format: ExportFormat, numbers: bool) -> Vec<u8> {
    let export = Export {
        of: ExportOf::REGISTER,
        format,
        reason: "社区自查".to_owned(),
        numbers,
    };
    let saved = device.client().export_file(ExportFile { export }).await;
    fs::read(saved.unwrap().path).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_rows_of_a_clerk_reach_the_worker_of_the_grid_and_no_other() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let other = world.device("w-0102").await.unwrap();

    let done = import(&clerk, table::csv(0..2_000).as_bytes()).await;
    clerk.syncs_until_delivered(20).await.unwrap();
    for device in [&worker, &other] {
        device.syncs_until_delivered(20).await.unwrap();
    }

    assert_eq!(done.counts.residents, 2_000);
    let waits = clerk.client().get_delivery(GetDelivery {}).await.unwrap();
    assert_eq!(waits.register_waiting, 0);
    let list = worker
        .client()
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert_eq!(list.residents, 2_000);
    assert_eq!(
        list.buildings.len(),
        usize::try_from(done.counts.buildings).unwrap()
    );
    let text = table::door_of(1_234);
    let hits = worker
        .client()
        .search_register(SearchRegister { text })
        .await
        .unwrap();
    let dwelling = hits.entries[0].door.unwrap();
    let door = worker
        .client()
        .get_door(GetDoor { dwelling })
        .await
        .unwrap();
    let members = door.households.iter().flat_map(|it| &it.members);
    let wanted = table::name(1_234);
    let found = members.clone().find(|it| it.title == wanted).unwrap();
    assert!(
        found.fields.iter().all(|it| it.imported),
        "the worker is told that it was imported"
    );
    let list = other
        .client()
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert_eq!(list.residents, 0);
}

/// The other name of the one who stands twice.
const TWIN: &str = "尤别名";

/// Sixty residents of the sample; one who stands twice and is merged; a door with two households; and of
/// everything that a file could lose something.
async fn register_of_all_kinds(clerk: &Device) {
    import(clerk, table::csv(0..60).as_bytes()).await;
    let more = "\
小区,楼号,地址,楼栋用途,单元数,地上层数,地下层数,物业公司,物业电话,楼长,楼长电话,隐患,经度,纬度,单元,楼层,房号,房屋用途,房主,\
房主电话,门牌码,房屋备注,户号,先打电话,户备注,与户主关系,姓名,证件类型,身份证号,性别,出生日期,民族,联系电话,人口类别,\
户籍地,婚姻,职业,联系人,联系人电话,关爱对象,在住情况,在住起始,备注
乙园,=2幢,乙路2号,商住,2,-0,1,-乙物业,+8613800000001,尤甲,13800000002,@乱堆,-120.85312345678901,31.9800000000000004,1单元,-1,B01,出租,尤乙,13800000003,\
D-1,+阁楼,H1,是,'先敲门,户主,=尤丙,护照,E990101,女,1991-05-06,汉族,+8613800000004,流动,-外地,已婚,=教师,尤丁,\
13800000005,独居老人、残疾,在住,2020-01-31,-2+3
乙园,=2幢,,,,,,,,,,,,,1单元,-1,B01,,,,,,H2,否,,,尤戊,,,,,,,,,,,,,,,,
乙园,=2幢,,,,,,,,,,,,,1单元,-1,B01,,,,,,H2,,,,尤己,,,,,,,,,,,,,,搬离,,
";
    import(clerk, more.replace("2,-0,1", "2,3,1").as_bytes()).await;
    let [_, _, _, _, _, _, name, number, ..] = table::cells(7);
    let text = name.clone();
    let hits = clerk.client().search_register(SearchRegister { text });
    let hits = hits.await.unwrap().entries;
    let dwelling = hits.first().and_then(|hit| hit.door).unwrap();
    let door = clerk.client().get_door(GetDoor { dwelling }).await.unwrap();
    let household = door.households.first().unwrap();
    let survivor = household.members.iter().find(|it| it.title == name);
    let survivor = survivor.unwrap().id;
    let of = household.entry.id.to_string();
    let twin = [
        ("household", of.as_str()),
        ("name", TWIN),
        ("id_no", &number),
    ];
    let ends = add(clerk.client(), EntryKind::Resident, set(&twin));
    let merge = MergeResidents {
        survivor,
        ends: ends.await.unwrap(),
        take: Vec::new(),
    };
    clerk.client().merge_residents(merge).await.unwrap();
    clerk.syncs_until_delivered(20).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_exported_is_imported_again_and_nothing_is_new() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    register_of_all_kinds(&clerk).await;

    for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
        let file = export(&clerk, format, true).await;
        for replace in [false, true] {
            let again = preview(&clerk, &file, replace).await;
            let nothing_new = ImportCounts {
                rows: 62,
                unchanged: 62,
                ..ImportCounts::default()
            };
            assert_eq!(
                (again.mistakes, again.counts),
                (0, nothing_new),
                "{format:?}"
            );
        }
    }
    let masked = export(&clerk, ExportFormat::Csv, false).await;
    let refused = preview(&clerk, &masked, false).await;
    assert_eq!(refused.wrong_rows, 62, "masked numbers are no numbers");

    let [compound, building, unit, _, room, ..] = table::cells(7);
    let by_name = format!("小区,楼号,单元,房号,姓名\n{compound},{building},{unit},{room},{TWIN}\n");
    let known = preview(&clerk, by_name.as_bytes(), false).await;
    assert_eq!(
        (known.mistakes, known.counts.residents),
        (0, 0),
        "who was merged is known by each name"
    );

    let elsewhere = World::new().await.unwrap();
    let desk = elsewhere.device("c-01").await.unwrap();
    let file = export(&clerk, ExportFormat::Csv, true).await;
    let done = import(&desk, &file).await;
    assert_eq!(done.counts.residents, 62);
    desk.syncs_until_delivered(20).await.unwrap();
    assert_eq!(
        String::from_utf8(export(&desk, ExportFormat::Csv, true).await).unwrap(),
        String::from_utf8(file).unwrap(),
        "in another hub it is the same register"
    );
}
