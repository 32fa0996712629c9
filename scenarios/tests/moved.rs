//! Somebody is moved to another grid while their tablet is out of reach: what they did in the old one
//! is delivered and counts there, and then nothing of it is left on the tablet.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use client::testing;
use scenarios::{
    sample_city::register::{enter, set},
    world::{Device, World, meet},
};
use shared::{
    EntryId,
    ipc::{ChangeEntry, Code, EnterEntry, GetDelivery, GetDoor, SearchRegister, VisitDoor},
    register::EntryKind,
    visit::Met,
};

/// Stands in what is entered before the move, and nowhere else.
const CANARY: &str = "搬家前登记";

async fn found(device: &Device, text: &str) -> usize {
    let text = text.to_owned();
    let search = SearchRegister { text };
    device
        .client()
        .search_register(search)
        .await
        .unwrap()
        .entries
        .len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_before_a_move_counts_and_then_nothing_of_it_is_left() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let entered = enter(clerk.client(), &Device::grid(), 1).await.unwrap();
    let dwelling = *entered.dwellings.first().unwrap();
    let resident: EntryId = *entered.residents.first().unwrap();
    clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&worker]).await.unwrap();
    worker.goes_offline();
    let client = worker.client();
    let visit = VisitDoor {
        dwelling,
        outcome: Met::NotHome,
        note: CANARY.to_owned(),
    };
    client.visit_door(visit).await.unwrap();
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: resident,
        set: set(&[("note", CANARY)]),
    };
    client.change_entry(change).await.unwrap();
    let building = EnterEntry {
        kind: EntryKind::Building,
        set: set(&[
            ("grid", Device::grid().as_str()),
            ("compound", "水岸"),
            ("name", CANARY),
        ]),
    };
    client.enter_entry(building).await.unwrap();

    world.moves("w-0101", "w-0102").await.unwrap();
    worker.goes_online();
    worker.syncs_until_delivered(5).await.unwrap();
    meet(&[&clerk, &worker]).await.unwrap();

    let aside = world.hub().quarantine().await.unwrap();
    assert!(aside.is_empty(), "{aside:?}");
    let door = clerk.client().get_door(GetDoor { dwelling }).await.unwrap();
    assert!(format!("{door:?}").contains(CANARY), "{door:?}");
    assert_eq!(found(&clerk, CANARY).await, 1, "the building");

    let ledger = worker.client().get_delivery(GetDelivery {}).await.unwrap();
    let waits = (ledger.unfinished, ledger.register_waiting);
    assert_eq!((waits, ledger.register_aside), ((0, 0), 0), "{ledger:?}");
    let gone = worker.client().get_door(GetDoor { dwelling }).await;
    assert_eq!(gone.unwrap_err().code, Code::NotFound);
    assert_eq!(found(&worker, CANARY).await, 0);
    let traces = testing::tables_with(worker.client(), CANARY).await.unwrap();
    assert_eq!(traces, ["outbox.op"], "nothing but what was sent");
}
