//! Operations up: results, the device's sequence, replays, times.

use serde_json::{Value, json};

use crate::{
    answer::{at, list, number, text},
    check::{Check, Verdict, Wrong, holds, same},
    clock::now_ms,
    device::{Device, report, supplement, took_effect},
    hub::Ask,
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 10] = [
    Check::new(
        "core-10",
        "6.2",
        "there is one result for each operation",
        one_result_each,
    ),
    Check::new(
        "core-11",
        "6.2",
        "results stand in the order of their operations",
        results_in_order,
    ),
    Check::new(
        "core-12",
        "6.2",
        "a result carries the document as it is afterwards, with its revision",
        result_has_document,
    ),
    Check::new(
        "core-13",
        "6.4",
        "what was acknowledged is in the document and stays there",
        acknowledged_is_kept,
    ),
    Check::new(
        "core-14",
        "6.4",
        "a replayed operation answers the stored result",
        replay_answers_the_same,
    ),
    Check::new(
        "core-15",
        "6.4",
        "a replayed operation changes nothing",
        replay_changes_nothing,
    ),
    Check::new(
        "core-16",
        "6.3",
        "behind a gap everything is put off, and taken when the gap is filled",
        gap,
    ),
    Check::new(
        "core-17",
        "6.3",
        "two operations under one dev_seq need a new epoch, and nothing of the batch is applied",
        clash,
    ),
    Check::new(
        "core-18",
        "6.9",
        "a wrong wall clock is no reason to refuse, and is corrected",
        wrong_clock,
    ),
    Check::new(
        "core-19",
        "6.9",
        "nothing happened after it was received",
        future,
    ),
];

/// A case and three operations on it: the report and two additions.
fn three_ops(device: &Device) -> (String, [Value; 3]) {
    let case = wire::new_id();
    let ops = [
        device.op(&case, report(device.grid())),
        device.op(&case, supplement("一")),
        device.op(&case, supplement("二")),
    ];
    (case, ops)
}

fn one_result_each(stage: &Stage) -> Verdict {
    let (_, ops) = three_ops(&stage.worker);
    let results = stage.worker.push(&ops)?;
    same("results for three operations", &3, &results.len())
}

fn results_in_order(stage: &Stage) -> Verdict {
    let (_, ops) = three_ops(&stage.worker);
    let ids = |values: &[Value]| -> Vec<String> {
        let ids = values.iter().map(|value| text(value, "op_id").to_owned());
        ids.collect()
    };
    let results = stage.worker.push(&ops)?;
    let sent = ids(&ops);
    let answered = ids(&results);
    let in_order = sent.iter().zip(&answered).all(|(one, other)| one == other);
    holds(
        in_order,
        format!("results for {sent:?}"),
        format!("{answered:?}"),
    )
}

fn result_has_document(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = wire::new_id();
    let first = worker.does(&case, report(worker.grid()))?;
    let second = worker.does(&case, supplement("还在"))?;
    for (result, rev) in [(&first, 1), (&second, 2)] {
        same("rev", &rev, &number(result, "rev"))?;
        same("doc.rev", &rev, &number(result, "doc.rev"))?;
        same("doc.kind", &"case", &text(result, "doc.kind"))?;
        same("doc.id", &case.as_str(), &text(result, "doc.id"))?;
    }
    let note = text(&second, "doc.body.known.events.0.action.note");
    same("the note in the document", &"还在", &note)
}

fn acknowledged_is_kept(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let result = worker.does(&case, supplement("还在"))?;
    let doc = worker.sees(&case)?;
    let events = list(&doc, "body.known.events");
    let is_there = events
        .iter()
        .any(|event| text(event, "signed.op_id") == text(&result, "op_id"));
    holds(
        is_there && text(&doc, "body.known.events.0.action.note") == "还在",
        format!(
            "the addition {} in the document that is pulled",
            text(&result, "op_id")
        ),
        at(&doc, "body.known.events"),
    )
}

/// What of a result must be the same for ever; the document is as it is now.
fn stored(result: &Value) -> Value {
    let mut stored = result.clone();
    if let Some(fields) = stored.as_object_mut() {
        fields.remove("doc");
    }
    stored
}

fn replay_answers_the_same(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = wire::new_id();
    let ops = [
        worker.op(&case, report(worker.grid())),
        worker.op(&case, supplement("还在")),
        // Kept without effect: there is nothing in it.
        worker.op(&case, supplement("")),
    ];
    for op in &ops {
        let first = worker.push_one(op)?;
        let again = worker.push_one(op)?;
        same("the result of a replay", &stored(&first), &stored(&again))?;
    }
    // The answer may have been lost long ago: later operations are in between now.
    let again = worker.push(&ops)?;
    let report = ops.first().map(|op| text(op, "op_id"));
    let first = again.iter().find(|it| Some(text(it, "op_id")) == report);
    let first = first.unwrap_or(&Value::Null);
    same(
        "the outcome of the report, replayed",
        &"applied",
        &text(first, "outcome"),
    )?;
    same(
        "the revision of the report, replayed",
        &1,
        &number(first, "rev"),
    )
}

fn replay_changes_nothing(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let op = worker.op(&case, supplement("还在"));
    worker.push_one(&op)?;
    let before = (worker.sees(&case)?, worker.head(&worker.grid_feed())?);
    worker.push_one(&op)?;
    // Sent twice in one batch, as a device may after a crash.
    worker.push(&[op.clone(), op])?;
    let after = (worker.sees(&case)?, worker.head(&worker.grid_feed())?);
    same("the document and its feed's head", &before, &after)
}

fn gap(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let missing = worker.op(&case, supplement("一"));
    let behind = worker.op(&case, supplement("二"));
    let put_off = worker.push_one(&behind)?;
    same(
        "outcome behind a gap",
        &"retry_later",
        &text(&put_off, "outcome"),
    )?;
    let hello = worker.hello()?;
    let last = number(&missing, "dev_seq") - 1;
    same("last_dev_seq", &last, &number(&hello, "last_dev_seq"))?;
    let events = at(&worker.sees(&case)?, "body.known.events").clone();
    same("events of the case", &json!([]), &events)?;
    for op in [&missing, &behind] {
        let result = worker.push_one(op)?;
        took_effect(&result)?;
    }
    Ok(())
}

fn clash(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let good = worker.op(&case, supplement("一"));
    let mut other = worker.op(&case, supplement("二"));
    if let Some(fields) = other.as_object_mut() {
        let taken = number(&good, "dev_seq") - 1;
        fields.insert("dev_seq".to_owned(), taken.into());
    }
    let before = (
        worker.sees(&case)?,
        number(&worker.hello()?, "last_dev_seq"),
    );
    worker
        .try_push(&[good, other])?
        .refuses(409, "new_epoch_required")?;
    let after = (
        worker.sees(&case)?,
        number(&worker.hello()?, "last_dev_seq"),
    );
    same("the document and last_dev_seq", &before, &after)
}

/// Pushes one operation whose clocks, and those at sending, are given; gives the time of its event.
fn time_of(device: &Device, observed: Value, sent: &Value) -> Result<(i64, i64), Wrong> {
    let case = device.reports()?;
    let mut op = device.op(&case, supplement("还在"));
    if let Some(fields) = op.as_object_mut() {
        fields.insert("observed_at".to_owned(), observed);
    }
    let push = json!({ "sent": sent, "ops": [op] });
    let answer = device
        .send(Ask::post("/sync/v1/push").packed(&push))?
        .ok()?;
    took_effect(at(&answer, "results.0"))?;
    let doc = device.sees(&case)?;
    let signed = at(&doc, "body.known.events.0.signed").clone();
    let moment = |field| {
        let moment = at(&signed, field).as_i64();
        moment.ok_or_else(|| Wrong::new(format!("a time as {field}"), &signed))
    };
    Ok((moment("at")?, moment("received_at")?))
}

fn wrong_clock(stage: &Stage) -> Verdict {
    let minute = 60_000;
    // Two years behind, and ten minutes before it was sent by the clock that nobody sets; then the
    // same across a reboot, where only the wall clocks' difference is known.
    let clocks =
        |wall: i64, mono: i64, boot: &str| json!({ "wall": wall, "mono": mono, "boot": boot });
    let wall = now_ms() - 730 * 24 * 60 * minute;
    for (observed, sent) in [
        (
            clocks(0, 1_000, "b1"),
            clocks(wall, 1_000 + 10 * minute, "b1"),
        ),
        (
            clocks(wall - 10 * minute, 5_000, "b1"),
            clocks(wall, 100, "b2"),
        ),
    ] {
        let (at, received_at) = time_of(&stage.worker, observed, &sent)?;
        same(
            "milliseconds between deed and arrival",
            &(10 * minute),
            &(received_at - at),
        )?;
    }
    Ok(())
}

fn future(stage: &Stage) -> Verdict {
    let ahead = now_ms() + 365 * 24 * 3_600_000;
    let observed = json!({ "wall": ahead, "mono": 9_000, "boot": "b1" });
    let sent = json!({ "wall": now_ms(), "mono": 1_000, "boot": "b2" });
    let (at, received_at) = time_of(&stage.worker, observed, &sent)?;
    holds(
        at <= received_at,
        format!("a time not after {received_at}"),
        at,
    )
}
