//! 告知: a person is told once what their answers are for; of a child a guardian is told, and named.

use client::testing;
use serde_json::json;
use shared::{
    Action, DocRef, EntryId, Extra, FieldName,
    apply::{Stamp, apply},
    ipc::{ChangeEntry, FileUnchanged, Filling, FormFinish, SetForm, Unchanged},
    record::{Filled, Told},
    register::EntryKind,
};
use uuid::Uuid;

use super::{
    paper::{Paper, document, form, question},
    register::{CHILD, Scene, set},
};

/// A form with a notice for a purpose.
fn told(version: &str, purpose: &str) -> serde_json::Value {
    let mut form = form(version, json!([question("note", "text")]));
    let more = json!({
        "id": format!("form-{version}"),
        "unchanged": true,
        "notice": { "purpose": {"": purpose}, "text": {"": "只给本社区工作人员看。"} },
    });
    let whole = form.as_object_mut().unwrap();
    whole.extend(more.as_object().unwrap().clone());
    form
}

impl Scene {
    async fn with_notices() -> Self {
        let scene = Self::new().await;
        for (doc, purpose) in [(1, "人口服务"), (2, "人口服务"), (3, "防疫")] {
            let form = told(&doc.to_string(), purpose);
            scene.tablet.give(document(doc, form, 1)).await;
        }
        scene
    }

    async fn asks(&self, form: u128) -> Paper<'_> {
        let filling = Filling::New {
            form: Uuid::from_u128(form),
            subject: Some(DocRef::entry(EntryKind::Resident, self.head)),
            prefill: Vec::new(),
        };
        Paper::of(&self.tablet, self.tablet.fill(filling).await.unwrap())
    }

    async fn born(&self, day: &str) {
        let change = ChangeEntry {
            kind: EntryKind::Resident,
            entry: self.head,
            set: set(&[("id_no", ""), ("birth", day)]),
        };
        self.tablet.client.change_entry(change).await.unwrap();
    }

    async fn filed(&self) -> Filled {
        let queued = testing::queued(&self.tablet.client).await.unwrap();
        let mut records = queued.into_iter().rev().filter_map(|op| match op.action {
            Action::Record(filled) => Some(*filled),
            _ => None,
        });
        records.next().unwrap()
    }
}

fn purpose(paper: &Paper<'_>) -> Option<String> {
    paper.view.notice.as_ref().map(|it| it.purpose.clone())
}

#[tokio::test]
async fn a_person_is_told_once_for_each_purpose_whatever_the_form() {
    let scene = Scene::with_notices().await;
    let paper = scene.asks(1).await;
    assert_eq!(purpose(&paper).as_deref(), Some("人口服务"));
    assert!(!paper.view.notice.as_ref().unwrap().child);
    let draft = paper.draft();
    assert_eq!(
        purpose(&scene.tablet.take_up_again(draft).await).as_deref(),
        Some("人口服务"),
        "until it is finished"
    );

    let first = paper.done().await;

    let expected = Told {
        purpose: "人口服务".to_owned(),
        guardian: None,
        extra: Extra::default(),
    };
    assert_eq!(scene.filed().await.told.as_ref(), Some(&expected));
    assert_eq!(scene.tablet.record(first).await.told, Some(expected));
    assert_eq!(purpose(&scene.asks(2).await), None, "the same purpose");
    let other = scene.asks(3).await;
    assert_eq!(purpose(&other).as_deref(), Some("防疫"));
    other.done().await;
    let Unchanged::Done { .. } = scene
        .tablet
        .client
        .file_unchanged(FileUnchanged { record: first })
        .await
        .unwrap()
    else {
        panic!("they were told");
    };
    assert_eq!(scene.filed().await.told, None, "nobody was told again");
}

#[tokio::test]
async fn of_a_child_a_guardian_is_told_and_named() {
    let scene = Scene::with_notices().await;
    let years_ago = |days: i64| {
        let at = shared::Timestamp::from_ms(scene.tablet.now() + days * 86_400_000);
        let day = shared::deadline::local(480, at).unwrap().date();
        day.replace_year(day.year() - 14).unwrap().to_string()
    };
    let (birthday, tomorrow) = (years_ago(0), years_ago(1));
    scene.born(&birthday).await;
    let grown = scene.asks(1).await;
    assert!(!grown.view.notice.as_ref().unwrap().child, "14 today");
    scene.born(&tomorrow).await;

    let mut paper = scene.asks(1).await;

    assert!(paper.view.notice.as_ref().unwrap().child, "14 tomorrow");
    paper.answer("note", "在读小学").await.unwrap();
    assert_eq!(paper.finish().await.unwrap(), FormFinish::NoGuardian);
    let name = SetForm {
        draft: paper.draft(),
        shown: paper.view.state.shown,
        language: None,
        grid: None,
        guardian: Some("张大山".to_owned()),
        leave_out: None,
    };
    let change = scene.tablet.client.set_form(name).await.unwrap();
    paper.note(change);
    let draft = paper.draft();
    let again = scene.tablet.take_up_again(draft).await;
    assert_eq!(again.view.notice.as_ref().unwrap().guardian, "张大山");
    assert_eq!(again.value("note"), "在读小学", "and nothing was lost");
    again.done().await;
    let told = scene.filed().await.told.unwrap();
    assert_eq!(told.guardian.as_deref(), Some("张大山"));
}

#[tokio::test]
async fn a_child_is_known_by_the_number_alone() {
    let mut scene = Scene::with_notices().await;
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: scene.head,
        set: set(&[("id_no", CHILD), ("birth", ""), ("sex", "")]),
    };
    scene.tablet.client.change_entry(change).await.unwrap();

    assert!(scene.asks(1).await.view.notice.as_ref().unwrap().child);

    // Entered elsewhere, by an app that does not read numbers.
    let mut op = testing::queued(&scene.tablet.client).await.unwrap();
    op.retain(|op| op.target.kind == EntryKind::Resident.kind());
    let mut op = op.remove(0);
    let Action::Enter(entering) = &mut op.action else {
        panic!("{op:?}");
    };
    entering.set.remove(&FieldName::from("birth"));
    entering.set.insert("id_no".into(), Some(CHILD.into()));
    op.target.id = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
    let doc = apply(None, &op, &Stamp::Device).doc.unwrap();
    scene.head = EntryId(doc.target.id);
    testing::pull(&scene.tablet.client, op.scope.clone(), doc)
        .await
        .unwrap();

    assert!(scene.asks(1).await.view.notice.as_ref().unwrap().child);
}

#[tokio::test]
async fn a_new_purpose_is_said_before_anything_is_filed_unchanged() {
    let scene = Scene::with_notices().await;
    let first = scene.asks(1).await.done().await;
    let mut later = told("1", "另一个用途");
    later
        .as_object_mut()
        .unwrap()
        .insert("version".to_owned(), json!("2"));
    scene.tablet.give(document(9, later, 2)).await;

    let Unchanged::Open { draft } = scene
        .tablet
        .client
        .file_unchanged(FileUnchanged { record: first })
        .await
        .unwrap()
    else {
        panic!("they were not told of this");
    };

    let opened = scene.tablet.take_up_again(draft).await;
    assert_eq!(purpose(&opened).as_deref(), Some("另一个用途"));
}
