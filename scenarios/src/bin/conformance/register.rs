//! Level register: buildings, dwellings, households, residents and places with who gave what; records,
//! visits and looks at masked values, which are made once. All of it commutes.

use serde_json::{Value, json};

use crate::{
    answer::{at, list, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{Device, took_effect},
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 10] = [
    Check::new(
        "register-01",
        "6.13",
        "what is entered stands in its grid's feed as it was said, unknown fields and values, too",
        entered,
    ),
    Check::new(
        "register-02",
        "6.13",
        "values that two gave without knowing of each other are both kept, beside what was entered",
        both_kept,
    ),
    Check::new(
        "register-03",
        "6.13",
        "changes give the same entry in any order of arrival",
        any_order,
    ),
    Check::new(
        "register-04",
        "6.13",
        "what arrives before its entry waits for it",
        waits,
    ),
    Check::new(
        "register-05",
        "6.13",
        "of confirmations of the same the last by time is kept, whichever came last",
        last_confirmed,
    ),
    Check::new(
        "register-06",
        "6.13",
        "records, visits and reveals stand as they were said",
        made,
    ),
    Check::new(
        "register-07",
        "6.13",
        "an entry, a record, a visit and a reveal are made once",
        made_once,
    ),
    Check::new(
        "register-08",
        "6.13",
        "nobody enters, records, visits or looks in a grid that is not their own",
        own_grid,
    ),
    Check::new(
        "register-09",
        "6.13",
        "an entry that is moved leaves the old grid and stands in the new one",
        moves,
    ),
    Check::new(
        "register-10",
        "6.13",
        "more than 200 fields are kept aside",
        too_many,
    ),
];

const KINDS: [&str; 4] = ["resident", "record", "visit", "reveal"];

/// An operation on a document of this kind.
fn op(device: &Device, kind: &str, id: &str, action: Value) -> Value {
    let mut op = device.op(id, action);
    if let Some(target) = op.get_mut("target") {
        *target = json!({ "kind": kind, "id": id });
    }
    op
}

/// The same with when it was observed, so many milliseconds ago.
fn ago(mut op: Value, ms: i64) -> Value {
    if let Some(observed) = op.get_mut("observed_at") {
        *observed = wire::clocks_before(ms);
    }
    op
}

/// Pushes what must take effect.
fn done(device: &Device, op: &Value) -> Verdict {
    took_effect(&device.push_one(op)?)
}

/// Pushes what must be kept aside, for this reason.
fn kept_aside(device: &Device, op: &Value, why: &str) -> Verdict {
    let result = device.push_one(op)?;
    let got = (text(&result, "outcome"), text(&result, "why"));
    same("outcome and reason", &("quarantined", why), &got)
}

fn enter(grid: &str) -> Value {
    let set = json!({ "grid": grid, "household": wire::new_id(), "name": "田甲" });
    json!({ "do": "enter", "set": set })
}

fn change(knew: &[&Value], set: Value) -> Value {
    let knew: Vec<&Value> = knew.iter().map(|op| at(op, "op_id")).collect();
    json!({ "do": "change", "knew": knew, "set": set })
}

/// What makes a document of this kind in this grid.
fn making(kind: &str, grid: &str) -> Value {
    let door = json!({ "kind": "dwelling", "id": wire::new_id() });
    match kind {
        "record" => json!({
            "do": "record",
            "form": { "doc": wire::new_id(), "id": "conformance", "version": "1" },
            "grid": grid,
            "begun_at": 1_795_479_000_000_i64,
            "finished_at": 1_795_479_060_000_i64,
            "values": [
                { "address": "who", "value": "田甲" },
                { "address": "member[2]/age", "value": "7" },
            ],
        }),
        "visit" => json!({
            "do": "visit", "at": door, "grid": grid, "outcome": "not_home", "note": "没人开门",
        }),
        "reveal" => json!({
            "do": "reveal", "of": door, "field": "owner_phone", "grid": grid, "reason": "联系",
        }),
        _ => enter(grid),
    }
}

/// A resident that the worker entered, and the operation that did it.
fn resident(worker: &Device) -> Result<(String, Value), Wrong> {
    let id = wire::new_id();
    let entering = op(worker, "resident", &id, enter(worker.grid()));
    done(worker, &entering)?;
    Ok((id, entering))
}

/// The document in the feed of the device's grid; null when it is not there.
fn sees(device: &Device, kind: &str, id: &str) -> Result<Value, Wrong> {
    let feed = device.feed(&device.grid_feed())?;
    let item = feed.get(&(kind.to_owned(), id.to_owned()));
    Ok(item.map_or(Value::Null, |item| at(item, "doc").clone()))
}

/// Ids of the operations in a list of a document, in its order.
fn ids<'a>(doc: &'a Value, of: &str) -> Vec<&'a str> {
    let all = list(doc, of).iter();
    all.map(|it| text(it, "signed.op_id")).collect()
}

/// What an action says, without what it is called.
fn said(action: &Value) -> Value {
    let mut said = action.clone();
    if let Some(fields) = said.as_object_mut() {
        fields.remove("do");
    }
    said
}

fn entered(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let id = wire::new_id();
    let mut action = enter(worker.grid());
    if let Some(set) = action.get_mut("set").and_then(Value::as_object_mut) {
        set.insert("care:alone".to_owned(), json!(true));
        set.insert("x_floor".to_owned(), json!(-2));
        set.insert("x_strange".to_owned(), json!({ "of": ["what", "kind?"] }));
    }
    done(worker, &op(worker, "resident", &id, action.clone()))?;

    let feed = colleague.feed(&worker.grid_feed())?;
    let item = feed.get(&("resident".to_owned(), id.clone()));
    let item = item.ok_or_else(|| Wrong::new("the entry in its grid's feed", "nothing"))?;
    let given = at(item, "doc.body.known.given");
    same("what was given", at(&action, "set"), given)
}

fn both_kept(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let (id, entering) = resident(worker)?;
    let mine = change(&[&entering], json!({ "work": "电工" }));
    let theirs = change(
        &[&entering],
        json!({ "work": "教师", "phone": "13800000002" }),
    );
    done(worker, &op(worker, "resident", &id, mine.clone()))?;
    done(colleague, &op(colleague, "resident", &id, theirs.clone()))?;

    let doc = sees(worker, "resident", &id)?;
    let given = at(&doc, "body.known.given");
    same("what was entered", at(&entering, "action.set"), given)?;
    let changes = list(&doc, "body.known.changes");
    same("how many changes", &2, &changes.len())?;
    for said in [&mine, &theirs] {
        let is_kept = changes.iter().any(|it| at(it, "set") == at(said, "set"));
        holds(
            is_kept,
            at(said, "set").to_string(),
            at(&doc, "body.known.changes"),
        )?;
    }
    Ok(())
}

fn any_order(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    for is_turned in [false, true] {
        let (id, entering) = resident(worker)?;
        let to = |work: &str| change(&[&entering], json!({ "work": work }));
        let earlier = ago(op(worker, "resident", &id, to("电工")), 1_200_000);
        let later = ago(op(colleague, "resident", &id, to("教师")), 10_000);
        if is_turned {
            done(colleague, &later)?;
            done(worker, &earlier)?;
        } else {
            done(worker, &earlier)?;
            done(colleague, &later)?;
        }
        let doc = sees(worker, "resident", &id)?;
        let expected = [&earlier, &later].map(|op| text(op, "op_id")).to_vec();
        same(
            "changes by time",
            &expected,
            &ids(&doc, "body.known.changes"),
        )?;
    }
    Ok(())
}

fn waits(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let id = wire::new_id();
    let entering = op(worker, "resident", &id, enter(worker.grid()));
    let early = op(
        colleague,
        "resident",
        &id,
        change(&[&entering], json!({ "work": "电工" })),
    );
    let result = colleague.push_one(&early)?;
    took_effect(&result)?;
    let waiting = list(&result, "doc.body.awaiting").len();
    same("operations awaiting the entry", &1, &waiting)?;

    done(worker, &entering)?;

    let doc = sees(worker, "resident", &id)?;
    let changes = ids(&doc, "body.known.changes");
    same("changes", &vec![text(&early, "op_id")], &changes)
}

fn last_confirmed(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    for is_turned in [false, true] {
        let (id, entering) = resident(worker)?;
        let knew = [at(&entering, "op_id")];
        let so = json!({ "do": "confirm", "knew": knew, "fields": ["name"] });
        let earlier = ago(op(worker, "resident", &id, so.clone()), 1_200_000);
        let later = ago(op(colleague, "resident", &id, so), 10_000);
        if is_turned {
            done(colleague, &later)?;
            done(worker, &earlier)?;
        } else {
            done(worker, &earlier)?;
            done(colleague, &later)?;
        }
        let doc = sees(worker, "resident", &id)?;
        let confirmed = ids(&doc, "body.known.confirmed");
        same("confirmations", &vec![text(&later, "op_id")], &confirmed)?;
    }
    Ok(())
}

fn made(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    for (kind, body) in [
        ("record", "body.filled"),
        ("visit", "body.visiting"),
        ("reveal", "body.revealing"),
    ] {
        let id = wire::new_id();
        let action = making(kind, worker.grid());
        done(worker, &op(worker, kind, &id, action.clone()))?;
        let doc = sees(worker, kind, &id)?;
        same(kind, &said(&action), at(&doc, body))?;
    }
    Ok(())
}

fn made_once(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    for kind in KINDS {
        let id = wire::new_id();
        done(worker, &op(worker, kind, &id, making(kind, worker.grid())))?;
        let before = sees(worker, kind, &id)?;
        let again = op(colleague, kind, &id, making(kind, worker.grid()));
        kept_aside(colleague, &again, "already_reported")?;
        same(kind, &before, &sees(worker, kind, &id)?)?;
    }
    Ok(())
}

fn own_grid(stage: &Stage) -> Verdict {
    let (worker, stranger) = (&stage.worker, stage.stranger()?);
    for kind in KINDS {
        let elsewhere = op(stranger, kind, &wire::new_id(), making(kind, worker.grid()));
        kept_aside(stranger, &elsewhere, "not_your_scope")?;
    }
    Ok(())
}

fn moves(stage: &Stage) -> Verdict {
    let (worker, stranger) = (&stage.worker, stage.stranger()?);
    let (id, entering) = resident(worker)?;
    let unseen = sees(stranger, "resident", &id)?;
    holds(
        unseen.is_null(),
        "an entry not to be seen elsewhere",
        &unseen,
    )?;
    sees(worker, "resident", &id)?;

    let to = change(&[&entering], json!({ "grid": stranger.grid() }));
    done(worker, &op(worker, "resident", &id, to))?;

    let there = sees(stranger, "resident", &id)?;
    holds(!there.is_null(), "the entry in its new grid", &there)?;
    let left = sees(worker, "resident", &id)?;
    holds(left.is_null(), "the entry gone from the old one", &left)
}

fn too_many(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (id, entering) = resident(worker)?;
    let set: serde_json::Map<String, Value> =
        (0..201).map(|n| (format!("x_{n}"), json!(n))).collect();
    let too_many = change(&[&entering], Value::Object(set));
    kept_aside(
        worker,
        &op(worker, "resident", &id, too_many),
        "out_of_bounds",
    )
}
