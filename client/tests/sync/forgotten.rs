//! A hub that confirms what a person did and then has it nowhere is asked again, and told of when it does
//! so again. One that has reasons is not.

use client::sync::{SyncError, Untruth};
use shared::{CaseId, DocRef, Scope, hub_api::PullAnswer};

use crate::{
    device::Device,
    fake_hub::{FakeHub, Fault, State},
};

/// One round; whether it found that the hub forgot.
async fn forgot(tablet: &Device) -> bool {
    match tablet.syncs().await.unwrap().failure {
        Some(SyncError::Untrue(Untruth::Forgot)) => true,
        Some(other) => panic!("{other}"),
        None => false,
    }
}

fn inbox(hub: &State) -> Scope {
    Scope::staff(&hub.staff.id)
}

/// The inbox goes on by something else.
fn news(hub: &FakeHub, number: u8) {
    let mut state = hub.state();
    let inbox = inbox(&state);
    state.withdraw(&inbox, &DocRef::case(CaseId::from_bytes([number; 16])));
}

/// It has nothing, and its figures say so.
fn nothing(page: &mut PullAnswer) {
    page.items.clear();
    (page.count, page.sum) = (0, 0);
}

#[tokio::test]
async fn a_hub_that_confirms_and_publishes_nowhere_is_asked_again_and_then_told_of() {
    for brief in [false, true] {
        let hub = FakeHub::default();
        hub.state().brief = brief;
        let tablet = Device::enrolled(&hub).await;
        tablet.reports("第一件").await;
        tablet.reports("第二件").await;
        hub.state().twist_page = Some(Box::new(nothing));
        let mut told = Vec::new();
        let mut waited = false;
        for round in 0..8 {
            let before = hub.requests("push");
            news(&hub, round);
            told.push(forgot(&tablet).await);
            assert!(hub.requests("push") <= before + 1, "never in a hurry");
            assert_eq!(tablet.cases().await.len(), 2, "all of it stays here");
            waited |= tablet.ops_waiting().await == 2;
        }

        assert!(!told[0], "{told:?}: once may be chance");
        assert!(told[4..].iter().all(|it| *it), "{told:?}: and stays told");
        assert!(waited, "what it has not got is not delivered");
        let arrivals = hub.state().arrivals.values().copied().min();
        assert!(arrivals >= Some(2), "it had its chances: {arrivals:?}");

        {
            let mut state = hub.state();
            state.twist_page = None;
            let inbox = inbox(&state);
            for doc in state.docs.values().cloned().collect::<Vec<_>>() {
                state.publish(&inbox, doc);
            }
        }
        for _ in 0..3 {
            forgot(&tablet).await;
        }
        assert!(!forgot(&tablet).await, "it is over with the lie");
        assert_eq!(tablet.ops_waiting().await, 0);
        assert_eq!(tablet.cases().await.len(), 2);
    }
}

#[tokio::test]
async fn what_stood_in_a_feed_and_is_gone_from_it_without_a_word_is_asked_for_again() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let lost = tablet.reports("第一件").await;
    tablet.reports("第二件").await;
    assert!(!forgot(&tablet).await && !forgot(&tablet).await);
    {
        let mut state = hub.state();
        let (inbox, lost) = (inbox(&state), DocRef::case(lost));
        let feed = state.feeds.get_mut(&inbox).unwrap();
        feed.retain(|(_, target, _)| *target != lost);
        let other = state.docs.values().find(|it| it.target != lost).cloned();
        state.publish(&inbox, other.unwrap());
    }

    let mut told = Vec::new();
    for _ in 0..6 {
        told.push(forgot(&tablet).await);
        assert_eq!(tablet.cases().await.len(), 2);
    }

    assert!(!told[0] && told[5], "{told:?}");
}

#[derive(Debug, Clone, Copy)]
enum Gone {
    Left,
    LeftAndForgotten,
}

#[tokio::test]
async fn what_went_elsewhere_before_it_came_down_is_no_lie() {
    for gone in [Gone::Left, Gone::LeftAndForgotten] {
        let hub = FakeHub::default();
        let tablet = Device::enrolled(&hub).await;
        let case = tablet.reports("第一件").await;
        hub.fail("pull", Fault::Cut);
        hub.fail("pull", Fault::Unreachable);
        drop(tablet.syncs().await);
        assert_eq!(tablet.ops_waiting().await, 0, "it was confirmed");
        {
            let mut state = hub.state();
            state.faults.clear();
            let (inbox, case) = (inbox(&state), DocRef::case(case));
            match gone {
                Gone::Left => state.withdraw(&inbox, &case),
                Gone::LeftAndForgotten => drop(state.feeds.remove(&inbox)),
            }
            // Who may not see it any more is not shown it.
            state.twist_push = Some(Box::new(|answer| {
                answer.results.iter_mut().for_each(|it| it.doc = None);
            }));
        }

        for _ in 0..6 {
            assert!(!forgot(&tablet).await, "{gone:?}");
        }

        assert_eq!(tablet.ops_waiting().await, 0, "{gone:?}");
        let asked = matches!(gone, Gone::LeftAndForgotten);
        let arrivals = hub.state().arrivals.values().copied().max();
        assert_eq!(arrivals, Some(1 + u32::from(asked)), "{gone:?}");
    }
}
