//! 清除: a document that was erased says that it was, and nothing else any more.

use serde_json::{Value, json};

use crate::{
    answer::{at, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{Device, took_effect},
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 2] = [
    Check::new(
        "scopes-13",
        "6.14",
        "a worker erases nobody, and a clerk nobody without a word",
        who_may,
    ),
    Check::new(
        "scopes-14",
        "6.14",
        "of a resident who is erased, and of records about them, nothing is left, whatever comes later",
        nothing_left,
    ),
];

/// Stands in all that must go.
const NAME: &str = "田清除";

fn who_may(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let resident = entered(worker)?;
    let mut silent = erase(worker.grid());
    if let Some(reason) = silent.get_mut("reason") {
        *reason = json!(" ");
    }
    for (device, action, why) in [
        (worker, erase(worker.grid()), "not_your_role"),
        (stage.clerk()?, silent, "out_of_bounds"),
    ] {
        let result = device.push_one(&op(device, "resident", &resident, action))?;
        let got = (text(&result, "outcome"), text(&result, "why"));
        same("outcome and reason", &("quarantined", why), &got)?;
    }
    let body = body(worker, "resident", &resident)?;
    holds(at(&body, "erased").is_null(), "nothing erased", &body)
}

fn nothing_left(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let resident = entered(worker)?;
    let about = json!({ "kind": "resident", "id": resident });
    let record = || {
        json!({
            "do": "record",
            "form": { "doc": wire::new_id(), "id": "conformance", "version": "1" },
            "subject": about, "grid": worker.grid(), "name": NAME,
            "begun_at": 1_795_479_000_000_i64, "finished_at": 1_795_479_060_000_i64,
            "values": [{ "address": "who", "value": NAME }],
        })
    };
    let (before, after) = (wire::new_id(), wire::new_id());
    took_effect(&worker.push_one(&op(worker, "record", &before, record()))?)?;
    let erase = op(clerk, "resident", &resident, erase(worker.grid()));
    took_effect(&clerk.push_one(&erase)?)?;
    let change = json!({ "do": "change", "knew": [], "set": { "name": NAME } });
    for late in [
        op(worker, "resident", &resident, change),
        op(worker, "record", &after, record()),
    ] {
        let result = worker.push_one(&late)?;
        let got = (text(&result, "outcome"), text(&result, "why"));
        same("outcome and reason", &("conflict_kept", "erased"), &got)?;
    }
    for (kind, id) in [
        ("resident", &resident),
        ("record", &before),
        ("record", &after),
    ] {
        let body = body(worker, kind, id)?;
        let by = text(&body, "erased.author.staff");
        same("who erased it", &clerk.staff(), &by)?;
        same("the reason", &"本人要求", &text(&body, "reason"))?;
        let is_left = body.to_string().contains(NAME);
        holds(!is_left, "nothing of what was known", &body)?;
    }
    Ok(())
}

fn erase(grid: &str) -> Value {
    json!({ "do": "erase", "why": "request", "reason": "本人要求", "grid": grid })
}

/// Somebody new in the worker's grid.
fn entered(worker: &Device) -> Result<String, Wrong> {
    let id = wire::new_id();
    let set = json!({ "grid": worker.grid(), "household": wire::new_id(), "name": NAME });
    let enter = json!({ "do": "enter", "set": set });
    took_effect(&worker.push_one(&op(worker, "resident", &id, enter))?)?;
    Ok(id)
}

/// An operation on a document of this kind.
fn op(device: &Device, kind: &str, id: &str, action: Value) -> Value {
    let mut op = device.op(id, action);
    if let Some(target) = op.get_mut("target") {
        *target = json!({ "kind": kind, "id": id });
    }
    op
}

/// What the feed of the grid has of it.
fn body(device: &Device, kind: &str, id: &str) -> Result<Value, Wrong> {
    let mirror = device.feed(&device.grid_feed())?;
    let item = mirror.get(&(kind.to_owned(), id.to_owned()));
    let item = item.ok_or_else(|| Wrong::new(format!("{kind} {id}"), "it is not there"))?;
    Ok(at(item, "doc.body").clone())
}
