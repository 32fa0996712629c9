//! Syncs that ended badly, and what was lost, doubled or stuck for ever after them.

use bad_disk::{Disk, Fault as DiskFault};
use client::Clock as _;
use scenarios::{
    sample_city,
    world::{Fault, World, meet, street_photo},
};
use shared::{
    GridCode, Outcome,
    apply::Quarantine,
    case::State,
    ipc::{Link, OpenDraft, ReportDraft, SaveDraft, Stuck},
};

use crate::cases::{incompressible, said, shared_case};

/// I4: the server did not apply what it had taken, the client was never told, and the next sync
/// removed it.
#[tokio::test]
async fn what_the_hub_could_not_apply_is_told_stays_and_counts_once_it_can() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let new_grid = GridCode::from("329901001001099");
    let draft = worker.drafts("新划的网格", &[]).await.unwrap();
    let opened = OpenDraft { draft: Some(draft) };
    let mut written = worker.client().open_draft(opened).await.unwrap();
    written.place.as_mut().unwrap().grid = new_grid.clone();
    let save = SaveDraft {
        draft: written,
        removed: Vec::new(),
    };
    worker.client().save_draft(save).await.unwrap();
    let report = ReportDraft { draft };
    let case = worker.client().report_draft(report).await.unwrap().case;

    for _ in 0..3 {
        worker.syncs().await.unwrap();
        world.minutes_pass(60);
    }

    let delivery = worker.delivery().await.unwrap();
    let row = delivery
        .items
        .iter()
        .find(|it| it.what.case() == Some(case));
    let told = row.unwrap().stuck.clone();
    let why = Quarantine::NotYourScope;
    assert_eq!(told, Some(Stuck::Quarantined { why }), "the worker is told");
    assert_eq!(worker.sees(case).await.unwrap().description, "新划的网格");
    let aside = world.hub().quarantine().await.unwrap();
    assert_eq!(aside.len(), 1, "and so is the operator");

    let mut city = sample_city::sample_city().unwrap();
    let mut grid = city.grids[0].clone();
    grid.code = new_grid;
    city.grids.push(grid);
    let pack = sample_city::to_text(&city).unwrap();
    world.hub().load_pack(pack.as_bytes()).await.unwrap();
    let again = world.hub().retry(aside[0].name()).await.unwrap();
    assert_eq!(again, Outcome::Applied);
    meet(&[&worker, &clerk]).await.unwrap();

    let delivery = worker.delivery().await.unwrap();
    assert!(delivery.items.iter().all(|it| it.stuck.is_none()));
    assert_eq!(said(&worker, case).await, ["新划的网格"], "once");
    assert_eq!(said(&clerk, case).await, ["新划的网格"], "and there");
}

/// I4, once more: this time the server's disk was full.
#[tokio::test]
async fn what_a_full_hub_did_not_take_stays_unsent_until_it_did() {
    let mut world = World::new().await.unwrap();
    let (worker, clerk, case) = shared_case(&world).await;
    let disk = Disk::under(world.hub_folder()).unwrap();
    world.restart_hub().await.unwrap();
    worker.supplements(case, "下午还在").await.unwrap();
    disk.fail(DiskFault::Full, 0);

    for _ in 0..3 {
        let round = worker.syncs().await;

        assert!(!round.is_ok_and(|it| it.is_complete()), "it is told");
        let delivery = worker.delivery().await.unwrap();
        assert_eq!(delivery.status.ops_waiting, 1, "unsent");
        assert_ne!(delivery.status.link, Link::Up, "{:?}", delivery.status);
        assert_eq!(said(&worker, case).await, ["楼道堆物", "下午还在"]);
    }
    assert!(disk.struck(), "the hub's disk was full");

    disk.mend();
    world.minutes_pass(60);
    worker.syncs_until_delivered(5).await.unwrap();
    clerk.syncs().await.unwrap();
    assert_eq!(said(&clerk, case).await, ["楼道堆物", "下午还在"], "once");
}

/// I6: "duplicate" was an error, and it blocked syncing for ever.
#[tokio::test]
async fn a_tablet_whose_answers_were_lost_all_day_is_not_blocked_the_next() {
    let world = World::new().await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    worker.suffers(Fault::LoseAnswersTo("/sync/v1/push"));
    let mut cases = Vec::new();
    for nth in 1..=4 {
        cases.push(worker.reports(&format!("第{nth}件"), &[]).await.unwrap());
        let round = worker.syncs().await;
        assert!(!round.is_ok_and(|it| it.is_complete()));
        world.minutes_pass(60);
        worker.dies().await.unwrap();
    }
    let waiting = worker.delivery().await.unwrap().status.ops_waiting;
    assert_eq!(waiting, 4, "nobody said that they arrived");

    world.minutes_pass(16 * 60);
    worker.goes_online();
    cases.push(worker.reports("第二天的", &[]).await.unwrap());
    worker.syncs_until_delivered(2).await.unwrap();
    clerk.syncs().await.unwrap();

    let delivery = worker.delivery().await.unwrap();
    assert_eq!(delivery.unfinished, 0, "{delivery:?}");
    assert!(delivery.items.iter().all(|it| it.stuck.is_none()));
    assert_eq!(clerk.lists().await.unwrap().total, 5, "each once");
    let devices = world.hub().devices().await.unwrap();
    let taken: u64 = devices.iter().map(|it| it.last_dev_seq).sum();
    assert_eq!(taken, 5, "and nobody had to begin anew");
    for case in cases {
        assert_eq!(said(&clerk, case).await.len(), 1, "each once");
    }
}

/// I8: what was deleted at the server came back from a phone that had been away.
#[tokio::test]
async fn a_case_deleted_months_ago_does_not_come_back_from_a_tablet_in_a_drawer() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let photo = street_photo(8, 320, 240);
    let case = worker.reports("重复上报", &[photo]).await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();
    let mut drawer = world.device("d-01").await.unwrap();
    assert!(drawer.sees(case).await.is_ok(), "it is on that tablet");
    drawer.goes_offline();
    clerk.syncs().await.unwrap();
    clerk.deletes(case, "重复").await.unwrap();
    clerk.syncs_until_delivered(3).await.unwrap();
    worker.syncs().await.unwrap();

    world.minutes_pass(120 * 24 * 60);
    world.hub().prune(world.clock().now()).await.unwrap();
    drawer.restarts().await;
    let own = drawer.reports("四个月后", &[]).await.unwrap();
    drawer.goes_online();
    drawer.syncs_until_delivered(3).await.unwrap();
    meet(&[&worker, &clerk, &drawer]).await.unwrap();

    assert!(drawer.sees(case).await.is_err(), "gone from there, too");
    for device in [&worker, &clerk] {
        let state = device.sees(case).await.unwrap().row.state;
        assert_eq!(state, State::Deleted, "and it did not come back");
    }
    assert_eq!(said(&clerk, own).await, ["四个月后"], "work goes on");
}

/// I9: an edit of something that was deleted elsewhere blocked all syncing.
#[tokio::test]
async fn words_about_a_deleted_case_hold_nothing_up_and_somebody_decides() {
    let world = World::new().await.unwrap();
    let (worker, clerk, case) = shared_case(&world).await;
    clerk.deletes(case, "重复").await.unwrap();
    clerk.syncs_until_delivered(3).await.unwrap();
    worker.goes_offline();
    worker.supplements(case, "又多了一堆").await.unwrap();
    let photo = street_photo(9, 320, 240);
    let other = worker.reports("另一件", &[photo]).await.unwrap();

    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();
    world.minutes_pass(24 * 60);
    let next_day = worker.reports("第二天的", &[]).await.unwrap();
    worker.syncs_until_delivered(2).await.unwrap();
    clerk.syncs().await.unwrap();
    clerk.syncs().await.unwrap();

    for case in [other, next_day] {
        assert_eq!(said(&clerk, case).await.len(), 1, "all else went its way");
    }
    let delivery = worker.delivery().await.unwrap();
    assert_eq!(delivery.unfinished, 0, "{delivery:?}");
    let inbox = clerk.decides_on().await.unwrap();
    let disputed = &inbox[0].disputed[0];
    assert_eq!(disputed.deletion.reason, "重复", "what he did");
    assert_eq!(
        disputed.unseen[0].text, "又多了一堆",
        "what he had not seen"
    );
    let stands = worker.sees(case).await.unwrap().row.state;
    assert_eq!(stands, State::Submitted, "until he decides it stands");
}

/// I21: a full download that was broken off left a database that could not be used.
#[tokio::test]
async fn a_tablet_that_dies_while_everything_is_pulled_anew_shows_what_it_had_and_then_all() {
    let world = World::new().await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    for nth in 0..20 {
        let words = format!("巡查第{nth}件{}", incompressible(nth, 300));
        clerk.reports(&words, &[]).await.unwrap();
    }
    let away = clerk.reports("要删的", &[]).await.unwrap();
    meet(&[&clerk, &worker]).await.unwrap();
    worker.goes_offline();
    let own = worker.reports("还没送的", &[]).await.unwrap();
    // What he knows is older than what the hub remembers: he must hear all of it anew.
    clerk.deletes(away, "重复").await.unwrap();
    clerk.syncs_until_delivered(3).await.unwrap();
    world.minutes_pass(24 * 60);
    world.hub().prune(world.clock().now()).await.unwrap();

    worker.suffers(Fault::CutDownAfter(4_000));
    let mut broken = 0;
    loop {
        let round = worker.syncs().await;
        if round.is_ok_and(|it| it.is_complete()) {
            break;
        }
        broken += 1;
        worker.dies().await.unwrap();
        let shown = worker.lists().await.unwrap().total;
        assert!(shown >= 21, "what was there, after {broken}: {shown}");
        assert!(worker.sees(own).await.is_ok(), "and what is not sent");
        world.minutes_pass(60);
        if broken == 6 {
            worker.goes_online();
        }
        assert!(broken < 12, "{:?}", worker.delivery().await);
    }

    assert!(broken > 1, "it was broken off: {broken}");
    assert_eq!(worker.lists().await.unwrap().total, 21, "all, and his own");
    assert!(worker.sees(away).await.is_err(), "without what is gone");
    clerk.syncs().await.unwrap();
    assert_eq!(said(&clerk, own).await, ["还没送的"]);
}
