//! The register, records and visits: who may write what, and whose feed it stands in.

use hub::store::{HubStore, Session};
use serde_json::{Value, json};
use shared::{
    CaseId, Outcome, Role,
    apply::Quarantine,
    hub_api::{FeedItem, PushResult},
};
use uuid::Uuid;

use super::{batch, op, page, session, stores};
use crate::world::fresh;

fn of(kind: &str, id: Uuid, mut op: Value) -> Value {
    let target = json!({ "kind": kind, "id": id });
    op.as_object_mut()
        .unwrap()
        .insert("target".to_owned(), target);
    op
}

fn enter(grid: &str) -> Value {
    json!({ "do": "enter", "set": { "grid": grid, "name": "田甲", "phone": "13800000001" } })
}

fn record(grid: &str) -> Value {
    json!({
        "do": "record",
        "form": { "doc": Uuid::from_u128(5), "id": "visit", "version": "1" },
        "grid": grid,
        "begun_at": 0, "finished_at": 1,
        "values": [{ "address": "who", "value": "田甲" }],
    })
}

fn visit(grid: &str) -> Value {
    let at = json!({ "kind": "dwelling", "id": Uuid::from_u128(9) });
    json!({ "do": "visit", "at": at, "grid": grid, "outcome": "not_home" })
}

async fn push(store: &dyn HubStore, by: &Session, op: Value) -> PushResult {
    let pushed = store.push(by.clone(), batch(&[op])).await;
    pushed.unwrap().unwrap().results.remove(0)
}

/// The documents that stand in a feed.
async fn feed(store: &dyn HubStore, scope: &str) -> Vec<Uuid> {
    let page = store.pull(page(scope, 0)).await.unwrap();
    let items = page.items.into_iter();
    items
        .filter_map(|item| match item {
            FeedItem::Doc { doc, .. } => Some(doc.target.id),
            _ => None,
        })
        .collect()
}

fn quarantined(why: Quarantine) -> Outcome {
    Outcome::Quarantined { why }
}

#[tokio::test]
async fn what_is_entered_stands_in_its_grid_and_is_nobody_elses() {
    for (_folder, store) in stores().await {
        let (one, two) = (session(&*store, "w1").await, session(&*store, "w2").await);
        let anything = CaseId::from_bytes(fresh());
        let mut seq = 0;
        for (kind, action) in [
            ("resident", enter("G1")),
            ("record", record("G1")),
            ("visit", visit("G1")),
        ] {
            seq += 1;
            let id = Uuid::from_bytes(fresh());
            let made = push(
                &*store,
                &one,
                of(kind, id, op(&one, seq, anything, &action)),
            )
            .await;
            assert_eq!(made.outcome, Outcome::Applied, "{kind}");
            assert!(feed(&*store, "grid:G1").await.contains(&id), "{kind}");
            assert!(!feed(&*store, "grid:G2").await.contains(&id), "{kind}");

            let again = of(kind, id, op(&two, seq, anything, &action));
            let refused = push(&*store, &two, again).await;
            let outcome = quarantined(Quarantine::NotYourScope);
            assert_eq!(refused.outcome, outcome, "{kind}");
            assert_eq!(refused.doc, None, "{kind}: it is not shown either");
        }
    }
}

#[tokio::test]
async fn only_who_looks_after_a_grid_writes_about_those_who_live_there() {
    for (_folder, store) in stores().await {
        let worker = session(&*store, "w1").await;
        let mut handler = session(&*store, "w1").await;
        handler.staff.roles.push(Role::Handler);
        let anything = CaseId::from_bytes(fresh());
        for (n, (kind, action, why)) in [
            ("resident", enter("G2"), Quarantine::NotYourScope),
            ("resident", enter("no such grid"), Quarantine::NotYourScope),
            ("record", record("G2"), Quarantine::NotYourScope),
            ("visit", visit("G2"), Quarantine::NotYourScope),
            (
                "resident",
                json!({ "do": "enter", "set": { "name": "无网格" } }),
                Quarantine::NotYourScope,
            ),
            ("resident", record("G1"), Quarantine::NotForOperations),
            ("case", enter("G1"), Quarantine::NotForOperations),
            ("pack", enter("G1"), Quarantine::NotForOperations),
        ]
        .into_iter()
        .enumerate()
        {
            let seq = u64::try_from(n).unwrap() + 1;
            let op = of(
                kind,
                Uuid::from_bytes(fresh()),
                op(&worker, seq, anything, &action),
            );
            let refused = push(&*store, &worker, op).await;
            assert_eq!(refused.outcome, quarantined(why), "{kind} {action}");
        }

        let op = of(
            "resident",
            Uuid::from_bytes(fresh()),
            op(&handler, 1, anything, &enter("G1")),
        );
        let refused = push(&*store, &handler, op).await;
        let outcome = quarantined(Quarantine::NotYourRole);
        assert_eq!(refused.outcome, outcome);
    }
}

#[tokio::test]
async fn who_is_one_and_the_same_a_clerk_says_and_no_worker() {
    for (_folder, store) in stores().await {
        let worker = session(&*store, "w1").await;
        let clerk = session(&*store, "c1").await;
        let anything = CaseId::from_bytes(fresh());
        let id = Uuid::from_bytes(fresh());
        let entered = op(&worker, 1, anything, &enter("G1"));
        let root = entered["op_id"].clone();
        push(&*store, &worker, of("resident", id, entered)).await;
        let survivor = Uuid::from_bytes(fresh()).to_string();
        let said = |to: Value| json!({ "do": "change", "knew": [root], "set": { "same_as": to } });

        let not_theirs = quarantined(Quarantine::NotYourRole);
        for (seq, to) in [(2, json!(survivor)), (3, Value::Null)] {
            let by_worker = of("resident", id, op(&worker, seq, anything, &said(to)));
            let refused = push(&*store, &worker, by_worker).await;
            assert_eq!(refused.outcome, not_theirs);
        }
        let two = json!({ "do": "change", "knew": [root], "set": { "work": "木匠" } });
        let by_worker = of("resident", id, op(&worker, 4, anything, &two));
        let other = push(&*store, &worker, by_worker).await;
        assert_eq!(
            other.outcome,
            Outcome::Merged,
            "anything else is theirs to say"
        );

        let by_clerk = of(
            "resident",
            id,
            op(&clerk, 1, anything, &said(json!(survivor))),
        );
        let merged = push(&*store, &clerk, by_clerk).await;
        assert_eq!(merged.outcome, Outcome::Merged);
    }
}

#[tokio::test]
async fn who_moves_away_leaves_one_feed_and_stands_in_the_other() {
    for (_folder, store) in stores().await {
        let (one, two) = (session(&*store, "w1").await, session(&*store, "w2").await);
        let anything = CaseId::from_bytes(fresh());
        let id = Uuid::from_bytes(fresh());
        let entered = op(&one, 1, anything, &enter("G1"));
        let root = entered["op_id"].clone();
        push(&*store, &one, of("resident", id, entered)).await;

        let action = json!({ "do": "change", "knew": [root], "set": { "grid": "G2" } });
        let moved = op(&one, 2, anything, &action);
        let results = push(&*store, &one, of("resident", id, moved)).await;

        assert_eq!(results.outcome, Outcome::Merged);
        assert!(!feed(&*store, "grid:G1").await.contains(&id));
        assert!(feed(&*store, "grid:G2").await.contains(&id));

        let confirm = json!({ "do": "confirm", "knew": [root] });
        let theirs = op(&two, 1, anything, &confirm);
        let results = push(&*store, &two, of("resident", id, theirs)).await;
        assert_eq!(results.outcome, Outcome::Merged);
        let mine = op(&one, 3, anything, &confirm);
        let results = push(&*store, &one, of("resident", id, mine)).await;
        assert_eq!(
            results.outcome,
            quarantined(Quarantine::NotYourScope),
            "who moved them sees them no more"
        );
    }
}

#[tokio::test]
async fn more_than_a_document_may_hold_is_kept_aside() {
    for (_folder, store) in stores().await {
        let one = session(&*store, "w1").await;
        let anything = CaseId::from_bytes(fresh());
        let mut fields = json!({ "grid": "G1" });
        for n in 0..201 {
            fields[format!("f{n}")] = json!(1);
        }
        let action = json!({ "do": "enter", "set": fields });

        let op = of(
            "resident",
            Uuid::from_bytes(fresh()),
            op(&one, 1, anything, &action),
        );
        let refused = push(&*store, &one, op).await;

        let outcome = quarantined(Quarantine::OutOfBounds);
        assert_eq!(refused.outcome, outcome);
    }
}

#[tokio::test]
async fn a_campaign_is_launched_by_who_answers_for_every_grid_it_is_meant_for() {
    let meant = |grids: &[&str]| {
        let mut set = json!({ "title": "秋季接种", "form": "vaccination" });
        for grid in grids {
            set[format!("grid:{grid}")] = json!(true);
        }
        set
    };
    for (_folder, store) in stores().await {
        let worker = session(&*store, "w1").await;
        let clerk = session(&*store, "c1").await;
        let anything = CaseId::from_bytes(fresh());
        let id = Uuid::from_bytes(fresh());
        let enter = |set| json!({ "do": "enter", "set": set });
        let knew: [Uuid; 0] = [];
        let change = |set| json!({ "do": "change", "knew": knew, "set": set });
        let by_clerk =
            |seq, id, action: Value| of("campaign", id, op(&clerk, seq, anything, &action));

        let action = enter(meant(&["G1"]));
        let by_worker = of("campaign", id, op(&worker, 1, anything, &action));
        let refused = push(&*store, &worker, by_worker).await;
        let outcome = quarantined(Quarantine::NotYourRole);
        assert_eq!(refused.outcome, outcome, "a worker sends nobody");

        let out_of_scope = quarantined(Quarantine::NotYourScope);
        for (seq, grids) in [(1, &["G1", "G3"][..]), (2, &["nowhere"]), (3, &[])] {
            let elsewhere = by_clerk(seq, id, enter(meant(grids)));
            let refused = push(&*store, &clerk, elsewhere).await;
            assert_eq!(refused.outcome, out_of_scope, "{grids:?}");
        }

        let launched = by_clerk(4, id, enter(meant(&["G1", "G2"])));
        let launched = push(&*store, &clerk, launched).await;
        assert_eq!(launched.outcome, Outcome::Applied);
        for (grid, stands) in [("G1", true), ("G2", true), ("G3", false)] {
            let feed = feed(&*store, &format!("grid:{grid}")).await;
            assert_eq!(feed.contains(&id), stands, "{grid}");
        }

        let further = by_clerk(5, id, change(meant(&["G3"])));
        let refused = push(&*store, &clerk, further).await;
        assert_eq!(refused.outcome, out_of_scope, "nobody else's grid is added");
        let knew = [launched.op_id.unwrap()];
        let later = json!({ "do": "change", "knew": knew, "set": { "until": "2026-12-31" } });
        let later = push(&*store, &clerk, by_clerk(6, id, later)).await;
        assert!(matches!(later.outcome, Outcome::Applied | Outcome::Merged));
        let less = json!({ "do": "change", "knew": knew, "set": { "grid:G2": null } });
        let less = push(&*store, &clerk, by_clerk(7, id, less)).await;
        assert!(matches!(less.outcome, Outcome::Applied | Outcome::Merged));
        assert!(
            !feed(&*store, "grid:G2").await.contains(&id),
            "it is not asked there any more"
        );
    }
}
