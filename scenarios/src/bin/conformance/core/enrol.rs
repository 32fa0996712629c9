//! Enrolling, tokens and hello.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    answer::{at, list, number, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{self, Device},
    hub::Ask,
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 10] = [
    Check::new(
        "core-01",
        "4",
        "enrolling gives a token, the person and the hub",
        enrolled,
    ),
    Check::new(
        "core-02",
        "4",
        "a code that was used is refused for another device",
        used_code,
    ),
    Check::new(
        "core-03",
        "4",
        "the device that used a code may repeat the request",
        repeated,
    ),
    Check::new(
        "core-04",
        "4",
        "a code that nobody made is unknown",
        unknown_code,
    ),
    Check::new(
        "core-05",
        "2.3",
        "no token, or one the hub does not know, is not enrolled",
        no_token,
    ),
    Check::new(
        "core-06",
        "5",
        "hello says versions, limits, clock, feeds, person and where the device stands",
        hello,
    ),
    Check::new("core-07", "5", "hub and epoch stay the same", identity),
    Check::new(
        "core-08",
        "5",
        "last_dev_seq is the last operation that was confirmed",
        last_dev_seq,
    ),
    Check::new(
        "core-09",
        "5",
        "a device whose clocks are far off is answered like any other",
        wrong_clocks,
    ),
    Check::new(
        "core-58",
        "5",
        "an answer to hello that has a name is said again by it, until something changes",
        said_again,
    ),
];

fn enrolled(stage: &Stage) -> Verdict {
    let enrolled = &stage.worker.enrolled;
    for field in ["token", "staff.id", "staff.name", "hub_id", "hub_name"] {
        let is_there = !text(enrolled, field).is_empty();
        holds(is_there, format!("a text as {field}"), at(enrolled, field))?;
    }
    for field in ["staff.name_en", "staff.badge_no"] {
        holds(
            at(enrolled, field).is_string(),
            format!("a text as {field}"),
            enrolled,
        )?;
    }
    for field in ["staff.roles", "staff.grids"] {
        holds(
            at(enrolled, field).is_array(),
            format!("a list as {field}"),
            enrolled,
        )?;
    }
    Ok(())
}

fn used_code(stage: &Stage) -> Verdict {
    let other = device::enrol(&stage.worker.code, &wire::new_id());
    stage.hub.send(&other)?.refuses(409, "code_used")
}

fn repeated(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let again = stage
        .hub
        .send(&device::enrol(&worker.code, &worker.id))?
        .ok()?;
    let token = text(&again, "token");
    holds(!token.is_empty(), "a token", &again)?;
    same(
        "hub_id",
        &text(&worker.enrolled, "hub_id"),
        &text(&again, "hub_id"),
    )?;
    worker.take_token(token);
    worker.hello().map(drop)
}

fn unknown_code(stage: &Stage) -> Verdict {
    let nobodys = device::enrol("0000-0000-0000", &wire::new_id());
    stage.hub.send(&nobodys)?.refuses(404, "code_unknown")
}

fn no_token(stage: &Stage) -> Verdict {
    let push = json!({ "sent": wire::clocks(), "ops": [] });
    let asks = [
        Ask::get("/sync/v1/hello"),
        Ask::post("/sync/v1/push").packed(&push),
        Ask::get("/sync/v1/pull?scope=city&cursor=&limit=1"),
        Ask::post("/sync/v1/photos")
            .header("upload-length", "1")
            .header("upload-metadata", &wire::metadata(&wire::digest(b"x"))),
        Ask::get(&format!("/sync/v1/photos/{}", wire::digest(b"x"))),
    ];
    for ask in asks {
        stage.hub.send(&ask)?.refuses(401, "not_enrolled")?;
        let unknown = ask.token("nobody");
        stage.hub.send(&unknown)?.refuses(401, "not_enrolled")?;
    }
    let head = Ask::new(
        Method::HEAD,
        &format!("/sync/v1/photos/{}", wire::digest(b"x")),
    );
    stage.hub.send(&head)?.is(401)
}

fn hello(stage: &Stage) -> Verdict {
    let hello = stage.worker.hello()?;
    let range = (
        number(&hello, "protocol.min"),
        number(&hello, "protocol.max"),
    );
    holds(
        range.0 <= 1 && 1 <= range.1,
        "a range of protocol versions with 1 in it",
        at(&hello, "protocol"),
    )?;
    for field in ["hub_id", "hub_name", "epoch", "staff.id"] {
        let is_there = !text(&hello, field).is_empty();
        holds(is_there, format!("a text as {field}"), at(&hello, field))?;
    }
    for field in ["max_ops", "max_body", "max_op", "chunk_min", "chunk_max"] {
        let limit = at(&hello, &format!("limits.{field}"));
        holds(
            limit.as_u64() > Some(0),
            format!("a limit {field} above 0"),
            limit,
        )?;
    }
    holds(
        at(&hello, "server_time").is_i64(),
        "server_time",
        at(&hello, "server_time"),
    )?;
    holds(
        at(&hello, "features").is_array(),
        "a list of features",
        at(&hello, "features"),
    )?;
    let scopes: Vec<_> = list(&hello, "scopes")
        .iter()
        .map(|head| text(head, "scope").to_owned())
        .collect();
    for scope in [
        "city".to_owned(),
        stage.worker.inbox(),
        stage.worker.grid_feed(),
    ] {
        holds(
            scopes.contains(&scope),
            format!("the feed {scope}"),
            scopes.join(", "),
        )?;
    }
    Ok(())
}

fn identity(stage: &Stage) -> Verdict {
    let [one, two] = [stage.worker.hello()?, stage.worker.hello()?];
    same(
        "hub_id",
        &text(&stage.worker.enrolled, "hub_id"),
        &text(&one, "hub_id"),
    )?;
    same("epoch", &text(&one, "epoch"), &text(&two, "epoch"))
}

fn last_dev_seq(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let stands = |device: &Device| -> Result<u64, Wrong> {
        let hello = device.hello()?;
        let last = at(&hello, "last_dev_seq").as_u64();
        last.ok_or_else(|| Wrong::new("last_dev_seq", at(&hello, "last_dev_seq")))
    };
    let before = stands(worker)?;
    worker.reports()?;
    same("last_dev_seq", &(before + 1), &stands(worker)?)?;
    let nothing: Vec<Value> = worker.push(&[])?;
    holds(
        nothing.is_empty(),
        "no result for no operation",
        json!(nothing),
    )?;
    same("last_dev_seq", &(before + 1), &stands(worker)?)
}

fn wrong_clocks(stage: &Stage) -> Verdict {
    let usual = stage.worker.hello()?;
    let clocks = [
        "wall=0&mono=0&boot=b1",
        "wall=-62135596800000&mono=-5&boot=b2",
        "wall=4102444800000&mono=9007199254740991&boot=b3",
    ];
    for clocks in clocks {
        let ask = Ask::get(&format!("/sync/v1/hello?{clocks}"));
        let hello = stage.worker.send(ask)?.ok()?;
        for field in ["hub_id", "epoch", "last_dev_seq", "scopes"] {
            same(field, at(&usual, field), at(&hello, field))?;
        }
    }
    Ok(())
}

fn said_again(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let whole = worker.send(Ask::get("/sync/v1/hello"))?;
    let name = whole.header("etag").to_owned();
    if name.is_empty() {
        return Ok(());
    }
    let ask = || Ask::get("/sync/v1/hello").header("if-none-match", &name);
    let again = worker.send(ask())?;
    again.is(304)?;
    holds(!again.header("date").is_empty(), "a date", "none")?;
    worker.reports()?;
    let changed = worker.send(ask())?;
    changed.is(200)?;
    holds(
        changed.header("etag") != name,
        "another name for another answer",
        changed.header("etag"),
    )
}
