//! What devices say of their clocks: noted for the operator, and never a reason to refuse.

use std::time::UNIX_EPOCH;

use axum::{body::Body, http::StatusCode};
use hub::store::ClockReading;
use shared::{Timestamp, time::Observed};

use crate::{
    store::no_clocks::drop_clocks,
    world::{MORNING, World},
};

/// The clocks as the hub has them of its only device.
async fn noted(world: &World) -> Option<ClockReading> {
    let devices = world.hub.devices().await.unwrap();
    let [device] = &devices[..] else {
        panic!("one device, not {devices:?}");
    };
    device.clock.clone()
}

#[tokio::test]
async fn hello_notes_how_far_a_devices_clock_is_off_and_the_clocks_themselves() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    worker.hello().await;
    assert_eq!(noted(&world).await, None, "older devices tell no clocks");

    for off in [-600_000, 25, i64::MAX / 2] {
        world.turn_clock(1_000);
        let now = worker.hello().await.server_time;
        let wall = now.plus_ms(off);
        let path = format!("/sync/v1/hello?wall={}&mono=361000&boot=b7", wall.as_ms());
        let reply = worker.get(&path).await;

        assert_eq!(reply.status, 200, "{reply:?}");
        let reading = ClockReading {
            at: now,
            skew_ms: wall.since_ms(now),
            clocks: Observed {
                wall,
                mono: 361_000,
                boot: "b7".to_owned(),
            },
        };
        assert_eq!(noted(&world).await, Some(reading));
        let wrong = u64::from(off.abs() > 300_000);
        assert_eq!(world.hub.stats().await.unwrap().devices_clock_off, wrong);
        let metrics = world.get_open("/metrics").await;
        let metrics = String::from_utf8(metrics.body.to_vec()).unwrap();
        let line = format!("\ngridwalker_devices_clock_off {wrong}\n");
        assert!(metrics.contains(&line), "{metrics}");
    }
}

#[tokio::test]
async fn clocks_that_cannot_be_read_are_as_good_as_none() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let good = worker.get("/sync/v1/hello?wall=5&mono=5&boot=b7").await;
    assert_eq!(good.status, 200);
    let before = noted(&world).await;
    assert_eq!(
        before.as_ref().map(|reading| reading.clocks.wall),
        Some(Timestamp::from_ms(5))
    );
    world.turn_clock(1_000);

    let long = "b".repeat(201);
    let bad = [
        "",
        "wall=7&mono=7",
        "mono=7&boot=b7",
        "wall=soon&mono=7&boot=b7",
        "wall=7&mono=1.5&boot=b7",
        "wall=99999999999999999999&mono=7&boot=b7",
        "wall=NaN&mono=7&boot=b7",
        "wall=7&mono=7&boot=%00",
        "wall=7&mono=7&boot=a%0Ab",
        "wall=7&wall=8&mono=7&boot=b7",
        &format!("wall=7&mono=7&boot={long}"),
    ];
    for query in bad {
        let reply = worker.get(&format!("/sync/v1/hello?{query}")).await;

        assert_eq!(reply.status, 200, "{query}: {reply:?}");
        assert_eq!(noted(&world).await, before, "{query}");
    }
    assert_eq!(
        before.map(|reading| reading.at),
        Some(Timestamp::from_ms(MORNING))
    );
}

#[tokio::test]
async fn hello_is_answered_though_nothing_can_be_noted() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    drop_clocks(&world).await;

    let reply = worker.get("/sync/v1/hello?wall=5&mono=5&boot=b7").await;

    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn a_hello_that_would_say_the_same_is_said_again_by_its_name() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let name = worker.get("/sync/v1/hello").await.header("etag").to_owned();
    let named = async || {
        let request = worker.request("GET", "/sync/v1/hello?wall=5&mono=5&boot=b7");
        let request = request.header("if-none-match", &name);
        worker.send(request.body(Body::empty()).unwrap()).await
    };
    world.turn_clock(90_500);

    let again = named().await;

    assert_eq!(
        (again.status, again.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );
    assert_eq!(again.header("etag"), name);
    let told = httpdate::parse_http_date(again.header("date")).unwrap();
    let told = told.duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(i64::try_from(told).unwrap(), (MORNING + 90_500) / 1_000);
    assert!(
        noted(&world).await.is_some(),
        "what the device says is heard"
    );
    for years in [-500, 9_000] {
        world.turn_clock(years * 365 * 86_400_000);
        assert_eq!(named().await.status, 200, "a time no date can tell");
        world.turn_clock(years * -365 * 86_400_000);
    }
    let (_, report) = worker.report("G1");
    worker.push(&[report]).await;
    assert_eq!(named().await.status, 200, "there is news");
}
