//! One working day, told with a real hub and real cores: what a person entered arrives, once,
//! whatever the network does.

use scenarios::world::{Fault, World, street_photo};
use shared::{
    case::State,
    ipc::{Code, GetAbout, Presence},
};

const RUBBISH: &str = "楼下垃圾桶旁堆了三袋垃圾";

#[tokio::test]
async fn a_day_without_signal_arrives_whole_and_the_answer_comes_back() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();

    worker.goes_offline();
    let photos = [street_photo(1, 1_600, 1_200), street_photo(2, 800, 600)];
    let rubbish = worker.reports(RUBBISH, &photos).await.unwrap();
    world.minutes_pass(90);
    let second = worker.reports("路灯不亮", &[]).await.unwrap();
    worker.supplements(rubbish, "下午还在").await.unwrap();
    assert!(worker.syncs().await.is_err(), "there is no network");
    assert_eq!(worker.delivery().await.unwrap().unfinished, 2);
    world.minutes_pass(240);

    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();
    clerk.syncs().await.unwrap();

    let at_desk = clerk.sees(rubbish).await.unwrap();
    assert_eq!(at_desk.description, RUBBISH);
    assert_eq!(
        at_desk.timeline.len(),
        2,
        "the report and what was added to it"
    );
    assert_eq!(at_desk.photos.len(), 2);
    assert!(
        at_desk
            .photos
            .iter()
            .all(|photo| photo.presence != Presence::NotYet),
        "thumbnails come along: {:?}",
        at_desk.photos
    );
    for photo in &at_desk.photos {
        let file = world.photo_at_hub(photo.photo.digest);
        assert!(
            file.is_some(),
            "{} is at the hub under its digest",
            photo.photo.digest
        );
    }
    let delivery = worker.delivery().await.unwrap();
    assert_eq!(
        (delivery.unfinished, delivery.bytes_left),
        (0, 0),
        "both marks are full"
    );

    clerk.registers(rubbish).await.unwrap();
    clerk.rejects(second, "不在管辖范围").await.unwrap();
    clerk.syncs().await.unwrap();
    worker.syncs().await.unwrap();

    let answered = worker.sees(rubbish).await.unwrap();
    assert_eq!(answered.row.state, State::Registered);
    assert!(answered.row.case_no.is_some(), "the hub gave a number");
    assert!(answered.row.deadline.is_some(), "the clock runs");
    assert_eq!(
        worker.sees(second).await.unwrap().row.state,
        State::Rejected
    );
}

#[tokio::test]
async fn the_city_comes_with_its_version() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();

    let about = worker.client().get_about(GetAbout {}).await.unwrap();

    let city = scenarios::sample_city::sample_city().unwrap();
    assert_eq!(
        about.pack_version,
        Some(city.version),
        "我的 shows which pack is loaded"
    );
}

#[tokio::test]
async fn a_lost_acknowledgement_delivers_once() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let case = worker
        .reports(RUBBISH, &[street_photo(3, 640, 480)])
        .await
        .unwrap();

    worker.link().set(Fault::LoseAnswers);
    for _ in 0..3 {
        assert!(worker.syncs().await.is_err(), "no answer comes");
    }
    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();

    let clerk = world.device("c-01").await.unwrap();
    assert_eq!(
        clerk.lists().await.unwrap().total,
        1,
        "reported once, there once"
    );
    assert_eq!(clerk.sees(case).await.unwrap().timeline.len(), 1);
}

#[tokio::test]
async fn a_push_whose_answer_is_lost_is_not_applied_twice() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let case = worker.reports(RUBBISH, &[]).await.unwrap();
    worker.syncs_until_delivered(2).await.unwrap();
    for note in ["一", "二", "三"] {
        worker.supplements(case, note).await.unwrap();
    }

    // Hello is answered; the answer to the push is lost after the hub applied it.
    worker.link().set(Fault::LoseAnswersTo("/sync/v1/push"));
    drop(worker.syncs().await);
    let waiting = worker.delivery().await.unwrap().status.ops_waiting;
    assert_eq!(waiting, 3, "the device can't know that they arrived");
    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();

    let notes: Vec<_> = worker
        .sees(case)
        .await
        .unwrap()
        .timeline
        .into_iter()
        .map(|entry| entry.text)
        .collect();
    assert_eq!(
        notes.len(),
        4,
        "the report and three notes, each once: {notes:?}"
    );
}

#[tokio::test]
async fn a_hub_that_restarts_in_the_middle_of_a_push_loses_and_doubles_nothing() {
    let mut world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let mut cases = Vec::new();
    for number in 0..40 {
        cases.push(
            worker
                .reports(&format!("第{number}处垃圾"), &[])
                .await
                .unwrap(),
        );
    }

    let pushing = {
        let client = worker.client().clone();
        tokio::spawn(async move { client.sync_once().await.is_ok() })
    };
    tokio::task::yield_now().await;
    world.restart_hub().await.unwrap();
    drop(pushing.await);
    worker.syncs_until_delivered(5).await.unwrap();

    let clerk = world.device("c-01").await.unwrap();
    assert_eq!(clerk.lists().await.unwrap().total, 40, "each once");
    for case in cases {
        assert_eq!(clerk.sees(case).await.unwrap().timeline.len(), 1);
    }
}

#[tokio::test]
async fn a_photo_cut_in_the_middle_goes_on_where_it_stopped() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let case = worker
        .reports(RUBBISH, &[street_photo(4, 1_920, 1_440)])
        .await
        .unwrap();
    let photo = worker.sees(case).await.unwrap().photos.remove(0).photo;
    assert!(
        photo.bytes > 150_000,
        "large enough to be cut: {} bytes",
        photo.bytes
    );

    worker.link().set(Fault::CutUpAfter(64 * 1024));
    worker.syncs_until_delivered(60).await.unwrap();

    assert!(worker.link().breaks() > 0, "the link broke at least once");
    let file = world.photo_at_hub(photo.digest).unwrap();
    let kept = std::fs::read(file).unwrap();
    assert_eq!(
        kept,
        worker.client().photo_bytes(photo.digest).await.unwrap(),
        "byte for byte"
    );
    let sent = worker.link().up_bytes();
    assert!(
        sent < 3 * photo.bytes,
        "resumed, not restarted: {sent} of {} bytes",
        photo.bytes
    );
}

#[tokio::test]
async fn a_withdrawal_that_comes_too_late_is_kept_and_explained() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let case = worker.reports(RUBBISH, &[]).await.unwrap();
    worker.syncs_until_delivered(2).await.unwrap();
    clerk.syncs().await.unwrap();

    worker.goes_offline();
    worker.withdraws(case).await.unwrap();
    assert_eq!(
        worker.sees(case).await.unwrap().row.state,
        State::Withdrawn,
        "shown at once"
    );
    clerk.registers(case).await.unwrap();
    clerk.syncs().await.unwrap();
    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();

    let seen = worker.sees(case).await.unwrap();
    assert_eq!(
        seen.row.state,
        State::Registered,
        "the hub had registered it first"
    );
    assert!(
        seen.timeline.iter().any(|entry| entry.void.is_some()),
        "the withdrawal stays visible"
    );
    assert!(seen.row.attention, "and asks to be looked at");
}

#[tokio::test]
async fn what_two_people_saw_is_one_case_and_both_hear_of_it() {
    let world = World::new().await.unwrap();
    let ana = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let case = ana.reports(RUBBISH, &[]).await.unwrap();
    ana.syncs_until_delivered(2).await.unwrap();
    clerk.syncs().await.unwrap();

    let draft = clerk
        .drafts("我也看到了", &[street_photo(5, 640, 480)])
        .await
        .unwrap();
    clerk.adds_draft_to(draft, case).await.unwrap();
    clerk.syncs_until_delivered(2).await.unwrap();
    ana.syncs().await.unwrap();

    let seen = ana.sees(case).await.unwrap();
    assert_eq!(seen.row.plus_ones, 1);
    assert_eq!(seen.photos.len(), 1, "the photo came along");
    assert_eq!(clerk.lists().await.unwrap().total, 1, "no second case");
}

#[tokio::test]
async fn a_decision_needs_the_hub_and_nothing_is_queued_without_it() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let case = worker.reports(RUBBISH, &[]).await.unwrap();
    worker.syncs_until_delivered(2).await.unwrap();
    clerk.syncs().await.unwrap();

    clerk.goes_offline();
    drop(clerk.syncs().await);
    let refused = clerk.registers(case).await.unwrap_err();

    let code = refused.downcast::<shared::ipc::IpcError>().unwrap().code;
    assert_eq!(code, Code::NeedsHub);
    assert_eq!(clerk.sees(case).await.unwrap().row.state, State::Submitted);
}

#[tokio::test]
async fn a_revoked_device_keeps_its_work() {
    let world = World::new().await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    let device = world.hub().devices().await.unwrap().remove(0).id;
    world.hub().revoke_device(device).await.unwrap();

    let case = worker.reports(RUBBISH, &[]).await.unwrap();
    assert!(worker.syncs().await.is_err(), "the hub refuses");
    worker.restarts().await;

    assert_eq!(
        worker.sees(case).await.unwrap().description,
        RUBBISH,
        "capture goes on"
    );
    assert_eq!(worker.delivery().await.unwrap().unfinished, 1, "and waits");
}
