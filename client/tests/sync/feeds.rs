//! Documents down: whole, in order, and gone when they are no longer this device's.

use crate::{
    device::Device,
    fake_hub::{FakeHub, Fault},
};
use client::testing;
use shared::{CaseId, Doc, DocRef, GridCode, Kind, Scope, hub_api::ErrorCode, ipc::GetCase};
use uuid::Uuid;

pub(crate) fn grid() -> Scope {
    Scope::grid(&GridCode::from("G1"))
}

/// A tablet whose hub has `cases` cases in its grid, reported by a colleague.
pub(crate) async fn colleague_reported(cases: usize) -> (FakeHub, Device, Vec<CaseId>) {
    let hub = FakeHub::default();
    let colleague = Device::enrolled(&hub).await;
    let mut ids = Vec::new();
    for number in 0..cases {
        ids.push(colleague.reports(&format!("第{number}件")).await);
    }
    colleague.syncs().await.unwrap();
    {
        let mut state = hub.state();
        let own = Scope::staff(&state.staff.id);
        let feed = state.feeds.remove(&own).unwrap();
        state.feeds.insert(grid(), feed);
        state.last_dev_seq = 0;
    }
    let tablet = Device::enrolled(&hub).await;
    (hub, tablet, ids)
}

#[tokio::test]
async fn a_feed_comes_down_page_by_page() {
    let (hub, tablet, _) = colleague_reported(7).await;
    hub.state().page = 3;

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.docs_pulled, 7, "all of them");
    assert_eq!(tablet.cases().await.len(), 7, "and they are shown");
    assert_eq!(hub.requests("pull"), 3, "in three pages");
}

#[tokio::test]
async fn a_feed_without_news_is_not_asked_for() {
    let (hub, tablet, _) = colleague_reported(2).await;
    tablet.syncs().await.unwrap();
    let before = hub.requests("pull");

    let report = tablet.syncs().await.unwrap();

    assert_eq!(
        hub.requests("pull"),
        before,
        "the hub said how far its feeds go"
    );
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test]
async fn a_page_that_was_cut_is_asked_for_again_and_smaller() {
    let (hub, tablet, _) = colleague_reported(5).await;
    hub.fail("pull", Fault::LoseAnswer);
    hub.fail("pull", Fault::Cut);

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.docs_pulled, 5, "it got through: {report:?}");
}

#[tokio::test]
async fn a_cursor_that_is_gone_begins_the_feed_anew_and_forgets_what_left_meanwhile() {
    let (hub, tablet, cases) = colleague_reported(3).await;
    tablet.syncs().await.unwrap();
    let gone = DocRef::case(cases[0]);
    {
        let mut state = hub.state();
        let feed = state.feeds.get_mut(&grid()).unwrap();
        // Pruned: not even a marker says that it left.
        feed.retain(|(_, target, _)| *target != gone);
        let seq = feed.last().unwrap().0;
        feed.last_mut().unwrap().0 = seq + 1;
        state.cursors_gone = 1;
    }

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.feeds_restarted, 1, "pulled from its beginning");
    assert_eq!(
        tablet.cases().await.len(),
        2,
        "what was not seen again is gone"
    );
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test]
async fn in_a_new_epoch_a_document_is_taken_anew_though_its_revision_and_the_cursor_are_the_same() {
    let (hub, tablet, cases) = colleague_reported(1).await;
    tablet.syncs().await.unwrap();
    {
        // Put back in the middle of a round, which went on to its end with a cursor of now; and the
        // report was sent to it again.
        let mut state = hub.state();
        state.epoch = "e2".to_owned();
        let doc = state.docs.get_mut(&DocRef::case(cases[0])).unwrap();
        doc.body["known"]["case_no"] = serde_json::json!("NEW-0001");
    }

    let report = tablet.syncs().await.unwrap();

    let seen = GetCase { case: cases[0] };
    let seen = tablet.client.get_case(seen).await.unwrap();
    assert_eq!(seen.row.case_no.as_deref(), Some("NEW-0001"));
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test]
async fn a_feed_that_drifted_is_pulled_anew_once_a_round() {
    let (hub, tablet, _) = colleague_reported(3).await;
    hub.state().wrong_sum = 1;

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.feeds_restarted, 1, "once, not for ever");
    assert_eq!(
        hub.requests("pull"),
        2,
        "a hub that never agrees doesn't keep us busy"
    );
    assert_eq!(tablet.cases().await.len(), 3, "what came is shown");
}

#[tokio::test]
async fn a_missing_document_is_noticed_and_mended() {
    let (hub, tablet, cases) = colleague_reported(3).await;
    tablet.syncs().await.unwrap();
    {
        // A hub with a naive feed: a document committed late, behind the cursor.
        let mut state = hub.state();
        let target = DocRef {
            kind: Kind::case(),
            id: Uuid::from_u128(7),
        };
        let mut late = state.docs[&DocRef::case(cases[0])].clone();
        late.body["known"]["id"] = serde_json::json!(target.id);
        late.target = target;
        state.docs.insert(late.target.clone(), late.clone());
        let feed = state.feeds.get_mut(&grid()).unwrap();
        feed.insert(0, (1, late.target, true));
        feed.last_mut().unwrap().0 = 9;
    }

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.feeds_restarted, 1, "the sums differed");
    assert_eq!(tablet.cases().await.len(), 4, "nothing stays missing");
}

#[tokio::test]
async fn a_document_that_left_goes_unless_something_is_unsent() {
    let (hub, tablet, cases) = colleague_reported(2).await;
    tablet.syncs().await.unwrap();
    tablet.adds_words(cases[0], "我也看到了").await;
    for case in &cases {
        hub.state().withdraw(&grid(), &DocRef::case(*case));
    }
    hub.fail("push", Fault::Refuse(ErrorCode::Unavailable));

    tablet.syncs().await.unwrap();
    let while_unsent = tablet.cases().await;

    assert_eq!(while_unsent.len(), 1, "the one with unsent words stays");
    assert_eq!(while_unsent[0].id, cases[0], "it is that one");
    assert_eq!(tablet.ops_waiting().await, 1, "and the words with it");
}

#[tokio::test]
async fn a_worker_moved_to_another_grid_loses_the_old_one() {
    let (hub, tablet, cases) = colleague_reported(2).await;
    tablet.syncs().await.unwrap();
    hub.state().staff.grids = vec![GridCode::from("G2")];

    tablet.syncs().await.unwrap();

    assert!(
        tablet.cases().await.is_empty(),
        "what is no longer theirs is off the device"
    );
    let gone = tablet.client.get_case(GetCase { case: cases[0] }).await;
    assert!(gone.is_err(), "not even by its id");
}

#[tokio::test]
async fn a_document_that_came_with_an_answer_goes_when_it_never_stands_in_a_feed_of_the_device() {
    let hub = FakeHub::default();
    let worker = Device::enrolled(&hub).await;
    worker.syncs().await.unwrap();
    let target = DocRef::case(worker.reports("路灯不亮").await);
    worker.syncs().await.unwrap();
    let own = Scope::staff(&hub.state().staff.id.clone());
    let held = testing::mirrored(&worker.client, target.clone()).await;
    assert!(held.unwrap().is_some(), "the answer brought it");

    hub.state().withdraw(&own, &target);
    worker.syncs().await.unwrap();

    let held = testing::mirrored(&worker.client, target).await;
    assert_eq!(held.unwrap(), None, "it is no longer this person's");
}

#[tokio::test]
async fn a_document_of_an_unknown_kind_is_kept_and_disturbs_nobody() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let target = DocRef {
        kind: Kind("hologram".to_owned()),
        id: Uuid::from_u128(1),
    };
    let body = serde_json::json!({"new": true});
    hub.state().publish(
        &Scope::city(),
        Doc {
            target,
            rev: 3,
            body,
        },
    );

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.docs_pulled, 1, "it came");
    assert_eq!(report.feeds_restarted, 0, "and counts: the sums agree");
    assert!(report.is_complete(), "{report:?}");
}
