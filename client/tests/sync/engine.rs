//! Rounds that run by themselves: after work, when asked, less often after failures, and never
//! after a refusal that would only repeat itself.

use crate::{
    device::Device,
    fake_hub::{FakeHub, Fault},
};
use client::Client;
use shared::{
    hub_api::ErrorCode,
    ipc::{GetSyncStatus, Link, SyncNow, SyncStatus},
};

/// Waits until the sync's status is as wanted; a test that hangs here has failed.
async fn until(client: &Client, wanted: impl Fn(&SyncStatus) -> bool) -> SyncStatus {
    client
        .sync_statuses()
        .wait_for(|status| wanted(status))
        .await
        .unwrap()
        .clone()
}

fn idle(status: &SyncStatus) -> bool {
    status.doing.is_none() && status.ops_waiting == 0 && status.link == Link::Up
}

#[tokio::test]
async fn work_goes_up_by_itself() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.client.start_sync_with(hub.clone());
    until(&tablet.client, idle).await;

    tablet.reports("第一件").await;

    until(&tablet.client, |status| {
        status.ops_waiting > 0 || idle(status)
    })
    .await;
    until(&tablet.client, idle).await;
    assert_eq!(hub.state().docs.len(), 1, "nobody had to ask");
    tablet.client.stop().await;
}

#[tokio::test]
async fn a_failure_is_tried_again_by_itself_and_says_when() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports("第一件").await;
    for _ in 0..10 {
        hub.fail("hello", Fault::Unreachable);
    }
    tablet.client.start_sync_with(hub.clone());

    let offline = until(&tablet.client, |status| status.next_attempt_at.is_some()).await;
    hub.state().faults.clear();
    until(&tablet.client, idle).await;

    assert_eq!(offline.link, Link::Offline, "a state the person sees");
    assert_eq!(hub.requests("push"), 1, "and it went up later");
    tablet.client.stop().await;
}

#[tokio::test]
async fn a_revoked_device_is_quiet_until_a_person_asks() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    hub.fail("hello", Fault::Refuse(ErrorCode::Revoked));
    tablet.client.start_sync_with(hub.clone());
    let revoked = Link::Refused {
        error: ErrorCode::Revoked,
    };
    until(&tablet.client, |status| status.link == revoked).await;

    tablet.reports("第一件").await;
    until(&tablet.client, |status| status.ops_waiting == 1).await;
    let knocks = hub.requests("hello");
    tablet.client.sync_now(SyncNow {}).await.unwrap();
    until(&tablet.client, idle).await;

    assert_eq!(knocks, 1, "work alone doesn't knock at a closed door");
    assert_eq!(hub.state().docs.len(), 1, "a person who asks is heard");
    tablet.client.stop().await;
}

#[tokio::test]
async fn a_device_that_is_enrolled_while_the_sync_runs_begins_at_once() {
    let hub = FakeHub::default();
    let tablet = Device::new(&hub).await;
    tablet.client.start_sync_with(hub.clone());

    tablet
        .client
        .enrol_with(&hub, "127.0.0.1:1", "GOOD")
        .await
        .unwrap();

    until(&tablet.client, idle).await;
    tablet.client.stop().await;
}

#[tokio::test]
async fn a_stopped_sync_is_quiet() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.client.start_sync_with(hub.clone());
    until(&tablet.client, idle).await;

    tablet.client.stop().await;
    let before = hub.requests("hello");
    tablet.reports("第一件").await;
    tokio::task::yield_now().await;

    assert_eq!(hub.requests("hello"), before, "nothing runs any more");
    assert_eq!(tablet.ops_waiting().await, 1, "and nothing is lost");
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_to_hub_and_person_until_it_is_right_again() {
    const HOUR: i64 = 3_600_000;
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let status = async || {
        tablet
            .client
            .get_sync_status(GetSyncStatus {})
            .await
            .unwrap()
    };
    tablet.syncs().await.unwrap();
    assert_eq!(status().await.clock_off_ms, None, "it is right");
    let heard = hub.state().heard_clocks.clone();
    let heard = heard.expect("hello tells the clocks");
    assert_eq!(heard.wall, hub.state().server_time);
    assert_eq!(heard.boot, "boot");

    for ahead in [3 * HOUR, -3 * HOUR] {
        tablet.clock.turn_ms(ahead);
        tablet.reports("钟不对").await;
        tablet.syncs().await.unwrap();

        assert_eq!(status().await.clock_off_ms, Some(ahead));
        assert_eq!(tablet.ops_waiting().await, 0, "all the same it goes on");
        let heard = hub.state().heard_clocks.clone().unwrap().wall;
        assert_eq!(heard.since_ms(hub.state().server_time), ahead);

        tablet.clock.turn_ms(-ahead);
        tablet.syncs().await.unwrap();
        assert_eq!(status().await.clock_off_ms, None, "somebody set it right");
    }
}
