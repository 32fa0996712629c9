//! A clerk deletes what must not stay: it goes from every device, whoever reported it is told, nobody's
//! work vanishes with it, and it can come back.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use scenarios::world::{Device, World};
use shared::{
    CaseId,
    case::State,
    ipc::{CaseAction, Code, Happening, IpcError},
};

/// A worker's case that the clerk of the community and a colleague see.
async fn shared_case(world: &World) -> (Device, Device, CaseId) {
    let ana = world.device("w-0101").await.unwrap();
    let lin = world.device("c-01").await.unwrap();
    let case = ana.reports("试一下", &[]).await.unwrap();
    ana.syncs_until_delivered(3).await.unwrap();
    lin.syncs().await.unwrap();
    (ana, lin, case)
}

/// A case that the clerk deleted while its reporter, without a network, wrote on about it; both are
/// delivered.
async fn deleted_unseen(world: &World) -> (Device, Device, CaseId) {
    let (ana, lin, case) = shared_case(world).await;
    ana.goes_offline();
    ana.supplements(case, "又多了一堆").await.unwrap();
    lin.deletes(case, "测试用的").await.unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    ana.goes_online();
    ana.syncs_until_delivered(3).await.unwrap();
    lin.syncs().await.unwrap();
    (ana, lin, case)
}

#[tokio::test]
async fn a_deleted_case_goes_from_every_device_and_its_reporter_reads_who_and_why() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;
    let tao = world.device("d-01").await.unwrap();
    assert!(tao.sees(case).await.is_ok());

    lin.goes_offline();
    lin.deletes(case, "测试用的").await.unwrap();
    let at_once = lin.sees(case).await.unwrap();
    lin.goes_online();
    lin.syncs_until_delivered(3).await.unwrap();
    // What was pushed comes down with the next round.
    lin.syncs().await.unwrap();
    tao.syncs().await.unwrap();
    ana.syncs().await.unwrap();

    assert_eq!(at_once.row.state, State::Deleted, "offline, too");
    assert!(at_once.deletion.unwrap().pending);
    assert!(tao.sees(case).await.is_err(), "as if it had never been");
    assert_eq!(tao.lists().await.unwrap().total, 0);
    let view = ana.sees(case).await.unwrap();
    let deletion = view.deletion.unwrap();
    assert_eq!(view.row.state, State::Deleted, "the loop comes back to her");
    assert_eq!(deletion.reason, "测试用的");
    assert!(!deletion.by_name.is_empty(), "and she knows whom to ask");
    assert_eq!(view.description, "试一下", "her own words stay her own");
    assert_eq!(view.actions, [], "there is nothing left to do");
    let last = view.timeline.last().unwrap();
    assert!(matches!(last.what, Happening::Deleted { disputed: false }));
    let shown = lin.sees(case).await.unwrap();
    assert_eq!(shown.description, "", "what it was is gone from his device");
    assert_eq!(shown.actions, [CaseAction::Restore]);
    let hers = ana.tells(case).await.unwrap().deeds;
    let last = &hers[0].entry;
    assert!(matches!(last.what, Happening::Deleted { disputed: false }));
    assert_eq!(last.text, "测试用的");
    assert_eq!(hers.len(), 2, "what she did, and that it was deleted, once");
    let his = lin.tells(case).await.unwrap().deeds;
    assert_eq!(his.len(), 1, "what he did is all that is left there");
    assert!(his[0].changes.is_empty());
}

#[tokio::test]
async fn what_was_added_unseen_keeps_the_case_and_waits_for_a_decision() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = deleted_unseen(&world).await;

    let inbox = lin.decides_on().await.unwrap();
    let [undecided] = &inbox[..] else {
        panic!("exactly one: {inbox:?}")
    };
    let [disputed] = &undecided.disputed[..] else {
        panic!("one deletion")
    };
    assert_eq!(disputed.deletion.reason, "测试用的");
    let unseen: Vec<_> = disputed.unseen.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(unseen, ["又多了一堆"]);
    assert_eq!(
        ana.decides_on().await.unwrap(),
        [],
        "it is not hers to decide"
    );
    let view = ana.sees(case).await.unwrap();
    assert_eq!(view.row.state, State::Submitted, "it stands");
    assert!(
        view.actions.contains(&CaseAction::Supplement),
        "and work goes on"
    );

    lin.deletes(case, "确认删除").await.unwrap();
    assert_eq!(lin.decides_on().await.unwrap(), []);
    lin.syncs_until_delivered(3).await.unwrap();
    ana.syncs().await.unwrap();

    let deletion = ana.sees(case).await.unwrap().deletion.unwrap();
    assert_eq!(deletion.reason, "确认删除", "he had seen both");
}

#[tokio::test]
async fn keeping_what_somebody_would_delete_ends_it() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = deleted_unseen(&world).await;

    lin.restores(case).await.unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    ana.syncs().await.unwrap();

    for device in [&ana, &lin] {
        assert_eq!(device.decides_on().await.unwrap(), []);
        let view = device.sees(case).await.unwrap();
        assert_eq!(view.row.state, State::Submitted);
        assert_eq!(view.timeline.len(), 4, "all of it stays in the history");
    }
}

#[tokio::test]
async fn a_restored_case_is_back_everywhere_as_it_was() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;
    let before = ana.sees(case).await.unwrap();
    lin.deletes(case, "弄错了").await.unwrap();
    for device in [&lin, &ana, &lin] {
        device.syncs().await.unwrap();
    }

    lin.goes_offline();
    lin.restores(case).await.unwrap();
    let waiting = lin.sees(case).await.unwrap();
    lin.restores(case).await.unwrap();
    lin.goes_online();
    lin.syncs_until_delivered(3).await.unwrap();
    ana.syncs().await.unwrap();

    assert!(waiting.deletion.unwrap().restoring, "asked for, once");
    assert_eq!(waiting.actions, []);
    let after = ana.sees(case).await.unwrap();
    assert_eq!(after.row.state, before.row.state);
    assert_eq!(after.description, before.description);
    assert_eq!(after.actions, before.actions);
    assert_eq!(after.deletion, None);
    assert_eq!(after.timeline.len(), 3, "once deleted, once restored");
    assert_eq!(lin.sees(case).await.unwrap().description, "试一下");
}

#[tokio::test]
async fn whoever_sees_that_it_was_deleted_can_add_nothing_and_is_told_so() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;
    lin.deletes(case, "测试用的").await.unwrap();
    for device in [&lin, &ana] {
        device.syncs_until_delivered(3).await.unwrap();
    }

    for device in [&ana, &lin] {
        let refused = device.supplements(case, "还在").await.unwrap_err();
        let refused: &IpcError = refused.downcast_ref().unwrap();
        assert!(
            matches!(refused.code, Code::Rejected { .. } | Code::NotFound),
            "{refused:?}"
        );
    }
    let worker = ana.restores(case).await.unwrap_err();
    let worker: &IpcError = worker.downcast_ref().unwrap();
    assert!(matches!(worker.code, Code::Rejected { .. }), "{worker:?}");
}

#[tokio::test]
async fn what_was_deleted_and_forgotten_while_a_tablet_was_away_is_gone_from_it_and_its_work_is_not()
 {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;
    let tao = world.device("d-01").await.unwrap();
    let other = tao.reports("另一件", &[]).await.unwrap();
    tao.syncs_until_delivered(3).await.unwrap();
    tao.syncs().await.unwrap();
    tao.goes_offline();
    tao.supplements(other, "还没送").await.unwrap();

    lin.deletes(case, "测试用的").await.unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    world.minutes_pass(24 * 60);
    let now = client::Clock::now(world.clock());
    let pruned = world.hub().prune(now).await.unwrap();
    assert!(pruned.places > 0, "{pruned:?}");
    assert!(tao.sees(case).await.is_ok(), "he has not heard");
    assert_eq!(tao.delivery().await.unwrap().status.ops_waiting, 1);
    tao.goes_online();
    let report = tao.syncs().await.unwrap();

    assert!(
        report.feeds_restarted > 0,
        "the hub no longer knows: {report:?}"
    );
    assert!(
        tao.sees(case).await.is_err(),
        "it did not come back from him"
    );
    assert_eq!(tao.delivery().await.unwrap().status.ops_waiting, 0);
    let view = tao.sees(other).await.unwrap();
    assert_eq!(view.timeline.len(), 2, "his words arrived");
    lin.syncs().await.unwrap();
    assert_eq!(
        lin.lists().await.unwrap().rows.len(),
        2,
        "that, and what he deleted"
    );
    drop(ana);
}

#[tokio::test]
async fn words_written_before_a_deletion_was_heard_of_survive_even_its_being_forgotten() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;
    ana.goes_offline();
    ana.supplements(case, "又多了一堆").await.unwrap();
    lin.deletes(case, "测试用的").await.unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    world.minutes_pass(24 * 60);
    let now = client::Clock::now(world.clock());
    world.hub().prune(now).await.unwrap();

    ana.goes_online();
    ana.syncs_until_delivered(3).await.unwrap();
    lin.syncs().await.unwrap();
    lin.syncs().await.unwrap();

    assert_eq!(ana.sees(case).await.unwrap().row.state, State::Submitted);
    let inbox = lin.decides_on().await.unwrap();
    let unseen = &inbox[0].disputed[0].unseen[0];
    assert_eq!(unseen.text, "又多了一堆", "no edit vanishes by a delete");
}
