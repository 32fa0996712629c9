//! The register on one device: entered, found, visited, changed, and shown masked.

use client::testing;
use serde_json::json;
use shared::{
    Action, DocRef, EntryId, FieldName, Kind, Outcome, Scope,
    apply::Stamp,
    hub_api::StaffCard,
    ipc::{
        ChangeEntry, Code, ConfirmDoor, DoorState, DoorView, EnterEntry, EntryView, Filling,
        GetBuilding, GetDoor, ListBuildings, RegisterHit, RegisterHits, RevealField,
        SearchRegister, VisitDoor,
    },
    register::{
        EntryKind, FieldValue, Fields,
        check::{Mistake, Wrong},
    },
    visit::Met,
};

use uuid::Uuid;

use super::{
    city,
    paper::{Paper, all_shipped, document, form, question, shipped},
    tablet::{HOUR, Tablet, code},
};

pub(super) const GRID: &str = "G1";

/// What the app calls the fields of the register, in this language.
fn words_of_the_app(language: &str) -> serde_json::Value {
    let file = format!(
        "{}/../ui/locales/{language}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let words: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    words.get("reg").cloned().unwrap()
}

#[test]
fn a_field_is_called_the_same_on_its_card_and_in_every_form() {
    let mut compared = 0;
    for (language, of_form) in [("zh", "中文 (zh)"), ("en", "English (en)")] {
        let words = words_of_the_app(language);
        for form in all_shipped() {
            for it in form.questions() {
                let Some(field) = &it.question.save_to else {
                    continue;
                };
                let called = &words[format!("f_{field}")];
                let label = it.item.label.in_language(of_form, "").unwrap();
                assert_eq!(called.as_str(), Some(label), "{}: {field}", form.id);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 28, "two fields in two forms, ten in one, twice");
}

/// The number of a girl who was born on 2015-03-10.
pub(super) const CHILD: &str = "32990120150310002X";

pub(super) fn set(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| {
            let value = match value.parse() {
                Ok(number) if *name == "floor" => FieldValue::Number(number),
                _ => FieldValue::from(*value),
            };
            (FieldName::from(*name), Some(value))
        })
        .collect()
}

/// A tablet with one building of two doors; a family lives behind the first.
pub(super) struct Scene {
    pub(super) tablet: Tablet,
    pub(super) building: EntryId,
    pub(super) door: EntryId,
    pub(super) empty: EntryId,
    pub(super) household: EntryId,
    pub(super) head: EntryId,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::of(city::worker()).await
    }

    pub(super) async fn of(person: StaffCard) -> Self {
        let tablet = Tablet::of(person).await;
        let enter = async |kind, pairs: &[(&str, &str)]| {
            let args = EnterEntry {
                kind,
                set: set(pairs),
            };
            tablet.client.enter_entry(args).await.unwrap().id
        };
        let building = enter(
            EntryKind::Building,
            &[("grid", GRID), ("compound", "丽水花园"), ("name", "3幢")],
        )
        .await;
        let of_it = building.to_string();
        let door = enter(
            EntryKind::Dwelling,
            &[
                ("building", &of_it),
                ("unit", "2单元"),
                ("floor", "5"),
                ("room", "501"),
            ],
        )
        .await;
        let empty = enter(
            EntryKind::Dwelling,
            &[
                ("building", &of_it),
                ("unit", "2单元"),
                ("floor", "12"),
                ("room", "1201"),
                ("use", "vacant"),
            ],
        )
        .await;
        let household = enter(EntryKind::Household, &[("dwelling", &door.to_string())]).await;
        let of_it = household.to_string();
        let head = enter(
            EntryKind::Resident,
            &[
                ("household", &of_it),
                ("name", "张三"),
                ("relation", "head"),
                ("id_no", "110101199003070011"),
                ("phone", "13800005678"),
            ],
        )
        .await;
        enter(
            EntryKind::Resident,
            &[
                ("household", &of_it),
                ("name", "欧阳小云"),
                ("relation", "1"),
            ],
        )
        .await;
        Self {
            tablet,
            building,
            door,
            empty,
            household,
            head,
        }
    }

    pub(super) async fn door(&self, dwelling: EntryId) -> DoorView {
        self.tablet
            .client
            .get_door(GetDoor { dwelling })
            .await
            .unwrap()
    }

    pub(super) async fn head(&self) -> EntryView {
        let mut door = self.door(self.door).await;
        door.households.remove(0).members.remove(0)
    }

    pub(super) async fn find(&self, text: &str) -> Vec<RegisterHit> {
        self.search(text).await.entries
    }

    pub(super) async fn search(&self, text: &str) -> RegisterHits {
        let text = text.to_owned();
        let search = SearchRegister { text };
        self.tablet.client.search_register(search).await.unwrap()
    }

    /// Enters something else.
    pub(super) async fn enter(&self, kind: EntryKind, pairs: &[(&str, &str)]) -> EntryId {
        let args = EnterEntry {
            kind,
            set: set(pairs),
        };
        self.tablet.client.enter_entry(args).await.unwrap().id
    }

    async fn visit(&self, dwelling: EntryId, outcome: Met) {
        let visit = VisitDoor {
            dwelling,
            outcome,
            note: String::new(),
        };
        self.tablet.client.visit_door(visit).await.unwrap();
    }
}

pub(super) fn says(view: &EntryView, field: &str) -> Option<String> {
    let found = view.fields.iter().find(|it| it.field.as_str() == field)?;
    found.value.text().map(str::to_owned)
}

#[tokio::test]
async fn a_building_is_shown_door_by_door_from_the_top() {
    let scene = Scene::new().await;

    let get = GetBuilding {
        building: scene.building,
    };
    let view = scene.tablet.client.get_building(get).await.unwrap();

    let [unit] = view.units.as_slice() else {
        panic!("one unit: {:?}", view.units)
    };
    assert_eq!(unit.name, "2单元");
    let rooms: Vec<_> = unit
        .floors
        .iter()
        .map(|floor| {
            let door = &floor.doors[0];
            (floor.number, door.room.as_str(), door.residents, door.state)
        })
        .collect();
    assert_eq!(
        rooms,
        [
            (Some(12), "1201", 0, DoorState::Vacant),
            (Some(5), "501", 2, DoorState::Due),
        ]
    );
}

#[tokio::test]
async fn people_and_doors_are_found_as_they_are_thought_of() {
    let scene = Scene::new().await;

    for query in [
        "张三", "三", "zhangsan", "zhang", "ZS", " z s ", "0011", "5678",
    ] {
        let hits = scene.find(query).await;
        assert_eq!(hits.len(), 1, "{query:?}: {hits:?}");
        assert_eq!(hits[0].id, scene.head, "{query:?}");
        assert_eq!(hits[0].door, Some(scene.door), "{query:?}");
        assert_eq!(hits[0].place, "丽水花园 3-2-501", "{query:?}");
    }
    for query in ["3-2-501", "501"] {
        let hits = scene.find(query).await;
        assert_eq!(hits[0].id, scene.door, "{query:?}: {hits:?}");
    }
    for query in ["花园", "水花园", "丽水花园3幢"] {
        let hits = scene.find(query).await;
        let buildings = hits.iter().filter(|it| it.building.is_some());
        assert_eq!(buildings.count(), 1, "{query:?}: {hits:?}");
    }
    for query in ["李", "9999", "3-2-502", "花山", "水花苑", "", "  "] {
        assert_eq!(scene.find(query).await, [], "{query:?}");
    }
}

#[tokio::test]
async fn who_changes_a_name_is_found_by_the_new_one_only() {
    let scene = Scene::new().await;
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: scene.head,
        set: set(&[("name", "章珊")]),
    };
    scene.tablet.client.change_entry(change).await.unwrap();

    assert_eq!(scene.find("张三").await, []);
    assert_eq!(scene.find("章珊").await.len(), 1);
    assert_eq!(scene.find("zs").await.len(), 1);

    let rename = ChangeEntry {
        kind: EntryKind::Building,
        entry: scene.building,
        set: set(&[("name", "7幢")]),
    };
    scene.tablet.client.change_entry(rename).await.unwrap();
    assert_eq!(scene.find("3-2-501").await, []);
    assert_eq!(scene.find("7-2-501").await[0].id, scene.door);
}

#[tokio::test]
async fn nothing_changed_is_one_tap_and_says_so_of_everything_behind_the_door() {
    let scene = Scene::new().await;
    let before = testing::queued(&scene.tablet.client).await.unwrap().len();
    scene.tablet.clock.turn(24 * HOUR);

    let dwelling = scene.door;
    let confirm = ConfirmDoor { dwelling };
    scene.tablet.client.confirm_door(confirm).await.unwrap();

    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    let done: Vec<&str> = queued[before..]
        .iter()
        .map(|op| op.target.kind.as_str())
        .collect();
    assert_eq!(
        done,
        ["visit", "dwelling", "household", "resident", "resident"]
    );
    let door = scene.door(scene.door).await;
    assert_eq!(door.state, DoorState::Done);
    assert_eq!(door.visits[0].outcome, Met::Met);
    for view in &door.households[0].members {
        for field in &view.fields {
            assert!(field.confirmed, "{field:?}");
            assert_eq!(field.at.as_ms(), scene.tablet.now());
        }
    }
}

#[tokio::test]
async fn a_door_says_what_the_last_visit_left() {
    let scene = Scene::new().await;
    let state = async || scene.door(scene.door).await.state;
    assert_eq!(state().await, DoorState::Due);

    scene.visit(scene.door, Met::NotHome).await;
    assert_eq!(state().await, DoorState::NotHome);
    scene.tablet.clock.turn(HOUR);
    scene.visit(scene.door, Met::Met).await;
    assert_eq!(state().await, DoorState::Done);
    scene.tablet.clock.turn(HOUR);
    scene.visit(scene.door, Met::NotHome).await;
    assert_eq!(
        state().await,
        DoorState::Done,
        "somebody was met a little before"
    );
    scene.tablet.clock.turn(HOUR);
    scene.visit(scene.door, Met::Refused).await;
    assert_eq!(state().await, DoorState::Attention);
    scene.tablet.clock.turn(29 * 24 * HOUR);
    assert_eq!(state().await, DoorState::Attention, "they are left alone");
    scene.tablet.clock.turn(61 * 24 * HOUR);
    assert_eq!(state().await, DoorState::Due, "a quarter has passed");

    let list = scene.tablet.client.list_buildings(ListBuildings::default());
    let row = &list.await.unwrap().buildings[0];
    assert_eq!((row.doors, row.done, row.not_home), (2, 0, 0));
    assert_eq!(scene.door(scene.empty).await.state, DoorState::Vacant);
}

#[tokio::test]
async fn numbers_are_masked_and_shown_for_a_reason_that_is_kept() {
    let scene = Scene::new().await;
    let head = scene.head().await;
    assert_eq!(says(&head, "phone").as_deref(), Some("138****5678"));
    assert_eq!(says(&head, "id_no").as_deref(), Some("1101**********0011"));

    let reveal = |reason: &str| {
        scene.tablet.client.reveal_field(RevealField {
            kind: EntryKind::Resident,
            entry: scene.head,
            field: "phone".into(),
            reason: reason.to_owned(),
        })
    };
    let before = testing::queued(&scene.tablet.client).await.unwrap().len();
    assert_eq!(code(reveal("  ").await), Code::NoReason);
    let none = testing::queued(&scene.tablet.client).await.unwrap();
    assert_eq!(none.len(), before, "nothing was shown, nothing is told");

    let shown = reveal("约上门时间").await.unwrap();

    assert_eq!(shown.value, FieldValue::from("13800005678"));
    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    let told = queued.last().unwrap();
    assert_eq!(told.target.kind, Kind::reveal());
    let Action::Reveal(revealing) = &told.action else {
        panic!("{:?}", told.action)
    };
    assert_eq!(revealing.reason, "约上门时间");
    let told = serde_json::to_string(told).unwrap();
    assert!(!told.contains("13800005678"), "what was seen is not told");
}

#[tokio::test]
async fn what_cannot_stand_is_told_where_it_was_entered_and_changes_nothing() {
    let scene = Scene::new().await;
    let change = |pairs: &[(&str, &str)]| {
        scene.tablet.client.change_entry(ChangeEntry {
            kind: EntryKind::Resident,
            entry: scene.head,
            set: set(pairs),
        })
    };
    let wrong = |field: &str, wrong| Code::Mistakes {
        mistakes: vec![Mistake {
            field: field.into(),
            wrong,
        }],
    };
    for (pairs, told) in [
        (&[("phone", "123")][..], wrong("phone", Wrong::NotAPhone)),
        (
            &[("id_no", "110101199003070012")],
            wrong("id_no", Wrong::IdChecksum),
        ),
        (
            &[("birth", "1990-03-08")],
            wrong("birth", Wrong::IdOtherBirth),
        ),
        (&[("birth", "2099-01-01")], wrong("birth", Wrong::InFuture)),
        (&[("name", "")], wrong("name", Wrong::Missing)),
    ] {
        let before = scene.head().await;
        let refused = code(change(pairs).await);
        match (&refused, &told) {
            (Code::Mistakes { mistakes }, Code::Mistakes { mistakes: expected }) => {
                assert!(mistakes.contains(&expected[0]), "{pairs:?}: {refused:?}");
            }
            _ => panic!("{pairs:?}: {refused:?}"),
        }
        assert_eq!(scene.head().await, before, "{pairs:?}");
    }

    let before = testing::queued(&scene.tablet.client).await.unwrap().len();
    change(&[("name", "张三")]).await.unwrap();
    let after = testing::queued(&scene.tablet.client).await.unwrap().len();
    assert_eq!(before, after, "what stands so already is not told again");
}

#[tokio::test]
async fn a_number_says_birth_and_sex_in_the_operation_that_enters_it() {
    let scene = Scene::new().await;
    let given = |fields: &Fields| {
        ["id_no", "birth", "sex"].map(|name| {
            let value = fields.get(&FieldName::from(name)).and_then(Option::as_ref);
            value
                .and_then(FieldValue::text)
                .unwrap_or_default()
                .to_owned()
        })
    };
    let last = async || {
        let ops = testing::queued(&scene.tablet.client).await.unwrap();
        match ops.last().unwrap().action.clone() {
            Action::Enter(entering) => entering.set,
            Action::Change(changing) => changing.set,
            other => panic!("{other:?}"),
        }
    };
    let household = scene.household.to_string();
    let child = scene
        .enter(
            EntryKind::Resident,
            &[
                ("household", &household),
                ("name", "张小满"),
                ("id_no", CHILD),
            ],
        )
        .await;
    assert_eq!(given(&last().await), [CHILD, "2015-03-10", "2"]);

    let change = async |pairs: &[(&str, &str)]| {
        let change = ChangeEntry {
            kind: EntryKind::Resident,
            entry: child,
            set: set(pairs),
        };
        scene.tablet.client.change_entry(change).await
    };
    change(&[("id_no", ""), ("birth", ""), ("sex", "")])
        .await
        .unwrap();
    assert_eq!(given(&last().await), ["", "", ""], "all of it was wrong");
    change(&[("sex", "2")]).await.unwrap();
    change(&[("id_no", CHILD)]).await.unwrap();
    assert_eq!(
        given(&last().await),
        [CHILD, "2015-03-10", ""],
        "only what was empty is written"
    );
    change(&[("id_no", ""), ("birth", "2015-03-11")])
        .await
        .unwrap();
    let refused = code(change(&[("id_no", CHILD)]).await);
    let mistakes = vec![Mistake {
        field: "birth".into(),
        wrong: Wrong::IdOtherBirth,
    }];
    assert_eq!(refused, Code::Mistakes { mistakes }, "one of them is wrong");
}

#[tokio::test]
async fn what_was_entered_is_there_after_the_app_was_ended() {
    let scene = Scene::new().await;
    let (door, household) = (scene.door, scene.household);
    let tablet = scene.tablet.restart().await;

    let view = tablet.client.get_door(GetDoor { dwelling: door }).await;

    let view = view.unwrap();
    assert_eq!(view.door, "3-2-501");
    assert_eq!(view.households[0].entry.id, household);
    assert_eq!(view.households[0].members.len(), 2);
}

#[tokio::test]
async fn a_door_is_not_found_by_the_number_of_a_building_that_left() {
    let scene = Scene::new().await;
    let client = &scene.tablet.client;
    let queued = testing::queued(client).await.unwrap();
    let entered = queued.iter().find(|op| op.target.id == scene.door.0);
    let door = shared::apply(None, entered.unwrap(), &Stamp::Device).doc;
    let grid = Scope::grid(&GRID.into());
    testing::pull(client, grid, door.unwrap()).await.unwrap();
    let change = ChangeEntry {
        kind: EntryKind::Building,
        entry: scene.building,
        set: set(&[("hazards", "电线")]),
    };
    client.change_entry(change).await.unwrap();
    assert_eq!(scene.door(scene.door).await.door, "3-2-501");

    // The hub has all of it, and only the door is still in the person's feeds.
    testing::confirm_all(client, Outcome::Applied)
        .await
        .unwrap();

    let door = scene.door(scene.door).await;
    assert_eq!((door.building, door.door.as_str()), (None, "2-501"));
    assert_eq!(scene.find("3-2-501").await, []);
    assert_eq!(scene.find("2-501").await[0].id, scene.door);
}

#[tokio::test]
async fn a_form_about_somebody_begins_with_what_is_known_and_what_changed_is_known_after() {
    let scene = Scene::new().await;
    scene.tablet.give(shipped("vaccination")).await;
    let form = scene.tablet.forms().await.forms.remove(0);
    assert_eq!(form.about, Some(EntryKind::Resident));
    let subject = DocRef {
        kind: EntryKind::Resident.kind(),
        id: scene.head.0,
    };
    let filling = Filling::New {
        form: form.doc,
        subject: Some(subject),
        prefill: Vec::new(),
    };
    let view = scene.tablet.fill(filling.clone()).await.unwrap();
    let mut paper = Paper::of(&scene.tablet, view);
    assert_eq!(paper.value("person/name_shown"), "张三");
    assert_eq!(
        paper.value("person/phone"),
        "",
        "a masked number is not shown"
    );

    scene.tablet.clock.turn(HOUR);
    for (address, answer) in [
        ("vaccination/status", "not_done"),
        ("vaccination/reason_code", "unwilling"),
        ("person/phone", "13900000001"),
    ] {
        paper.answer(address, answer).await.unwrap();
    }
    paper.done().await;

    let head = scene.head().await;
    assert_eq!(says(&head, "phone").as_deref(), Some("139****0001"));
    let name = head.fields.iter().find(|it| it.field.as_str() == "name");
    assert!(name.unwrap().confirmed, "it was found to be so");
    assert_eq!(scene.tablet.records().await.rows.len(), 1);

    // The next one finds nothing to change.
    let before = testing::queued(&scene.tablet.client).await.unwrap().len();
    let view = scene.tablet.fill(filling).await.unwrap();
    let mut paper = Paper::of(&scene.tablet, view);
    for (address, answer) in [
        ("vaccination/status", "not_done"),
        ("vaccination/reason_code", "unwilling"),
    ] {
        paper.answer(address, answer).await.unwrap();
    }
    paper.done().await;
    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    let kinds: Vec<&str> = queued[before..]
        .iter()
        .map(|op| op.target.kind.as_str())
        .collect();
    assert_eq!(kinds, ["record", "resident"], "a record, and that it is so");
}

#[tokio::test]
async fn an_answer_that_cannot_stand_in_the_register_keeps_the_form_from_being_finished() {
    let scene = Scene::new().await;
    let mut born = question("born", "text");
    born.as_object_mut()
        .unwrap()
        .insert("save_to".to_owned(), json!("birth"));
    let mut asks = form("1", json!([born]));
    asks.as_object_mut()
        .unwrap()
        .insert("entities".to_owned(), json!([{ "list": "resident" }]));
    scene.tablet.give(document(2, asks, 1)).await;
    let filling = Filling::New {
        form: Uuid::from_u128(2),
        subject: Some(DocRef {
            kind: EntryKind::Resident.kind(),
            id: scene.head.0,
        }),
        prefill: Vec::new(),
    };
    let view = scene.tablet.fill(filling).await.unwrap();
    let mut paper = Paper::of(&scene.tablet, view);
    paper.answer("born", "2099-01-01").await.unwrap();
    let before = testing::queued(&scene.tablet.client).await.unwrap().len();

    let refused = paper.finish().await;

    assert!(matches!(code(refused), Code::Mistakes { .. }));
    let after = testing::queued(&scene.tablet.client).await.unwrap().len();
    assert_eq!(before, after, "no record without what it says");
    let draft = paper.draft();
    let mut again = scene.tablet.take_up_again(draft).await;
    assert_eq!(again.value("born"), "2099-01-01", "and nothing is lost");
    again.answer("born", "1990-03-07").await.unwrap();
    again.done().await;
    assert_eq!(
        says(&scene.head().await, "birth").as_deref(),
        Some("1990-03-07")
    );
}
