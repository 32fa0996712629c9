//! 重点管理 between people, at a real hub: who is permitted has it, who is not never gets a word of it, and
//! who is not any more has none left.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use client::testing;
use scenarios::{
    sample_city::{self, register::enter},
    world::{Device, World, meet},
};
use shared::{
    EntryId, Scope,
    ipc::{ChangeControl, ControlView, IpcError, RevealControl},
    register::{FieldValue, Fields},
};

const NOTE: &str = "每月五日来社区报到";

/// Words that stand in what is known, and in nothing else.
const CANARIES: [&str; 2] = ["control:drugs", NOTE];

fn known() -> Fields {
    [
        ("control:drugs".into(), Some(FieldValue::Flag(true))),
        ("note".into(), Some(FieldValue::from(NOTE))),
    ]
    .into()
}

async fn write(by: &Device, resident: EntryId, set: Fields) {
    let change = ChangeControl { resident, set };
    by.client().change_control(change).await.unwrap();
}

async fn look(by: &Device, resident: EntryId) -> Result<ControlView, IpcError> {
    let reason = "核对".to_owned();
    let look = RevealControl { resident, reason };
    by.client().reveal_control(look).await
}

async fn tags(by: &Device, resident: EntryId) -> Vec<String> {
    let view = look(by, resident).await.unwrap();
    view.tags.into_iter().map(|it| it.tag).collect()
}

/// Where on a device any of it stands.
async fn traces(of: &Device) -> Vec<String> {
    let mut found = Vec::new();
    for canary in CANARIES {
        found.extend(testing::tables_with(of.client(), canary).await.unwrap());
    }
    found
}

/// What the operator may do: a pack in which nobody has the permission.
async fn forbid_all(world: &World) {
    let mut city = sample_city::sample_city().unwrap();
    for person in &mut city.staff {
        person.permissions.clear();
    }
    let text = sample_city::to_text(&city).unwrap();
    world.hub().load_pack(text.as_bytes()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_permitted_has_it_and_nobody_else_gets_a_word_of_it() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    // Of the same grids, and without the permission.
    let dispatcher = world.device("d-01").await.unwrap();
    let entered = enter(clerk.client(), &Device::grid(), 1).await.unwrap();
    let resident = *entered.residents.first().unwrap();
    write(&clerk, resident, known()).await;
    clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&worker, &dispatcher]).await.unwrap();

    assert_eq!(tags(&worker, resident).await, ["drugs"]);
    let released = [("control:released".into(), Some(FieldValue::Flag(true)))];
    write(&worker, resident, released.into()).await;
    worker.syncs_until_delivered(5).await.unwrap();
    meet(&[&clerk, &worker, &dispatcher]).await.unwrap();

    assert_eq!(tags(&clerk, resident).await, ["released", "drugs"]);
    look(&dispatcher, resident).await.unwrap_err();
    assert!(
        !traces(&clerk).await.is_empty(),
        "the search finds what is there"
    );
    assert_eq!(traces(&dispatcher).await, [""; 0]);
    let of_it = testing::tables_with(dispatcher.client(), "management").await;
    // The pack has departments of that name.
    assert_eq!(of_it.unwrap(), ["mirror.body"], "not that there is any");
    // That the worker looked stands beside it, and not where the grid reads.
    let looks = testing::tables_with(dispatcher.client(), "reveal").await;
    assert_eq!(looks.unwrap(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_loses_the_permission_has_none_of_it_left() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let entered = enter(clerk.client(), &Device::grid(), 1).await.unwrap();
    let resident = *entered.residents.first().unwrap();
    write(&clerk, resident, known()).await;
    clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&worker]).await.unwrap();
    for device in [&clerk, &worker] {
        assert!(!traces(device).await.is_empty(), "it was there");
    }
    // Written when they still were permitted, and not sent: it goes up, counts, and goes.
    worker.goes_offline();
    let more = [(
        "note".into(),
        Some(FieldValue::from("每月五日来社区报到，已约")),
    )];
    write(&worker, resident, more.into()).await;

    forbid_all(&world).await;
    worker.goes_online();
    worker.syncs_until_delivered(5).await.unwrap();
    meet(&[&clerk, &worker]).await.unwrap();

    for device in [&clerk, &worker] {
        assert_eq!(traces(device).await, [""; 0]);
        look(device, resident).await.unwrap_err();
        let feeds = testing::tables_with(device.client(), "control:").await;
        assert_eq!(
            feeds.unwrap(),
            ["outbox.op"],
            "nothing but where it was sent"
        );
    }
    let aside = world.hub().quarantine().await.unwrap();
    assert!(aside.is_empty(), "they were permitted then: {aside:?}");

    // The devices go on: nothing of their sequence is missing.
    worker.reports("路灯不亮", &[]).await.unwrap();
    worker.syncs_until_delivered(5).await.unwrap();
    assert_eq!(
        Scope::control(&Device::grid()).as_str(),
        "control:329901001001001"
    );
}
