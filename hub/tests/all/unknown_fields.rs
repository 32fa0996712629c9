//! What a newer version says comes through this one, however deep it stands: section 3.3 of
//! docs/protocol.md. Every example of an operation and of a document that is there gets an unknown
//! field in each of its objects, and what this version makes of it must have them all.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::{
    Action, Body, CaseId, Doc, Kind, Op, OpId, Outcome, Timestamp, apply, apply::Stamp,
    case::CaseDoc, time::Observed,
};

use crate::schemas::examples_of;

/// Called by no name of this version.
const NEWER: &str = "x_newer";

/// What only names, measures or decides: section 3.3 says that nothing is kept there. By the fields of
/// such an object, in order.
const CLOSED: [&[&str]; 6] = [
    &["id", "kind"],
    &["doc", "id", "version"],
    &["address", "value"],
    &["lat", "lng"],
    &["kind", "value"],
    &["boot", "mono", "wall"],
];

/// Objects whose fields are data, and those that say which body follows, by the name they stand under.
const DATA: [&str; 6] = ["set", "given", "days", "care_days", "lists", "void"];

/// Plants an unknown field in every object; where each stands, by what it says.
fn plant(value: &mut Value, path: &str, planted: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Object(fields) => {
            let name = path.rsplit('.').next().unwrap_or_default();
            let mut own: Vec<String> = fields.keys().cloned().collect();
            own.sort();
            for (name, inner) in fields.iter_mut() {
                plant(inner, &format!("{path}.{name}"), planted);
            }
            let picks = own == ["known"] || own == ["awaiting"];
            if !CLOSED.contains(&&*own.iter().map(String::as_str).collect::<Vec<_>>())
                && !DATA.contains(&name)
                && !picks
            {
                fields.insert(
                    NEWER.to_owned(),
                    json!({ "stood": path, "deep": [{ "er": 1 }] }),
                );
                planted.insert(path.to_owned(), own);
            }
        }
        Value::Array(items) => {
            for (nth, item) in items.iter_mut().enumerate() {
                plant(item, &format!("{path}.{nth}"), planted);
            }
        }
        _ => {}
    }
}

/// Of each planted field that is still there, the other fields of the object it stands in.
fn found(value: &Value, all: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Object(fields) => {
            if let Some(it) = fields.get(NEWER) {
                assert_eq!(it["deep"], json!([{ "er": 1 }]), "as it was");
                let own = fields.keys().filter(|name| *name != NEWER);
                let path = it["stood"].as_str().unwrap().to_owned();
                all.insert(path, own.cloned().collect());
            }
            fields.values().for_each(|it| found(it, all));
        }
        Value::Array(items) => items.iter().for_each(|it| found(it, all)),
        _ => {}
    }
}

/// The paths of what was planted and is not there, or stands in another object than it did.
fn lost(planted: &BTreeMap<String, Vec<String>>, after: &Value) -> Vec<String> {
    let mut there = BTreeMap::new();
    found(after, &mut there);
    let stands = |path: &str, own: &[String]| {
        let Some(now) = there.get(path) else {
            return false;
        };
        // The operation itself is told by its id, what is entered stands as what was given, and a case
        // that is carried carries none.
        let is_op = own.iter().any(|it| it == "dev_seq");
        let mut own = own
            .iter()
            .filter(|it| !["do", "set", "joined"].contains(&it.as_str()));
        (is_op && now.iter().any(|it| it == "op_id")) || own.all(|it| now.contains(it))
    };
    let lost = planted.iter().filter(|(path, own)| !stands(path, own));
    lost.map(|(path, _)| path.clone()).collect()
}

fn at_the_hub(sent: &Observed, ms: i64) -> Stamp<'_> {
    Stamp::Hub {
        received_at: Timestamp::from_ms(ms),
        sent,
        case_no: "329901-20261124-0009",
        against: None,
    }
}

/// What comes of an operation, stored and read again.
fn after(doc: Option<&Doc>, op: &Op) -> Doc {
    let sent = op.observed_at.clone();
    let applied = apply(doc, op, &at_the_hub(&sent, 1_795_479_999_000));
    let refused = matches!(applied.outcome, Outcome::Quarantined { .. });
    assert!(!refused, "{:?} of {op:?}", applied.outcome);
    let doc = applied.doc.or_else(|| doc.cloned()).unwrap();
    serde_json::from_str(&serde_json::to_string(&doc).unwrap()).unwrap()
}

fn op(value: &Value) -> Op {
    serde_json::from_str(&value.to_string()).unwrap()
}

/// The operation that makes the document of another one.
fn maker(of: &Op) -> Op {
    let is_case = of.target.kind == Kind::case();
    let does = if is_case { "report" } else { "enter" };
    let all = examples_of("Op");
    let maker = all.iter().find(|it| it["action"]["do"] == does);
    let mut maker = op(maker.unwrap());
    maker.target = of.target.clone();
    maker
}

fn is_first(op: &Op) -> bool {
    matches!(
        op.action,
        Action::Report(_)
            | Action::Enter(_)
            | Action::Record(_)
            | Action::Visit(_)
            | Action::Reveal(_)
            | Action::Erase(_)
    )
}

#[test]
fn what_a_newer_version_says_in_an_operation_stands_in_the_document() {
    let mut missing = Vec::new();
    for example in examples_of("Op") {
        let does = example["action"]["do"].as_str().unwrap().to_owned();
        if does == "erased" {
            continue;
        }
        let mut newer = example.clone();
        let mut planted = BTreeMap::new();
        plant(&mut newer, &does, &mut planted);
        assert!(
            planted.len() > 1,
            "{does}: in the operation and in what was done"
        );

        let read = op(&newer);
        let written = serde_json::to_value(&read).unwrap();
        missing.extend(
            lost(&planted, &written)
                .into_iter()
                .map(|it| format!("{it}: read")),
        );

        let mut doc = after(None, &read);
        missing.extend(
            lost(&planted, &doc.body)
                .into_iter()
                .map(|it| format!("{it}: first")),
        );
        if !is_first(&read) {
            doc = after(Some(&doc), &maker(&read));
            let lost = lost(&planted, &doc.body).into_iter();
            missing.extend(lost.map(|it| format!("{it}: after its document came")));
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "these were lost");
}

#[test]
fn what_a_newer_hub_says_in_a_document_stays_whatever_is_done_with_it() {
    let mut missing = Vec::new();
    for example in examples_of("Doc") {
        let mut planted = BTreeMap::new();
        let mut newer = example.clone();
        let kind = example["kind"].as_str().unwrap();
        plant(&mut newer["body"], kind, &mut planted);
        let doc: Doc = serde_json::from_str(&newer.to_string()).unwrap();
        let as_it_is = serde_json::to_value(&doc).unwrap();
        assert_eq!(as_it_is, newer, "a document is passed on as it came");
        let Some(body) = doc.body().unwrap() else {
            continue;
        };
        let of_text = Body::of_text(&doc.target.kind, &doc.body.to_string());
        assert_eq!(of_text.unwrap().as_ref(), Some(&body), "read from text");
        let read = serde_json::to_value(&body).unwrap();
        missing.extend(
            lost(&planted, &read)
                .into_iter()
                .map(|it| format!("{it}: read")),
        );
        let next = examples_of("Op").iter().map(op).find(|it| {
            let is_next = matches!(it.action, Action::Supplement(_) | Action::Change(_));
            is_next && it.target.kind == doc.target.kind
        });
        let Some(mut next) = next else { continue };
        next.target = doc.target.clone();
        next.op_id = OpId::from_bytes([7; 16]);
        let doc = after(Some(&doc), &next);
        missing.extend(
            lost(&planted, &doc.body)
                .into_iter()
                .map(|it| format!("{it}: next")),
        );
        if let Ok(CaseDoc::Known(mut case)) = doc.case() {
            let carried = case.clone();
            case.merged_into = None;
            case.joined.clear();
            let mut merged = carried.clone();
            merged.merged_into = Some(case.id);
            merged.id = CaseId::from_bytes([9; 16]);
            assert!(case.carry(&merged));
            let carried = serde_json::to_value(&case.joined).unwrap();
            missing.extend(
                lost(&planted, &carried)
                    .into_iter()
                    .map(|it| format!("{it}: carried")),
            );
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "these were lost");
}
