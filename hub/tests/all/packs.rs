//! Loading a city: all of it or nothing, and people stay until somebody revokes them.

use serde_json::{Value, json};
use shared::{
    CaseId, Outcome, StaffId,
    hub_api::{PullAnswer, PushAnswer},
    pack::{City, Grid, Person, Section},
};

use crate::world::{MINUTE, World, fresh, observed, pack};

async fn load(world: &World, pack: &Value) -> Result<Vec<Section>, String> {
    let loaded = world.hub.load_pack(pack.to_string().as_bytes()).await;
    loaded
        .map(|loaded| loaded.changed)
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn every_section_can_be_read_as_what_it_is() {
    let world = World::new().await;

    let page = world.device("w1").await.pull_all("city").await;

    let doc = |section: Section| {
        page.items
            .iter()
            .find_map(|item| match item {
                shared::hub_api::FeedItem::Doc { doc, .. } => {
                    (doc.target.id == section.doc_id()).then_some(doc)
                }
                _ => None,
            })
            .unwrap()
    };
    assert_eq!(doc(Section::City).pack::<City>().unwrap().code, "320699");
    assert_eq!(doc(Section::City).body["pack_version"], "test-1");
    assert_eq!(doc(Section::Grids).pack::<Vec<Grid>>().unwrap().len(), 3);
    assert_eq!(
        doc(Section::Directory).pack::<Vec<Person>>().unwrap().len(),
        4
    );
    let directory = doc(Section::Directory).body.to_string();
    assert!(
        !directory.contains("badge_no"),
        "colleagues don't get numbers"
    );
}

#[tokio::test]
async fn the_same_pack_again_gives_devices_nothing_to_fetch() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let before = worker.pull_all("city").await;

    assert_eq!(load(&world, &pack()).await, Ok(vec![]));

    let after: PullAnswer = worker.pull("city", &before.cursor, 10).await.json();
    assert_eq!(after.items, []);
}

#[tokio::test]
async fn only_what_changed_is_fetched_again() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let before = worker.pull_all("city").await;
    let mut changed = pack();
    changed["calendar"]["days"]["2026-12-31"] = json!("holiday");

    assert_eq!(load(&world, &changed).await, Ok(vec![Section::Calendar]));

    let after: PullAnswer = worker.pull("city", &before.cursor, 10).await.json();
    assert_eq!(after.items.len(), 1);
}

#[tokio::test]
async fn a_person_missing_in_a_later_pack_stays_until_revoked() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let mut changed = pack();
    changed["staff"].as_array_mut().unwrap().remove(0);

    load(&world, &changed).await.unwrap();

    assert_eq!(worker.hello().await.staff.id, StaffId::from("w1"));
}

#[tokio::test]
async fn a_revoked_person_is_not_brought_back_by_a_pack() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    world.hub.revoke_staff(StaffId::from("w1")).await.unwrap();

    load(&world, &pack()).await.unwrap();

    assert_eq!(worker.get("/sync/v1/hello").await.status, 401);
}

#[tokio::test]
async fn a_worker_moved_to_another_grid_sees_that_one_at_once() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let mut moved = pack();
    moved["staff"][0]["grids"] = json!(["G3"]);

    load(&world, &moved).await.unwrap();

    assert_eq!(worker.pull("grid:G1", "", 1).await.status, 403);
    assert_eq!(worker.pull("grid:G3", "", 1).await.status, 200);
}

#[tokio::test]
async fn what_a_worker_did_before_a_move_counts_and_no_answer_shows_it_to_them() {
    let world = World::new().await;
    let (worker, clerk) = (world.device("w1").await, world.device("c1").await);
    let id = CaseId::from_bytes(fresh());
    let set = json!({ "grid": "G1", "compound": "水岸", "name": "1幢" });
    let mut op = worker.op(id, &json!({ "do": "enter", "set": set }));
    op["target"]["kind"] = json!("building");
    let mut moved = pack();
    moved["staff"][0]["grids"] = json!(["G3"]);
    load(&world, &moved).await.unwrap();
    world.turn_clock(3 * 24 * 60 * MINUTE);

    // Three days later by the same clock, which nobody can set.
    let mut clocks = observed();
    clocks["mono"] = json!(1_000 + 3 * 24 * 60 * MINUTE);
    for times in ["first", "again"] {
        let body = json!({ "sent": clocks, "ops": [op], "brief": true });
        let request = worker.request("POST", "/sync/v1/push");
        let request = request.header("content-type", "application/json");
        let request = request.body(body.to_string().into()).unwrap();
        let answer: PushAnswer = worker.send(request).await.json();

        let result = &answer.results[0];
        assert_eq!(result.outcome, Outcome::Applied, "{times}");
        assert_eq!((&result.doc, &result.brief), (&None, &None), "{times}");
        assert_eq!(answer.moved, [], "{times}: no feed that is not theirs");
    }
    assert_eq!(worker.pull("grid:G1", "", 1).await.status, 403);
    assert_eq!(worker.pull_all("grid:G3").await.count, 0);
    assert_eq!(clerk.pull_all("grid:G1").await.count, 1, "it is there");
    assert_eq!(world.hub.quarantine().await.unwrap(), []);
}

#[tokio::test]
async fn a_refused_pack_says_why_and_changes_nothing() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let before = worker.pull_all("city").await;
    let with = |pointer: &str, value: Value| {
        let mut pack = pack();
        *pack.pointer_mut(pointer).unwrap() = value;
        pack
    };
    let crossed = json!([[120.0, 31.0], [120.1, 31.1], [120.1, 31.0], [120.0, 31.1]]);
    let cases = [
        (with("/format_version", json!(99)), "version 99"),
        (with("/format", json!("something")), "format"),
        (with("/grids/0/polygon", json!([[0, 0], [1, 1]])), "polygon"),
        (with("/grids/1/polygon", crossed), "polygon"),
        (with("/grids/1/code", json!("G1")), "twice"),
        (with("/staff/1/id", json!("w1")), "twice"),
        (with("/staff/0/grids", json!(["G77"])), "G77"),
        (with("/catalogue", json!(null)), "not a pack"),
        (json!([]), "format"),
    ];
    for (pack, expected) in cases {
        let why = load(&world, &pack).await.unwrap_err();
        assert!(why.contains(expected), "{why:?} names {expected:?}");
        assert!(why.contains("nothing was loaded"), "{why}");
    }

    assert!(world.hub.load_pack(b"\x89PNG").await.is_err());
    assert_eq!(worker.pull_all("city").await, before);
}
