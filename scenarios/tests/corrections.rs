//! Two people correct the same case without knowing of each other: nobody's words are covered unseen.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use scenarios::world::{Device, World};
use shared::{
    CaseId,
    case::{Aspect, Urgency},
    ipc::{Happening, HistoryChange, HistoryDeed, HistoryVerdict},
    op::Correction,
};

fn says(text: &str) -> Correction {
    Correction::Description(text.to_owned())
}

/// A worker's case that the clerk of the community sees, both online.
async fn shared_case(world: &World) -> (Device, Device, CaseId) {
    let ana = world.device("w-0101").await.unwrap();
    let lin = world.device("c-01").await.unwrap();
    let case = ana.reports("楼下有垃圾", &[]).await.unwrap();
    ana.syncs_until_delivered(3).await.unwrap();
    lin.syncs().await.unwrap();
    (ana, lin, case)
}

async fn described(device: &Device, case: CaseId) -> String {
    device.sees(case).await.unwrap().description
}

#[tokio::test]
async fn corrections_of_different_fields_meet_and_say_that_they_were_parallel() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;

    ana.amends(case, vec![says("楼下有两堆垃圾")])
        .await
        .unwrap();
    lin.amends(case, vec![Correction::Urgency(Urgency::Urgent)])
        .await
        .unwrap();
    for device in [&ana, &lin, &ana] {
        device.syncs_until_delivered(3).await.unwrap();
    }

    for device in [&ana, &lin] {
        let view = device.sees(case).await.unwrap();
        assert_eq!(view.description, "楼下有两堆垃圾");
        assert_eq!(view.row.urgency, Urgency::Urgent);
        assert_eq!(view.conflicts, [], "both could be had");
        let parallel = view
            .timeline
            .iter()
            .filter(|entry| matches!(entry.what, Happening::Amended { parallel: true, .. }));
        assert_eq!(parallel.count(), 2, "neither knew of the other's");
    }
}

#[tokio::test]
async fn corrections_of_one_field_wait_for_a_decision_that_can_be_made_offline() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;
    ana.goes_offline();
    ana.amends(case, vec![says("楼下有两堆垃圾")])
        .await
        .unwrap();
    world.minutes_pass(5);
    lin.amends(case, vec![says("单元门口有三袋垃圾")])
        .await
        .unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    ana.goes_online();
    ana.syncs_until_delivered(3).await.unwrap();
    lin.syncs().await.unwrap();

    for device in [&ana, &lin] {
        let inbox = device.decides_on().await.unwrap();
        let [undecided] = &inbox[..] else {
            panic!("exactly one: {inbox:?}")
        };
        let [field] = &undecided.fields[..] else {
            panic!("one field")
        };
        assert_eq!(field.base.as_ref().unwrap().value, says("楼下有垃圾"));
        let versions: Vec<_> = field.versions.iter().map(|it| it.value.clone()).collect();
        assert_eq!(
            versions,
            [says("楼下有两堆垃圾"), says("单元门口有三袋垃圾")]
        );
        assert_eq!(
            described(device, case).await,
            "单元门口有三袋垃圾",
            "the later is shown"
        );
    }

    lin.goes_offline();
    lin.amends(case, vec![says("楼下有两堆，门口还有三袋")])
        .await
        .unwrap();
    assert_eq!(lin.decides_on().await.unwrap(), [], "decided here at once");
    lin.goes_online();
    lin.syncs_until_delivered(3).await.unwrap();
    ana.syncs().await.unwrap();

    assert_eq!(ana.decides_on().await.unwrap(), []);
    assert_eq!(described(&ana, case).await, "楼下有两堆，门口还有三袋");
    let history = ana.sees(case).await.unwrap().timeline;
    assert_eq!(history.len(), 4, "every version stays in the history");
}

#[tokio::test]
async fn a_case_corrected_into_another_grid_leaves_the_first_one_and_is_kept_by_its_reporter() {
    let world = World::new().await.unwrap();
    let (ana, _lin, case) = shared_case(&world).await;
    let ben = world.device("w-0102").await.unwrap();
    let mut place = ana.sees(case).await.unwrap().place;
    place.grid = ben
        .client()
        .get_session(shared::ipc::GetSession {})
        .await
        .unwrap()
        .enrolment
        .unwrap()
        .staff
        .grids
        .first()
        .unwrap()
        .clone();

    ana.amends(case, vec![Correction::Place(Box::new(place))])
        .await
        .unwrap();
    ana.syncs_until_delivered(3).await.unwrap();
    ben.syncs().await.unwrap();

    assert!(ben.sees(case).await.is_ok(), "it is in his grid now");
    assert!(
        ana.sees(case).await.is_ok(),
        "she still follows what she reported"
    );
}

#[tokio::test]
async fn everybody_reads_the_same_history_with_what_was_parallel_disputed_and_decided() {
    let world = World::new().await.unwrap();
    let (ana, lin, case) = shared_case(&world).await;
    ana.goes_offline();
    ana.amends(case, vec![says("楼下有两堆垃圾")])
        .await
        .unwrap();
    world.minutes_pass(90);
    lin.amends(
        case,
        vec![
            says("单元门口有三袋垃圾"),
            Correction::Urgency(Urgency::Urgent),
        ],
    )
    .await
    .unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    world.minutes_pass(1);
    let unsent = ana.tells(case).await.unwrap().deeds;
    ana.goes_online();
    ana.syncs_until_delivered(3).await.unwrap();
    let undecided = ana.tells(case).await.unwrap().deeds;
    world.minutes_pass(1);
    ana.amends(case, vec![says("两堆，门口三袋")])
        .await
        .unwrap();
    for device in [&ana, &lin, &ana] {
        device.syncs_until_delivered(3).await.unwrap();
    }

    assert!(unsent[0].entry.pending, "only she knows of it");
    assert_eq!((unsent[0].revision, unsent[0].late_ms()), (None, None));
    let own = |deeds: &[HistoryDeed]| deeds.iter().find(|it| it.late_ms() > Some(60_000)).cloned();
    let late = own(&undecided).unwrap();
    assert_eq!(
        late.late_ms(),
        Some(91 * 60_000),
        "so long was it under way"
    );
    assert_eq!(late.disputes[0].verdict, HistoryVerdict::Open);
    let [hers, his] = [&ana, &lin].map(|it| it.tells(case));
    let (hers, his) = (hers.await.unwrap(), his.await.unwrap());
    assert_eq!(hers.deeds, his.deeds, "there is one history");
    let revisions: Vec<_> = hers.deeds.iter().map(|it| it.revision).collect();
    assert_eq!(
        revisions,
        [Some(4), Some(2), Some(3), Some(1)],
        "newest first by when it was done; numbered as the hub took it in"
    );
    let [decided, lins, anas, report] = &hers.deeds[..] else {
        panic!("four deeds")
    };
    assert!(report.touches(Aspect::State) && !decided.touches(Aspect::State));
    assert!(lins.is_parallel() && anas.is_parallel() && !decided.is_parallel());
    assert_eq!(lins.parallel[0].by_name, anas.entry.by_name);
    for (deed, value) in [(lins, "楼下有两堆垃圾"), (anas, "单元门口有三袋垃圾")] {
        let [dispute] = &deed.disputes[..] else {
            panic!("the words only")
        };
        assert_eq!(dispute.rivals[0].value.value, says(value));
        let HistoryVerdict::By(by) = &dispute.verdict else {
            panic!("it is settled")
        };
        assert_eq!(
            (&by.by_name, by.at),
            (&decided.entry.by_name, decided.entry.at)
        );
    }
    let [HistoryChange::Field { before, after }] = &decided.changes[..] else {
        panic!("one field")
    };
    assert_eq!(before.len(), 2, "it was decided between two");
    assert_eq!(after.value, says("两堆，门口三袋"));
}
