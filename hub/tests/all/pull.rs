//! Documents down: page by page, only what is one's own, with a sum to check it by.

use std::collections::BTreeMap;

use axum::{body::Body, http::header};
use serde_json::json;
use shared::hub_api::{ErrorCode, FeedItem, PullAnswer, feed_hash};

use crate::world::World;

/// Place of an item in its feed.
pub(crate) fn seq(item: &FeedItem) -> u64 {
    match item {
        FeedItem::Doc { seq, .. } | FeedItem::Left { seq, .. } | FeedItem::Deleted { seq, .. } => {
            *seq
        }
        FeedItem::Unknown => 0,
    }
}

#[tokio::test]
async fn pages_together_are_the_whole_feed_and_its_sum() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let mut cases = Vec::new();
    for _ in 0..7 {
        let (case, op) = worker.report("G1");
        cases.push(case);
        worker.push(&[op]).await;
    }
    let note = worker.op(cases[2], &json!({ "do": "supplement", "note": "两盏" }));
    worker.push(&[note]).await;

    let mut mirror = BTreeMap::new();
    let mut cursor = String::new();
    let mut pages = 0;
    let last = loop {
        let page: PullAnswer = worker.pull("grid:G1", &cursor, 3).await.json();
        pages += 1;
        for item in &page.items {
            let FeedItem::Doc { doc, .. } = item else {
                panic!("nothing left this feed");
            };
            mirror.insert(doc.target.clone(), doc.rev);
        }
        cursor.clone_from(&page.cursor);
        if !page.more {
            break page;
        }
    };

    assert_eq!(
        pages, 3,
        "seven documents, three a page: one stands at its latest place only"
    );
    assert_eq!(mirror.len(), 7);
    assert_eq!(last.count, 7);
    let sum = mirror.iter().fold(0_u64, |sum, (target, rev)| {
        sum.wrapping_add(feed_hash(target, *rev))
    });
    assert_eq!(sum, last.sum, "the device can check what it has");
    let nothing: PullAnswer = worker.pull("grid:G1", &cursor, 3).await.json();
    assert_eq!((nothing.items.len(), nothing.more), (0, false));
    assert_eq!(nothing.cursor, cursor);
}

#[tokio::test]
async fn a_page_stays_small_however_large_the_documents() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    for _ in 0..30 {
        let (case, op) = worker.report("G1");
        let note = "长".repeat(4_900);
        let more = worker.op(case, &json!({ "do": "supplement", "note": note }));
        worker.push(&[op, more]).await;
    }

    let reply = worker.pull("grid:G1", "", 1_000).await;

    assert!(reply.body.len() < 300 * 1024, "{} bytes", reply.body.len());
    assert!(reply.json::<PullAnswer>().more);
}

#[tokio::test]
async fn somebody_elses_feed_is_forbidden() {
    let world = World::new().await;
    let worker = world.device("w1").await;

    for scope in [
        "grid:G2", "staff:w2", "staff:", "grid:", "nonsense", "city%20", "CITY",
    ] {
        let reply = worker.pull(scope, "", 10).await;
        assert_eq!(reply.error(), ErrorCode::Forbidden, "{scope}");
    }
}

#[tokio::test]
async fn a_cursor_that_is_none_or_of_another_feed_is_gone() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let city = worker.pull_all("city").await.cursor;

    for cursor in ["x", "AAAA", "%00", &city] {
        let reply = worker.pull("grid:G1", cursor, 10).await;
        assert_eq!(reply.error(), ErrorCode::CursorGone, "{cursor}");
        assert_eq!(reply.status, 410);
    }
}

#[tokio::test]
async fn a_cursor_of_another_database_is_gone() {
    let old = World::new().await;
    let cursor = old.device("w1").await.pull_all("city").await.cursor;
    let new = World::new().await;

    let reply = new.device("w1").await.pull("city", &cursor, 10).await;

    assert_eq!(reply.error(), ErrorCode::CursorGone, "its epoch is another");
}

#[tokio::test]
async fn a_renewed_epoch_ends_all_cursors_of_the_running_hub() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let before = worker.pull_all("city").await;

    world.hub.renew_epoch().await.unwrap();

    let reply = worker.pull("city", &before.cursor, 10).await;
    assert_eq!(reply.error(), ErrorCode::CursorGone);
    let anew = worker.pull_all("city").await;
    assert_eq!((anew.count, anew.sum), (before.count, before.sum));
    let reply = worker.pull("city", &anew.cursor, 10).await;
    assert_eq!(reply.status, 200, "and the new ones are good");
}

#[tokio::test]
async fn a_cursor_is_good_after_a_restart() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let before = worker.pull_all("city").await;

    let world = world.restart().await;
    let worker = worker.at(&world);

    let after: PullAnswer = worker.pull("city", &before.cursor, 10).await.json();
    assert_eq!(after.items, []);
}

#[tokio::test]
async fn answers_are_packed_with_zstd_for_those_who_take_it() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let plain = worker.pull("city", "", 100).await;
    let request = worker
        .request("GET", "/sync/v1/pull?scope=city&limit=100")
        .header(header::ACCEPT_ENCODING, "gzip, zstd;q=0.8")
        .body(Body::empty());

    let packed = worker.send(request.unwrap()).await;

    assert_eq!(packed.header("content-encoding"), "zstd");
    assert!(packed.body.len() < plain.body.len() / 2);
    let unpacked = zstd::decode_all(packed.body.as_ref()).unwrap();
    let unpacked: PullAnswer = serde_json::from_slice(&unpacked).unwrap();
    assert_eq!(unpacked, plain.json());
    assert_eq!(plain.header("content-encoding"), "", "only for those");
    assert_eq!(plain.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_query_that_lacks_something_is_malformed() {
    let world = World::new().await;
    let worker = world.device("w1").await;

    for query in [
        "",
        "?scope=city",
        "?limit=1",
        "?scope=city&limit=-1",
        "?scope=city&limit=x",
    ] {
        let reply = worker.get(&format!("/sync/v1/pull{query}")).await;
        assert_eq!(reply.error(), ErrorCode::Malformed, "{query:?}");
    }
    let zero: PullAnswer = worker.pull("city", "", 0).await.json();
    assert_eq!(zero.items.len(), 1, "asking for nothing gets on, too");
}

#[tokio::test]
async fn a_cursor_from_before_what_was_forgotten_is_gone_and_a_new_run_is_not() {
    let world = World::new().await;
    let (worker, clerk) = (world.device("w1").await, world.device("c1").await);
    let mut ops = Vec::new();
    for _ in 0..3 {
        ops.push(worker.report("G1").1);
    }
    worker.push(&ops).await;
    let first: PullAnswer = worker.pull("grid:G1", "", 1).await.json();
    let all: PullAnswer = worker.pull("grid:G1", "", 9).await.json();
    let case = serde_json::from_value(ops[2]["target"]["id"].clone()).unwrap();
    let delete = json!({ "do": "delete", "reason": "测试", "knew": [ops[2]["op_id"]] });
    clerk.push(&[clerk.op(case, &delete)]).await;
    let told: PullAnswer = worker.pull("grid:G1", &all.cursor, 9).await.json();
    world.turn_clock(48 * 60 * 60_000);

    let pruned = world.run(&["prune", "--before", "2026-11-25"]);

    let pruned = String::from_utf8(pruned.stdout).unwrap();
    assert!(pruned.starts_with("2 markers forgotten"), "{pruned}");
    for before in [&first.cursor, &all.cursor] {
        let gone = worker.pull("grid:G1", before, 9).await;
        assert_eq!(
            gone.error(),
            ErrorCode::CursorGone,
            "it may hold what is gone"
        );
    }
    let after: PullAnswer = worker.pull("grid:G1", &told.cursor, 9).await.json();
    assert_eq!(after.items, [], "who was told of it all goes on");
    let mut cursor = String::new();
    for _ in 0..2 {
        let page: PullAnswer = worker.pull("grid:G1", &cursor, 1).await.json();
        assert_eq!(page.items.len(), 1, "a run that began behind it gets on");
        cursor = page.cursor;
    }
    let no_day = world.run(&["prune", "--before", "soon"]);
    assert_eq!(no_day.status.code(), Some(1));
}
