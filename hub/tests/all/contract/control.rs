//! 重点管理: for those with the permission alone, in every answer.

use hub::store::{HubStore, Session};
use serde_json::{Value, json};
use shared::{
    CaseId, Outcome, Permission, Scope,
    apply::Quarantine,
    hub_api::{FeedItem, PushResult},
    pack,
};
use uuid::Uuid;

use super::{NOW, batch, op, page, session, stores};
use crate::world::{self, fresh};

/// The tiny city, in which these people have the permission.
async fn permit(store: &dyn HubStore, who: &[&str]) {
    let city = world::pack_that_permits(who);
    let city = pack::parse(city.to_string().as_bytes()).unwrap();
    store.load_pack(city, NOW).await.unwrap();
}

fn of(kind: &str, id: Uuid, by: &Session, seq: u64, action: &Value) -> Value {
    let mut op = op(by, seq, CaseId::from_bytes(fresh()), action);
    let target = json!({ "kind": kind, "id": id });
    let fields = op.as_object_mut().unwrap();
    fields.insert("target".to_owned(), target);
    op
}

fn enter(grid: &str) -> Value {
    let resident = Uuid::from_u128(3);
    json!({
        "do": "enter",
        "set": { "grid": grid, "resident": resident, "control:drugs": true },
    })
}

fn look(of: &str, field: &str) -> Value {
    json!({
        "do": "reveal", "of": { "kind": of, "id": Uuid::from_u128(3) }, "field": field,
        "reason": "核对", "grid": "G1",
    })
}

async fn push(store: &dyn HubStore, by: &Session, op: Value) -> PushResult {
    let pushed = store.push(by.clone(), batch(&[op])).await;
    pushed.unwrap().unwrap().results.remove(0)
}

async fn feed(store: &dyn HubStore, scope: &str) -> Vec<Uuid> {
    let page = store.pull(page(scope, 0)).await.unwrap();
    let docs = page.items.into_iter().filter_map(|item| match item {
        FeedItem::Doc { doc, .. } => Some(doc.target.id),
        _ => None,
    });
    docs.collect()
}

fn quarantined(why: Quarantine) -> Outcome {
    Outcome::Quarantined { why }
}

#[tokio::test]
async fn a_permission_opens_the_feed_of_ones_own_grids_until_it_is_taken_away() {
    for (_folder, store) in stores().await {
        permit(&*store, &["c1", "w3"]).await;
        let scopes = async |who| -> Vec<String> {
            let scopes = session(&*store, who).await.scopes();
            let apart = scopes
                .iter()
                .filter(|it| it.as_str().starts_with("control:"));
            apart.map(Scope::to_string).collect()
        };
        assert_eq!(scopes("c1").await, ["control:G1", "control:G2"]);
        assert_eq!(scopes("w3").await, ["control:G3"]);
        assert_eq!(scopes("w1").await, [""; 0]);
        let card = session(&*store, "w3").await.staff;
        assert_eq!(card.permissions, [Permission::Control].into());
        let listed = store.staff().await.unwrap();
        let permitted = listed.iter().filter(|it| !it.permissions.is_empty());
        let permitted: Vec<_> = permitted.map(|it| it.id.as_str()).collect();
        assert_eq!(permitted, ["c1", "w3"], "the operator sees who has it");

        permit(&*store, &["w3"]).await;
        assert_eq!(scopes("c1").await, [""; 0]);
        assert_eq!(scopes("w3").await, ["control:G3"]);
    }
}

#[tokio::test]
async fn what_is_known_stands_in_no_feed_but_its_own_and_is_told_to_nobody_else() {
    for (_folder, store) in stores().await {
        permit(&*store, &["c1"]).await;
        let clerk = session(&*store, "c1").await;
        let worker = session(&*store, "w1").await;
        let id = Uuid::from_bytes(fresh());
        let entered = of("management", id, &clerk, 1, &enter("G1"));
        let root = entered["op_id"].clone();

        let made = push(&*store, &clerk, entered).await;

        assert_eq!(made.outcome, Outcome::Applied);
        assert!(made.doc.is_some(), "who may see it is told");
        assert_eq!(feed(&*store, "control:G1").await, [id]);
        for other in ["grid:G1", "grid:G2", "control:G2", "staff:c1", "staff:w1"] {
            assert!(!feed(&*store, other).await.contains(&id), "{other}");
        }

        // A worker of the same grid asks for it by its id, and for one that there is not.
        let change = json!({ "do": "change", "knew": [root], "set": { "control:drugs": null } });
        let mut told = Vec::new();
        for (seq, target) in [(1, id), (2, Uuid::from_bytes(fresh()))] {
            let asked = of("management", target, &worker, seq, &change);
            let refused = push(&*store, &worker, asked).await;
            assert_eq!(refused.doc, None, "it is not shown");
            told.push(refused.outcome);
        }
        let not_theirs = quarantined(Quarantine::NotYourRole);
        assert_eq!(
            told,
            [not_theirs.clone(), not_theirs],
            "nor whether it is there"
        );
        assert!(!worker.scopes().contains(&Scope("control:G1".to_owned())));
    }
}

#[tokio::test]
async fn only_who_is_permitted_writes_it_and_in_their_own_grids() {
    for (_folder, store) in stores().await {
        permit(&*store, &["c1"]).await;
        let clerk = session(&*store, "c1").await;
        let worker = session(&*store, "w1").await;
        let role = quarantined(Quarantine::NotYourRole);

        let mut seq = 0;
        for (kind, action) in [
            ("management", enter("G1")),
            ("reveal", look("resident", "control")),
            ("reveal", look("management", "note")),
        ] {
            seq += 1;
            let id = Uuid::from_bytes(fresh());
            let refused = push(&*store, &worker, of(kind, id, &worker, seq, &action)).await;
            assert_eq!(refused.outcome, role, "{action}");
            let taken = push(&*store, &clerk, of(kind, id, &clerk, seq, &action)).await;
            assert_eq!(taken.outcome, Outcome::Applied, "{action}");
            assert!(feed(&*store, "control:G1").await.contains(&id), "{action}");
            assert!(!feed(&*store, "grid:G1").await.contains(&id), "{action}");
        }
        let elsewhere = of(
            "management",
            Uuid::from_bytes(fresh()),
            &clerk,
            4,
            &enter("G3"),
        );
        let refused = push(&*store, &clerk, elsewhere).await;
        assert_eq!(refused.outcome, quarantined(Quarantine::NotYourScope));

        let beside = json!({ "do": "enter", "set": { "grid": "G1", "control:drugs": true } });
        let beside = of("resident", Uuid::from_bytes(fresh()), &clerk, 5, &beside);
        let refused = push(&*store, &clerk, beside).await;
        let outcome = quarantined(Quarantine::OutOfBounds);
        assert_eq!(refused.outcome, outcome, "no tag where others would see it");
    }
}
