//! The register between people: what one enters all of the grid have, two who disagree are both kept,
//! and whoever has no business there sees nothing.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use scenarios::{
    sample_city::register::{add, enter, set},
    world::{Device, World, meet},
};
use shared::{
    EntryId, GridCode,
    case::Void,
    ipc::{
        ChangeEntry, ClaimView, Code, ConfirmDoor, DecideField, Disputes, DoorState, DoorView,
        EnterEntry, EntryDeed, EntryDid, GetDoor, GetEntryHistory, ListBuildings, ListDisputes,
        RevealField, SearchRegister,
    },
    register::EntryKind,
};

async fn door(device: &Device, dwelling: EntryId) -> DoorView {
    device
        .client()
        .get_door(GetDoor { dwelling })
        .await
        .unwrap()
}

/// Newest first.
async fn history(device: &Device, entry: EntryId) -> Vec<EntryDeed> {
    let kind = EntryKind::Resident;
    let asked = device
        .client()
        .get_entry_history(GetEntryHistory { kind, entry });
    asked.await.unwrap().deeds
}

async fn disputes(device: &Device) -> Disputes {
    let asked = device.client().list_disputes(ListDisputes {});
    asked.await.unwrap()
}

async fn found(device: &Device, text: &str) -> usize {
    let text = text.to_owned();
    let search = SearchRegister { text };
    let found = device.client().search_register(search).await.unwrap();
    found.entries.len()
}

async fn change(device: &Device, entry: EntryId, field: &str, to: &str) {
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry,
        set: set(&[(field, to)]),
    };
    device.client().change_entry(change).await.unwrap();
}

/// A clerk who entered a building, and the worker of its grid, who has it.
struct Scene {
    _world: World,
    clerk: Device,
    worker: Device,
    dwelling: EntryId,
    resident: EntryId,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await.unwrap();
        let clerk = world.device("c-01").await.unwrap();
        let worker = world.device("w-0101").await.unwrap();
        let entered = enter(clerk.client(), &Device::grid(), 1).await.unwrap();
        clerk.syncs_until_delivered(5).await.unwrap();
        meet(&[&worker]).await.unwrap();
        Self {
            _world: world,
            clerk,
            worker,
            dwelling: *entered.dwellings.first().unwrap(),
            resident: *entered.residents.first().unwrap(),
        }
    }
}

/// The place of a value among those in dispute: both were given at the same moment, so it may be either.
fn place_of(door: &DoorView, value: &str) -> usize {
    let members = door.households.iter().flat_map(|it| &it.members);
    let disputed = members.flat_map(|it| &it.disputed).next().unwrap();
    let mut values = disputed.values.iter();
    let is_it = |claim: &ClaimView| claim.value.as_ref().and_then(|it| it.text()) == Some(value);
    values.position(is_it).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_clerk_enters_the_worker_of_the_grid_has_and_no_other() {
    let world = World::new().await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let other = world.device("w-0102").await.unwrap();
    let grid = Device::grid();

    let entered = enter(clerk.client(), &grid, 1).await.unwrap();
    clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&worker, &other]).await.unwrap();

    let list = worker
        .client()
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert_eq!(list.buildings.len(), 1);
    assert_eq!(list.buildings[0].doors, 24);
    assert_eq!(
        usize::try_from(list.residents).unwrap(),
        entered.residents.len()
    );
    assert_eq!(found(&worker, "zs").await, 1);
    assert_eq!(found(&worker, "1-1-101").await, 1);
    assert_eq!(found(&other, "zs").await, 0);
    let list = other
        .client()
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert_eq!((list.buildings.len(), list.residents), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_disagree_are_both_kept_until_somebody_decides() {
    let scene = Scene::new().await;
    let Scene { clerk, worker, .. } = &scene;
    let (dwelling, resident) = (scene.dwelling, scene.resident);

    worker.goes_offline();
    change(worker, resident, "phone", "13900000001").await;
    change(worker, resident, "work", "木匠").await;
    change(clerk, resident, "phone", "13900000002").await;
    change(clerk, resident, "note", "晚上在家").await;
    clerk.syncs_until_delivered(5).await.unwrap();
    worker.goes_online();
    meet(&[worker, clerk]).await.unwrap();

    for device in [clerk, worker] {
        let door = door(device, dwelling).await;
        assert_eq!(door.state, DoorState::Attention);
        let member = &door.households[0].members[0];
        let fields: Vec<_> = member.fields.iter().map(|it| it.field.as_str()).collect();
        assert!(
            fields.contains(&"work") && fields.contains(&"note"),
            "{fields:?}"
        );
        assert_eq!(member.disputed.len(), 1);
        assert_eq!(member.disputed[0].field.as_str(), "phone");
        assert_eq!(member.disputed[0].values.len(), 2);
    }

    let [at_clerk, at_worker] = [
        history(clerk, resident).await,
        history(worker, resident).await,
    ];
    assert_eq!(at_clerk, at_worker, "everybody reads the same");
    let parallel = |deed: &EntryDeed| match &deed.did {
        EntryDid::Changed { parallel, .. } => Some(parallel.len()),
        _ => None,
    };
    let parallel: Vec<_> = at_clerk.iter().filter_map(parallel).collect();
    assert_eq!(
        parallel,
        [1, 1, 1, 1],
        "each beside the other's, not one's own"
    );
    let entered = at_clerk.last().unwrap();
    assert!(matches!(&entered.did, EntryDid::Entered { imported: false, set } if !set.is_empty()));
    let told = serde_json::to_string(&at_clerk).unwrap();
    assert!(
        told.contains("139****0001") && told.contains("木匠"),
        "{told}"
    );
    assert!(!told.contains("13900000001"), "numbers stay masked: {told}");

    let decide = DecideField {
        kind: EntryKind::Resident,
        entry: resident,
        field: "phone".into(),
        keep: place_of(&door(clerk, dwelling).await, "139****0001"),
    };
    clerk.client().decide_field(decide).await.unwrap();
    meet(&[clerk, worker]).await.unwrap();

    let [at_clerk, at_worker] = [door(clerk, dwelling).await, door(worker, dwelling).await];
    assert_eq!(at_worker.state, DoorState::Due);
    assert_eq!(
        at_worker.households[0].members[0].fields,
        at_clerk.households[0].members[0].fields
    );
    assert_eq!(
        found(worker, "0002").await,
        0,
        "what was not kept finds nobody"
    );
    assert_eq!(found(worker, "0001").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_is_called_is_the_clerks_to_decide() {
    let scene = Scene::new().await;
    let Scene { clerk, worker, .. } = &scene;
    let resident = scene.resident;
    for device in [clerk, worker] {
        let disputes = disputes(device).await;
        assert_eq!((disputes.total, disputes.entries.len()), (0, 0));
        assert_eq!(device.today().await.unwrap().conflicts, 0);
    }

    worker.goes_offline();
    change(worker, resident, "name", "林小河").await;
    change(worker, resident, "work", "木匠").await;
    change(clerk, resident, "name", "林晓荷").await;
    change(clerk, resident, "work", "瓦匠").await;
    clerk.syncs_until_delivered(5).await.unwrap();
    worker.goes_online();
    meet(&[worker, clerk]).await.unwrap();

    for (device, decides_on) in [(clerk, vec!["name", "work"]), (worker, vec!["work"])] {
        let disputes = disputes(device).await;
        assert_eq!(disputes.total, 1, "one entry, however many fields");
        assert!(disputes.may_write);
        let it = &disputes.entries[0];
        assert_eq!(it.entry.id, resident);
        assert_eq!(it.hit.door, Some(scene.dwelling));
        let theirs: Vec<_> = it
            .entry
            .disputed
            .iter()
            .filter(|it| it.may_decide)
            .collect();
        let theirs: Vec<&str> = theirs.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(theirs, decides_on);
        assert_eq!(device.today().await.unwrap().conflicts, 1);
    }

    let keep = |field: &str| DecideField {
        kind: EntryKind::Resident,
        entry: resident,
        field: field.into(),
        keep: 0,
    };
    let third = ChangeEntry {
        kind: EntryKind::Resident,
        entry: resident,
        set: [("name".into(), Some("林小荷".into()))].into(),
    };
    let refused = worker.client().decide_field(keep("name")).await;
    assert_eq!(
        refused.unwrap_err().code,
        Code::Rejected {
            why: Void::NotYourRole
        }
    );
    let refused = worker.client().change_entry(third.clone()).await;
    assert_eq!(
        refused.unwrap_err().code,
        Code::Rejected {
            why: Void::NotYourRole
        }
    );
    worker.client().decide_field(keep("work")).await.unwrap();
    clerk.client().change_entry(third).await.unwrap();
    meet(&[worker, clerk, worker]).await.unwrap();

    for device in [clerk, worker] {
        assert_eq!(disputes(device).await.total, 0);
        let door = door(device, scene.dwelling).await;
        assert_eq!(door.households[0].members[0].title, "林小荷");
    }
    change(worker, resident, "name", "林荷").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unchanged_household_and_why_a_number_was_looked_at_reach_everybody() {
    let scene = Scene::new().await;
    let Scene { clerk, worker, .. } = &scene;
    let (dwelling, resident) = (scene.dwelling, scene.resident);

    worker.goes_offline();
    let confirm = ConfirmDoor { dwelling };
    worker.client().confirm_door(confirm).await.unwrap();
    let reveal = RevealField {
        kind: EntryKind::Resident,
        entry: resident,
        field: "id_no".into(),
        reason: "当面核对".to_owned(),
    };
    worker.client().reveal_field(reveal).await.unwrap();
    let looked = |history: &[EntryDeed]| -> Vec<(String, bool)> {
        let looks = history.iter().filter_map(|deed| match &deed.did {
            EntryDid::Looked { field, reason } if field.as_str() == "id_no" => {
                Some((reason.clone(), deed.pending))
            }
            _ => None,
        });
        looks.collect()
    };
    let own = looked(&history(worker, resident).await);
    assert_eq!(own, [("当面核对".to_owned(), true)], "before it is sent");
    worker.goes_online();
    worker.syncs_until_delivered(5).await.unwrap();
    meet(&[clerk]).await.unwrap();
    for device in [clerk, worker] {
        let looked = looked(&history(device, resident).await);
        assert_eq!(looked, [("当面核对".to_owned(), false)]);
    }

    let at_clerk = door(clerk, dwelling).await;
    assert_eq!(at_clerk.state, DoorState::Done);
    let member = &at_clerk.households[0].members[0];
    assert!(member.fields.iter().all(|it| it.confirmed), "{member:?}");
    assert_eq!(at_clerk.visits.len(), 1);
    // Somebody says the same later: theirs takes the place of the first in the document, and that must
    // not be taken for one that the hub forgot.
    let confirm = ConfirmDoor { dwelling };
    clerk.client().confirm_door(confirm).await.unwrap();
    clerk.syncs_until_delivered(5).await.unwrap();
    for _ in 0..2 {
        let report = worker.syncs().await.unwrap();
        assert!(report.is_complete(), "{report:?}");
        assert_eq!((report.ops_pushed, report.ops_waiting), (0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_moves_away_goes_from_one_tablet_to_the_other() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let other = world.device("w-0102").await.unwrap();
    let entered = enter(worker.client(), &Device::grid(), 1).await.unwrap();
    worker.syncs_until_delivered(5).await.unwrap();
    let grids = other
        .client()
        .get_own_grids(shared::ipc::GetOwnGrids {})
        .await
        .unwrap();
    let there: GridCode = grids[0].code.clone();

    change(&worker, entered.residents[0], "grid", there.as_str()).await;
    worker.syncs_until_delivered(5).await.unwrap();
    meet(&[&worker, &other]).await.unwrap();

    assert_eq!(found(&worker, "zs").await, 0);
    assert_eq!(found(&other, "zs").await, 1);
    let again = ChangeEntry {
        kind: EntryKind::Resident,
        entry: entered.residents[0],
        set: set(&[("phone", "13900000003")]),
    };
    let gone = worker.client().change_entry(again).await.unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_entered_in_a_grid_that_is_not_ones_own_is_kept_and_told() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let other = world.device("w-0102").await.unwrap();
    let grids = other
        .client()
        .get_own_grids(shared::ipc::GetOwnGrids {})
        .await
        .unwrap();
    let there: GridCode = grids[0].code.clone();

    let fields = set(&[
        ("grid", there.as_str()),
        ("compound", "邻家小区"),
        ("name", "9幢"),
    ]);
    let enter = EnterEntry {
        kind: EntryKind::Building,
        set: fields.clone(),
    };
    let id = worker.client().enter_entry(enter).await.unwrap().id;
    worker.syncs_until_delivered(5).await.unwrap();
    meet(&[&other]).await.unwrap();

    let list = worker
        .client()
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert_eq!(list.buildings[0].id, id, "it stays where it was entered");
    let list = other
        .client()
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert!(list.buildings.is_empty());
    add(other.client(), EntryKind::Building, fields)
        .await
        .unwrap();
}
