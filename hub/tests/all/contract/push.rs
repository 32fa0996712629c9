//! Operations: each once, in the device's order, whole batches or nothing.

use std::sync::Arc;

use hub::store::Batch;
use serde_json::{Value, json};
use shared::{CaseId, Outcome, apply::Quarantine, hub_api::FeedItem};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{NOW, batch, op, page, report, session, stores, stores_twice};
use crate::{
    quarantine::{kept, larger_city},
    world::fresh,
};

fn note() -> Value {
    json!({ "do": "supplement", "note": "两盏" })
}

#[tokio::test]
async fn a_clash_of_sequence_rolls_the_whole_batch_back() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let batch = |texts: &[&str]| Batch {
            sent: shared::time::Observed::default(),
            received_at: NOW,
            ops: texts
                .iter()
                .zip(1..)
                .map(|(text, dev_seq): (_, u64)| {
                    let op_id = Uuid::from_bytes([u8::try_from(text.len()).unwrap(); 16]);
                    let raw = json!({ "op_id": op_id, "dev_seq": dev_seq, "x": text });
                    hub::push::Incoming::read(raw.to_string(), 10_000)
                })
                .collect(),
            brief: false,
        };
        let first = store.push(session.clone(), batch(&["a"])).await.unwrap();
        assert!(first.is_ok());

        let clash = store.push(session, batch(&["longer", "b"])).await.unwrap();

        assert!(clash.is_err());
        assert_eq!(store.stats().await.unwrap().ops, 1);
    }
}

#[tokio::test]
async fn a_replay_is_told_the_stored_result_and_changes_nothing() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let case = CaseId::from_bytes(fresh());
        let ops = [
            op(&session, 1, case, &report("G1")),
            op(&session, 2, case, &json!("rubbish")),
        ];
        let first = store.push(session.clone(), batch(&ops)).await.unwrap();

        let again = store.push(session, batch(&ops)).await.unwrap();

        assert_eq!(again.unwrap().results, first.unwrap().results);
        let stats = store.stats().await.unwrap();
        assert_eq!((stats.ops, stats.quarantined, stats.docs), (2, 1, 9));
    }
}

/// The answer to a push is lost, and the push comes again, in a later batch with more.
#[tokio::test]
async fn a_device_that_lost_an_answer_is_told_the_same_again_and_no_document() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let cases = [(); 3].map(|()| CaseId::from_bytes(fresh()));
        let ops: Vec<Value> = (1..)
            .zip(cases)
            .map(|(seq, case)| op(&session, seq, case, &report("G1")))
            .collect();
        let briefly = |ops: &[Value], minutes: i64| Batch {
            brief: true,
            received_at: NOW.plus_ms(minutes * 60_000),
            ..batch(ops)
        };
        let lost = store.push(session.clone(), briefly(&ops[..2], 0)).await;
        let lost = lost.unwrap().unwrap();

        let again = store.push(session.clone(), briefly(&ops, 5)).await;
        let again = again.unwrap().unwrap();

        for (lost, again) in lost.results.iter().zip(&again.results) {
            let (lost, again) = (lost.brief.clone().unwrap(), again.brief.clone().unwrap());
            assert_eq!((lost.sum, lost.case_no), (again.sum, again.case_no));
            assert_eq!(lost.first, None, "it came for the first time");
            let first = again.first.unwrap();
            assert_eq!(first.received_at, NOW, "the document bears when that was");
            assert_eq!(first.sent, batch(&[]).sent);
        }
        assert_eq!(again.results[2].brief.clone().unwrap().first, None);
        for (lost, again) in lost.moved.iter().zip(&again.moved) {
            assert_eq!((&lost.scope, lost.from), (&again.scope, again.from));
            assert_eq!((lost.seq + 1, lost.count + 1), (again.seq, again.count));
        }
        assert_eq!(lost.moved.len(), again.moved.len());

        // All of it once more, and nothing new; then in parts, as over a link that breaks.
        let twice = store.push(session.clone(), briefly(&ops, 9)).await;
        assert_eq!(twice.unwrap().unwrap().moved, again.moved);
        let part = store.push(session.clone(), briefly(&ops[..1], 9)).await;
        for (part, again) in part.unwrap().unwrap().moved.iter().zip(&again.moved) {
            assert_eq!((part.from, part.seq), (again.from, again.from + 1));
            assert_eq!((part.count, part.sum), (again.count, again.sum));
        }
    }
}

#[tokio::test]
async fn what_happened_since_comes_with_the_document_and_ends_how_far_a_move_reaches_back() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let other = super::session(&*store, "w1").await;
        let cases = [(); 2].map(|()| CaseId::from_bytes(fresh()));
        let ops: Vec<Value> = (1..)
            .zip(cases)
            .map(|(seq, case)| op(&session, seq, case, &report("G1")))
            .collect();
        let briefly = |ops: &[Value]| Batch {
            brief: true,
            ..batch(ops)
        };
        let first = store.push(session.clone(), briefly(&ops)).await;
        let from = first.unwrap().unwrap().moved[0].from;
        let mut said = op(&other, 1, cases[0], &note());
        said["base_rev"] = json!(1);
        let said = store.push(other, batch(&[said])).await.unwrap().unwrap();
        assert_eq!(said.results[0].outcome, Outcome::Applied);

        let again = store.push(session.clone(), briefly(&ops)).await;
        let again = again.unwrap().unwrap();

        let rev = again.results[0].doc.as_ref().map(|doc| doc.rev);
        assert_eq!(rev, Some(2), "as it is now");
        assert!(again.results[1].brief.is_some());
        let moved: Vec<_> = again.moved.iter().map(|it| (it.from, it.seq)).collect();
        assert_eq!(
            moved,
            vec![(from + 1, from + 2); again.moved.len()],
            "not over the first, which is elsewhere by now, nor to the end, where it is"
        );
    }
}

#[tokio::test]
async fn after_a_gap_nothing_is_taken() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let case = CaseId::from_bytes(fresh());
        let ops = [
            op(&session, 1, case, &report("G1")),
            op(&session, 3, case, &note()),
        ];

        let results = store.push(session.clone(), batch(&ops)).await.unwrap();

        let results = results.unwrap();
        assert_eq!(results.results[0].outcome, Outcome::Applied);
        assert_eq!(results.results[1].outcome, Outcome::RetryLater);
        assert_eq!(store.stats().await.unwrap().ops, 1);
        assert_eq!(store.devices().await.unwrap()[0].last_dev_seq, 1);
    }
}

#[tokio::test]
async fn an_operation_sent_again_under_another_identity_takes_effect_once() {
    for (_folder, handles) in stores_twice().await {
        let [old, new] = [
            session(&*handles[0], "w1").await,
            session(&*handles[0], "w1").await,
        ];
        let case = CaseId::from_bytes(fresh());
        let op = op(&old, 1, case, &report("G1"));
        let mut pushes = JoinSet::new();
        for (session, store) in [old, new].into_iter().zip(&handles) {
            let (store, batch) = (Arc::clone(store), batch(std::slice::from_ref(&op)));
            pushes.spawn(async move { store.push(session, batch).await.unwrap() });
        }

        let answers = pushes.join_all().await;

        let [first, second] = [&answers[0], &answers[1]].map(|it| &it.as_ref().unwrap().results);
        assert_eq!(first, second, "at the same moment, too");
        let stats = handles[0].stats().await.unwrap();
        assert_eq!(stats.ops, 2, "each identity's sequence is dense");
        let feed = handles[0].pull(page("grid:G1", 0)).await.unwrap();
        let [FeedItem::Doc { doc, .. }] = &feed.items[..] else {
            panic!("one case, not {:?}", feed.items);
        };
        assert_eq!(doc.rev, 1);
    }
}

#[tokio::test]
async fn one_device_at_two_hubs_at_once_keeps_its_sequence_dense() {
    for (_folder, handles) in stores_twice().await {
        let session = session(&*handles[0], "w1").await;
        let case = CaseId::from_bytes(fresh());
        let ops: Vec<_> = (1..=6)
            .map(|dev_seq| match dev_seq {
                1 => op(&session, dev_seq, case, &report("G1")),
                _ => op(&session, dev_seq, case, &note()),
            })
            .collect();
        let mut pushes = JoinSet::new();
        for n in 0..8 {
            let store = Arc::clone(&handles[n % 2]);
            let (session, batch) = (session.clone(), batch(&ops[..=n.min(5)]));
            pushes.spawn(async move { store.push(session, batch).await.unwrap().unwrap() });
        }

        let answers = pushes.join_all().await;

        for results in answers {
            assert_eq!(
                results.results[0].outcome,
                Outcome::Applied,
                "each is told the same"
            );
            assert!(
                results.results[1..]
                    .iter()
                    .all(|result| result.outcome == Outcome::Merged)
            );
        }
        assert_eq!(handles[1].stats().await.unwrap().ops, 6, "each once");
        assert_eq!(handles[1].devices().await.unwrap()[0].last_dev_seq, 6);
        let feed = handles[1].pull(page("grid:G1", 0)).await.unwrap();
        let [FeedItem::Doc { doc, .. }] = &feed.items[..] else {
            panic!("one case, not {:?}", feed.items);
        };
        assert_eq!(doc.rev, 6);
    }
}

#[tokio::test]
async fn what_no_database_column_takes_is_kept_all_the_same() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let case = CaseId::from_bytes(fresh());
        let mut kind = op(&session, 1, case, &note());
        kind["target"]["kind"] = json!("ca\0se");
        let grid = op(&session, 2, case, &report("G\0"));
        let mut words = report("G1");
        words["description"] = json!("nul \0 in the words");
        let words = op(&session, 3, case, &words);

        let results = store
            .push(session, batch(&[kind, grid, words]))
            .await
            .unwrap();

        let results = results.unwrap();
        assert_eq!(
            kept(&results.results[0].outcome),
            Quarantine::NotForOperations
        );
        assert_eq!(kept(&results.results[1].outcome), Quarantine::NotYourScope);
        assert_eq!(
            results.results[2].outcome,
            Outcome::Applied,
            "words may hold anything"
        );
        assert_eq!(store.quarantine().await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn operations_of_many_devices_on_one_case_at_once_all_take_effect() {
    for (_folder, handles) in stores_twice().await {
        let case = CaseId::from_bytes(fresh());
        let mut pushes = JoinSet::new();
        for n in 0..8_u8 {
            let store = Arc::clone(&handles[usize::from(n % 2)]);
            let session = session(&*store, "w1").await;
            // One of them reports it; the case of the others waits for that.
            let action = if n == 5 { report("G1") } else { note() };
            let batch = batch(&[op(&session, 1, case, &action)]);
            pushes.spawn(async move { store.push(session, batch).await.unwrap().unwrap() });
        }
        pushes.join_all().await;

        let feed = handles[0].pull(page("grid:G1", 0)).await.unwrap();

        let [FeedItem::Doc { doc, .. }] = &feed.items[..] else {
            panic!("one case, not {:?}", feed.items);
        };
        assert_eq!(doc.rev, 8, "no change was written over another");
        let events = doc.body["known"]["events"].as_array().unwrap();
        assert_eq!(events.len(), 7, "every note is told");
    }
}

#[tokio::test]
async fn case_numbers_are_dense_however_many_report_at_once() {
    for (_folder, handles) in stores_twice().await {
        let mut pushes = JoinSet::new();
        for n in 0..6_u8 {
            let store = Arc::clone(&handles[usize::from(n % 2)]);
            let session = session(&*store, ["w1", "w2", "w3"][usize::from(n % 3)]).await;
            pushes.spawn(async move {
                for dev_seq in 1..=5 {
                    let case = CaseId::from_bytes(fresh());
                    let op = op(&session, dev_seq, case, &report("G1"));
                    store
                        .push(session.clone(), batch(&[op]))
                        .await
                        .unwrap()
                        .unwrap();
                }
            });
        }
        pushes.join_all().await;

        let feed = handles[1].pull(page("grid:G1", 0)).await.unwrap();

        let mut numbers: Vec<_> = feed
            .items
            .iter()
            .map(|item| match item {
                FeedItem::Doc { doc, .. } => doc.body["known"]["case_no"].as_str().unwrap(),
                other => panic!("nothing left this feed: {other:?}"),
            })
            .collect();
        numbers.sort_unstable();
        let expected: Vec<_> = (1..=30)
            .map(|n| format!("320699-20261124-{n:04}"))
            .collect();
        assert_eq!(numbers, expected, "each once, and none left out");
    }
}

#[tokio::test]
async fn a_retry_takes_effect_once_however_many_operators_ask() {
    for (_folder, handles) in stores_twice().await {
        let session = session(&*handles[0], "w1").await;
        let case = CaseId::from_bytes(fresh());
        let ops = [op(&session, 1, case, &report("G9"))];
        let pushed = handles[0].push(session.clone(), batch(&ops)).await.unwrap();
        assert_eq!(
            kept(&pushed.unwrap().results[0].outcome),
            Quarantine::NotYourScope,
            "the city has no such grid yet"
        );
        let city = shared::pack::parse(larger_city().to_string().as_bytes()).unwrap();
        handles[0].load_pack(city, NOW).await.unwrap();
        let name = handles[0].quarantine().await.unwrap()[0].name();
        let mut retries = JoinSet::new();
        for n in 0..6 {
            let store = Arc::clone(&handles[n % 2]);
            retries.spawn(async move { store.retry(name, 10_000, NOW).await.unwrap() });
        }

        let outcomes = retries.join_all().await;

        let applied = outcomes.iter().flatten().collect::<Vec<_>>();
        assert_eq!(applied, [&Outcome::Applied], "one of them did it");
        let (line, audit) = handles[1].quarantined(name).await.unwrap().unwrap();
        assert_eq!((line.why(), audit.len()), (None, 1));
        let again = handles[1]
            .push(session, batch(&ops))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            again.results[0].outcome,
            Outcome::Applied,
            "and a replay is told so"
        );
        let feed = handles[1].pull(page("grid:G9", 0)).await.unwrap();
        assert_eq!(feed.count, 1);
    }
}

#[tokio::test]
async fn looking_at_an_operation_is_put_down() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let case = CaseId::from_bytes(fresh());
        let sent = op(&session, 1, case, &report("G9"));
        let push = store.push(session, batch(std::slice::from_ref(&sent)));
        push.await.unwrap().unwrap();
        let line = store.quarantine().await.unwrap().remove(0);
        assert_eq!(line.kind, "case report");

        let content = store.quarantined_content(line.name(), NOW).await.unwrap();

        assert_eq!(content, Some(sent.to_string()));
        let (_, audit) = store.quarantined(line.name()).await.unwrap().unwrap();
        assert_eq!((audit.len(), audit[0].at), (1, NOW));
    }
}
