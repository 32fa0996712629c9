//! Households on one device: who leaves, moves, splits off, joins; each is one act that can be taken
//! back, and a household has one head.

use client::testing;
use shared::{
    EntryId, FieldName,
    ipc::{
        Arranged, ChangeEntry, Code, DoorState, EnterEntry, EntryView, HouseholdView,
        JoinHouseholds, LeaveHousehold, Leaving, MoveHousehold, MoveResidents, SplitHousehold,
        UndoArranged,
    },
    register::{
        EntryKind, FieldValue,
        check::{Mistake, Wrong},
    },
};

use super::{
    register::{GRID, Scene, says, set},
    tablet::code,
};

const THERE: &str = "G2";
const TODAY: &str = "2026-03-02";

/// The family behind the first door: 张三, the head, 欧阳小云, and a son who was entered later.
struct Family {
    scene: Scene,
    spouse: EntryId,
    son: EntryId,
}

impl Family {
    async fn new() -> Self {
        let scene = Scene::new().await;
        let household = scene.household.to_string();
        let son = scene
            .enter(
                EntryKind::Resident,
                &[
                    ("household", &household),
                    ("name", "张小三"),
                    ("relation", "2"),
                ],
            )
            .await;
        let door = scene.door(scene.door).await;
        let mut members = door.households.iter().flat_map(|it| &it.members);
        let spouse = members.find(|it| it.title == "欧阳小云").unwrap().id;
        Self { scene, spouse, son }
    }

    /// The household as its door tells it.
    async fn household(&self, door: EntryId, household: EntryId) -> HouseholdView {
        let door = self.scene.door(door).await;
        let mut households = door.households.into_iter();
        households.find(|it| it.entry.id == household).unwrap()
    }

    /// Who is there, with what they are to the head.
    async fn members(&self, door: EntryId, household: EntryId) -> Vec<(String, Option<String>)> {
        let household = self.household(door, household).await;
        let there = household.members.iter().filter(|it| !it.gone);
        there
            .map(|it| (it.title.clone(), says(it, "relation")))
            .collect()
    }

    async fn at_home(&self) -> Vec<(String, Option<String>)> {
        self.members(self.scene.door, self.scene.household).await
    }

    async fn undo(&self, arranged: Arranged) {
        let undo = UndoArranged {
            done: arranged.done,
        };
        self.scene.tablet.client.undo_arranged(undo).await.unwrap();
    }

    /// A second household behind the first door, of one person.
    async fn neighbours(&self, relation: &str) -> EntryId {
        let door = self.scene.door.to_string();
        let household = self
            .scene
            .enter(EntryKind::Household, &[("dwelling", &door)])
            .await;
        self.scene
            .enter(
                EntryKind::Resident,
                &[
                    ("household", &household.to_string()),
                    ("name", "李四"),
                    ("relation", relation),
                ],
            )
            .await;
        household
    }

    async fn queued(&self) -> usize {
        testing::queued(&self.scene.tablet.client)
            .await
            .unwrap()
            .len()
    }

    async fn leave(&self, residents: &[EntryId], end_household: bool) -> Arranged {
        let leave = LeaveHousehold {
            residents: residents.to_vec(),
            how: Leaving::Moved,
            on: TODAY.to_owned(),
            note: "迁往外地".to_owned(),
            end_household,
            head: None,
        };
        self.scene
            .tablet
            .client
            .leave_household(leave)
            .await
            .unwrap()
    }
}

fn named(pairs: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, relation)| ((*name).to_owned(), relation.map(str::to_owned)))
        .collect()
}

fn whole() -> Vec<(String, Option<String>)> {
    named(&[
        ("张三", Some("head")),
        ("欧阳小云", Some("1")),
        ("张小三", Some("2")),
    ])
}

fn find(household: &HouseholdView, id: EntryId) -> &EntryView {
    household.members.iter().find(|it| it.id == id).unwrap()
}

#[tokio::test]
async fn who_moves_out_stays_to_be_seen_and_comes_back_with_one_press() {
    let family = Family::new().await;
    let (door, household) = (family.scene.door, family.scene.household);
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: family.son,
        set: set(&[("note", "会修车")]),
    };
    family
        .scene
        .tablet
        .client
        .change_entry(change)
        .await
        .unwrap();

    let arranged = family.leave(&[family.son], false).await;

    let view = family.household(door, household).await;
    let son = find(&view, family.son);
    assert!(son.gone);
    assert_eq!(says(son, "presence").as_deref(), Some("moved"));
    assert_eq!(says(son, "presence_since").as_deref(), Some(TODAY));
    assert_eq!(
        says(son, "note").as_deref(),
        Some("会修车\n迁往外地"),
        "what was noted before stays"
    );
    assert_eq!(arranged.done.len(), 1, "one change of one person");

    family.undo(arranged).await;
    let view = family.household(door, household).await;
    let son = find(&view, family.son);
    assert!(!son.gone);
    assert_eq!(says(son, "presence"), None);
    assert_eq!(says(son, "note").as_deref(), Some("会修车"));
    assert_eq!(family.at_home().await, whole());
}

#[tokio::test]
async fn a_household_ends_with_the_last_of_it_and_not_before() {
    let family = Family::new().await;
    let (door, household) = (family.scene.door, family.scene.household);
    let leave = |residents: Vec<EntryId>| LeaveHousehold {
        residents,
        how: Leaving::Dead,
        on: TODAY.to_owned(),
        note: String::new(),
        end_household: true,
        head: None,
    };
    let before = family.queued().await;
    let client = &family.scene.tablet.client;
    let refused = client.leave_household(leave(vec![family.son])).await;
    assert_eq!(code(refused), Code::Internal);
    assert_eq!(family.queued().await, before, "all or nothing");
    assert_eq!(family.at_home().await, whole());

    let all = vec![family.scene.head, family.spouse, family.son];
    let arranged = client.leave_household(leave(all)).await.unwrap();

    let view = family.household(door, household).await;
    assert!(view.entry.gone);
    assert_eq!(says(&view.entry, "ended_on").as_deref(), Some(TODAY));
    assert!(view.members.iter().all(|it| it.gone));
    family.undo(arranged).await;
    assert!(!family.household(door, household).await.entry.gone);
    assert_eq!(family.at_home().await, whole());
}

#[tokio::test]
async fn a_day_that_is_yet_to_come_is_told_and_nobody_leaves() {
    let family = Family::new().await;
    let before = family.queued().await;
    let leave = LeaveHousehold {
        residents: vec![family.spouse, family.son],
        how: Leaving::Moved,
        on: "2099-01-01".to_owned(),
        note: String::new(),
        end_household: false,
        head: None,
    };
    let refused = family.scene.tablet.client.leave_household(leave).await;
    let mistakes = vec![Mistake {
        field: "presence_since".into(),
        wrong: Wrong::InFuture,
    }];
    assert_eq!(code(refused), Code::Mistakes { mistakes });
    assert_eq!(family.queued().await, before);
    assert_eq!(family.at_home().await, whole());
}

#[tokio::test]
async fn when_the_head_leaves_somebody_else_may_become_it() {
    let family = Family::new().await;
    let leave = LeaveHousehold {
        residents: vec![family.scene.head],
        how: Leaving::Dead,
        on: TODAY.to_owned(),
        note: String::new(),
        end_household: false,
        head: Some(family.spouse),
    };
    let arranged = family.scene.tablet.client.leave_household(leave).await;

    let left = named(&[("欧阳小云", Some("head")), ("张小三", None)]);
    assert_eq!(family.at_home().await, left);
    family.undo(arranged.unwrap()).await;
    assert_eq!(family.at_home().await, whole());
}

#[tokio::test]
async fn who_moves_in_with_others_is_nothing_to_their_head_yet() {
    let family = Family::new().await;
    let (door, others) = (family.scene.door, family.neighbours("head").await);
    let go = MoveResidents {
        residents: vec![family.scene.head, family.son],
        household: others,
        head_left: Some(family.spouse),
    };
    let arranged = family.scene.tablet.client.move_residents(go).await.unwrap();

    assert_eq!(family.at_home().await, named(&[("欧阳小云", Some("head"))]));
    let mut there = family.members(door, others).await;
    there.sort();
    let mut expected = named(&[("李四", Some("head")), ("张三", None), ("张小三", None)]);
    expected.sort();
    assert_eq!(there, expected);

    family.undo(arranged).await;
    assert_eq!(family.at_home().await, whole());
    assert_eq!(
        family.members(door, others).await,
        named(&[("李四", Some("head"))])
    );
}

#[tokio::test]
async fn nobody_moves_into_a_household_that_has_ended() {
    let family = Family::new().await;
    let others = family.neighbours("head").await;
    let change = ChangeEntry {
        kind: EntryKind::Household,
        entry: others,
        set: set(&[("ended_on", TODAY)]),
    };
    family
        .scene
        .tablet
        .client
        .change_entry(change)
        .await
        .unwrap();
    let before = family.queued().await;
    let go = MoveResidents {
        residents: vec![family.son],
        household: others,
        head_left: None,
    };
    let refused = family.scene.tablet.client.move_residents(go).await;
    assert!(matches!(code(refused), Code::Mistakes { .. }));
    assert_eq!(family.queued().await, before);
    assert_eq!(
        family.scene.door(family.scene.door).await.state,
        DoorState::Attention,
        "somebody is still there in a household that has ended"
    );
}

#[tokio::test]
async fn a_household_moves_with_everybody_in_it_and_into_the_grid_of_its_door() {
    let family = Family::new().await;
    let scene = &family.scene;
    family.leave(&[family.son], false).await;
    let building = scene
        .enter(
            EntryKind::Building,
            &[("grid", THERE), ("compound", "云水雅苑"), ("name", "9幢")],
        )
        .await;
    let dwelling = scene
        .enter(
            EntryKind::Dwelling,
            &[("building", &building.to_string()), ("room", "101")],
        )
        .await;
    let go = MoveHousehold {
        household: scene.household,
        dwelling,
    };
    let arranged = scene.tablet.client.move_household(go).await.unwrap();

    assert!(scene.door(scene.door).await.households.is_empty());
    let view = family.household(dwelling, scene.household).await;
    assert_eq!(view.members.len(), 3, "who is gone comes along");
    for entry in view.members.iter().chain([&view.entry]) {
        assert_eq!(
            says(entry, "grid").as_deref(),
            Some(THERE),
            "{}",
            entry.title
        );
    }
    assert_eq!(scene.find("张三").await[0].door, Some(dwelling));

    family.undo(arranged).await;
    let view = family.household(scene.door, scene.household).await;
    for entry in view.members.iter().chain([&view.entry]) {
        assert_eq!(
            says(entry, "grid").as_deref(),
            Some(GRID),
            "{}",
            entry.title
        );
    }
}

#[tokio::test]
async fn some_of_a_household_become_one_of_their_own() {
    let family = Family::new().await;
    let scene = &family.scene;
    let split = SplitHousehold {
        residents: vec![family.scene.head, family.son],
        dwelling: scene.empty,
        head: family.son,
        head_left: Some(family.spouse),
    };
    let arranged = scene.tablet.client.split_household(split).await.unwrap();

    assert_eq!(family.at_home().await, named(&[("欧阳小云", Some("head"))]));
    let door = scene.door(scene.empty).await;
    let begun = door.households[0].entry.id;
    let there = family.members(scene.empty, begun).await;
    assert_eq!(there.len(), 2);
    assert!(there.contains(&("张小三".to_owned(), Some("head".to_owned()))));
    assert!(
        there.contains(&("张三".to_owned(), None)),
        "the father of whom he was the head is something else to him: {there:?}"
    );

    family.undo(arranged).await;
    assert_eq!(family.at_home().await, whole());
    let door = scene.door(scene.empty).await;
    assert!(door.households[0].entry.gone, "what was begun has ended");
    assert!(door.households[0].members.is_empty());
}

#[tokio::test]
async fn a_split_that_cannot_be_whole_is_not_begun() {
    let family = Family::new().await;
    let before = family.queued().await;
    let split = |residents: Vec<EntryId>, head, head_left| SplitHousehold {
        residents,
        dwelling: family.scene.door,
        head,
        head_left,
    };
    let client = &family.scene.tablet.client;
    for (wrong, why) in [
        (split(vec![], family.son, None), "nobody"),
        (
            split(vec![family.son], family.spouse, None),
            "the head stays behind",
        ),
        (
            split(vec![family.son], family.son, Some(family.spouse)),
            "those left have a head",
        ),
        (
            split(
                vec![family.scene.head],
                family.scene.head,
                Some(family.scene.head),
            ),
            "whoever went is not left",
        ),
    ] {
        assert!(client.split_household(wrong).await.is_err(), "{why}");
        assert_eq!(family.queued().await, before, "{why}: all or nothing");
        assert_eq!(family.at_home().await, whole(), "{why}");
    }
    let households = family.scene.door(family.scene.door).await.households;
    assert_eq!(households.len(), 1, "no household was begun");
}

#[tokio::test]
async fn two_households_behind_a_door_become_one() {
    let family = Family::new().await;
    let door = family.scene.door;
    let others = family.neighbours("head").await;
    let join = JoinHouseholds {
        from: others,
        into: family.scene.household,
    };
    let client = &family.scene.tablet.client;
    let arranged = client.join_households(join).await.unwrap();

    let mut expected = whole();
    expected.extend(named(&[("李四", None)]));
    assert_eq!(family.at_home().await, expected);
    let ended = family.household(door, others).await;
    assert!(ended.entry.gone);
    assert!(ended.members.is_empty());

    family.undo(arranged).await;
    assert_eq!(family.at_home().await, whole());
    assert!(!family.household(door, others).await.entry.gone);
    assert_eq!(
        family.members(door, others).await,
        named(&[("李四", Some("head"))])
    );
}

#[tokio::test]
async fn what_was_changed_since_is_not_taken_back() {
    let family = Family::new().await;
    let arranged = family.leave(&[family.son], false).await;
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: family.son,
        set: set(&[("note", "迁往海边")]),
    };
    family
        .scene
        .tablet
        .client
        .change_entry(change)
        .await
        .unwrap();

    family.undo(arranged).await;

    let view = family
        .household(family.scene.door, family.scene.household)
        .await;
    let son = find(&view, family.son);
    assert!(!son.gone);
    assert_eq!(says(son, "note").as_deref(), Some("迁往海边"));
}

#[tokio::test]
async fn a_second_head_is_told_where_it_was_entered_by_the_name_of_the_first() {
    let family = Family::new().await;
    let client = &family.scene.tablet.client;
    let told = |field: &str| Code::Mistakes {
        mistakes: vec![Mistake {
            field: field.into(),
            wrong: Wrong::OtherHead {
                name: "张三".to_owned(),
            },
        }],
    };
    let before = family.queued().await;
    let enter = EnterEntry {
        kind: EntryKind::Resident,
        set: set(&[
            ("household", &family.scene.household.to_string()),
            ("name", "王五"),
            ("relation", "head"),
        ]),
    };
    assert_eq!(code(client.enter_entry(enter).await), told("relation"));
    let change = |pairs: &[(&str, &str)]| ChangeEntry {
        kind: EntryKind::Resident,
        entry: family.spouse,
        set: set(pairs),
    };
    let refused = client.change_entry(change(&[("relation", "head")])).await;
    assert_eq!(code(refused), told("relation"));
    assert_eq!(family.queued().await, before, "nothing was entered");

    family.leave(&[family.scene.head], false).await;
    client
        .change_entry(change(&[("relation", "head")]))
        .await
        .unwrap();
    let back = ChangeEntry {
        kind: EntryKind::Resident,
        entry: family.scene.head,
        set: set(&[("presence", "here")]),
    };
    let refused = code(client.change_entry(back).await);
    let Code::Mistakes { mistakes } = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(mistakes[0].field, FieldName::from("presence"));
}

#[tokio::test]
async fn two_heads_that_came_about_are_told_and_the_door_asks_for_somebody() {
    let family = Family::new().await;
    let client = &family.scene.tablet.client;
    let arranged = family.leave(&[family.scene.head], false).await;
    let change = |relation: &str| ChangeEntry {
        kind: EntryKind::Resident,
        entry: family.spouse,
        set: [(
            FieldName::from("relation"),
            Some(FieldValue::from(relation)),
        )]
        .into(),
    };
    client.change_entry(change("head")).await.unwrap();
    let door = async || family.scene.door(family.scene.door).await;
    assert_eq!(door().await.state, DoorState::Due);

    family.undo(arranged).await;

    let here = door().await;
    assert_eq!(here.state, DoorState::Attention);
    let mut heads = here.households[0].heads.clone();
    heads.sort_unstable();
    let mut expected = [family.scene.head, family.spouse];
    expected.sort_unstable();
    assert_eq!(heads, expected);

    // Something else about one of them can be written all the same.
    let phone = ChangeEntry {
        set: set(&[("phone", "13900000001")]),
        ..change("head")
    };
    client.change_entry(phone).await.unwrap();
    client.change_entry(change("1")).await.unwrap();
    let here = door().await;
    assert_eq!(here.state, DoorState::Due);
    assert_eq!(here.households[0].heads, [family.scene.head]);
}
