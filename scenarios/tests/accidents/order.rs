//! Requests that came twice, late, in another order or over an address that was gone.

use std::time::Duration;

use client::sync::Patience;
use scenarios::{
    link::{After, Conditions, Counted, Cut, Emulated, With},
    world::{World, meet, street_photo},
};
use shared::{
    case::{State, Urgency},
    op::Correction,
};

use crate::{
    cases::{said, shared_case},
    front::{Slow, orders, repeating},
};

/// I10: conflict copies that nobody could explain.
#[tokio::test]
async fn only_two_who_did_not_know_of_each_other_are_a_conflict_and_it_is_one() {
    let world = World::new().await.unwrap();
    let (worker, clerk, case) = shared_case(&world).await;
    let words = |text: &str| vec![Correction::Description(text.to_owned())];

    // One after the other, each having seen the last.
    worker.amends(case, words("三楼楼道堆物")).await.unwrap();
    meet(&[&worker, &clerk]).await.unwrap();
    clerk.amends(case, words("三楼楼道堆纸箱")).await.unwrap();
    meet(&[&clerk, &worker]).await.unwrap();
    for device in [&worker, &clerk] {
        assert_eq!(device.decides_on().await.unwrap(), [], "no conflict");
        let seen = device.sees(case).await.unwrap();
        assert_eq!(seen.description, "三楼楼道堆纸箱");
    }

    // Both in one afternoon without signal.
    worker.amends(case, words("三楼堆了十箱")).await.unwrap();
    clerk.amends(case, words("三楼堆了杂物")).await.unwrap();
    meet(&[&worker, &clerk]).await.unwrap();
    meet(&[&worker, &clerk]).await.unwrap();

    let inbox = clerk.decides_on().await.unwrap();
    assert_eq!(inbox.len(), 1, "one conflict: {inbox:?}");
    let shown = format!("{inbox:?}");
    assert!(shown.contains("十箱") && shown.contains("杂物"), "{shown}");
    for device in [&worker, &clerk] {
        assert_eq!(device.lists().await.unwrap().total, 1, "and no copies");
    }
}

/// I12: a large submission never finished on a slow link; each time it began from zero.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_nine_photos_gets_through_while_the_phone_changes_its_address_all_the_time() {
    const PATIENCE: Patience = Patience {
        connect: Duration::from_secs(5),
        idle: Duration::from_millis(500),
    };
    // Neither end waits long for one that is gone.
    let world = World::with(None, |config| {
        config.patience.body_idle = PATIENCE.idle;
        config.patience.photo_lock = PATIENCE.idle * 2;
    });
    let world = world.await.unwrap();
    let link = Emulated::to(world.address()).await.unwrap();
    let worker = world.device_by("w-0101", link.address()).await;
    let mut worker = worker.unwrap();
    let photos: Vec<_> = (21..=29).map(|n| street_photo(n, 400, 300)).collect();
    let case = worker.reports("九张照片", &photos).await.unwrap();
    let left = worker.delivery().await.unwrap().bytes_left;
    link.set(Conditions {
        cut: Some(Cut {
            every: left / 6,
            counted: Counted::Up,
            after: After::NewAddress,
        }),
        line: None,
    });
    let before = link.carried();

    let mut rounds = 0;
    loop {
        let round = worker.client().sync_once_with(&With(PATIENCE)).await;
        if round.is_ok_and(|it| it.is_complete()) {
            break;
        }
        rounds += 1;
        assert!(rounds < 30, "{:?}", worker.delivery().await);
        // Nobody waits that long with the app open.
        worker.dies().await.unwrap();
        world.minutes_pass(60);
    }

    let carried = link.carried().since(&before);
    println!("{left} bytes of photos: {carried:?}, {rounds} rounds in vain");
    assert!(carried.cuts >= 5, "{carried:?}");
    let sent = carried.up + carried.vanished;
    assert!(sent < left + left / 2, "not from zero: {sent} of {left}");
    for photo in worker.sees(case).await.unwrap().photos {
        let digest = photo.photo.digest;
        let at_hub = std::fs::read(world.photo_at_hub(digest).unwrap()).unwrap();
        let here = worker.client().photo_bytes(digest).await.unwrap();
        assert_eq!(at_hub, here, "byte for byte");
    }
}

/// I13: duplicates after lost answers, and by a race of equal submissions.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_posts_at_once_are_one_report_with_one_answer() {
    let world = World::new().await.unwrap();
    let front = repeating(&world, 50).await;
    let worker = world.device_by("w-0101", front).await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let case = worker.reports("只报一次", &[]).await.unwrap();
    worker.supplements(case, "只补一次").await.unwrap();

    // The person is impatient, too.
    let presses = (0..10).map(|_| worker.syncs());
    for round in futures_util::future::join_all(presses).await {
        assert!(round.is_ok(), "{round:?}");
    }
    worker.syncs_until_delivered(3).await.unwrap();
    clerk.syncs().await.unwrap();

    for device in [&worker, &clerk] {
        assert_eq!(device.lists().await.unwrap().total, 1);
        assert_eq!(said(device, case).await, ["只报一次", "只补一次"]);
    }
    let devices = world.hub().devices().await.unwrap();
    let taken: u64 = devices.iter().map(|it| it.last_dev_seq).sum();
    assert_eq!(taken, 2, "two operations in the log, and no more");
    assert!(world.hub().quarantine().await.unwrap().is_empty());
}

/// I17: what was created and changed offline arrived out of order: changes were lost, or held back
/// for ever, or made conflicts.
#[tokio::test]
async fn changes_that_arrive_late_and_in_any_order_are_all_there_once() {
    let world = World::new().await.unwrap();
    let (slow, front) = Slow::before(&world).await;
    let worker = world.device_by("w-0101", front).await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    for order in orders(4) {
        slow.holds();
        let case = worker.reports("报了", &[]).await.unwrap();
        let pushed = async || {
            let round = worker.syncs().await;
            assert!(!round.is_ok_and(|it| it.is_complete()), "no answer");
            // Longer than any wait between attempts.
            world.minutes_pass(24 * 60);
        };
        pushed().await;
        worker.supplements(case, "补了").await.unwrap();
        pushed().await;
        let to = vec![Correction::Description("改了".to_owned())];
        worker.amends(case, to).await.unwrap();
        pushed().await;
        worker.withdraws(case).await.unwrap();
        pushed().await;

        slow.lets_go(&world, &order).await;
        worker.syncs_until_delivered(2).await.unwrap();
        clerk.syncs().await.unwrap();

        for device in [&worker, &clerk] {
            let seen = device.sees(case).await.unwrap();
            assert_eq!(seen.timeline.len(), 4, "{order:?}: {:?}", seen.timeline);
            assert!(seen.timeline.iter().all(|it| it.void.is_none()));
            assert_eq!(seen.row.state, State::Withdrawn, "{order:?}");
            assert_eq!(seen.description, "改了", "{order:?}");
            assert_eq!(device.decides_on().await.unwrap(), [], "{order:?}");
        }
        assert!(world.hub().quarantine().await.unwrap().is_empty());
    }
    let devices = world.hub().devices().await.unwrap();
    assert_eq!(devices.len(), 2, "nobody had to begin anew");
}

/// I17, from several people: whoever comes first.
#[tokio::test]
async fn whoever_comes_first_after_a_day_without_signal_nobodys_change_is_lost() {
    for order in orders(3) {
        let world = World::new().await.unwrap();
        let (worker, clerk, case) = shared_case(&world).await;
        let other = world.device("d-01").await.unwrap();
        let words = vec![Correction::Description("三楼堆物".to_owned())];
        let urgent = vec![Correction::Urgency(Urgency::Urgent)];
        worker.amends(case, words).await.unwrap();
        worker.supplements(case, "上午").await.unwrap();
        clerk.amends(case, urgent).await.unwrap();
        clerk.supplements(case, "下午").await.unwrap();
        other.supplements(case, "晚上").await.unwrap();

        let devices = [&worker, &clerk, &other];
        for nth in &order {
            devices[*nth].syncs_until_delivered(3).await.unwrap();
        }
        meet(&devices).await.unwrap();

        for device in devices {
            let seen = device.sees(case).await.unwrap();
            assert_eq!(seen.timeline.len(), 6, "{order:?}: {:?}", seen.timeline);
            assert_eq!(seen.description, "三楼堆物");
            assert_eq!(seen.row.urgency, Urgency::Urgent);
            assert_eq!(device.decides_on().await.unwrap(), [], "{order:?}");
        }
    }
}
