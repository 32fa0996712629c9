//! A clerk takes the register over from a table, and the worker of the grid has it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use scenarios::{
    sample_city::table,
    world::{Device, World},
};
use shared::ipc::{
    GetDelivery, GetDoor, ImportChoices, ImportDone, ImportUpload, ListBuildings, PutImportChunk,
    RunImport, SearchRegister,
};

/// Hands in a table and takes it over as it is recognised.
async fn import(device: &Device, text: &str) -> ImportDone {
    let chunk = PutImportChunk {
        upload: "table".to_owned(),
        offset: 0,
        total: u64::try_from(text.len()).unwrap(),
        data: STANDARD.encode(text),
    };
    let read = device.client().put_import_chunk(chunk).await.unwrap();
    let ImportUpload::Read { table } = read else {
        panic!("one piece is the whole table")
    };
    let choices = ImportChoices {
        columns: table.columns.into_iter().map(|it| it.field).collect(),
        grid: Some(Device::grid()),
        ..ImportChoices::default()
    };
    let run = RunImport {
        choices,
        leave_out: false,
    };
    device.client().run_import(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_rows_of_a_clerk_reach_the_worker_of_the_grid_and_no_other() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let other = world.device("w-0102").await.unwrap();

    let done = import(&clerk, &table::csv(0..2_000)).await;
    clerk.syncs_until_delivered(20).await.unwrap();
    for device in [&worker, &other] {
        device.syncs_until_delivered(20).await.unwrap();
    }

    assert_eq!(done.counts.residents, 2_000);
    let waits = clerk.client().get_delivery(GetDelivery {}).await.unwrap();
    assert_eq!(waits.register_waiting, 0);
    let list = worker
        .client()
        .list_buildings(ListBuildings {})
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
    let dwelling = hits[0].door.unwrap();
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
        .list_buildings(ListBuildings {})
        .await
        .unwrap();
    assert_eq!(list.residents, 0);
}
