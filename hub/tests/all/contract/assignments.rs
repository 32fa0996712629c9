//! What somebody did is judged by where they worked, and as what, when they did it; what they are
//! shown, by where they work today.

use hub::{
    push::Incoming,
    store::{Batch, HubStore, OpName, Session},
};
use serde_json::{Value, json};
use shared::{
    CaseId, Outcome, Timestamp,
    apply::Quarantine,
    hub_api::{FeedItem, PushResult},
    pack,
};
use uuid::Uuid;

use super::{NOW, op, page, session, stores};
use crate::world::{self, fresh};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// When the pack that changes something is loaded.
const MOVED: Timestamp = NOW.plus_days(10);

/// Something done at a door, by its kind.
fn deed(kind: &str, grid: &str) -> Value {
    match kind {
        "record" => json!({
            "do": "record", "form": { "doc": Uuid::from_u128(5), "id": "visit", "version": "1" },
            "grid": grid, "begun_at": 0, "finished_at": 1,
            "values": [{ "address": "who", "value": "田甲" }],
        }),
        "visit" => json!({
            "do": "visit", "at": { "kind": "dwelling", "id": Uuid::from_u128(9) },
            "grid": grid, "outcome": "not_home",
        }),
        _ => json!({ "do": "enter", "set": { "grid": grid, "name": "田甲" } }),
    }
}

/// The tiny city with something else said of this person.
async fn load(store: &dyn HubStore, person: &str, says: &[(&str, Value)], now: Timestamp) {
    let mut city = world::pack();
    let staff = city.get_mut("staff").and_then(Value::as_array_mut);
    let mut staff = staff.unwrap().iter_mut();
    let person = staff.find(|it| it.get("id").unwrap() == person).unwrap();
    for (field, value) in says {
        let person = person.as_object_mut().unwrap();
        person.insert((*field).to_owned(), value.clone());
    }
    let city = pack::parse(city.to_string().as_bytes()).unwrap();
    store.load_pack(city, now).await.unwrap();
}

async fn move_to(store: &dyn HubStore, grid: &str, now: Timestamp) {
    load(store, "w1", &[("grids", json!([grid]))], now).await;
}

/// Somebody with a tablet that pushes late.
struct Late<'a> {
    store: &'a dyn HubStore,
    by: Session,
    seq: u64,
}

impl<'a> Late<'a> {
    async fn new(store: &'a dyn HubStore, staff: &str) -> Self {
        let by = session(store, staff).await;
        Self { store, by, seq: 0 }
    }

    /// Who they are today.
    async fn today(&self) -> Session {
        let token = hub::secret::hash_token(&self.by.device.to_string());
        self.store.session(token).await.unwrap().unwrap()
    }

    fn op(&mut self, kind: &str, id: Uuid, action: &Value, done: Timestamp) -> Value {
        self.seq += 1;
        let mut op = op(&self.by, self.seq, CaseId::from_bytes(fresh()), action);
        let fields = op.as_object_mut().unwrap();
        let clocks = json!({ "wall": done, "mono": 7, "boot": "before" });
        fields.insert("target".to_owned(), json!({ "kind": kind, "id": id }));
        fields.insert("observed_at".to_owned(), clocks);
        op
    }

    async fn push(&self, op: &Value, received: Timestamp, max_bytes: usize) -> PushResult {
        let sent = json!({ "wall": received, "mono": 7, "boot": "after" });
        let batch = Batch {
            sent: serde_json::from_value(sent).unwrap(),
            received_at: received,
            ops: vec![Incoming::read(op.to_string(), max_bytes)],
            brief: true,
        };
        let pushed = self.store.push(self.today().await, batch).await;
        pushed.unwrap().unwrap().results.remove(0)
    }

    /// Does something with a new document at one time, and sends it at another.
    async fn does(
        &mut self,
        (kind, grid): (&str, &str),
        done: Timestamp,
        received: Timestamp,
    ) -> PushResult {
        let id = Uuid::from_bytes(fresh());
        let op = self.op(kind, id, &deed(kind, grid), done);
        self.push(&op, received, 10_000).await
    }

    /// Whether a visit in G1, done then, is taken in when it arrives then.
    async fn may_visit(&mut self, done: Timestamp, received: Timestamp) -> bool {
        let result = self.does(("visit", "G1"), done, received).await;
        match result.outcome {
            Outcome::Applied => true,
            other => {
                assert_eq!(other, out_of_scope());
                false
            }
        }
    }
}

fn out_of_scope() -> Outcome {
    Outcome::Quarantined {
        why: Quarantine::NotYourScope,
    }
}

async fn stands_in(store: &dyn HubStore, scope: &str, id: Uuid) -> bool {
    let page = store.pull(page(scope, 0)).await.unwrap();
    let mut items = page.items.iter();
    items.any(|item| matches!(item, FeedItem::Doc { doc, .. } if doc.target.id == id))
}

#[tokio::test]
async fn work_from_before_a_move_takes_effect_after_it_and_shows_the_mover_nothing() {
    for (_folder, store) in stores().await {
        let mut worker = Late::new(&*store, "w1").await;
        let resident = Uuid::from_bytes(fresh());
        let entered = worker.op("resident", resident, &deed("resident", "G1"), NOW);
        let root = entered["op_id"].clone();
        let result = worker.push(&entered, NOW, 10_000).await;
        assert_eq!(result.outcome, Outcome::Applied);
        assert!(result.brief.is_some(), "theirs to see");
        move_to(&*store, "G3", MOVED).await;
        let done = MOVED.plus_ms(-HOUR_MS);
        let arrives = MOVED.plus_days(3);

        for kind in ["resident", "record", "visit"] {
            let id = Uuid::from_bytes(fresh());
            let op = worker.op(kind, id, &deed(kind, "G1"), done);
            let result = worker.push(&op, arrives, 10_000).await;
            assert_eq!(result.outcome, Outcome::Applied, "{kind}");
            assert_eq!((result.doc, result.brief), (None, None), "{kind}");
            assert!(stands_in(&*store, "grid:G1", id).await, "{kind}");
            let replayed = worker.push(&op, arrives, 10_000).await;
            assert_eq!(replayed.outcome, Outcome::Applied, "{kind}");
            assert_eq!((replayed.doc, replayed.brief), (None, None), "{kind}");
        }
        let change = json!({ "do": "change", "knew": [root], "set": { "work": "木匠" } });
        let change = worker.op("resident", resident, &change, done);
        let result = worker.push(&change, arrives, 10_000).await;
        assert_eq!(result.outcome, Outcome::Merged);
        assert_eq!((result.doc, result.brief), (None, None));

        let here = worker.does(("visit", "G3"), arrives, arrives).await;
        assert_eq!(here.outcome, Outcome::Applied, "where they work now");
        let nowhere = worker.does(("visit", "G2"), done, arrives).await;
        assert_eq!(nowhere.outcome, out_of_scope(), "that was never theirs");
    }
}

#[tokio::test]
async fn what_was_done_after_the_end_is_kept_aside_but_for_the_day_in_which_nobody_heard_of_it() {
    for (_folder, store) in stores().await {
        let mut worker = Late::new(&*store, "w1").await;
        move_to(&*store, "G3", MOVED).await;
        let arrives = MOVED.plus_days(5);

        for (done, is_taken) in [
            (MOVED.plus_days(-9), true),
            (MOVED, true),
            (MOVED.plus_days(1), true),
            (MOVED.plus_days(1).plus_ms(1), false),
            (arrives, false),
            (arrives.plus_days(400), false),
        ] {
            // A clock that is ahead of the tablet's own at sending was set back, and tells nothing.
            let is_taken = is_taken || done > arrives;
            assert_eq!(worker.may_visit(done, arrives).await, is_taken, "{done:?}");
        }
    }
}

#[tokio::test]
async fn nobody_can_say_for_ever_that_it_was_done_before() {
    for (_folder, store) in stores().await {
        let mut worker = Late::new(&*store, "w1").await;
        move_to(&*store, "G3", MOVED).await;
        let end = MOVED.plus_days(30);

        assert!(worker.may_visit(NOW, end.plus_ms(-1)).await);
        assert!(!worker.may_visit(NOW, end).await);
        assert!(!worker.may_visit(Timestamp::from_ms(0), end).await);
        let ahead = end.plus_days(1);
        assert!(
            !worker.may_visit(ahead, end).await,
            "nor by a clock that was set back"
        );
    }
}

#[tokio::test]
async fn packs_that_say_the_same_change_nothing_and_each_that_does_not_is_remembered() {
    for (_folder, store) in stores().await {
        let mut worker = Late::new(&*store, "w1").await;
        move_to(&*store, "G3", MOVED).await;
        move_to(&*store, "G3", MOVED.plus_days(20)).await;
        let arrives = MOVED.plus_days(21);
        assert!(worker.may_visit(NOW, arrives).await, "it is not forgotten");
        let between = MOVED.plus_days(19);
        assert!(
            !worker.may_visit(between, arrives).await,
            "it did not last longer"
        );

        move_to(&*store, "G2", MOVED.plus_days(22)).await;
        let arrives = MOVED.plus_days(23);
        let g3 = worker.does(("visit", "G3"), between, arrives).await;
        assert_eq!(g3.outcome, Outcome::Applied);
        assert!(worker.may_visit(NOW, arrives).await, "nor by another pack");
        move_to(&*store, "G1", MOVED.plus_days(24)).await;
        assert!(worker.may_visit(arrives, MOVED.plus_days(80)).await, "back");
    }
}

#[tokio::test]
async fn roles_and_permissions_count_as_they_were_but_for_what_cannot_be_undone() {
    for (_folder, store) in stores().await {
        let permitted = [("permissions", json!(["control"]))];
        load(&*store, "c1", &permitted, NOW).await;
        let mut clerk = Late::new(&*store, "c1").await;
        let resident = Uuid::from_bytes(fresh());
        let entered = clerk.op("resident", resident, &deed("resident", "G1"), NOW);
        clerk.push(&entered, NOW, 10_000).await;
        let now_handler = [("roles", json!(["handler"]))];
        load(&*store, "c1", &now_handler, MOVED).await;
        let arrives = MOVED.plus_days(2);
        let done = MOVED.plus_ms(-HOUR_MS);

        let same_as = json!({ "same_as": Uuid::from_u128(77) });
        let merge = json!({ "do": "change", "knew": [entered["op_id"]], "set": same_as });
        let merge = clerk.op("resident", resident, &merge, done);
        let merged = clerk.push(&merge, arrives, 10_000).await;
        assert_eq!(merged.outcome, Outcome::Merged, "a clerk's to say");
        let tag = json!({ "do": "enter", "set": {
            "grid": "G1", "resident": resident, "control:drugs": true,
        } });
        let tag = clerk.op("management", Uuid::from_bytes(fresh()), &tag, done);
        let tagged = clerk.push(&tag, arrives, 10_000).await;
        assert_eq!(tagged.outcome, Outcome::Applied, "they were permitted");
        assert_eq!((tagged.doc, tagged.brief), (None, None));

        let erase = json!({ "do": "erase", "why": "request", "reason": "本人要求", "grid": "G1" });
        let erase = clerk.op("resident", resident, &erase, done);
        let kept = clerk.push(&erase, arrives, 10_000).await;
        let not_theirs = Quarantine::NotTheAuthor;
        assert_eq!(kept.outcome, Outcome::Quarantined { why: not_theirs });
    }
}

#[tokio::test]
async fn nobody_did_anything_before_their_first_tablet() {
    for (_folder, store) in stores().await {
        move_to(&*store, "G3", MOVED).await;
        let mut worker = Late::new(&*store, "w1").await;

        assert!(!worker.may_visit(NOW, MOVED.plus_days(1)).await);
    }
}

#[tokio::test]
async fn what_is_decided_again_counts_as_when_it_was_done_and_came() {
    for (_folder, store) in stores().await {
        let mut worker = Late::new(&*store, "w1").await;
        let id = Uuid::from_bytes(fresh());
        let op = worker.op("visit", id, &deed("visit", "G1"), NOW);
        let result = worker.push(&op, NOW, 50).await;
        let too_large = Quarantine::TooLarge;
        assert_eq!(result.outcome, Outcome::Quarantined { why: too_large });
        let later = worker.op("visit", id, &deed("visit", "G1"), MOVED.plus_days(2));
        move_to(&*store, "G3", MOVED).await;
        worker.push(&later, MOVED.plus_days(3), 10_000).await;
        let retry = async |op: &Value| {
            let name = OpName::Id(serde_json::from_value(op["op_id"].clone()).unwrap());
            let now = MOVED.plus_days(100);
            store.retry(name, 10_000, now).await.unwrap()
        };

        assert_eq!(retry(&later).await, Some(out_of_scope()));
        assert_eq!(retry(&op).await, Some(Outcome::Applied));
        assert!(stands_in(&*store, "grid:G1", id).await);
    }
}
