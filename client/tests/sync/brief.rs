//! Brief answers: the device works out by itself what its operations made of the documents, and is
//! right or finds that it is not.

use client::testing;
use shared::{CaseId, DocRef, Scope, hub_api::PushAnswer};

use crate::{
    device::Device,
    fake_hub::{FakeHub, Fault},
};

type Lie = fn(&mut PushAnswer);

async fn tablet() -> (FakeHub, Device) {
    let hub = FakeHub::default();
    hub.state().brief = true;
    let tablet = Device::enrolled(&hub).await;
    (hub, tablet)
}

/// Whether the tablet's document is the hub's, to the letter.
async fn agrees(hub: &FakeHub, tablet: &Device, case: CaseId) -> bool {
    let here = testing::mirrored(&tablet.client, DocRef::case(case)).await;
    let there = hub.state().docs.get(&DocRef::case(case)).cloned();
    here.unwrap() == there.map(|doc| doc.body)
}

#[tokio::test]
async fn what_only_this_device_changed_is_there_without_a_document_and_without_a_pull() {
    let (hub, tablet) = tablet().await;
    let case = tablet.reports("楼道灯不亮").await;
    tablet.adds_words(case, "三楼也不亮").await;

    let report = tablet.syncs().await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    assert!(agrees(&hub, &tablet, case).await, "worked out rightly");
    assert_eq!(hub.requests("pull"), 0, "nothing had to come down");
    tablet.syncs().await.unwrap();
    assert_eq!(hub.requests("pull"), 0, "nor later");
    hub.state().brief = false;
    tablet.adds_words(case, "保安说上周就这样").await;
    tablet.syncs().await.unwrap();
    tablet.syncs().await.unwrap();
    assert_eq!(hub.requests("pull"), 1, "the cursor is one the hub knows");
    assert!(agrees(&hub, &tablet, case).await);
}

#[tokio::test]
async fn what_came_out_differently_at_the_hub_is_pulled() {
    let lies: [(&str, Lie); 4] = [
        ("another sum", |answer| {
            answer.results[0].brief.as_mut().unwrap().sum ^= 1;
        }),
        ("another revision", |answer| answer.results[0].rev += 1),
        ("another number", |answer| {
            answer.results[0].brief.as_mut().unwrap().case_no = Some("C77".to_owned());
        }),
        ("another time", |answer| answer.received_at = None),
    ];
    for (lie, twist) in lies {
        let (hub, tablet) = tablet().await;
        hub.state().twist_push = Some(Box::new(twist));
        let case = tablet.reports("楼道灯不亮").await;

        let report = tablet.syncs().await.unwrap();

        assert!(report.is_complete(), "{lie}: {report:?}");
        assert_eq!(hub.requests("pull"), 1, "{lie}: in the same round");
        assert!(agrees(&hub, &tablet, case).await, "{lie}");
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_is_told_again_and_worked_out_as_of_the_first_time() {
    let (hub, tablet) = tablet().await;
    let before = tablet.reports("井盖松动").await;
    tablet.syncs().await.unwrap();
    let case = tablet.reports("楼道灯不亮").await;
    let other = tablet.reports("垃圾没有运走").await;
    hub.fail("push", Fault::LoseAnswer);

    // What is sent again is sent later, and the hub has it as of the first time.
    let report = tablet.syncs().await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    assert!(
        hub.state().arrivals.values().any(|times| *times > 1),
        "something was sent again"
    );
    for case in [before, case, other] {
        assert!(agrees(&hub, &tablet, case).await);
    }
    assert_eq!(hub.requests("pull"), 0, "no document came down for it");
    tablet.syncs().await.unwrap();
    assert_eq!(hub.requests("pull"), 0, "nor later");
}

#[tokio::test]
async fn a_feed_that_somebody_else_moved_too_is_pulled() {
    let (hub, tablet) = tablet().await;
    let case = tablet.reports("楼道灯不亮").await;
    tablet.syncs().await.unwrap();
    let colleague = Device::enrolled(&hub).await;
    hub.state().last_dev_seq = 0;
    let theirs = colleague.reports("井盖松动").await;
    colleague.syncs().await.unwrap();
    hub.state().last_dev_seq = 1;
    tablet.adds_words(case, "三楼也不亮").await;

    tablet.syncs().await.unwrap();

    assert!(agrees(&hub, &tablet, case).await, "its own");
    assert!(agrees(&hub, &tablet, theirs).await, "and the colleague's");
}

#[tokio::test]
async fn a_move_that_can_not_be_is_not_followed() {
    let (hub, tablet) = tablet().await;
    hub.state().twist_push = Some(Box::new(|answer| answer.moved[0].count += 1));
    let case = tablet.reports("楼道灯不亮").await;

    tablet.syncs().await.unwrap();

    let inbox = Scope::staff(&hub.state().staff.id.clone());
    assert_eq!(hub.requests("pull"), 1, "count and sum did not fit {inbox}");
    assert!(agrees(&hub, &tablet, case).await);
}
