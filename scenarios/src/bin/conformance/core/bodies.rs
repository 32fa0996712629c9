//! What holds for every request: compression, limits, and the form of a refusal.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    answer::{at, number},
    check::{Check, Verdict, holds, same},
    device::report,
    hub::Ask,
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 6] = [
    Check::new(
        "core-41",
        "2.2",
        "answers are packed only for those who take zstd",
        packed_answer,
    ),
    Check::new(
        "core-42",
        "9",
        "a refusal has the code and status of the table",
        refusals,
    ),
    Check::new(
        "core-43",
        "9",
        "a refusal does not quote what was sent",
        nothing_quoted,
    ),
    Check::new(
        "core-44",
        "5",
        "more operations than max_ops are too large, and none is applied",
        too_many_ops,
    ),
    Check::new(
        "core-45",
        "5",
        "a body that unfolds beyond max_body is too large",
        too_large_body,
    ),
    Check::new(
        "core-46",
        "2.2",
        "a body that is no zstd, or in another encoding, is refused",
        broken_encoding,
    ),
];

/// Larger limits than this are not tried: the request would be the load.
const BODY_MAX: usize = 64 * 1024 * 1024;

fn packed_answer(stage: &Stage) -> Verdict {
    let ask = || Ask::get("/sync/v1/pull?scope=city&cursor=&limit=100");
    let plain = stage.worker.send(ask())?;
    same(
        "Content-Encoding unasked for",
        &"",
        &plain.header("content-encoding"),
    )?;
    let other = stage.worker.send(ask().header("accept-encoding", "gzip"))?;
    holds(
        other.header("content-encoding") != "zstd",
        "no zstd for who takes gzip",
        other.header("content-encoding"),
    )?;
    let packed = stage.worker.send(ask().header("accept-encoding", "zstd"))?;
    let same_items = at(&packed.json, "items") == at(&plain.json, "items");
    holds(same_items, "the same page, packed or not", packed.said())
}

fn refusals(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let push = || Ask::post("/sync/v1/push");
    let json = |ask: Ask, body: &str| {
        ask.header("content-type", "application/json")
            .body(body.as_bytes())
    };
    let cases = [
        (json(push(), "{"), 400, "malformed"),
        (json(push(), "{\"ops\":7}"), 400, "malformed"),
        (json(Ask::post("/sync/v1/enrol"), "[]"), 400, "malformed"),
        (Ask::get("/sync/v1/pull?scope=city"), 400, "malformed"),
        (Ask::get("/sync/v1/pull?limit=1"), 400, "malformed"),
        (
            push().header("content-type", "text/html").body(b"<p>"),
            415,
            "unsupported_media",
        ),
        (Ask::get("/sync/v1/conformance"), 404, "not_found"),
        (Ask::new(Method::DELETE, "/sync/v1/push"), 405, "not_found"),
        (Ask::get("/sync/v1/photos/nonsense"), 404, "not_found"),
    ];
    for (ask, status, code) in cases {
        worker.send(ask)?.refuses(status, code)?;
    }
    Ok(())
}

fn nothing_quoted(stage: &Stage) -> Verdict {
    let canary = "13800000000";
    let body = format!("{{\"sent\":\"{canary}\",\"ops\":[]}}");
    let asks = [
        Ask::post("/sync/v1/push")
            .header("content-type", "application/json")
            .body(body.as_bytes()),
        Ask::get(&format!("/sync/v1/pull?scope=city&limit={canary}x")),
        Ask::get(&format!("/sync/v1/photos/{canary}")),
    ];
    for ask in asks {
        let answer = stage.worker.send(ask)?;
        holds(
            (400..500).contains(&answer.status),
            "a refusal",
            answer.said(),
        )?;
        let quoted = String::from_utf8_lossy(&answer.body).contains(canary);
        holds(!quoted, "a detail without what was sent", answer.said())?;
    }
    Ok(())
}

fn too_many_ops(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let hello = worker.hello()?;
    let max_ops = usize::try_from(number(&hello, "limits.max_ops")).unwrap_or(usize::MAX);
    if max_ops > 100_000 {
        return Ok(());
    }
    let first = worker.op(&wire::new_id(), report(worker.grid()));
    let mut ops = vec![first];
    ops.resize(max_ops + 1, json!({}));
    worker.try_push(&ops)?.refuses(413, "too_large")?;
    let last = number(&worker.hello()?, "last_dev_seq");
    same("last_dev_seq", &number(&hello, "last_dev_seq"), &last)
}

fn too_large_body(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let hello = worker.hello()?;
    let max_body = usize::try_from(number(&hello, "limits.max_body")).unwrap_or(usize::MAX);
    if max_body > BODY_MAX {
        return Ok(());
    }
    let blanks = " ".repeat(max_body + 1);
    let push = json!({ "sent": wire::clocks(), "ops": [], "x_conformance": blanks });
    let ask = Ask::post("/sync/v1/push").packed(&push);
    worker.send(ask)?.refuses(413, "too_large")
}

fn broken_encoding(stage: &Stage) -> Verdict {
    let push = json!({ "sent": wire::clocks(), "ops": Vec::<Value>::new() });
    let body = push.to_string();
    let ask = |encoding: &str| {
        Ask::post("/sync/v1/push")
            .header("content-type", "application/json")
            .header("content-encoding", encoding)
            .body(body.as_bytes())
    };
    stage.worker.send(ask("zstd"))?.refuses(400, "malformed")?;
    let other = stage.worker.send(ask("br"))?;
    other.refuses(415, "unsupported_media")
}
