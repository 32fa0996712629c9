//! Operations up: nothing is lost, nothing is sent twice in vain, nothing blocks the rest.

use crate::{
    device::Device,
    fake_hub::{FakeHub, Fault},
};
use client::sync::SyncError;
use shared::{
    DocRef, Scope,
    case::CaseDoc,
    hub_api::ErrorCode,
    ipc::{GetSession, Link, Stuck},
};

#[tokio::test]
async fn a_report_reaches_the_hub_and_comes_back_with_its_number() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports("路灯不亮").await;

    let report = tablet.syncs().await.unwrap();

    assert!(report.is_complete(), "everything is in step: {report:?}");
    assert_eq!(hub.state().docs.len(), 1, "the hub has the case");
    assert_eq!(
        tablet.case_no(case).await.as_deref(),
        Some("C1"),
        "the hub's number is shown"
    );
    assert!(
        tablet.delivery_of(case).await.marks.complete(),
        "the person sees that it arrived"
    );
    let status = tablet.delivery().await.status;
    assert!(
        status.last_complete_at.is_some(),
        "it says when everything was last in step"
    );
    assert_eq!(status.link, Link::Up, "the hub was reached");
}

#[tokio::test]
async fn a_lost_answer_is_repaired_by_a_replay_and_nothing_is_doubled() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports("路灯不亮").await;
    tablet.adds_words(case, "第三根灯杆").await;
    hub.fail("push", Fault::LoseAnswer);

    let report = tablet.syncs().await.unwrap();

    let state = hub.state();
    let CaseDoc::Known(case) = state.docs[&DocRef::case(case)].case().unwrap() else {
        panic!("the report arrived")
    };
    let events = case.events.len();
    assert_eq!(
        state.results.len(),
        2,
        "two operations, however often they arrived"
    );
    assert!(
        state.arrivals.values().any(|times| *times > 1),
        "they did arrive again"
    );
    assert_eq!(events, 1, "the words stand there once");
    drop(state);
    assert!(
        report.is_complete(),
        "the same round repaired it: {report:?}"
    );
}

#[tokio::test]
async fn words_typed_offline_wait_and_arrive_later() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports("井盖松动").await;
    hub.fail("hello", Fault::Unreachable);

    let offline = tablet.syncs().await.unwrap_err();
    let while_offline = tablet.delivery().await.status;
    tablet.syncs().await.unwrap();

    assert!(matches!(offline, SyncError::Remote(_)), "{offline:?}");
    assert_eq!(while_offline.link, Link::Offline, "a state, not an error");
    assert_eq!(while_offline.ops_waiting, 1, "it waited");
    assert!(tablet.delivery_of(case).await.marks.at_hub, "and arrived");
}

#[tokio::test]
async fn a_quarantined_operation_is_shown_and_does_not_block_the_others() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let bad = tablet.reports("第一件").await;
    let good = tablet.reports("第二件").await;
    hub.state().poison = vec![1];

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.ops_waiting, 0, "the hub has both, one of them aside");
    assert!(
        matches!(
            tablet.delivery_of(bad).await.stuck,
            Some(Stuck::Quarantined { .. })
        ),
        "the person sees which one and why"
    );
    assert!(
        tablet.delivery_of(good).await.marks.complete(),
        "the other one arrived"
    );
}

#[tokio::test]
async fn a_batch_the_hub_chokes_on_is_divided_until_the_culprit_stands_alone() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    for number in 0..20 {
        tablet.reports(&format!("第{number}件")).await;
    }
    hub.state().crash_on = vec![13];

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.ops_pushed, 19, "all but one arrived");
    assert_eq!(tablet.ops_waiting().await, 1, "and the one is kept");
    assert!(
        report.failure.is_some(),
        "the round says that something is left"
    );
    let link = tablet.delivery().await.status.link;
    assert_eq!(link, Link::Up, "one odd operation is no broken link");
}

#[tokio::test]
async fn an_operation_that_was_put_off_holds_back_only_its_own_case() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let later = tablet.reports("第一件").await;
    let now = tablet.reports("第二件").await;
    hub.state().put_off = vec![1];

    tablet.syncs().await.unwrap();
    let first = tablet.delivery_of(later).await;
    hub.state().put_off.clear();
    let report = tablet.syncs().await.unwrap();

    assert!(!first.marks.at_hub, "it stays in the outbox");
    assert!(
        tablet.delivery_of(now).await.marks.at_hub,
        "the other went through"
    );
    assert!(
        report.is_complete(),
        "and the next round delivers it: {report:?}"
    );
}

#[tokio::test]
async fn a_link_that_is_cut_every_few_kilobytes_still_delivers_everything() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    for number in 0..60 {
        tablet
            .reports(&format!("第{number}件: {}", "字".repeat(300)))
            .await;
    }
    hub.state().cut_above = Some(8 * 1024);

    let report = tablet.syncs().await.unwrap();

    assert!(
        report.is_complete(),
        "smaller batches got through: {report:?}"
    );
    let state = hub.state();
    let pushes = state.log.iter().filter(|(name, _)| *name == "push");
    let (clean, all) = pushes.fold((0, 0), |(clean, all), (_, bytes)| {
        // A cut push costs at most what the link carried.
        if *bytes > 8 * 1024 {
            (clean, all + 8 * 1024)
        } else {
            (clean + bytes, all + bytes)
        }
    });
    assert!(
        all * 2 <= clean * 3,
        "at most 1.5 times the clean bytes: {all} for {clean}"
    );
}

#[tokio::test]
async fn a_stuck_upload_does_not_hold_back_what_comes_down() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports("第一件").await;
    tablet.syncs().await.unwrap();
    {
        let mut state = hub.state();
        let news = state.docs[&DocRef::case(case)].clone();
        state.publish(&Scope::city(), news);
    }
    tablet.reports("第二件").await;
    hub.fail("push", Fault::Refuse(ErrorCode::Unavailable));

    let report = tablet.syncs().await.unwrap();

    assert!(report.failure.is_some(), "the upload failed");
    assert!(
        report.docs_pulled > 0,
        "and the news came down all the same"
    );
}

#[tokio::test]
async fn a_revoked_device_keeps_everything_and_says_so() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports("第一件").await;
    hub.fail("hello", Fault::Refuse(ErrorCode::Revoked));

    let error = tablet.syncs().await.unwrap_err();
    tablet.reports("第二件").await;

    let session = tablet.client.get_session(GetSession {}).await.unwrap();
    let status = tablet.delivery().await.status;
    assert!(matches!(error, SyncError::Remote(error) if error.is_revoked()));
    assert!(session.enrolment.unwrap().revoked, "the person is told");
    assert_eq!(
        status.link,
        Link::Refused {
            error: ErrorCode::Revoked
        }
    );
    assert_eq!(
        status.ops_waiting, 2,
        "capture goes on and nothing is thrown away"
    );
}

#[tokio::test]
async fn a_cloned_device_takes_a_new_identity_by_itself_and_sends_all_it_ever_did_again() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let first = tablet.reports("第一件").await;
    tablet.syncs().await.unwrap();
    tablet.reports("第二件").await;
    hub.fail("push", Fault::Refuse(ErrorCode::NewEpochRequired));

    let report = tablet.syncs().await.unwrap();

    assert_eq!(hub.state().identities.len(), 1, "one new identity");
    assert_eq!(report.ops_pushed, 2, "under it the hub knows nothing yet");
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(hub.state().docs.len(), 2, "and nothing is there twice");
    assert!(tablet.case_no(first).await.is_some());
}

#[tokio::test]
async fn a_device_restored_from_a_backup_notices_before_it_does_anything() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    hub.state().last_dev_seq = 7;

    tablet.syncs().await.unwrap();

    assert_eq!(
        hub.state().identities.len(),
        1,
        "the hub has seven operations that this copy knows nothing of"
    );
}

#[tokio::test]
async fn a_lost_answer_to_the_request_for_an_identity_costs_no_second_one() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    hub.state().last_dev_seq = 7;
    hub.fail("renew", Fault::LoseAnswer);

    assert!(tablet.syncs().await.is_err());
    hub.state().last_dev_seq = 7;
    tablet.syncs().await.unwrap();

    let identities = hub.state().identities.clone();
    assert_eq!(identities.len(), 2, "it asked twice");
    assert_eq!(identities[0], identities[1], "for the same one");
}

#[tokio::test]
async fn a_hub_that_lost_its_database_gets_everything_again() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports("第一件").await;
    tablet.adds_words(case, "补充").await;
    tablet.syncs().await.unwrap();
    let restored = FakeHub::default();
    restored.state().epoch = "e2".to_owned();

    let report = tablet.client.sync_once_with(&restored).await.unwrap();

    assert_eq!(
        report.ops_pushed, 2,
        "what was confirmed is still here and went up again"
    );
    assert_eq!(restored.state().docs.len(), 1, "the case is there again");
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test]
async fn a_hub_restored_from_a_backup_gets_what_it_is_missing() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports("第一件").await;
    tablet.syncs().await.unwrap();
    // Ids sort by their time.
    tablet.clock.turn_ms(1_000);
    tablet.reports("第二件").await;
    tablet.syncs().await.unwrap();
    {
        let mut state = hub.state();
        state.last_dev_seq = 1;
        let last = *state.results.keys().last().unwrap();
        let (_, target) = state.results.remove(&last).unwrap();
        state.docs.remove(&target);
        state
            .feeds
            .values_mut()
            .for_each(|feed| feed.retain(|(_, other, _)| *other != target));
    }

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.ops_pushed, 1, "only what the hub doesn't have");
    assert_eq!(hub.state().docs.len(), 2, "both cases are there");
}

#[tokio::test]
async fn another_hub_at_the_same_address_gets_nothing() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports("第一件").await;
    let stranger = FakeHub::named("hub-2");

    let error = tablet.client.sync_once_with(&stranger).await.unwrap_err();

    assert!(matches!(error, SyncError::OtherHub), "{error:?}");
    assert_eq!(
        stranger.requests("push"),
        0,
        "nothing was told to a stranger"
    );
    assert_eq!(tablet.ops_waiting().await, 1, "it waits for its own hub");
}
