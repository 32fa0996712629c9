//! Forms that ask for the register as a list: building, door, resident. It is the register as it is when
//! the filling is opened, and what was answered outlives whoever leaves it.
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

use client::testing;
use serde_json::{Value, json};
use shared::{
    EntryId, Outcome,
    ipc::{
        AnswerRefusal, ChangeEntry, Code, Filling, FindChoices, FormTrouble, GetDoor, RecordView,
    },
    record::Given,
    register::EntryKind,
};
use uuid::Uuid;

use super::{
    paper::{Paper, document, form, question},
    register::{GRID, Scene, set},
    tablet::code,
};

fn one_of(kind: &str, filter: &str) -> Value {
    json!({
        "name": kind, "label": {"": kind}, "shape": "question", "kind": "select_one",
        "choices": {
            "file": { "name": format!("{kind}.csv"), "value": "name", "label": "label" },
            "filter": filter,
        },
    })
}

fn computed(name: &str, calculate: &str) -> Value {
    json!({
        "name": name, "label": {"": name}, "shape": "question", "kind": "text",
        "calculate": calculate,
    })
}

/// A form that asks for somebody by building and door.
fn cascade() -> Value {
    let mut said = form(
        "1",
        json!([
            one_of("building", ""),
            one_of("dwelling", "building = ${building}"),
            one_of("resident", "dwelling = ${dwelling}"),
            computed("called", "jr:choice-name(${resident}, '${resident}')"),
            computed(
                "relation",
                "pulldata('resident', 'relation', 'name', ${resident})"
            ),
            computed(
                "there",
                "count(instance('resident')/root/item[dwelling = ${dwelling}])"
            ),
        ]),
    );
    said["files"] = json!(["building.csv", "dwelling.csv", "resident.csv"]);
    said
}

async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.tablet.give(document(1, cascade(), 1)).await;
    scene
}

impl Scene {
    async fn asked(&self) -> Paper<'_> {
        let mut paper = self.tablet.take_up(1).await;
        for (address, id) in [("building", self.building), ("dwelling", self.door)] {
            paper.answer(address, &id.to_string()).await.unwrap();
        }
        paper
    }

    /// Somebody moves away.
    async fn moves_out(&self, who: EntryId) {
        let change = ChangeEntry {
            kind: EntryKind::Resident,
            entry: who,
            set: set(&[("presence", "moved"), ("presence_since", "2026-03-01")]),
        };
        self.tablet.client.change_entry(change).await.unwrap();
    }

    async fn comes(&self, name: &str) -> EntryId {
        let household = self.household.to_string();
        let pairs = [("household", household.as_str()), ("name", name)];
        self.enter(EntryKind::Resident, &pairs).await
    }
}

fn offered(paper: &Paper<'_>, address: &str) -> Vec<String> {
    let asked = paper.find(address).unwrap();
    let choices = asked.choices.as_ref().unwrap();
    choices.some.iter().map(|it| it.label.clone()).collect()
}

fn chosen(paper: &Paper<'_>, address: &str) -> String {
    let asked = paper.find(address).unwrap();
    asked.chosen[0].label.clone()
}

fn told(record: &RecordView, address: &str) -> Option<String> {
    let line = record.lines.iter().find(|it| it.address == address)?;
    line.answer.clone()
}

#[tokio::test]
async fn somebody_is_found_by_building_and_door_in_the_register_of_this_device() {
    let scene = scene().await;
    let mut paper = scene.tablet.take_up(1).await;
    assert_eq!(offered(&paper, "building"), ["丽水花园 3幢"]);
    assert_eq!(offered(&paper, "dwelling"), [""; 0], "of which building?");

    paper
        .answer("building", &scene.building.to_string())
        .await
        .unwrap();
    assert_eq!(
        offered(&paper, "dwelling"),
        ["丽水花园 3-2-501", "丽水花园 3-2-1201"]
    );
    paper
        .answer("dwelling", &scene.door.to_string())
        .await
        .unwrap();
    assert_eq!(offered(&paper, "resident"), ["张三", "欧阳小云"]);
    let head = scene.head.to_string();
    paper.answer("resident", &head).await.unwrap();

    assert_eq!(
        ["called", "relation", "there"].map(|address| paper.value(address)),
        ["张三", "head", "2"]
    );
    let record = paper.done().await;
    let record = scene.tablet.record(record).await;
    assert_eq!(
        ["building", "dwelling", "resident"].map(|address| told(&record, address).unwrap()),
        ["丽水花园 3幢", "丽水花园 3-2-501", "张三"]
    );
    let queued = testing::queued(&scene.tablet.client).await.unwrap();
    let shared::Action::Record(filled) = &queued.last().unwrap().action else {
        panic!("{queued:?}")
    };
    let kept = filled.values.iter().find(|it| it.address == "resident");
    assert_eq!(kept.unwrap().value, head, "the id is what is kept");
}

#[tokio::test]
async fn who_was_entered_later_is_offered_and_who_moved_out_is_not() {
    let scene = scene().await;
    let paper = scene.asked().await;
    let draft = paper.draft();
    assert_eq!(offered(&paper, "resident"), ["张三", "欧阳小云"]);

    scene.moves_out(scene.head).await;
    scene.comes("何田田").await;

    let again = scene.tablet.take_up_again(draft).await;
    assert_eq!(
        offered(&again, "resident"),
        ["欧阳小云", "何田田"],
        "one that was begun is opened anew"
    );
    assert_eq!(again.value("there"), "2");
    assert_eq!(
        offered(&scene.asked().await, "resident"),
        ["欧阳小云", "何田田"]
    );
}

#[tokio::test]
async fn an_open_page_keeps_the_list_it_was_opened_with() {
    let scene = scene().await;
    let mut paper = scene.asked().await;

    scene.moves_out(scene.head).await;

    paper
        .answer("resident", &scene.head.to_string())
        .await
        .unwrap();
    assert_eq!(chosen(&paper, "resident"), "张三");
}

#[tokio::test]
async fn a_draft_that_is_taken_up_again_has_the_choice_that_was_made() {
    let mut scene = scene().await;
    let mut paper = scene.asked().await;
    let draft = paper.draft();
    let head = scene.head.to_string();
    paper.answer("resident", &head).await.unwrap();
    let answers = paper.answers();
    scene.tablet = scene.tablet.restart().await;

    let again = scene.tablet.take_up_again(draft).await;
    assert_eq!(again.answers(), answers);
    assert_eq!(chosen(&again, "resident"), "张三");

    scene.moves_out(scene.head).await;
    let again = scene.tablet.take_up_again(draft).await;
    assert_eq!(
        again.answers().len(),
        answers.len(),
        "who was chosen stays, moved out or not"
    );
    assert_eq!(chosen(&again, "resident"), "张三");
    let record = again.done().await;
    let record = scene.tablet.record(record).await;
    assert_eq!(told(&record, "resident").as_deref(), Some("张三"));
}

#[tokio::test]
async fn a_record_outlives_whoever_it_names_and_can_still_be_corrected() {
    let scene = scene().await;
    let mut paper = scene.asked().await;
    let head = scene.head.to_string();
    paper.answer("resident", &head).await.unwrap();
    let record = paper.done().await;

    // The hub has all of it, and nothing of it is in the person's feeds any more.
    let client = &scene.tablet.client;
    let queued = testing::queued(client).await.unwrap();
    let op = queued.iter().find(|op| op.target.id == record.0).unwrap();
    let doc = shared::apply(None, op, &shared::apply::Stamp::Device).doc;
    let grid = shared::Scope::grid(&GRID.into());
    testing::pull(client, grid, doc.unwrap()).await.unwrap();
    testing::confirm_all(client, Outcome::Applied)
        .await
        .unwrap();
    let door = GetDoor {
        dwelling: scene.door,
    };
    assert_eq!(code(client.get_door(door).await), Code::NotFound);

    let view = scene.tablet.record(record).await;
    let short = format!("…{}", &head[head.len() - 8..]);
    assert_eq!(told(&view, "resident"), Some(short.clone()));
    assert_eq!(
        told(&view, "called").as_deref(),
        Some("张三"),
        "as it was computed"
    );
    let correction = scene.tablet.fill(Filling::Correction { record }).await;
    let paper = Paper::of(&scene.tablet, correction.unwrap());
    assert_eq!(paper.value("resident"), head);
    assert_eq!(chosen(&paper, "resident"), short);
    assert_eq!(
        offered(&paper, "resident"),
        [short.as_str()],
        "what is chosen is there to be seen, and to be taken back"
    );
    let corrected = paper.done().await;
    let view = scene.tablet.record(corrected).await;
    assert_eq!(told(&view, "resident"), Some(short));
}

#[tokio::test]
async fn a_long_register_is_searched_like_any_list_and_namesakes_are_told_apart() {
    let scene = scene().await;
    let other = scene
        .enter(
            EntryKind::Household,
            &[("dwelling", &scene.empty.to_string())],
        )
        .await
        .to_string();
    for n in 0..20 {
        let name = format!("周{n}号");
        let relation = if n == 7 { "head" } else { "8" };
        let pairs = [
            ("household", other.as_str()),
            ("name", &name),
            ("relation", relation),
        ];
        scene.enter(EntryKind::Resident, &pairs).await;
    }
    for name in ["张三", "何田田"] {
        let pairs = [("household", other.as_str()), ("name", name)];
        scene.enter(EntryKind::Resident, &pairs).await;
    }
    let mut said = form(
        "1",
        json!([one_of("resident", ""), one_of("household", "")]),
    );
    said["id"] = json!("who");
    said["files"] = json!(["resident.csv", "household.csv"]);
    scene.tablet.give(document(2, said, 1)).await;

    let paper = scene.tablet.take_up(2).await;

    let asked = paper.find("resident").unwrap().choices.clone().unwrap();
    assert_eq!((asked.total, asked.some.len()), (24, 0));
    let find = async |query: &str| -> Vec<String> {
        let find = FindChoices {
            draft: paper.draft(),
            address: "resident".to_owned(),
            query: query.to_owned(),
            from: 0,
            limit: 10,
        };
        let found = scene.tablet.client.find_choices(find).await.unwrap();
        found.some.into_iter().map(|it| it.label).collect()
    };
    for query in ["田田", "htt", "he tian"] {
        assert_eq!(find(query).await, ["何田田"], "{query}");
    }
    assert_eq!(
        find("张三").await,
        ["张三 · 丽水花园 3-2-501", "张三 · 丽水花园 3-2-1201"]
    );
    assert_eq!(
        offered(&paper, "household"),
        ["丽水花园 3-2-501 · 张三", "丽水花园 3-2-1201 · 周7号"]
    );
}

#[tokio::test]
async fn a_form_that_asks_for_a_masked_number_of_the_register_is_not_filled_in() {
    let scene = Scene::new().await;
    let mut said = form(
        "1",
        json!([
            one_of("resident", ""),
            computed("no", "pulldata('resident', 'id_no', 'name', ${resident})"),
        ]),
    );
    said["files"] = json!(["resident.csv"]);

    scene.tablet.give(document(1, said, 1)).await;

    let listed = scene.tablet.forms().await.forms;
    assert_eq!(
        listed[0].trouble,
        Some(FormTrouble::Broken {
            mistakes: 1,
            first: "the list \"resident.csv\" has no column \"id_no\"".to_owned(),
        })
    );
}

#[tokio::test]
async fn a_file_of_that_name_that_came_with_the_form_is_what_it_was() {
    let scene = Scene::new().await;
    let mut said = form("1", json!([one_of("resident", "")]));
    said["files"] = json!(["resident.csv"]);
    let mut doc = document(1, said, 1);
    doc.body["lists"] = json!({ "resident.csv": {
        "columns": ["name", "label"], "rows": [["a", "许一"]],
    } });

    scene.tablet.give(doc).await;

    assert_eq!(
        offered(&scene.tablet.take_up(1).await, "resident"),
        ["许一"]
    );
}

#[tokio::test]
async fn who_is_not_offered_is_no_answer() {
    let scene = scene().await;
    let paper = scene.asked().await;
    let nobody = Uuid::from_u128(7).to_string();

    let refused = paper.try_answer("resident", &nobody).await;

    let why = AnswerRefusal::NotAChoice;
    assert_eq!(code(refused), Code::Answer { why });
}

#[tokio::test]
async fn a_form_about_somebody_knows_who_is_meant_in_its_list() {
    let scene = Scene::new().await;
    let mut said = form(
        "1",
        json!([
            question("resident", "hidden"),
            computed("born", "pulldata('resident', 'birth', 'name', ${resident})"),
            computed(
                "house",
                "pulldata('resident', 'building', 'name', ${resident})"
            ),
        ]),
    );
    said["files"] = json!(["resident.csv"]);
    scene.tablet.give(document(1, said, 1)).await;
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: scene.head,
        set: set(&[("birth", "1990-03-07")]),
    };
    scene.tablet.client.change_entry(change).await.unwrap();

    let known = Given {
        address: "resident".to_owned(),
        value: scene.head.to_string(),
    };
    let filling = Filling::New {
        form: Uuid::from_u128(1),
        subject: None,
        prefill: vec![known],
    };
    let paper = Paper::of(&scene.tablet, scene.tablet.fill(filling).await.unwrap());

    assert_eq!(paper.value("born"), "1990-03-07");
    assert_eq!(paper.value("house"), scene.building.to_string());
}
