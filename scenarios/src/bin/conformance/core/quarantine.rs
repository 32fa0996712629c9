//! What can never be applied, and what the hub does not know: nothing is lost, nobody is held up.

use serde_json::{Value, json};

use crate::{
    answer::{at, number, text},
    check::{Check, Verdict, holds, same},
    device::{report, supplement, took_effect},
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 8] = [
    Check::new(
        "core-20",
        "6.5",
        "one operation that can not be applied does not refuse the others",
        batch_goes_on,
    ),
    Check::new(
        "core-21",
        "6.5",
        "a quarantined operation counts as confirmed and replays like any other",
        quarantined_is_confirmed,
    ),
    Check::new(
        "core-22",
        "6.5",
        "an operation that can not be read is quarantined with its reason",
        unreadable,
    ),
    Check::new(
        "core-23",
        "6.5",
        "an operation in another's name or for no grid of the city is quarantined",
        not_allowed,
    ),
    Check::new(
        "core-24",
        "6.5",
        "an operation beyond the bounds is quarantined",
        out_of_bounds,
    ),
    Check::new(
        "core-25",
        "6.5",
        "a second report of one case, and operations on other kinds, are quarantined",
        misdirected,
    ),
    Check::new(
        "core-26",
        "3.3",
        "unknown fields of a report are kept and returned",
        unknown_fields,
    ),
    Check::new(
        "core-27",
        "3.3",
        "unknown fields of an operation and of a push are no reason to refuse",
        unknown_fields_of_ops,
    ),
];

/// A value with one field set.
fn with(mut value: Value, name: &str, field: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.insert(name.to_owned(), field);
    }
    value
}

/// Pushes an operation that must be quarantined for this reason.
fn quarantined(stage: &Stage, op: &Value, why: &str) -> Verdict {
    let result = stage.worker.push_one(op)?;
    let got = (text(&result, "outcome"), text(&result, "why"));
    same("outcome and reason", &("quarantined", why), &got)
}

fn batch_goes_on(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let [first, last] = [wire::new_id(), wire::new_id()];
    let ops = [
        worker.op(&first, report(worker.grid())),
        worker.op(&first, json!({ "do": "fly" })),
        worker.op(&last, report(worker.grid())),
    ];
    let results = worker.push(&ops)?;
    let outcomes: Vec<_> = results.iter().map(|it| text(it, "outcome")).collect();
    let count = outcomes.iter().filter(|it| **it == "applied").count();
    holds(
        count == 2 && outcomes.contains(&"quarantined"),
        "two applied and one quarantined",
        format!("{outcomes:?}"),
    )?;
    worker.sees(&first)?;
    worker.sees(&last).map(drop)
}

fn quarantined_is_confirmed(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let op = worker.op(&wire::new_id(), json!({ "do": "fly" }));
    let first = worker.push_one(&op)?;
    let last = number(&worker.hello()?, "last_dev_seq");
    same("last_dev_seq", &number(&op, "dev_seq"), &last)?;
    let again = worker.push_one(&op)?;
    same("the result of a replay", &first, &again)
}

fn unreadable(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = wire::new_id();
    let unknown_action = worker.op(&case, json!({ "do": "fly", "to": "the moon" }));
    quarantined(stage, &unknown_action, "unreadable_operation")?;
    let no_target = with(worker.op(&case, supplement("还在")), "target", json!(7));
    quarantined(stage, &no_target, "unreadable_operation")?;
    let no_action = with(worker.op(&case, supplement("还在")), "action", Value::Null);
    quarantined(stage, &no_action, "unreadable_operation")
}

fn not_allowed(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let role = worker.role();
    let others = json!({ "staff": "conformance-nobody", "role": role });
    let forged = with(worker.op(&case, supplement("还在")), "author", others);
    quarantined(stage, &forged, "not_the_author")?;
    let promoted = json!({ "staff": worker.staff(), "role": "admin" });
    let promoted = with(worker.op(&case, supplement("还在")), "author", promoted);
    quarantined(stage, &promoted, "not_the_author")?;
    let elsewhere = worker.op(&wire::new_id(), report("conformance-nowhere"));
    quarantined(stage, &elsewhere, "not_your_scope")
}

fn out_of_bounds(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let long = worker.op(&case, supplement(&"长".repeat(5_001)));
    quarantined(stage, &long, "out_of_bounds")?;
    let hello = worker.hello()?;
    let max_op = usize::try_from(number(&hello, "limits.max_op")).unwrap_or(usize::MAX);
    let max_body = usize::try_from(number(&hello, "limits.max_body")).unwrap_or(usize::MAX);
    // An operation above its own limit still has to fit into a body.
    if max_op.saturating_add(4_096) < max_body {
        let large = with(
            worker.op(&case, supplement("还在")),
            "x_conformance",
            "x".repeat(max_op).into(),
        );
        quarantined(stage, &large, "too_large")?;
    }
    let longest = worker.op(&case, supplement(&"长".repeat(5_000)));
    let result = worker.push_one(&longest)?;
    took_effect(&result)
}

fn misdirected(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let again = worker.op(&case, report(worker.grid()));
    quarantined(stage, &again, "already_reported")?;
    let target = json!({ "kind": "conformance", "id": wire::new_id() });
    let elsewhere = with(worker.op(&case, supplement("还在")), "target", target);
    quarantined(stage, &elsewhere, "not_for_operations")
}

fn unknown_fields(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let extra = json!({ "from": ["a", "newer", 1, "device"] });
    let report = with(report(worker.grid()), "x_conformance", extra.clone());
    let case = wire::new_id();
    let result = worker.does(&case, report)?;
    let answered = at(&result, "doc.body.known.report.x_conformance");
    same("the unknown field in the result", &extra, answered)?;
    let doc = worker.sees(&case)?;
    let pulled = at(&doc, "body.known.report.x_conformance");
    same("the unknown field in the document", &extra, pulled)
}

fn unknown_fields_of_ops(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let op = worker.op(&wire::new_id(), report(worker.grid()));
    let op = with(op, "x_conformance", json!({ "newer": true }));
    let push = json!({ "sent": wire::clocks(), "ops": [op], "x_conformance": 1 });
    let ask = crate::hub::Ask::post("/sync/v1/push").packed(&push);
    let answer = worker.send(ask)?.ok()?;
    took_effect(at(&answer, "results.0"))
}
