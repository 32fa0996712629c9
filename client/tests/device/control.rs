//! 重点管理 on one device: shown for a reason, to those who are permitted, and standing in no list.

use client::testing;
use serde::Serialize;
use serde_json::json;
use shared::{
    Action, DocRef, FieldName, Kind, Scope,
    case::Void,
    hub_api::StaffCard,
    ipc::{
        ChangeControl, ChangeEntry, Code, ControlView, DecideField, EnterEntry, GetBuilding,
        GetToday, ListBuildings, ListCampaigns, ListConflicts, ListDuplicates, ListForms,
        RevealControl, RevealField,
    },
    register::{EntryKind, FieldValue, Fields},
};

use super::{
    city,
    paper::{Paper, document, form, question},
    register::{GRID, Scene, set},
    tablet::code,
};

/// What is looked for wherever it must not stand.
const TAG: &str = "control:drugs";
const NOTE: &str = "每月五日来社区报到";

/// A clerk who may know it in the grid of the scene.
fn permitted() -> StaffCard {
    StaffCard {
        grids: vec![GRID.into(), city::EAST.into()],
        permissions: [shared::Permission::Control].into(),
        ..city::clerk()
    }
}

fn flag(tag: &str, set: bool) -> (FieldName, Option<FieldValue>) {
    (tag.into(), set.then_some(FieldValue::Flag(true)))
}

fn note(text: &str) -> (FieldName, Option<FieldValue>) {
    ("note".into(), Some(FieldValue::from(text)))
}

impl Scene {
    async fn write(&self, set: Fields) -> Result<(), Code> {
        let resident = self.head;
        let changing = ChangeControl { resident, set };
        let written = self.tablet.client.change_control(changing).await;
        written.map(drop).map_err(|it| it.code)
    }

    async fn look(&self, reason: &str) -> Result<ControlView, Code> {
        let look = RevealControl {
            resident: self.head,
            reason: reason.to_owned(),
        };
        let seen = self.tablet.client.reveal_control(look).await;
        seen.map_err(|it| it.code)
    }

    async fn tags(&self) -> Vec<String> {
        let view = self.look("核对").await.unwrap();
        view.tags.into_iter().map(|it| it.tag).collect()
    }
}

async fn known() -> Scene {
    let scene = Scene::of(permitted()).await;
    let set = [flag(TAG, true), note(NOTE)].into();
    scene.write(set).await.unwrap();
    scene
}

fn says_nothing(of: &impl Serialize, what: &str) {
    let text = serde_json::to_string(of).unwrap();
    for word in [TAG, "drugs", "management", NOTE] {
        assert!(!text.contains(word), "{what} tells: {word}");
    }
}

#[tokio::test]
async fn it_is_shown_for_a_reason_that_is_put_down_first() {
    let scene = known().await;
    let before = testing::queued(&scene.tablet.client).await.unwrap().len();

    assert_eq!(scene.look("  ").await.unwrap_err(), Code::NoReason);
    let view = scene.look("上门前核对").await.unwrap();

    assert_eq!(view.tags.len(), 1);
    assert_eq!(
        (view.tags[0].tag.as_str(), view.note.as_str()),
        ("drugs", NOTE)
    );
    assert_eq!(view.tags[0].by, city::clerk().name);
    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    assert_eq!(queued.len(), before + 1, "one look, one audit");
    let told = queued.last().unwrap();
    assert_eq!(told.target.kind, Kind::reveal());
    assert_eq!(
        told.scope,
        Scope::control(&GRID.into()),
        "for those alone who may know it"
    );
    let Action::Reveal(revealing) = &told.action else {
        panic!("a look is put down");
    };
    assert_eq!(revealing.of, DocRef::entry(EntryKind::Resident, scene.head));
    assert_eq!(revealing.reason, "上门前核对");
    says_nothing(told, "the audit");
}

#[tokio::test]
async fn a_look_where_nothing_is_known_is_put_down_as_well() {
    let scene = Scene::of(permitted()).await;
    let before = testing::queued(&scene.tablet.client).await.unwrap().len();

    let view = scene.look("核对").await.unwrap();

    assert_eq!(view.tags, []);
    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    assert_eq!(queued.len(), before + 1);
}

#[tokio::test]
async fn who_is_not_permitted_neither_sees_nor_writes_nor_is_offered_it() {
    let clerk = StaffCard {
        permissions: [].into(),
        ..permitted()
    };
    let elsewhere = StaffCard {
        grids: vec![city::EAST.into()],
        ..permitted()
    };
    for person in [clerk, elsewhere] {
        let scene = Scene::of(person).await;
        let before = testing::queued(&scene.tablet.client).await.unwrap().len();
        let refused = Code::Rejected {
            why: Void::NotYourRole,
        };

        assert_eq!(scene.look("核对").await.unwrap_err(), refused);
        let written = scene.write([flag(TAG, true)].into()).await;
        assert_eq!(written.unwrap_err(), refused);
        assert!(!scene.head().await.control, "no row either");
        let queued = testing::queued(&scene.tablet.client).await.unwrap();
        assert_eq!(queued.len(), before);
    }
}

#[tokio::test]
async fn the_row_says_nothing_and_is_there_whether_anything_is_known_or_not() {
    let empty = Scene::of(permitted()).await;
    let known = known().await;

    let (without, with) = (empty.head().await, known.head().await);

    assert!(without.control && with.control);
    says_nothing(&with, "the card");
    let door = known.door(known.door).await;
    says_nothing(&door, "the door");
    assert!(!door.dwelling.control, "only people have it");
    let count = |view: &shared::ipc::EntryView| (view.fields.len(), view.care.len(), view.unsent);
    assert_eq!(
        count(&without),
        count(&with),
        "nothing of the card is another"
    );
}

#[tokio::test]
async fn it_stands_in_no_list_no_search_no_form_and_no_table_of_lists() {
    let scene = known().await;
    let client = &scene.tablet.client;
    scene
        .enter(EntryKind::Place, &[("grid", GRID), ("name", "小店")])
        .await;

    for text in ["drugs", "每月", NOTE, "control", "management", "zd"] {
        assert_eq!(scene.find(text).await, [], "{text}");
    }
    let building = scene.building;
    let get = GetBuilding { building };
    says_nothing(&client.get_building(get).await.unwrap(), "the matrix");
    let list = client
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    says_nothing(&list, "the buildings");
    says_nothing(&client.get_today(GetToday {}).await.unwrap(), "today");
    let pairs = client.list_duplicates(ListDuplicates {}).await.unwrap();
    says_nothing(&pairs, "duplicates");
    let campaigns = client.list_campaigns(ListCampaigns {}).await.unwrap();
    says_nothing(&campaigns, "campaigns");
    let conflicts = client.list_conflicts(ListConflicts {}).await.unwrap();
    says_nothing(&conflicts, "conflicts");
    says_nothing(&client.list_forms(ListForms {}).await.unwrap(), "forms");
    let rows = testing::register_rows(client).await.unwrap();
    assert!(
        rows.iter().any(|row| row.contains("小店")),
        "they are searched"
    );
    let queued = testing::queued(client).await.unwrap();
    let entered = queued
        .iter()
        .find(|op| op.target.kind.as_str() == "management");
    let id = hex::encode_upper(entered.unwrap().target.id.as_bytes());
    assert!(rows.iter().all(|row| !row.contains(&id)), "it has no row");
    for row in &rows {
        assert!(!row.contains("drugs") && !row.contains(NOTE), "{row}");
    }
    let stands = testing::tables_with(client, "drugs").await.unwrap();
    assert_eq!(stands, ["outbox.op"], "nothing is made of it");
}

#[tokio::test]
async fn a_form_is_not_about_it_and_saves_nothing_there() {
    let scene = known().await;
    let mut asked = question("words", "text");
    asked["save_to"] = json!("note");
    let mut asks = form("1", json!([asked]));
    asks["entities"] = json!([{ "list": "management" }]);
    scene.tablet.give(document(2, asks, 1)).await;
    let forms = client_forms(&scene).await;
    assert_eq!(forms, [None]);

    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    let entered = queued
        .iter()
        .find(|op| op.target.kind.as_str() == "management");
    let subject = Some(entered.unwrap().target.clone());
    let filling = shared::ipc::Filling::New {
        form: uuid::Uuid::from_u128(2),
        subject,
        prefill: Vec::new(),
    };
    let view = scene.tablet.fill(filling).await.unwrap();
    let paper = Paper::of(&scene.tablet, view);
    assert_eq!(
        paper.value("words"),
        "",
        "it does not begin with what stands there"
    );
}

async fn client_forms(scene: &Scene) -> Vec<Option<EntryKind>> {
    let forms = scene.tablet.forms().await.forms;
    forms.into_iter().map(|it| it.about).collect()
}

#[tokio::test]
async fn nothing_else_reads_or_writes_it() {
    let scene = known().await;
    let client = &scene.tablet.client;
    let queued = testing::queued(client).await.unwrap();
    let entered = queued
        .iter()
        .find(|op| op.target.kind.as_str() == "management");
    let entry = shared::EntryId(entered.unwrap().target.id);
    let kind = EntryKind::Management;

    let set_note = set(&[("note", "别的")]);
    let entering = EnterEntry {
        kind,
        set: set_note.clone(),
    };
    let change = ChangeEntry {
        kind,
        entry,
        set: set_note,
    };
    let decide = DecideField {
        kind,
        entry,
        field: "note".into(),
        keep: 0,
    };
    let look = RevealField {
        kind,
        entry,
        field: "note".into(),
        reason: "核对".to_owned(),
    };
    assert_eq!(code(client.enter_entry(entering).await), Code::Internal);
    assert_eq!(code(client.change_entry(change).await), Code::Internal);
    assert_eq!(code(client.decide_field(decide).await), Code::Internal);
    assert_eq!(code(client.reveal_field(look).await), Code::Internal);
    assert_eq!(scene.look("核对").await.unwrap().note, NOTE);
}

#[tokio::test]
async fn tags_are_added_and_taken_away_in_one_entry() {
    let scene = known().await;

    let more = [flag("control:petition", true), flag(TAG, true)].into();
    scene.write(more).await.unwrap();
    assert_eq!(scene.tags().await, ["drugs", "petition"]);
    scene.write([flag(TAG, false)].into()).await.unwrap();
    assert_eq!(scene.tags().await, ["petition"]);
    let unknown = [flag("control:rich", true), flag("care:alone", true)].into();
    scene.write(unknown).await.unwrap();
    assert_eq!(
        scene.tags().await,
        ["petition"],
        "nothing else is taken down"
    );

    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    let written = queued
        .iter()
        .filter(|op| op.target.kind.as_str() == "management");
    let written: Vec<_> = written.collect();
    assert_eq!(written.len(), 3);
    assert!(written.iter().all(|op| op.target == written[0].target));
    assert!(
        written
            .iter()
            .all(|op| op.scope == Scope::control(&GRID.into()))
    );
}

#[tokio::test]
async fn two_who_began_without_knowing_of_each_other_are_one_list() {
    let scene = known().await;
    // A colleague's, as the hub tells it.
    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    let entered = queued
        .iter()
        .find(|op| op.target.kind.as_str() == "management");
    let mut theirs = entered.unwrap().clone();
    theirs.target.id = uuid::Uuid::from_u128(4);
    theirs.op_id = shared::OpId::from_bytes([4; 16]);
    let Action::Enter(entering) = &mut theirs.action else {
        panic!("it was entered");
    };
    entering.set.extend([flag("control:mental", true)]);
    let doc = shared::apply(None, &theirs, &shared::apply::Stamp::Device).doc;
    let feed = Scope::control(&GRID.into());
    testing::pull(&scene.tablet.client, feed, doc.unwrap())
        .await
        .unwrap();

    assert_eq!(scene.tags().await, ["drugs", "mental"]);
    let none = [flag(TAG, false), flag("control:mental", false)].into();
    scene.write(none).await.unwrap();
    assert_eq!(
        scene.tags().await,
        [""; 0],
        "it is taken away wherever it stood"
    );
}

#[tokio::test]
async fn it_goes_along_when_somebody_moves_to_another_grid() {
    let scene = known().await;
    let client = &scene.tablet.client;
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: scene.head,
        set: set(&[("grid", city::EAST)]),
    };
    client.change_entry(change).await.unwrap();

    let queued = testing::queued(client).await.unwrap();
    let last = queued.last().unwrap();
    assert_eq!(last.target.kind.as_str(), "management");
    assert_eq!(
        last.scope,
        Scope::control(&GRID.into()),
        "from where it stood"
    );
    let Action::Change(changing) = &last.action else {
        panic!("it moves");
    };
    assert_eq!(changing.set, set(&[("grid", city::EAST)]));
    assert_eq!(scene.tags().await, ["drugs"]);
}
