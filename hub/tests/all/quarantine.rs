//! What could not be applied is kept, can be found by the operator without reading what a person
//! wrote, and takes effect later when the reason is gone.

use serde_json::{Value, json};
use shared::{CaseId, Outcome, apply::Quarantine, hub_api::Limits};

use crate::{
    command_line::{err, out},
    world::{MINUTE, World, fresh, pack},
};

/// The tiny city, where G1 has got a neighbour that worker w1 sees too.
pub(crate) fn larger_city() -> Value {
    let mut pack = pack();
    let x = 120.9;
    let grid = json!({
        "code": "G9", "name": "G9", "name_en": "G9", "community": "320699001001",
        "polygon": [[x, 31.9], [x + 0.01, 31.9], [x + 0.01, 31.91], [x, 31.91]], "addresses": [],
    });
    let grids = pack.pointer_mut("/grids").unwrap();
    grids.as_array_mut().unwrap().push(grid);
    *pack.pointer_mut("/staff/0/grids").unwrap() = json!(["G1", "G9"]);
    pack
}

pub(crate) fn kept(outcome: &Outcome) -> Quarantine {
    match outcome {
        Outcome::Quarantined { why } => *why,
        other => panic!("expected a quarantined operation, not {other:?}"),
    }
}

#[tokio::test]
async fn a_report_from_a_grid_that_came_later_is_applied_by_a_retry() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G9");
    let pushed = worker.push(std::slice::from_ref(&op)).await;
    assert_eq!(
        kept(&pushed.results[0].outcome),
        Quarantine::NotYourScope,
        "the city has no such grid yet"
    );
    world.turn_clock(24 * 60 * MINUTE);
    world
        .hub
        .load_pack(larger_city().to_string().as_bytes())
        .await
        .unwrap();
    let line = world.hub.quarantine().await.unwrap().remove(0);

    let outcome = world.hub.retry(line.name()).await.unwrap();

    assert_eq!(outcome, Outcome::Applied);
    let feed = worker.pull_all("grid:G9").await;
    assert_eq!(feed.count, 1, "it stands in the feed, as if just pushed");
    let again = worker.push(&[op]).await;
    let replayed = &again.results[0];
    assert_eq!(
        (&replayed.outcome, replayed.rev),
        (&Outcome::Applied, 1),
        "the device is told so when it asks again"
    );
    assert_eq!(
        replayed.doc.as_ref().unwrap().body["known"]["case_no"],
        "320699-20261124-0001",
        "it counts for the day the hub received it"
    );
    assert_eq!(world.hub.quarantine().await.unwrap(), []);
    assert_eq!(world.hub.stats().await.unwrap().quarantined, 0);
    let error = world.hub.retry(line.name()).await.unwrap_err();
    assert!(
        error.to_string().contains("is not in quarantine"),
        "nothing is applied twice: {error}"
    );
}

#[tokio::test]
async fn a_hub_that_takes_more_applies_what_was_too_large() {
    let world = World::with(|config| {
        config.limits = Limits {
            max_op: 300,
            ..config.limits
        };
    })
    .await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G1");
    let pushed = worker.push(&[op]).await;
    assert_eq!(kept(&pushed.results[0].outcome), Quarantine::TooLarge);
    let name = world.hub.quarantine().await.unwrap()[0].name();
    let same = world.hub.retry(name).await.unwrap();
    assert_eq!(kept(&same), Quarantine::TooLarge, "nothing has changed yet");

    let mut config = world.config.clone();
    config.limits.max_op = 10_000;
    let newer = hub::Hub::open(config).await.unwrap();
    let outcome = newer.retry(name).await.unwrap();

    assert_eq!(outcome, Outcome::Applied);
    assert_eq!(worker.pull_all("grid:G1").await.count, 1);
}

#[tokio::test]
async fn a_device_that_sent_it_again_under_a_new_identity_is_told_the_same() {
    let world = World::new().await;
    let (old, new) = (world.device("w1").await, world.device("w1").await);
    let (_, op) = old.report("G9");
    old.push(std::slice::from_ref(&op)).await;
    let repeated = new.push(std::slice::from_ref(&op)).await;
    kept(&repeated.results[0].outcome);
    let lines = world.hub.quarantine().await.unwrap();
    assert_eq!(lines.len(), 1, "it is one operation, however often it came");
    assert_eq!(world.hub.stats().await.unwrap().quarantined, 1);
    world
        .hub
        .load_pack(larger_city().to_string().as_bytes())
        .await
        .unwrap();

    world.hub.retry(lines[0].name()).await.unwrap();

    let again = new.push(&[op]).await;
    assert_eq!(again.results[0].outcome, Outcome::Applied);
    assert_eq!(world.hub.stats().await.unwrap().quarantined, 0);
}

#[tokio::test]
async fn the_list_says_what_whose_and_why_and_no_word_a_person_wrote() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, elsewhere) = worker.report("G9");
    let mut odd = worker.op(
        CaseId::from_bytes(fresh()),
        &json!({ "do": "张三 teleports" }),
    );
    odd["op_id"] = json!("张三");
    let mut renamed = worker.report("G1").1;
    renamed["target"]["kind"] = json!("\u{1b}[2J");
    worker.push(&[elsewhere.clone(), odd, renamed]).await;

    let table = world.run(&["quarantine", "list"]);
    let json = world.run(&["quarantine", "list", "--json"]);

    let table = out(&table);
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 4, "a head and three: {table}");
    let first: Vec<_> = lines[1].split_whitespace().collect();
    let (id, device) = (elsewhere["op_id"].as_str().unwrap(), worker.id.to_string());
    assert_eq!(
        first,
        [
            id,
            "case",
            "report",
            &device,
            "w1",
            "not_your_scope",
            "2026-11-24",
            "00:00",
            "UTC"
        ]
    );
    assert!(
        lines[2].starts_with(&format!("{device}:2  case ?")),
        "without a readable id its place names it: {table}"
    );
    assert!(lines[3].contains("? report"), "{table}");
    let json: Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(json[0]["op"], id);
    assert_eq!(json[0]["why"], "not_your_scope");
    assert_eq!(json[1]["op"], format!("{device}:2"));
    for text in [table, json.to_string()] {
        for word in ["张三", "路灯", "\u{1b}"] {
            assert!(!text.contains(word), "{word:?} in {text}");
        }
    }
}

#[tokio::test]
async fn what_a_person_wrote_is_shown_only_on_demand_and_that_is_put_down() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G9");
    worker.push(std::slice::from_ref(&op)).await;
    let id = op["op_id"].as_str().unwrap();
    let show = |more: &[&str]| {
        let shown = world.run(&[&["quarantine", "show", id], more].concat());
        assert!(shown.status.success(), "{}", err(&shown));
        out(&shown)
    };

    let before = show(&[]);
    let content = show(&["--content"]);
    let after = show(&[]);

    assert!(before.contains("not_your_scope"), "{before}");
    assert!(before.contains("load a pack"), "what helps: {before}");
    assert!(!before.contains("路灯") && !before.contains("content was shown"));
    assert_eq!(
        serde_json::from_str::<Value>(&content).unwrap(),
        op,
        "as it came"
    );
    assert!(after.contains("UTC  its content was shown"), "{after}");
    assert!(!after.contains("路灯"));
}

#[tokio::test]
async fn a_retry_on_the_command_line_says_what_became_of_it() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let mut broken = worker.op(CaseId::from_bytes(fresh()), &json!({ "do": "report" }));
    broken["op_id"] = Value::Null;
    let (_, elsewhere) = worker.report("G9");
    worker.push(&[broken, elsewhere.clone()]).await;
    let id = elsewhere["op_id"].as_str().unwrap();
    let hub = |args: &[&str]| world.run(&[&["quarantine"], args].concat());

    let too_early = hub(&["retry", id]);
    world
        .hub
        .load_pack(larger_city().to_string().as_bytes())
        .await
        .unwrap();
    let all = hub(&["retry", "--all"]);
    let again = hub(&["retry", id]);
    let place = format!("{}:1", worker.id);
    let shown = hub(&["show", id]);

    assert_eq!(too_early.status.code(), Some(1));
    assert!(
        err(&too_early).contains("stays in quarantine: not_your_scope"),
        "{}",
        err(&too_early)
    );
    assert_eq!(all.status.code(), Some(1), "one of them stays");
    assert_eq!(
        out(&all),
        format!("{place} stays: unreadable_operation\n{id} applied\n")
    );
    assert!(err(&all).contains("1 of 2 stay"), "{}", err(&all));
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("quarantine list"), "{}", err(&again));
    let shown = out(&shown);
    assert!(
        shown.contains("applied; no longer in quarantine"),
        "{shown}"
    );
    assert!(
        shown.contains("it was retried: not_your_scope")
            && shown.contains("it was retried: applied"),
        "both are remembered: {shown}"
    );
    assert!(hub(&["show", &place]).status.success());
}

#[tokio::test]
async fn what_is_not_in_quarantine_is_neither_shown_nor_retried() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G1");
    worker.push(std::slice::from_ref(&op)).await;
    let id = op["op_id"].as_str().unwrap();
    let hub = |args: &[&str]| world.run(&[&["quarantine"], args].concat());

    for args in [
        &["show", id][..],
        &["show", id, "--content"],
        &["retry", id],
        &["show", "00000000-0000-0000-0000-0000000000ff"],
    ] {
        let output = hub(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert_eq!(out(&output), "", "{args:?}");
        assert!(err(&output).contains("is not in quarantine"), "{args:?}");
    }
    for args in [&["show", "x"][..], &["retry"], &["retry", id, "--all"]] {
        assert_eq!(hub(args).status.code(), Some(2), "wrong usage: {args:?}");
    }
    let empty = hub(&["retry", "--all"]);
    assert_eq!(out(&empty), "0 retried, quarantine is empty\n");
}
