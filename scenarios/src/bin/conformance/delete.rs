//! Level merge, deleting: what must not stay goes from every feed, nobody's work goes with it unseen,
//! and it can come back.

use serde_json::{Value, json};

use crate::{
    answer::{at, list, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{Device, supplement, took_effect},
    stage::Stage,
};

pub(crate) const CHECKS: [Check; 3] = [
    Check::new(
        "merge-15",
        "7.7",
        "a deleted case is replaced by who deleted it and why, in every feed",
        replaced,
    ),
    Check::new(
        "merge-16",
        "6.11",
        "what a deletion did not know of keeps the case, in any order of arrival",
        nothing_vanishes,
    ),
    Check::new(
        "merge-17",
        "6.11",
        "a restored case is back as it was",
        restored,
    ),
];

const PAGES_MAX: usize = 1_000;

fn delete(knew: &[&str]) -> Value {
    json!({ "do": "delete", "reason": "conformance", "knew": knew })
}

fn restore(deletion: &Value) -> Value {
    json!({ "do": "restore", "knew": [text(deletion, "op_id")] })
}

/// The operation that reported the case.
fn root(doc: &Value) -> String {
    text(doc, "body.known.reported.op_id").to_owned()
}

/// What stands in a feed about a case, and how many documents the feed says it holds.
fn place(device: &Device, scope: &str, case: &str) -> Result<(Value, Value), Wrong> {
    let (mut cursor, mut found) = (String::new(), Value::Null);
    for _ in 0..PAGES_MAX {
        let page = device.pull(scope, &cursor, 500)?;
        for item in list(&page, "items") {
            if [text(item, "target.id"), text(item, "doc.id")].contains(&case) {
                found = item.clone();
            }
        }
        text(&page, "cursor").clone_into(&mut cursor);
        if at(&page, "more") != &Value::Bool(true) {
            return Ok((found, at(&page, "count").clone()));
        }
    }
    Err(Wrong::new("a last page", format!("{PAGES_MAX} pages")))
}

/// Ids of what happened in a case, sorted.
fn happened(doc: &Value) -> Vec<&str> {
    let events = list(doc, "body.known.events").iter();
    let mut ids: Vec<_> = events.map(|event| text(event, "signed.op_id")).collect();
    ids.sort_unstable();
    ids
}

fn replaced(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let case = worker.reports()?;
    let root = root(&worker.sees(&case)?);
    let feeds = [worker.grid_feed(), worker.inbox()];
    let mut before = Vec::new();
    for feed in &feeds {
        before.push(place(worker, feed, &case)?.1);
    }

    let result = clerk.push_one(&clerk.op(&case, delete(&[&root])))?;

    took_effect(&result)?;
    same("doc of the result", &Value::Null, at(&result, "doc"))?;
    for (feed, before) in feeds.iter().zip(before) {
        let (item, count) = place(worker, feed, &case)?;
        same("item", &"deleted", &text(&item, "item"))?;
        same("reason", &"conformance", &text(&item, "deletion.reason"))?;
        let author = text(&item, "deletion.signed.author.staff");
        same("author", &clerk.staff(), &author)?;
        holds(item.get("doc").is_none(), "nothing of what it was", &item)?;
        let one_less = before.as_u64().and_then(|count| count.checked_sub(1));
        same("count", &one_less, &count.as_u64())?;
    }
    Ok(())
}

fn nothing_vanishes(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    for is_turned in [false, true] {
        let case = worker.reports()?;
        let root = root(&worker.sees(&case)?);
        let note = worker.op(&case, supplement("not seen"));
        let deletion = clerk.op(&case, delete(&[&root]));
        if is_turned {
            took_effect(&clerk.push_one(&deletion)?)?;
            took_effect(&worker.push_one(&note)?)?;
        } else {
            took_effect(&worker.push_one(&note)?)?;
            took_effect(&clerk.push_one(&deletion)?)?;
        }
        let doc = worker.sees(&case)?;
        let mut both = [text(&note, "op_id"), text(&deletion, "op_id")];
        both.sort_unstable();
        same("what happened", &both.to_vec(), &happened(&doc))?;
    }
    Ok(())
}

fn restored(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let case = worker.reports()?;
    let note = worker.op(&case, supplement("stays"));
    took_effect(&worker.push_one(&note)?)?;
    let before = worker.sees(&case)?;
    let root = root(&before);
    let deletion = clerk.op(&case, delete(&[&root, text(&note, "op_id")]));
    took_effect(&clerk.push_one(&deletion)?)?;

    let restoring = clerk.op(&case, restore(&deletion));
    took_effect(&clerk.push_one(&restoring)?)?;

    let after = worker.sees(&case)?;
    for what in ["report", "state", "case_no"] {
        let path = format!("body.known.{what}");
        same(what, at(&before, &path), at(&after, &path))?;
    }
    let ids = [&note, &deletion, &restoring].map(|op| text(op, "op_id"));
    let mut all = ids.to_vec();
    all.sort_unstable();
    same("what happened", &all, &happened(&after))
}
