//! A hub that lies: it is noticed, the device keeps its work, the person is told, and nobody is
//! kept busy.

use client::sync::{SyncError, Untruth};
use serde_json::json;
use shared::{
    Doc, DocRef, OpId, Outcome, Scope,
    hub_api::{FeedItem, PullAnswer, PushResult},
    ipc::Link,
};
use uuid::Uuid;

use crate::{
    device::Device,
    fake_hub::{FakeHub, State},
};

type ResultsLie = Box<dyn Fn(&mut Vec<PushResult>) + Send>;
type PageLie = fn(&mut PullAnswer, u32);

/// One round; what it found untrue, which the person is told, too.
async fn round(tablet: &Device) -> Option<Untruth> {
    let report = tablet.syncs().await.unwrap();
    let found = match report.failure {
        Some(SyncError::Untrue(untruth)) => Some(untruth),
        Some(other) => panic!("{other}"),
        None => None,
    };
    let told = tablet.delivery().await.status.link == Link::Untrue;
    assert_eq!(told, found.is_some(), "{found:?} is told");
    found
}

async fn reported(lie: impl FnOnce(&mut State)) -> (FakeHub, Device) {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports("第一件").await;
    tablet.reports("第二件").await;
    lie(&mut hub.state());
    (hub, tablet)
}

/// The same, all of it delivered and pulled before the lie begins.
async fn settled(lie: impl FnOnce(&mut State)) -> (FakeHub, Device) {
    let (hub, tablet) = reported(|_| {}).await;
    assert_eq!(round(&tablet).await, None);
    assert_eq!(round(&tablet).await, None);
    {
        let mut state = hub.state();
        state.log.clear();
        lie(&mut state);
    }
    (hub, tablet)
}

/// There is news of everything.
fn publish_all_again(hub: &mut State) {
    let inbox = Scope::staff(&hub.staff.id);
    for doc in hub.docs.values().cloned().collect::<Vec<_>>() {
        hub.publish(&inbox, doc);
    }
}

/// Another person's case in the grid of this name, as a hub has it.
async fn case_in(grid: &str) -> Doc {
    let hub = FakeHub::default();
    let colleague = Device::enrolled(&hub).await;
    colleague.reports("同事的").await;
    colleague.syncs().await.unwrap();
    let mut doc = hub.state().docs.values().next().unwrap().clone();
    doc.body["known"]["report"]["place"]["grid"] = json!(grid);
    doc
}

#[tokio::test]
async fn results_too_few_too_many_or_of_other_operations_confirm_nothing_they_do_not_name() {
    let stranger = || PushResult {
        op_id: Some(OpId::from_bytes([7; 16])),
        outcome: Outcome::Applied,
        rev: 1,
        doc: None,
        brief: None,
    };
    let lies: [(&str, u32, ResultsLie); 5] = [
        ("none at all", 2, Box::new(Vec::clear)),
        ("the last is missing", 1, Box::new(|all| drop(all.pop()))),
        ("one too many", 0, Box::new(move |all| all.push(stranger()))),
        (
            "another operation's",
            1,
            Box::new(move |all| all[0] = stranger()),
        ),
        (
            "applied, but nothing in particular",
            1,
            Box::new(|all| all[1].op_id = None),
        ),
    ];
    for (lie, waiting, twist) in lies {
        let (hub, tablet) = reported(|hub| {
            hub.twist_push = Some(Box::new(move |answer| twist(&mut answer.results)));
        })
        .await;

        assert_eq!(round(&tablet).await, Some(Untruth::Results), "{lie}");

        assert_eq!(tablet.ops_waiting().await, waiting, "{lie}");
        assert_eq!(hub.requests("push"), 1, "{lie}: once a round");
        hub.state().twist_push = None;
        assert_eq!(round(&tablet).await, None, "{lie}: an honest hub");
        assert_eq!(tablet.ops_waiting().await, 0, "{lie}: has it all");
    }
}

#[tokio::test]
async fn a_hub_that_confirms_what_its_own_document_lacks_has_confirmed_nothing() {
    let (hub, tablet) = reported(|hub| {
        hub.twist_push = Some(Box::new(|answer| {
            for doc in answer.results.iter_mut().filter_map(|it| it.doc.as_mut()) {
                doc.body["known"]["reported"]["op_id"] = json!(Uuid::from_u128(9));
            }
        }));
        hub.twist_page = Some(Box::new(|page| page.items.clear()));
    })
    .await;

    let report = tablet.syncs().await.unwrap();

    assert!(
        matches!(report.failure, Some(SyncError::Untrue(Untruth::Forgot))),
        "{:?}",
        report.failure
    );
    assert_eq!(tablet.ops_waiting().await, 2, "both wait on");
    assert_eq!(hub.requests("push"), 1, "until the next round");
}

#[tokio::test]
async fn a_hub_that_confirms_and_forgets_is_told_of_and_gets_it_again_once_a_round() {
    let (hub, tablet) = reported(|_| {}).await;
    let case = tablet.reports("第三件").await;
    assert_eq!(round(&tablet).await, None);
    let target = DocRef::case(case);
    {
        let mut state = hub.state();
        let mut doc = state.docs[&target].clone();
        doc.body["known"]["reported"]["op_id"] = json!(Uuid::from_u128(9));
        let inbox = Scope::staff(&state.staff.id);
        state.publish(&inbox, doc);
    }

    for _ in 0..3 {
        let before = hub.requests("push");
        assert_eq!(round(&tablet).await, Some(Untruth::Forgot));
        assert!(hub.requests("push") <= before + 1, "never in a hurry");
        assert_eq!(tablet.ops_waiting().await, 1, "it is not delivered");
        assert_eq!(tablet.cases().await.len(), 3, "and stays here");
    }
}

#[tokio::test]
async fn a_hub_that_forgets_again_and_again_is_told_of_from_the_second_time() {
    let (hub, tablet) = reported(|hub| {
        hub.twist_hello = Some(Box::new(|hello| hello.last_dev_seq = 0));
    })
    .await;

    let told = [
        round(&tablet).await,
        round(&tablet).await,
        round(&tablet).await,
    ];

    assert_eq!(
        told,
        [None, None, Some(Untruth::Forgot)],
        "once it may be a backup"
    );
    assert_eq!(hub.requests("push"), 3, "once a round");
    assert_eq!(tablet.cases().await.len(), 2);
    hub.state().twist_hello = None;
    assert_eq!(round(&tablet).await, None, "and it is over with the lie");
}

#[tokio::test]
async fn a_case_of_a_foreign_grid_is_not_taken_in() {
    let foreign = case_in("G2").await;
    let (hub, tablet) = settled(|hub| {
        let grid = Scope("grid:G1".to_owned());
        hub.publish(&grid, foreign.clone());
        hub.publish(&Scope::city(), foreign);
    })
    .await;

    assert_eq!(round(&tablet).await, Some(Untruth::ForeignDocument));

    assert_eq!(tablet.cases().await.len(), 2, "only the own ones");
    let pulls = hub.requests("pull");
    assert!(round(&tablet).await.is_some(), "it stays told");
    assert_eq!(hub.requests("pull"), pulls, "without asking for it again");
}

#[tokio::test]
async fn a_hub_that_goes_back_in_time_is_told_of_and_what_is_here_stays_sent() {
    let (hub, tablet) = settled(|_| {}).await;
    hub.state().twist_hello = Some(Box::new(|hello| {
        for head in &mut hello.scopes {
            head.seq = head.seq.min(1);
        }
    }));

    assert_eq!(round(&tablet).await, Some(Untruth::WentBack));

    assert_eq!(tablet.cases().await.len(), 2);
}

#[tokio::test]
async fn a_count_or_sum_that_is_wrong_for_ever_is_told_in_every_round_and_costs_two_pulls() {
    let (hub, tablet) = settled(|hub| {
        hub.wrong_sum = 1;
        publish_all_again(hub);
    })
    .await;

    assert_eq!(round(&tablet).await, Some(Untruth::Tally));
    let pulls = hub.requests("pull");
    assert_eq!(round(&tablet).await, Some(Untruth::Tally));

    assert_eq!(pulls, 2, "anew once");
    assert_eq!(hub.requests("pull"), pulls, "not without news");
    hub.state().wrong_sum = 0;
    tablet.reports("第三件").await;
    assert_eq!(round(&tablet).await, Some(Untruth::Tally), "it goes up");
    assert_eq!(round(&tablet).await, None, "until it is right again");
}

#[tokio::test]
async fn pages_that_never_end_are_left() {
    let endless: [(&str, PageLie); 3] = [
        ("the same place", |page, _| {
            page.cursor.clear();
        }),
        ("the same items from ever new places", |page, n| {
            page.cursor = format!("{n}x");
        }),
        ("nothing from ever new places", |page, n| {
            page.items = vec![FeedItem::Unknown];
            page.cursor = format!("{n}x");
        }),
    ];
    for (how, lie) in endless {
        let (hub, tablet) = settled(|hub| {
            publish_all_again(hub);
            let mut n = 0;
            hub.twist_page = Some(Box::new(move |page| {
                n += 1;
                page.more = true;
                lie(page, n);
            }));
        })
        .await;

        assert_eq!(round(&tablet).await, Some(Untruth::NoProgress), "{how}");

        assert!(hub.requests("pull") < 100, "{how}");
        assert_eq!(tablet.cases().await.len(), 2, "{how}: all is here");
    }
}

#[tokio::test]
async fn a_hub_that_invents_operations_of_this_device_does_not_make_it_forget_its_own() {
    let (hub, tablet) = reported(|hub| {
        hub.twist_hello = Some(Box::new(|hello| hello.last_dev_seq = 1_000));
    })
    .await;

    for _ in 0..3 {
        assert!(tablet.syncs().await.is_err(), "as a copy it is refused");
    }

    assert!(hub.requests("renew") <= 3, "one identity a round");
    assert_eq!(tablet.ops_waiting().await, 2);
    assert_eq!(tablet.cases().await.len(), 2);
}
