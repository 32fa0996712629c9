//! Brief answers: in place of a document its sum, and how far the feeds moved.

use serde_json::{Value, json};

use crate::{
    answer::{at, list, number, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{Device, report, supplement, took_effect},
    hub::Ask,
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 3] = [
    Check::new(
        "core-54",
        "6.10",
        "a brief result has the sum and the number of the document that is pulled",
        sum_of_the_document,
    )
    .when("brief"),
    Check::new(
        "core-55",
        "6.10",
        "a push that is answered briefly says how far it moved the feeds, and nothing else did",
        moves,
    )
    .when("brief"),
    Check::new(
        "core-56",
        "6.10",
        "a document the device had not seen is sent whole",
        unseen_is_whole,
    )
    .when("brief"),
];

fn push_briefly(device: &Device, ops: &[Value]) -> Result<Value, Wrong> {
    let body = json!({ "sent": wire::clocks(), "ops": ops, "brief": true });
    let answer = device
        .send(Ask::post("/sync/v1/push").packed(&body))?
        .ok()?;
    same("results", &ops.len(), &list(&answer, "results").len())?;
    list(&answer, "results").iter().try_for_each(took_effect)?;
    Ok(answer)
}

/// A report and words added to it, in one push.
fn two_ops(device: &Device) -> (String, [Value; 2]) {
    let case = wire::new_id();
    let ops = [
        device.op(&case, report(device.grid())),
        device.op(&case, supplement("还在")),
    ];
    (case, ops)
}

fn sum_of_the_document(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (case, mut ops) = two_ops(worker);
    for op in &mut ops {
        // A while ago: when it happened is in the sum, too.
        op["observed_at"] = wire::clocks_before(60_000);
    }
    let answer = push_briefly(worker, &ops)?;
    holds(
        at(&answer, "received_at").is_i64(),
        "received_at",
        at(&answer, "received_at"),
    )?;
    let doc = worker.sees(&case)?;
    let [first, last] = list(&answer, "results") else {
        return Err(Wrong::new("two results", &answer));
    };
    for result in [first, last] {
        same("doc", &&Value::Null, &at(result, "doc"))?;
    }
    same(
        "brief.case_no",
        &text(&doc, "body.known.case_no"),
        &text(first, "brief.case_no"),
    )?;
    let sum = wire::sum_of(at(&doc, "body"));
    same("brief.sum", &sum, &at(last, "brief.sum").as_u64())
}

fn moves(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let scope = worker.grid_feed();
    let before = worker.head(&scope)?;
    let (_, ops) = two_ops(worker);
    let answer = push_briefly(worker, &ops)?;
    let moved = list(&answer, "moved").iter();
    let moved = moved.filter(|it| text(it, "scope") == scope);
    let [moved] = moved.collect::<Vec<_>>()[..] else {
        return Err(Wrong::new(
            format!("one move of {scope}"),
            at(&answer, "moved"),
        ));
    };
    same("from", &before, &number(moved, "from"))?;
    same("seq", &worker.head(&scope)?, &number(moved, "seq"))?;
    let page = worker.pull(&scope, text(moved, "cursor"), 10)?;
    same("items behind its cursor", &0, &list(&page, "items").len())?;
    same("count", &at(&page, "count"), &at(moved, "count"))?;
    same("sum", &at(&page, "sum"), &at(moved, "sum"))
}

fn unseen_is_whole(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    // It says that it saw nothing of the case yet.
    let op = worker.op(&case, supplement("还在"));
    let answer = push_briefly(worker, &[op])?;
    same("doc.id", &case.as_str(), &text(&answer, "results.0.doc.id"))
}
