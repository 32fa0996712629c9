//! A building itself: what is known of it, and that somebody found it to be so.

use client::testing;
use shared::{
    Action,
    ipc::{BuildingView, ChangeEntry, Code, ConfirmEntry, GetBuilding},
    register::EntryKind,
};

use super::{
    register::{Scene, says, set},
    tablet::{HOUR, code},
};

impl Scene {
    async fn building(&self) -> BuildingView {
        let building = self.building;
        let get = GetBuilding { building };
        self.tablet.client.get_building(get).await.unwrap()
    }
}

#[tokio::test]
async fn a_building_is_confirmed_by_one_press_and_nobody_was_visited_by_that() {
    let scene = Scene::new().await;
    let change = ChangeEntry {
        kind: EntryKind::Building,
        entry: scene.building,
        set: set(&[("manager", "云水物业"), ("manager_phone", "13800000801")]),
    };
    scene.tablet.client.change_entry(change).await.unwrap();
    let before = scene.building().await;
    assert!(before.may_write);
    assert!(before.entry.fields.iter().all(|it| !it.confirmed));
    assert_eq!(
        says(&before.entry, "manager_phone").as_deref(),
        Some("138****0801")
    );
    let queued = testing::queued(&scene.tablet.client).await.unwrap().len();
    scene.tablet.clock.turn(HOUR);

    let confirm = ConfirmEntry {
        kind: EntryKind::Building,
        entry: scene.building,
    };
    scene.tablet.client.confirm_entry(confirm).await.unwrap();

    let after = scene.building().await;
    assert!(after.entry.fields.iter().all(|it| it.confirmed));
    assert!(after.entry.confirmed_at > before.entry.confirmed_at);
    let ops = testing::queued(&scene.tablet.client).await.unwrap();
    let [op] = &ops[queued..] else {
        panic!("one operation: {ops:?}")
    };
    assert!(matches!(op.action, Action::Confirm(_)));
    assert_eq!(scene.door(scene.door).await.visits, []);
}

#[tokio::test]
async fn what_stands_apart_is_confirmed_by_nobody_in_passing() {
    let scene = Scene::new().await;
    let queued = testing::queued(&scene.tablet.client).await.unwrap().len();

    let confirm = ConfirmEntry {
        kind: EntryKind::Management,
        entry: scene.head,
    };
    let refused = scene.tablet.client.confirm_entry(confirm).await;

    assert_eq!(code(refused), Code::Internal, "no page asks for it");
    let after = testing::queued(&scene.tablet.client).await.unwrap();
    assert_eq!(after.len(), queued);
}
