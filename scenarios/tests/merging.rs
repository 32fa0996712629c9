//! Two people report one thing without knowing of each other; a clerk merges the two. Both ids live
//! on, and whoever reported either learns what becomes of it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use scenarios::world::{Device, World};
use shared::{
    CaseId,
    case::{State, Void},
    ipc::{CaseAction, Code, Happening, IpcError, SearchRegister},
};

/// Two reports of one thing by people without a network, and the clerk who got both.
struct Twice {
    ana: Device,
    tao: Device,
    lin: Device,
    /// Ana's, which lasts.
    lasts: CaseId,
    /// Tao's, which ends.
    ends: CaseId,
}

impl Twice {
    async fn reported(world: &World) -> Self {
        let ana = world.device("w-0101").await.unwrap();
        let tao = world.device("d-01").await.unwrap();
        let lin = world.device("c-01").await.unwrap();
        for device in [&ana, &tao] {
            device.goes_offline();
        }
        let lasts = ana.reports("井盖破损", &[]).await.unwrap();
        world.minutes_pass(2);
        let ends = tao.reports("井盖坏了", &[]).await.unwrap();
        for device in [&ana, &tao] {
            device.goes_online();
            device.syncs_until_delivered(3).await.unwrap();
        }
        lin.syncs().await.unwrap();
        Self {
            ana,
            tao,
            lin,
            lasts,
            ends,
        }
    }

    async fn merged(world: &World) -> Self {
        let twice = Self::reported(world).await;
        world.minutes_pass(1);
        twice.lin.merges(twice.ends, twice.lasts).await.unwrap();
        twice.lin.syncs_until_delivered(3).await.unwrap();
        twice.all_sync().await;
        twice
    }

    async fn all_sync(&self) {
        for device in [&self.ana, &self.tao, &self.lin] {
            device.syncs().await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_clerk_is_shown_what_is_likely_the_same() {
    let world = World::new().await.unwrap();
    let twice = Twice::reported(&world).await;

    let alike = twice.lin.finds_alike(twice.ends).await.unwrap();

    let found: Vec<CaseId> = alike.iter().map(|it| it.case).collect();
    assert_eq!(found, [twice.lasts], "and not the case itself");
    assert_eq!(alike[0].summary, "井盖破损", "so that he can compare");
    let view = twice.lin.sees(twice.ends).await.unwrap();
    assert!(view.actions.contains(&CaseAction::Merge));
    let view = twice.ana.sees(twice.lasts).await.unwrap();
    assert!(
        !view.actions.contains(&CaseAction::Merge),
        "not hers to decide"
    );
}

#[tokio::test]
async fn both_ids_live_on_and_both_reporters_follow_the_one_that_is_handled() {
    let world = World::new().await.unwrap();
    let twice = Twice::merged(&world).await;

    for device in [&twice.ana, &twice.tao, &twice.lin] {
        let ended = device.sees(twice.ends).await.unwrap();
        assert_eq!(ended.row.state, State::Merged);
        let survivor = ended.survivor.unwrap();
        assert_eq!(survivor.case, twice.lasts);
        let lasting = device.sees(twice.lasts).await.unwrap();
        assert!(survivor.here);
        assert_eq!(Some(survivor.number), lasting.row.case_no);
        assert_eq!(lasting.row.plus_ones, 1, "two people saw it");
        let [joined] = &lasting.joined[..] else {
            panic!("one: {:?}", lasting.joined)
        };
        assert_eq!(
            (joined.case, joined.text.as_str()),
            (twice.ends, "井盖坏了")
        );
        let said = lasting.timeline.last().unwrap();
        assert_eq!(
            said.what,
            Happening::Joined {
                number: joined.number.clone()
            }
        );
    }

    world.minutes_pass(1);
    twice.lin.registers(twice.lasts).await.unwrap();
    twice.lin.syncs_until_delivered(3).await.unwrap();
    twice.tao.syncs().await.unwrap();

    let told = twice.tao.today().await.unwrap().answered;
    let told: Vec<(CaseId, State)> = told.iter().map(|row| (row.id, row.state)).collect();
    assert_eq!(
        told,
        [
            (twice.lasts, State::Registered),
            (twice.ends, State::Merged)
        ],
        "the loop comes back to whoever reported the one that ended"
    );
}

#[tokio::test]
async fn the_number_of_the_one_that_ended_finds_both() {
    let world = World::new().await.unwrap();
    let twice = Twice::merged(&world).await;
    let number = twice
        .ana
        .sees(twice.ends)
        .await
        .unwrap()
        .row
        .case_no
        .unwrap();

    let found = twice.ana.searches(&number).await.unwrap();

    let mut found: Vec<CaseId> = found.rows.iter().map(|row| row.id).collect();
    found.sort();
    assert_eq!(found, [twice.lasts, twice.ends]);

    let text = number.clone();
    let search = SearchRegister { text };
    let found = twice.ana.client().search_register(search).await.unwrap();
    let mut found: Vec<_> = found.cases.iter().map(|it| it.case.id).collect();
    found.sort();
    assert_eq!(
        found,
        [twice.lasts, twice.ends],
        "in the box of the register, too"
    );
}

#[tokio::test]
async fn words_written_without_knowing_of_it_reach_the_one_that_is_handled() {
    let world = World::new().await.unwrap();
    let twice = Twice::reported(&world).await;
    twice.tao.goes_offline();
    twice.lin.merges(twice.ends, twice.lasts).await.unwrap();
    twice.lin.syncs_until_delivered(3).await.unwrap();

    twice
        .tao
        .supplements(twice.ends, "裂缝更大了")
        .await
        .unwrap();
    twice.tao.goes_online();
    twice.tao.syncs_until_delivered(3).await.unwrap();
    twice.all_sync().await;

    for device in [&twice.ana, &twice.tao, &twice.lin] {
        let lasting = device.sees(twice.lasts).await.unwrap();
        assert_eq!(lasting.joined[0].added, ["裂缝更大了"]);
        let ended = device.sees(twice.ends).await.unwrap();
        assert!(
            ended.timeline.iter().all(|entry| entry.void.is_none()),
            "nothing was in vain"
        );
    }
}

#[tokio::test]
async fn two_clerks_who_merge_the_two_the_other_way_round_lose_nothing() {
    let world = World::new().await.unwrap();
    let twice = Twice::reported(&world).await;
    // A dispatcher may, too.
    let tao = &twice.tao;
    twice.lin.merges(twice.ends, twice.lasts).await.unwrap();
    tao.merges(twice.lasts, twice.ends).await.unwrap();

    twice.lin.syncs_until_delivered(3).await.unwrap();
    tao.syncs_until_delivered(3).await.unwrap();
    twice.lin.syncs().await.unwrap();
    tao.syncs().await.unwrap();

    for device in [&twice.lin, tao] {
        assert_eq!(
            device.sees(twice.ends).await.unwrap().row.state,
            State::Merged
        );
        let lasting = device.sees(twice.lasts).await.unwrap();
        assert_eq!(lasting.row.state, State::Submitted);
        let kept = lasting
            .timeline
            .iter()
            .find(|it| it.what == Happening::Merged)
            .unwrap();
        assert_eq!(kept.void, Some(Void::NoSurvivor), "kept, with the reason");
    }
    let asks = tao.sees(twice.lasts).await.unwrap().row.attention;
    assert!(asks, "and whoever did it learns of it");
}

#[tokio::test]
async fn what_was_another_thing_after_all_is_taken_apart() {
    let world = World::new().await.unwrap();
    let twice = Twice::merged(&world).await;

    // Later than it was merged, so that it stands behind it in the timeline.
    world.minutes_pass(1);
    twice.lin.splits(twice.ends, "是另一处").await.unwrap();
    twice.lin.syncs_until_delivered(3).await.unwrap();
    twice.all_sync().await;

    for device in [&twice.ana, &twice.lin] {
        let lasting = device.sees(twice.lasts).await.unwrap();
        assert_eq!((lasting.joined.len(), lasting.row.plus_ones), (0, 0));
        let alone = device.sees(twice.ends).await.unwrap();
        assert_eq!((alone.row.state, alone.survivor), (State::Submitted, None));
        assert_eq!(alone.timeline.last().unwrap().text, "是另一处");
    }
    assert!(
        twice
            .lin
            .sees(twice.ends)
            .await
            .unwrap()
            .actions
            .contains(&CaseAction::Register)
    );
}

#[tokio::test]
async fn merging_needs_the_hub_and_says_so() {
    let world = World::new().await.unwrap();
    let twice = Twice::reported(&world).await;
    twice.lin.goes_offline();
    twice.lin.syncs().await.unwrap_err();

    let refused = twice.lin.merges(twice.ends, twice.lasts).await.unwrap_err();

    let refused: &IpcError = refused.downcast_ref().unwrap();
    assert_eq!(refused.code, Code::NeedsHub);
    let into_itself = twice.lin.merges(twice.ends, twice.ends).await.unwrap_err();
    let into_itself: &IpcError = into_itself.downcast_ref().unwrap();
    let why = Void::NoSurvivor;
    assert_eq!(into_itself.code, Code::Rejected { why });
}
