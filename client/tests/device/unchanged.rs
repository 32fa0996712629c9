//! 无变化: what is filled in about the same again and again is filed again in one press, or begun with
//! what was said before.

use client::testing;
use serde_json::json;
use shared::{
    Action, DocRef, RecordId,
    ipc::{
        ChangeEntry, Code, FileUnchanged, Filling, FormKnown, GetRecord, KnownHow, ListRecords,
        RecordRow, Unchanged,
    },
    record::Filled,
    register::EntryKind,
};
use uuid::Uuid;

use super::{
    paper::{Paper, document, form, question, shipped},
    register::{Scene, says, set},
    tablet::{HOUR, code, jpeg},
};

const DAY: i64 = 24 * HOUR;
const ID_NO: &str = "110101199003070011";

impl Scene {
    fn subject(&self) -> DocRef {
        DocRef {
            kind: EntryKind::Resident.kind(),
            id: self.head.0,
        }
    }

    async fn ask(&self) -> Paper<'_> {
        let filling = Filling::New {
            form: Uuid::from_u128(1),
            subject: Some(self.subject()),
            prefill: Vec::new(),
        };
        Paper::of(&self.tablet, self.tablet.fill(filling).await.unwrap())
    }

    async fn check(&self) -> RecordId {
        let mut paper = self.ask().await;
        for (address, answer) in [
            ("person/sex", "1"),
            ("living/tenure", "rent"),
            ("living/since", "2021-03-01"),
            ("life/work", "汀川一小"),
        ] {
            paper.answer(address, answer).await.unwrap();
        }
        paper.done().await
    }

    async fn unchanged(&self, record: RecordId) -> Unchanged {
        let file = FileUnchanged { record };
        self.tablet.client.file_unchanged(file).await.unwrap()
    }

    async fn about_head(&self) -> Vec<RecordRow> {
        let list = ListRecords {
            subject: Some(self.subject()),
            offset: 0,
            limit: 20,
        };
        self.tablet.client.list_records(list).await.unwrap().rows
    }

    async fn last_filed(&self) -> Filled {
        let queued = testing::queued(&self.tablet.client).await.unwrap();
        let mut records = queued.into_iter().rev().filter_map(|op| match op.action {
            Action::Record(filled) => Some(*filled),
            _ => None,
        });
        records.next().unwrap()
    }

    async fn change(&self, field: &str, value: &str) {
        let change = ChangeEntry {
            kind: EntryKind::Resident,
            entry: self.head,
            set: set(&[(field, value)]),
        };
        self.tablet.client.change_entry(change).await.unwrap();
    }
}

fn said(filled: &Filled) -> Vec<(&str, &str)> {
    let values = filled.values.iter();
    values
        .map(|it| (it.address.as_str(), it.value.as_str()))
        .collect()
}

fn known(paper: &Paper<'_>, address: &str) -> Option<(KnownHow, String)> {
    let known = paper.find(address).unwrap().known.clone();
    known.map(|FormKnown { how, by, .. }| (how, by))
}

async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.tablet.give(shipped("resident-check")).await;
    scene
}

#[tokio::test]
async fn a_month_later_one_press_files_all_of_it_again() {
    let scene = scene().await;
    let first = scene.check().await;
    let before = scene.last_filed().await;
    assert!(
        said(&before).contains(&("person/id_no", ID_NO)),
        "nobody typed it, and it is known"
    );
    scene.tablet.clock.turn(30 * DAY);
    let queued = testing::queued(&scene.tablet.client).await.unwrap().len();

    let Unchanged::Done { record } = scene.unchanged(first).await else {
        panic!("nothing is missing");
    };

    assert_ne!(record, first, "it is another record");
    let again = scene.last_filed().await;
    assert_eq!(
        (again.begun_at, &again.subject),
        (
            shared::Timestamp::from_ms(scene.tablet.now()),
            &Some(scene.subject())
        )
    );
    assert_eq!(said(&again), said(&before));
    let ops = testing::queued(&scene.tablet.client).await.unwrap();
    let kinds: Vec<_> = ops[queued..].iter().map(|op| &op.action).collect();
    assert!(
        matches!(kinds.as_slice(), [Action::Record(_), Action::Confirm(_)]),
        "a record, and the register is confirmed: {kinds:?}"
    );
    assert_eq!(scene.head().await.confirmed_at.as_ms(), scene.tablet.now());
    assert_eq!(
        scene.tablet.forms().await.drafts,
        [],
        "nothing is left open"
    );
    let rows = scene.about_head().await;
    let offered: Vec<_> = rows.iter().map(|row| (row.id, row.again)).collect();
    assert_eq!(
        offered,
        [(record, true), (first, false)],
        "the last one is the one that may be filed again"
    );
    let stale = FileUnchanged { record: first };
    let refused = scene.tablet.client.file_unchanged(stale).await;
    assert_eq!(code(refused), Code::NotFound);
}

#[tokio::test]
async fn what_the_register_learned_since_is_what_is_filed() {
    let scene = scene().await;
    let first = scene.check().await;
    scene.tablet.clock.turn(DAY);
    scene.change("work", "文峰中学").await;
    scene.change("phone", "13900000001").await;

    scene.unchanged(first).await;

    let again = scene.last_filed().await;
    let said = said(&again);
    assert!(said.contains(&("life/work", "文峰中学")), "{said:?}");
    assert!(said.contains(&("person/phone", "13900000001")), "{said:?}");
    let head = scene.head().await;
    assert_eq!(says(&head, "work").as_deref(), Some("文峰中学"));
    assert_eq!(says(&head, "phone").as_deref(), Some("139****0001"));
}

#[tokio::test]
async fn a_filling_begins_with_the_last_one_and_says_who_said_so() {
    let scene = scene().await;
    scene.check().await;
    scene.tablet.clock.turn(30 * DAY);

    let mut paper = scene.ask().await;

    assert_eq!(paper.value("living/tenure"), "rent");
    assert_eq!(paper.value("life/work"), "汀川一小");
    assert_eq!(paper.value("person/id_no"), "", "a number is not shown");
    let id_no = paper.find("person/id_no").unwrap();
    assert_eq!(id_no.kept.as_deref(), Some("1101**********0011"));
    assert!(id_no.known.is_some());
    let by = known(&paper, "living/tenure").unwrap();
    assert_eq!(by.0, KnownHow::LastTime);
    assert_eq!(
        known(&paper, "life/work"),
        Some((KnownHow::Given, by.1.clone()))
    );
    assert_eq!(
        known(&paper, "person/name_shown"),
        Some((KnownHow::Confirmed, by.1)),
        "filing it confirmed the name"
    );
    paper.answer("living/tenure", "own").await.unwrap();
    assert_eq!(known(&paper, "living/tenure"), None, "this is a new answer");
    let draft = paper.draft();
    let tablet = scene.tablet.restart().await;
    let again = tablet.take_up_again(draft).await;
    assert_eq!(again.value("living/tenure"), "own");
    assert!(known(&again, "living/since").is_some());
}

#[tokio::test]
async fn what_must_be_asked_anew_opens_the_filling_with_the_rest() {
    let scene = Scene::new().await;
    let asked = |name: &str, kind: &str, more: serde_json::Value| {
        let mut asked = question(name, kind);
        let whole = asked.as_object_mut().unwrap();
        whole.extend(more.as_object().unwrap().clone());
        asked
    };
    let mut asks = form(
        "1",
        json!([
            asked("who", "text", json!({})),
            asked("phone", "text", json!({})),
            asked("meter", "image", json!({ "required": "true()" })),
        ]),
    );
    asks.as_object_mut()
        .unwrap()
        .insert("unchanged".to_owned(), json!(true));
    scene.tablet.give(document(1, asks, 1)).await;
    let mut paper = scene.ask().await;
    paper.answer("who", "张三").await.unwrap();
    paper.answer("phone", "13800005678").await.unwrap();
    let photo = scene.tablet.hand_in(None, &jpeg(3)).await.unwrap();
    let digest = photo.digest.to_string();
    paper.answer("meter", &digest).await.unwrap();
    let first = paper.done().await;

    let Unchanged::Open { draft } = scene.unchanged(first).await else {
        panic!("the photo of the meter is of that day");
    };

    let mut paper = scene.tablet.take_up_again(draft).await;
    assert_eq!(paper.value("who"), "张三");
    assert_eq!(paper.value("phone"), "", "what is opened is seen");
    let kept = paper.find("phone").unwrap().kept.clone();
    assert_eq!(kept.as_deref(), Some("138****5678"));
    assert_eq!(paper.view.state.missing, 1);
    assert_eq!(scene.about_head().await.len(), 1, "nothing was filed");
    paper.answer("meter", &digest).await.unwrap();
    paper.done().await;
    let filed = scene.last_filed().await;
    assert!(
        said(&filed).contains(&("phone", "13800005678")),
        "{filed:?}"
    );
}

#[tokio::test]
async fn only_where_the_author_says_so_and_somebody_is_there() {
    let scene = scene().await;
    scene
        .tablet
        .give(document(2, form("1", json!([question("who", "text")])), 1))
        .await;
    let filling = Filling::New {
        form: Uuid::from_u128(2),
        subject: Some(scene.subject()),
        prefill: Vec::new(),
    };
    let view = scene.tablet.fill(filling).await.unwrap();
    let mut paper = Paper::of(&scene.tablet, view);
    paper.answer("who", "张三").await.unwrap();
    let other = paper.done().await;
    let first = scene.check().await;
    let row = async |record| {
        let get = GetRecord { record };
        scene.tablet.client.get_record(get).await.unwrap().row.again
    };
    assert!(row(first).await);
    assert!(!row(other).await, "its author did not say so");

    scene.change("presence", "moved").await;

    assert!(!row(first).await, "nobody is there to be asked");
    let file = FileUnchanged { record: first };
    let refused = scene.tablet.client.file_unchanged(file).await;
    assert_eq!(code(refused), Code::NotFound);
}
