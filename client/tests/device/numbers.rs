//! Telephone and ID numbers that were answered in a form: masked wherever somebody sees them once they
//! were given.

use client::testing;
use serde_json::{Value, json};
use shared::{
    Action, DocRef,
    ipc::{Code, DeliveryOf, Filling, FormFinish, FormTrouble, GetDelivery, RevealAnswer, SetForm},
    register::FieldValue,
};

use super::{
    city,
    paper::{Paper, all_shipped, document, form, question, shipped},
    tablet::{Tablet, code},
};

const ID_NO: &str = "11010519491231002X";
const PHONE: &str = "13800005678";
const OTHER: &str = "85001234";

/// One bound to the register, one that is only called like its field, and one in a repeat whose author
/// says so.
fn asked() -> Value {
    let asks = |name: &str, more: Value| {
        let mut asked = question(name, "text");
        let whole = asked.as_object_mut().unwrap();
        whole.extend(more.as_object().unwrap().clone());
        asked
    };
    let called = [asks("call", json!({ "appearance": "w1 masked" }))];
    let items = json!([
        asks("q1", json!({ "save_to": "phone" })),
        question("id_no", "text"),
        { "name": "member", "label": {"": "成员"}, "shape": "repeat", "items": called },
        asks("told", json!({ "label": {"": "打过 ${q1}"} })),
    ]);
    let mut form = form("1", items);
    let more = json!({
        "entities": [{ "list": "resident" }],
        "instance_name": "concat('走访 ', ${q1}, ' ', ${id_no})",
    });
    let whole = form.as_object_mut().unwrap();
    whole.extend(more.as_object().unwrap().clone());
    form
}

#[tokio::test]
async fn numbers_answered_in_a_form_are_masked_on_its_record_and_in_every_name() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(document(1, asked(), 1)).await;
    let mut paper = tablet.take_up(1).await;
    for (address, value) in [
        ("q1", PHONE),
        ("id_no", ID_NO),
        ("member[1]/call", OTHER),
        ("told", "问过 13800005678 两次"),
    ] {
        paper.answer(address, value).await.unwrap();
    }
    let name = "走访 138****5678 1101**********002X";
    assert_eq!(tablet.forms().await.drafts[0].name, name);

    let record = paper.done().await;

    let seen = tablet.record(record).await;
    let answers: Vec<_> = seen
        .lines
        .iter()
        .filter_map(|line| line.answer.as_deref())
        .collect();
    assert_eq!(
        answers,
        [
            "138****5678",
            "1101**********002X",
            "850*1234",
            "问过 138****5678 两次"
        ]
    );
    assert_eq!(seen.row.name, name);
    assert_eq!(tablet.records().await.rows[0].name, name);
    let whole = format!("{seen:?}");
    for number in [PHONE, ID_NO, OTHER] {
        assert!(!whole.contains(number), "{whole}");
    }
    // What was answered is what is sent; what it is called says no number to anybody.
    let ops = testing::queued(&tablet.client).await.unwrap();
    let sent = ops.iter().find_map(|op| match &op.action {
        Action::Record(filled) => Some(filled),
        _ => None,
    });
    let sent = sent.unwrap();
    assert_eq!(sent.values[0].value, PHONE);
    assert_eq!(sent.name, name);
}

#[tokio::test]
async fn a_record_of_a_form_that_is_not_here_and_was_named_elsewhere_shows_no_number_either() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(document(1, asked(), 1)).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("q1", PHONE).await.unwrap();
    paper.done().await;
    let mut op = testing::queued(&tablet.client).await.unwrap().remove(0);
    let Action::Record(filled) = &mut op.action else {
        panic!("{op:?}");
    };
    filled.name = format!("走访 {PHONE}");
    filled.form.doc = uuid::Uuid::from_u128(99);
    op.target.id = uuid::Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
    let stamp = shared::apply::Stamp::Device;
    let doc = shared::apply::apply(None, &op, &stamp).doc.unwrap();
    let record = shared::RecordId(doc.target.id);
    let scope = op.scope.clone();
    testing::pull(&tablet.client, scope, doc).await.unwrap();

    let seen = tablet.record(record).await;

    assert_eq!(seen.trouble, Some(FormTrouble::Missing));
    assert_eq!(seen.lines[0].answer.as_deref(), Some("138****5678"));
    assert_eq!(seen.row.name, "走访 138****5678");
    let ledger = tablet.client.get_delivery(GetDelivery {}).await.unwrap();
    let named = ledger
        .items
        .iter()
        .any(|it| matches!(&it.what, DeliveryOf::Record { name, .. } if name.contains(PHONE)));
    assert!(!named);
}

#[tokio::test]
async fn a_masked_answer_is_shown_for_a_reason_that_is_kept_and_sent() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(document(1, asked(), 1)).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("member[1]/call", OTHER).await.unwrap();
    paper.answer("told", "无").await.unwrap();
    let record = paper.done().await;
    let seen = tablet.record(record).await;
    let marked = seen.lines.iter().filter(|line| line.masked);
    let marked: Vec<_> = marked.map(|line| line.address.as_str()).collect();
    assert_eq!(marked, ["member[1]/call"]);
    assert!(seen.may_look);
    let reveal = |address: &str, reason: &str| {
        tablet.client.reveal_answer(RevealAnswer {
            record,
            address: address.to_owned(),
            reason: reason.to_owned(),
        })
    };
    let before = testing::queued(&tablet.client).await.unwrap().len();
    assert_eq!(code(reveal("member[1]/call", " ").await), Code::NoReason);
    assert_eq!(code(reveal("member[2]/call", "核对").await), Code::NotFound);
    let none = testing::queued(&tablet.client).await.unwrap();
    assert_eq!(none.len(), before, "nothing was shown, nothing is told");

    let shown = reveal("member[1]/call", "约上门时间").await.unwrap();

    assert_eq!(shown.value, FieldValue::from(OTHER));
    let queued = testing::queued(&tablet.client).await.unwrap();
    let told = queued.last().unwrap();
    let Action::Reveal(revealing) = &told.action else {
        panic!("{:?}", told.action)
    };
    assert_eq!(revealing.of, DocRef::record(record));
    assert_eq!(revealing.field.as_str(), "member[1]/call");
    assert_eq!(revealing.reason, "约上门时间");
    let told = serde_json::to_string(told).unwrap();
    assert!(!told.contains(OTHER), "what was seen is not told");
}

#[tokio::test]
async fn a_correction_keeps_numbers_without_showing_them() {
    let mut tablet = Tablet::of(city::worker()).await;
    let mut form = asked();
    // Nobody need answer again what is known.
    form["items"][0]["required"] = json!("true()");
    tablet.give(document(1, form, 1)).await;
    let mut paper = tablet.take_up(1).await;
    for (address, value) in [("q1", PHONE), ("id_no", ID_NO), ("member[1]/call", OTHER)] {
        paper.answer(address, value).await.unwrap();
    }
    let first = paper.done().await;

    let view = tablet.fill(Filling::Correction { record: first }).await;
    let paper = Paper::of(&tablet, view.unwrap());

    let shown = serde_json::to_string(&paper.view).unwrap();
    for number in [PHONE, ID_NO, OTHER] {
        assert!(!shown.contains(number), "{shown}");
    }
    let kept = |paper: &Paper<'_>, address: &str| paper.find(address).unwrap().kept.clone();
    assert_eq!(kept(&paper, "q1").as_deref(), Some("138****5678"));
    assert_eq!(kept(&paper, "member[1]/call").as_deref(), Some("850*1234"));
    assert_eq!(paper.view.state.missing, 0);
    let draft = paper.draft();
    drop(paper);
    tablet = tablet.restart().await;
    let mut paper = tablet.take_up_again(draft).await;
    paper.answer("q1", "13900000001").await.unwrap();
    assert_eq!(kept(&paper, "q1"), None, "there is a new one");
    paper.answer("q1", "").await.unwrap();
    assert_eq!(kept(&paper, "q1").as_deref(), Some("138****5678"));
    let leave_out = SetForm {
        draft,
        shown: paper.view.state.shown,
        language: None,
        grid: None,
        guardian: None,
        leave_out: Some("id_no".to_owned()),
    };
    let change = tablet.client.set_form(leave_out).await.unwrap();
    paper.note(change);
    assert_eq!(kept(&paper, "id_no"), None);
    paper.done().await;

    let queued = testing::queued(&tablet.client).await.unwrap();
    let Some(Action::Record(filled)) = queued.last().map(|op| &op.action) else {
        panic!("{queued:?}")
    };
    let values: Vec<_> = filled
        .values
        .iter()
        .map(|it| (it.address.as_str(), it.value.as_str()))
        .collect();
    assert_eq!(values, [("q1", PHONE), ("member[1]/call", OTHER)]);
    assert_eq!(filled.replaces, Some(first));
}

#[tokio::test]
async fn what_lacks_something_does_not_show_its_numbers_for_that() {
    let tablet = Tablet::of(city::worker()).await;
    let mut form = asked();
    form["items"]
        .as_array_mut()
        .unwrap()
        .push(question("why", "text"));
    form["items"][4]["required"] = json!("true()");
    tablet.give(document(1, form, 1)).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("q1", PHONE).await.unwrap();
    paper.answer("why", "走访").await.unwrap();
    let first = paper.done().await;
    let view = tablet.fill(Filling::Correction { record: first }).await;
    let mut paper = Paper::of(&tablet, view.unwrap());
    paper.answer("why", "").await.unwrap();

    let lacking = paper.finish().await.unwrap();

    assert!(matches!(lacking, FormFinish::Lacking { .. }), "{lacking:?}");
    let draft = paper.draft();
    let again = tablet.take_up_again(draft).await;
    assert_eq!(again.value("q1"), "");
    assert_eq!(
        again.find("q1").unwrap().kept.as_deref(),
        Some("138****5678")
    );
}

/// What a label says that asks for such a number.
const LABELS: [&str; 4] = ["电话", "手机", "证件", "身份证"];
/// What the name of a question ends in that asks for one.
const NAMES: [&str; 3] = ["phone", "id_no", "_id"];

#[test]
fn every_form_that_comes_with_the_project_asks_for_numbers_so_that_they_are_masked() {
    let mut asked = Vec::new();
    for form in all_shipped() {
        let about = form.entities.iter();
        let about: Vec<_> = about
            .filter_map(|it| shared::register::EntryKind::of(&shared::Kind(it.list.clone())))
            .collect();
        for it in form.questions() {
            let label = it.item.label.in_language("中文 (zh)", "").unwrap_or("");
            let asks = LABELS.iter().any(|word| label.contains(word))
                || NAMES.iter().any(|end| it.item.name.ends_with(end));
            if asks && it.question.kind != forms::definition::Kind::Note {
                let (save_to, name) = (it.question.save_to.as_deref(), it.item.name.as_str());
                let appearance = &it.item.appearance;
                let masked = shared::register::is_masked_answer(&about, save_to, name, appearance);
                assert!(masked, "{}: {name} {label}", form.id);
                asked.push(format!("{}/{name}", form.id));
            }
        }
    }
    asked.sort_unstable();
    let expected = [
        "household_visit/newcomer_phone",
        "nucleic_acid/phone",
        "resident_check/id_no",
        "resident_check/phone",
        "vaccination/phone",
    ];
    assert_eq!(asked, expected, "and these are all there are");
}

#[tokio::test]
async fn the_telephone_of_a_newcomer_is_masked_on_the_record_of_the_visit() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(shipped("household-visit")).await;
    let mut paper = tablet.take_up(1).await;
    for (address, value) in [
        ("safety/hazards", "none"),
        ("people/any_newcomer", "yes"),
        ("people/newcomer[1]/newcomer_name", "苏小米"),
        ("people/newcomer[1]/newcomer_phone", PHONE),
    ] {
        paper.answer(address, value).await.unwrap();
    }

    let record = paper.done().await;

    let seen = tablet.record(record).await;
    let whole = format!("{seen:?}");
    assert!(!whole.contains(PHONE), "{whole}");
    let masked = seen.lines.iter().filter(|line| line.masked);
    let masked: Vec<_> = masked.filter_map(|line| line.answer.as_deref()).collect();
    assert_eq!(masked, ["138****5678"]);
}
