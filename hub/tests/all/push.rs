//! Operations up: each is decided once, kept for ever, and never refuses its neighbours.

use serde_json::{Value, json};
use shared::{
    CaseId, Outcome,
    apply::Quarantine,
    case::{State, Void},
    hub_api::{Enrolled, ErrorCode, Limits, PushAnswer, PushResult},
};

use crate::world::{self, MINUTE, World, fresh, report};

/// Makes an operation one that can never be applied.
type Spoil = Box<dyn Fn(&mut Value)>;

fn quarantined(result: &PushResult) -> Option<Quarantine> {
    match result.outcome {
        Outcome::Quarantined { why } => Some(why),
        _ => None,
    }
}

#[tokio::test]
async fn a_report_becomes_a_case_with_a_number_of_the_day() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, first) = worker.report("G1");
    let (_, second) = worker.report("G1");

    let answer = worker.push(&[first, second]).await;

    let numbers: Vec<_> = answer
        .results
        .iter()
        .map(|result| {
            assert_eq!(result.outcome, Outcome::Applied);
            result.doc.as_ref().unwrap().body["known"]["case_no"].clone()
        })
        .collect();
    assert_eq!(numbers, ["320699-20261124-0001", "320699-20261124-0002"]);
}

#[tokio::test]
async fn the_number_counts_by_the_local_day() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, first) = worker.report("G1");
    worker.push(&[first]).await;
    // 08:00 in China is midnight UTC; 15 hours later it is still the 24th there.
    world.turn_clock(15 * 60 * MINUTE);
    let (_, second) = worker.report("G1");
    let second = worker.push(&[second]).await;
    world.turn_clock(2 * 60 * MINUTE);
    let (_, third) = worker.report("G1");

    let third = worker.push(&[third]).await;

    let number = |answer: &PushAnswer| {
        answer.results[0].doc.as_ref().unwrap().body["known"]["case_no"].clone()
    };
    assert_eq!(number(&second), "320699-20261124-0002");
    assert_eq!(
        number(&third),
        "320699-20261125-0001",
        "a new day begins at local midnight"
    );
}

#[tokio::test]
async fn a_replay_gets_the_same_result_and_changes_nothing() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G1");
    let first = worker.push(std::slice::from_ref(&op)).await;

    let again = worker.push(std::slice::from_ref(&op)).await;

    assert_eq!(again, first, "the device may have lost the first answer");
    assert_eq!(worker.pull_all("grid:G1").await.count, 1);
    assert_eq!(worker.hello().await.last_dev_seq, 1);
}

#[tokio::test]
async fn a_replay_after_a_restart_gets_the_same_result() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (case, op) = worker.report("G1");
    let first = worker.push(std::slice::from_ref(&op)).await;

    let world = world.restart().await;
    let worker = worker.at(&world);
    let next = worker.op(case, &json!({ "do": "supplement", "note": "两盏" }));
    let again = worker.push(&[op, next]).await;

    assert_eq!(again.results[0].outcome, first.results[0].outcome);
    assert_eq!(again.results[0].rev, 1, "the stored result");
    assert_eq!(again.results[1].rev, 2, "and the rest of the batch goes on");
}

#[tokio::test]
async fn a_replay_shows_the_document_as_it_is_now() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let clerk = world.device("c1").await;
    let (case, op) = worker.report("G1");
    worker.push(std::slice::from_ref(&op)).await;
    let reject = clerk.op(case, &json!({ "do": "reject", "reason": "重复" }));
    clerk.push(&[reject]).await;

    let again = worker.push(&[op]).await;

    assert_eq!(again.results[0].rev, 1, "the result is the old one");
    assert_eq!(
        again.results[0].doc.as_ref().unwrap().rev,
        2,
        "the document is not"
    );
}

#[tokio::test]
async fn one_bad_operation_does_not_refuse_the_others() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, good) = worker.report("G1");
    let bad = worker.op(CaseId::from_bytes(fresh()), &json!({ "do": "report" }));
    let (_, good_too) = worker.report("G1");

    let answer = worker.push(&[good, bad, good_too]).await;

    assert_eq!(answer.results[0].outcome, Outcome::Applied);
    assert_eq!(
        quarantined(&answer.results[1]),
        Some(Quarantine::UnreadableOperation)
    );
    assert_eq!(answer.results[2].outcome, Outcome::Applied);
    assert_eq!(
        worker.hello().await.last_dev_seq,
        3,
        "quarantined counts as acknowledged"
    );
    let stats = world.hub.stats().await.unwrap();
    assert_eq!((stats.ops, stats.quarantined), (3, 1), "all three are kept");
}

#[tokio::test]
async fn what_can_never_be_applied_is_kept_and_named() {
    let world = World::with(|config| {
        config.limits = Limits {
            max_op: 40_000,
            ..config.limits
        }
    })
    .await;
    let worker = world.device("w1").await;
    let stranger = world.device("w3").await;
    let (theirs, op) = stranger.report("G3");
    stranger.push(&[op]).await;

    let set = |pointer: &'static str, value: Value| -> Spoil {
        Box::new(move |op| *op.pointer_mut(pointer).unwrap() = value.clone())
    };
    let ten: Vec<_> = (0..10).map(world::photo).collect();
    let cases: Vec<(Quarantine, Spoil)> = vec![
        (Quarantine::NotTheAuthor, set("/author/staff", json!("w2"))),
        (
            Quarantine::NotTheAuthor,
            set("/author/role", json!("clerk")),
        ),
        (
            Quarantine::UnreadableOperation,
            set("/action/do", json!("teleport")),
        ),
        (Quarantine::UnreadableOperation, set("/target", json!(7))),
        (
            Quarantine::UnreadableOperation,
            set("/action/place/position/lng", json!(999)),
        ),
        (
            Quarantine::NotForOperations,
            set("/target/kind", json!("pack")),
        ),
        (
            Quarantine::OutOfBounds,
            set("/action/description", json!("长".repeat(5_001))),
        ),
        (Quarantine::OutOfBounds, set("/action/photos", json!(ten))),
        (
            Quarantine::TooLarge,
            set("/action/description", json!("x".repeat(50_000))),
        ),
        (
            Quarantine::NotYourScope,
            set("/action/place/grid", json!("G99")),
        ),
    ];
    for (expected, spoil) in cases {
        let (_, mut op) = worker.report("G1");
        spoil(&mut op);
        let answer = worker.push(std::slice::from_ref(&op)).await;
        assert_eq!(quarantined(&answer.results[0]), Some(expected), "{op}");
        assert_eq!(
            worker.push(&[op]).await,
            answer,
            "a replay of a quarantined operation is told the same"
        );
    }
    let foreign = worker.op(theirs, &json!({ "do": "supplement", "note": "x" }));
    let answer = worker.push(&[foreign]).await;

    assert_eq!(
        quarantined(&answer.results[0]),
        Some(Quarantine::NotYourScope)
    );
    assert_eq!(answer.results[0].doc, None, "and its document is not shown");
    assert_eq!(stranger.pull_all("grid:G3").await.count, 1);
    assert_eq!(
        worker.pull_all("grid:G1").await.count,
        0,
        "nothing took effect"
    );
}

#[tokio::test]
async fn an_operation_that_is_not_even_an_object_is_kept() {
    let world = World::new().await;
    let worker = world.device("w1").await;

    let answer = worker.push(&[json!("what?"), json!(null), json!([])]).await;

    for result in &answer.results {
        assert_eq!(result.op_id, None);
        assert_eq!(quarantined(result), Some(Quarantine::UnreadableOperation));
    }
    assert_eq!(world.hub.stats().await.unwrap().quarantined, 3);
    let again = worker.push(&[json!("what?")]).await;
    assert_eq!(
        quarantined(&again.results[0]),
        Some(Quarantine::UnreadableOperation)
    );
    assert_eq!(world.hub.stats().await.unwrap().ops, 3, "kept once");
}

#[tokio::test]
async fn after_a_gap_nothing_is_taken_until_it_is_filled() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let [(_, first), (_, second), (_, third)] = [
        worker.report("G1"),
        worker.report("G1"),
        worker.report("G1"),
    ];

    let gappy = worker.push(&[first.clone(), third.clone()]).await;

    assert_eq!(gappy.results[0].outcome, Outcome::Applied);
    assert_eq!(gappy.results[1].outcome, Outcome::RetryLater);
    assert_eq!(
        worker.hello().await.last_dev_seq,
        1,
        "dense as far as the hub says"
    );
    let whole = worker.push(&[first, second, third]).await;
    for result in &whole.results {
        assert_eq!(result.outcome, Outcome::Applied, "nothing was lost");
    }
}

#[tokio::test]
async fn a_cloned_device_must_take_a_new_identity_and_nothing_of_its_push_is_applied() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, original) = worker.report("G1");
    worker.push(&[original]).await;
    let (_, fine) = worker.report("G1");
    let (_, mut clone) = worker.report("G1");
    clone["dev_seq"] = json!(1);

    let reply = worker.try_push(&[fine, clone]).await;

    assert_eq!(reply.error(), ErrorCode::NewEpochRequired);
    assert_eq!(worker.pull_all("grid:G1").await.count, 1);
    assert_eq!(worker.hello().await.last_dev_seq, 1);
}

#[tokio::test]
async fn under_a_new_identity_the_same_operations_take_effect_once() {
    let world = World::new().await;
    let old = world.device("w1").await;
    let (case, report) = old.report("G1");
    let first = old.push(std::slice::from_ref(&report)).await;
    let new = world.device("w1").await;
    let mut again = report;
    again["dev_seq"] = json!(1);
    let mut next = new.op(case, &json!({ "do": "supplement", "note": "两盏" }));
    next["dev_seq"] = json!(2);

    let answer = new.push(&[again, next]).await;

    assert_eq!(answer.results[0].outcome, first.results[0].outcome);
    assert_eq!(answer.results[1].outcome, Outcome::Merged, "base_rev was 0");
    assert_eq!(
        new.hello().await.last_dev_seq,
        2,
        "its own sequence is dense"
    );
    assert_eq!(new.pull_all("grid:G1").await.count, 1);
}

#[tokio::test]
async fn what_came_too_late_is_kept_in_the_history_and_said_so() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let clerk = world.device("c1").await;
    let (case, op) = worker.report("G1");
    worker.push(&[op]).await;
    let reject = clerk.op(case, &json!({ "do": "reject", "reason": "不属于" }));
    clerk.push(&[reject]).await;

    let withdraw = worker.op(case, &json!({ "do": "withdraw", "reason": "错了" }));
    let answer = worker.push(&[withdraw]).await;

    assert_eq!(
        answer.results[0].outcome,
        Outcome::ConflictKept {
            why: Void::WrongState {
                state: State::Rejected
            }
        }
    );
    let doc = answer.results[0].doc.as_ref().unwrap();
    assert_eq!(doc.body["known"]["events"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_worker_may_report_in_any_grid_and_keeps_seeing_that_case() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G3");

    let answer = worker.push(&[op]).await;

    assert_eq!(answer.results[0].outcome, Outcome::Applied);
    assert!(answer.results[0].doc.is_some(), "by their own inbox");
    assert_eq!(worker.pull_all("staff:w1").await.count, 1);
    assert_eq!(world.device("w3").await.pull_all("grid:G3").await.count, 1);
}

#[tokio::test]
async fn fields_of_a_newer_version_come_back() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let case = CaseId::from_bytes(fresh());
    let mut action = report("G1", &json!([]));
    action["weather"] = json!("雨");
    let op = worker.op(case, &action);

    let answer = worker.push(&[op]).await;

    let doc = answer.results[0].doc.as_ref().unwrap();
    assert_eq!(doc.body["known"]["report"]["weather"], "雨");
}

#[tokio::test]
async fn a_push_of_too_many_operations_is_refused_whole() {
    let world = World::with(|config| {
        config.limits = Limits {
            max_ops: 2,
            ..config.limits
        }
    })
    .await;
    let worker = world.device("w1").await;
    let ops: Vec<_> = (0..3).map(|_| worker.report("G1").1).collect();

    assert_eq!(worker.try_push(&ops).await.error(), ErrorCode::TooLarge);

    let answer = worker.push(&ops[..2]).await;
    assert_eq!(
        answer.results.len(),
        2,
        "in smaller batches everything goes"
    );
}

#[tokio::test]
async fn an_empty_push_is_answered_with_nothing() {
    let world = World::new().await;

    let answer = world.device("w1").await.push(&[]).await;

    assert_eq!(answer.results, []);
}

#[tokio::test]
async fn a_full_disk_refuses_the_push_and_loses_nothing_that_was_acknowledged() {
    // Only the embedded database can be told how much room there is.
    let world = World::with(|config| config.database = None).await;
    let worker = world.device("w1").await;
    let (case, op) = worker.report("G1");
    worker.push(&[op]).await;
    let mut config = world.config.clone();
    // SQLite's own limit gives the same error as a full disk (SQLITE_FULL).
    config.database_pages_max = Some(60);
    let hub = hub::Hub::open(config).await.unwrap();
    let worker = worker.over(hub.router());

    let mut refused = None;
    for _ in 0..60 {
        let note = "长".repeat(4_000);
        let op = worker.op(case, &json!({ "do": "supplement", "note": note }));
        let reply = worker.try_push(&[op]).await;
        if reply.status != 200 {
            refused = Some(reply);
            break;
        }
    }

    let refused = refused.unwrap();
    assert_eq!(refused.error(), ErrorCode::HubFull);
    assert_eq!(refused.status, 507);
    let hello = worker.hello().await;
    let stats = hub.stats().await.unwrap();
    assert_eq!(
        stats.ops, hello.last_dev_seq,
        "each acknowledged operation is in the log"
    );
    assert_eq!(
        worker.pull_all("grid:G1").await.count,
        1,
        "and reading goes on"
    );
}

#[tokio::test]
async fn many_devices_at_once_leave_no_hole_in_any_feed() {
    let world = World::new().await;
    let mut pushes = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let worker = world.device("w1").await;
        pushes.spawn(async move {
            for _ in 0..12 {
                let (_, op) = worker.report("G1");
                worker.push(&[op]).await;
            }
        });
    }
    while let Some(done) = pushes.join_next().await {
        done.unwrap();
    }

    let page = world.device("w1").await.pull_all("grid:G1").await;

    let seqs: Vec<_> = page.items.iter().map(crate::pull::seq).collect();
    assert_eq!(
        seqs,
        (1..=96).collect::<Vec<u64>>(),
        "dense, and nothing missing"
    );
    assert_eq!(page.count, 96);
}

#[tokio::test]
async fn twenty_equal_pushes_at_once_take_effect_once() {
    let world = World::new().await;
    let worker = std::sync::Arc::new(world.device("w1").await);
    let (_, op) = worker.report("G1");
    let mut pushes = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (worker, op) = (std::sync::Arc::clone(&worker), op.clone());
        pushes.spawn(async move { worker.push(&[op]).await });
    }

    let mut answers = Vec::new();
    while let Some(answer) = pushes.join_next().await {
        answers.push(answer.unwrap());
    }

    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "all are told the same"
    );
    assert_eq!(world.hub.stats().await.unwrap().ops, 1);
}

#[tokio::test]
async fn a_restored_device_that_was_enrolled_anew_goes_on_with_its_sequence() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G1");
    worker.push(&[op]).await;
    world.hub.revoke_device(worker.id).await.unwrap();
    let code = world.code_for("w1").await;

    let again: Enrolled = world.enrol(&code, worker.id).await.json();

    let worker = worker.with_token(again.token);
    assert_eq!(worker.hello().await.last_dev_seq, 1);
}
