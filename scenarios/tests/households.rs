//! Households between people: two who do something with one without knowing of each other, and people
//! who stood in the register twice.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use scenarios::{
    sample_city::register::{add, set},
    world::{Device, World, meet},
};
use shared::{
    EntryId, GridCode,
    ipc::{
        ChangeEntry, DecideField, DoorState, DoorView, EntryView, GetDoor, GetOwnGrids,
        JoinHouseholds, ListBuildings, ListDuplicates, MergeResidents, MoveHousehold,
        MoveResidents, PartResidents, SearchRegister, UnmergeResident,
    },
    register::EntryKind,
};

/// A number nobody has: no division begins with 99.
const NUMBER: &str = "990101199003070015";

/// A clerk and the worker of a grid, who have the same building: two doors, behind the first a couple
/// and, in a household of their own, a lodger.
struct Scene {
    world: World,
    clerk: Device,
    worker: Device,
    doors: [EntryId; 2],
    couple: EntryId,
    lodgers: EntryId,
    husband: EntryId,
    wife: EntryId,
    lodger: EntryId,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await.unwrap();
        let clerk = world.device("c-01").await.unwrap();
        let worker = world.device("w-0101").await.unwrap();
        let enter = async |kind, pairs: &[(&str, &str)]| {
            add(clerk.client(), kind, set(pairs)).await.unwrap()
        };
        let grid = Device::grid();
        let doors = building(&clerk, &grid).await;
        let [first, _] = doors;
        let dwelling = first.to_string();
        let household = async || enter(EntryKind::Household, &[("dwelling", &dwelling)]).await;
        let person = async |household: EntryId, name, relation| {
            let of = household.to_string();
            let pairs = [
                ("household", of.as_str()),
                ("name", name),
                ("relation", relation),
            ];
            enter(EntryKind::Resident, &pairs).await
        };
        let (couple, lodgers) = (household().await, household().await);
        let husband = person(couple, "田甲", "head").await;
        let wife = person(couple, "田乙", "1").await;
        let lodger = person(lodgers, "田丙", "head").await;
        clerk.syncs_until_delivered(5).await.unwrap();
        meet(&[&worker]).await.unwrap();
        Self {
            world,
            clerk,
            worker,
            doors,
            couple,
            lodgers,
            husband,
            wife,
            lodger,
        }
    }

    /// What the worker does offline meanwhile, the clerk's device has sent already.
    async fn at_once(&self, worker: impl Future<Output = ()>, clerk: impl Future<Output = ()>) {
        self.worker.goes_offline();
        worker.await;
        clerk.await;
        self.clerk.syncs_until_delivered(5).await.unwrap();
        self.worker.goes_online();
        meet(&[&self.worker, &self.clerk]).await.unwrap();
    }

    /// The first door, which both tell alike.
    async fn door(&self) -> DoorView {
        let [clerk, worker] = [
            door(&self.clerk, self.doors[0]).await,
            door(&self.worker, self.doors[0]).await,
        ];
        assert_eq!(clerk.households, worker.households);
        assert_eq!(clerk.state, worker.state);
        clerk
    }

    /// The heads of the couple's household.
    fn heads(&self, door: &DoorView) -> Vec<EntryId> {
        let mut households = door.households.iter();
        let couple = households.find(|it| it.entry.id == self.couple);
        let mut heads = couple.unwrap().heads.clone();
        heads.sort_unstable();
        heads
    }

    async fn enter_twin(&self, device: &Device, name: &str) -> EntryId {
        let of = self.lodgers.to_string();
        let pairs = [
            ("household", of.as_str()),
            ("name", name),
            ("id_no", NUMBER),
        ];
        add(device.client(), EntryKind::Resident, set(&pairs))
            .await
            .unwrap()
    }
}

async fn building(device: &Device, grid: &GridCode) -> [EntryId; 2] {
    let fields = [
        ("grid", grid.as_str()),
        ("compound", "云水雅苑"),
        ("name", "7幢"),
    ];
    let of = add(device.client(), EntryKind::Building, set(&fields))
        .await
        .unwrap()
        .to_string();
    let enter = async |room| {
        let fields = [("building", of.as_str()), ("room", room)];
        add(device.client(), EntryKind::Dwelling, set(&fields))
            .await
            .unwrap()
    };
    [enter("101").await, enter("102").await]
}

async fn door(device: &Device, dwelling: EntryId) -> DoorView {
    device
        .client()
        .get_door(GetDoor { dwelling })
        .await
        .unwrap()
}

async fn goes(device: &Device, resident: EntryId, household: EntryId) {
    let go = MoveResidents {
        residents: vec![resident],
        household,
        head_left: None,
    };
    device.client().move_residents(go).await.unwrap();
}

async fn change(device: &Device, entry: EntryId, field: &str, to: &str) {
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry,
        set: set(&[(field, to)]),
    };
    device.client().change_entry(change).await.unwrap();
}

async fn merge(device: &Device, survivor: EntryId, ends: EntryId) {
    let merge = MergeResidents {
        survivor,
        ends,
        take: Vec::new(),
    };
    device.client().merge_residents(merge).await.unwrap();
}

fn everybody(door: &DoorView) -> Vec<&EntryView> {
    door.households.iter().flat_map(|it| &it.members).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_moved_twice_is_disputed_and_nothing_of_it_lost() {
    let scene = Scene::new().await;
    let fields = set(&[("dwelling", &scene.doors[0].to_string())]);
    let third = add(scene.clerk.client(), EntryKind::Household, fields)
        .await
        .unwrap();
    scene.clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&scene.worker]).await.unwrap();

    scene
        .at_once(
            goes(&scene.worker, scene.wife, scene.lodgers),
            goes(&scene.clerk, scene.wife, third),
        )
        .await;

    let door = scene.door().await;
    assert_eq!(door.state, DoorState::Attention);
    let all = everybody(&door);
    assert_eq!(all.len(), 3, "everybody is there, once");
    let wife = all.iter().find(|it| it.id == scene.wife).unwrap();
    assert_eq!(wife.disputed.len(), 1, "{:?}", wife.disputed);
    assert_eq!(wife.disputed[0].field.as_str(), "household");
    assert_eq!(wife.disputed[0].values.len(), 2, "both stand");

    let third = third.to_string();
    let mut values = wife.disputed[0].values.iter();
    let is_it = |it: &shared::ipc::ClaimView| {
        let told = it
            .value
            .as_ref()
            .and_then(|it| it.text())
            .unwrap_or_default();
        // Who lives there already names the other one.
        told.starts_with("云水雅苑 7-101") && !told.contains("田丙")
    };
    let decide = DecideField {
        kind: EntryKind::Resident,
        entry: scene.wife,
        field: "household".into(),
        keep: values.position(is_it).unwrap(),
    };
    scene.worker.client().decide_field(decide).await.unwrap();
    meet(&[&scene.worker, &scene.clerk]).await.unwrap();
    let door = scene.door().await;
    assert_eq!(door.state, DoorState::Due);
    // Households entered at one moment stand in any order.
    let mut households = door.households.iter();
    let there = households.find(|it| it.entry.id.to_string() == third);
    assert_eq!(there.unwrap().members[0].id, scene.wife);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_heads_from_two_tablets_are_told_to_both_until_one_is_changed() {
    let scene = Scene::new().await;
    change(&scene.clerk, scene.husband, "relation", "8").await;
    meet(&[&scene.clerk, &scene.worker]).await.unwrap();
    assert!(scene.heads(&scene.door().await).is_empty());
    scene
        .at_once(
            change(&scene.worker, scene.husband, "relation", "head"),
            change(&scene.clerk, scene.wife, "relation", "head"),
        )
        .await;
    let here = scene.door().await;
    assert_eq!(here.state, DoorState::Attention);
    let heads = scene.heads(&here);
    let mut both = [scene.husband, scene.wife];
    both.sort_unstable();
    assert_eq!(heads, both);

    change(&scene.worker, scene.wife, "relation", "1").await;
    meet(&[&scene.worker, &scene.clerk]).await.unwrap();
    assert_eq!(scene.heads(&scene.door().await), [scene.husband]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_moves_into_a_household_that_ends_meanwhile_is_not_lost_in_it() {
    let scene = Scene::new().await;
    scene
        .at_once(goes(&scene.worker, scene.wife, scene.lodgers), async {
            let join = JoinHouseholds {
                from: scene.lodgers,
                into: scene.couple,
            };
            scene.clerk.client().join_households(join).await.unwrap();
        })
        .await;

    let here = scene.door().await;
    assert_eq!(here.state, DoorState::Attention);
    let mut there: Vec<EntryId> = everybody(&here).iter().map(|it| it.id).collect();
    there.sort_unstable();
    let mut all = [scene.husband, scene.wife, scene.lodger];
    all.sort_unstable();
    assert_eq!(there, all);

    goes(&scene.clerk, scene.wife, scene.couple).await;
    meet(&[&scene.clerk, &scene.worker]).await.unwrap();
    assert_eq!(scene.door().await.state, DoorState::Due);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_household_that_moves_to_another_grid_goes_from_one_tablet_to_the_other() {
    let scene = Scene::new().await;
    let other = scene.world.device("w-0102").await.unwrap();
    let grids = other.client().get_own_grids(GetOwnGrids {}).await.unwrap();
    let there = building(&scene.clerk, &grids[0].code).await[0];
    let go = MoveHousehold {
        household: scene.couple,
        dwelling: there,
    };
    scene.clerk.client().move_household(go).await.unwrap();
    scene.clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&scene.worker, &other]).await.unwrap();

    assert_eq!(everybody(&door(&other, there).await).len(), 2);
    let left = door(&scene.worker, scene.doors[0]).await;
    let left: Vec<EntryId> = everybody(&left).iter().map(|it| it.id).collect();
    assert_eq!(left, [scene.lodger]);
    let list = scene
        .worker
        .client()
        .list_buildings(ListBuildings::default())
        .await;
    let list = list.unwrap();
    assert_eq!((list.households, list.residents), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_merged_both_ways_round_is_one_and_the_same_everywhere() {
    let scene = Scene::new().await;
    let dispatcher = scene.world.device("d-01").await.unwrap();
    let mut twins = [
        scene.enter_twin(&scene.clerk, "田丁").await,
        scene.enter_twin(&scene.clerk, "田汀").await,
    ];
    // The clock stands still: which id is the lower is chance.
    twins.sort_unstable();
    let [one, other] = twins;
    scene.clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&dispatcher, &scene.worker]).await.unwrap();
    let list = dispatcher.client().list_duplicates(ListDuplicates {}).await;
    assert_eq!(list.unwrap().total, 1);

    dispatcher.goes_offline();
    merge(&dispatcher, other, one).await;
    merge(&scene.clerk, one, other).await;
    scene.clerk.syncs_until_delivered(5).await.unwrap();
    dispatcher.goes_online();
    meet(&[&dispatcher, &scene.clerk, &scene.worker])
        .await
        .unwrap();

    for device in [&scene.clerk, &dispatcher, &scene.worker] {
        let here = door(device, scene.doors[0]).await;
        let twins: Vec<&EntryView> = everybody(&here)
            .into_iter()
            .filter(|it| [one, other].contains(&it.id))
            .collect();
        assert_eq!(twins.len(), 1, "one of them goes on");
        assert_eq!(twins[0].id, one, "who was entered first");
        assert_eq!(twins[0].merged[0].id, other);
        assert!(!twins[0].gone);
        let search = SearchRegister {
            text: "田汀".to_owned(),
        };
        let found = device.client().search_register(search).await.unwrap();
        let hits = found.entries;
        assert_eq!((hits.len(), hits[0].id), (1, one));
    }

    let unmerge = UnmergeResident { resident: other };
    scene
        .clerk
        .client()
        .unmerge_resident(unmerge)
        .await
        .unwrap();
    meet(&[&scene.clerk, &dispatcher, &scene.worker])
        .await
        .unwrap();
    for device in [&scene.clerk, &dispatcher, &scene.worker] {
        let here = door(device, scene.doors[0]).await;
        let all: Vec<EntryId> = everybody(&here).iter().map(|it| it.id).collect();
        assert!(all.contains(&one) && all.contains(&other), "two again");
    }
    let list = dispatcher.client().list_duplicates(ListDuplicates {}).await;
    let pair = list.unwrap().pairs.remove(0);
    let part = PartResidents {
        two: pair.two.map(|it| it.id),
    };
    dispatcher.client().part_residents(part).await.unwrap();
    meet(&[&dispatcher, &scene.clerk]).await.unwrap();
    let list = scene
        .clerk
        .client()
        .list_duplicates(ListDuplicates {})
        .await;
    assert_eq!(list.unwrap().total, 0, "everybody knows");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_writes_of_somebody_who_ended_meanwhile_is_kept() {
    let scene = Scene::new().await;
    let one = scene.enter_twin(&scene.clerk, "田丁").await;
    let other = scene.enter_twin(&scene.clerk, "田汀").await;
    scene.clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&scene.worker]).await.unwrap();
    scene
        .at_once(
            change(&scene.worker, other, "phone", "13900000004"),
            merge(&scene.clerk, one, other),
        )
        .await;

    let search = SearchRegister {
        text: "0004".to_owned(),
    };
    let found = scene.clerk.client().search_register(search).await.unwrap();
    let hits = found.entries;
    assert_eq!((hits.len(), hits[0].id), (1, one), "found as who goes on");
    let unmerge = UnmergeResident { resident: other };
    scene
        .clerk
        .client()
        .unmerge_resident(unmerge)
        .await
        .unwrap();
    let here = door(&scene.clerk, scene.doors[0]).await;
    let again = everybody(&here);
    let again = again.iter().find(|it| it.id == other).unwrap();
    let phone = again.fields.iter().find(|it| it.field.as_str() == "phone");
    assert_eq!(phone.unwrap().value.text(), Some("139****0004"));
}
