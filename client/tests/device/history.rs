//! 历史 of a case on one device, without a hub that would answer.

use client::testing;
use shared::{
    Outcome,
    apply::Quarantine,
    case::Aspect,
    ipc::{Code, GetHistory, Happening, HistoryDeed, SupplementCase},
};

use super::{
    city,
    tablet::{HOUR, Tablet, code},
};

async fn deeds(tablet: &Tablet, case: shared::CaseId) -> Vec<HistoryDeed> {
    let history = tablet.client.get_history(GetHistory { case });
    history.await.unwrap().deeds
}

#[tokio::test]
async fn what_was_done_offline_is_told_at_once_newest_first_and_marked_unsent() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E01", "路面破了").await;
    tablet.clock.turn(HOUR);
    tablet
        .client
        .supplement_case(SupplementCase {
            case,
            note: "更大了".to_owned(),
            photos: vec![],
            plus_one: false,
        })
        .await
        .unwrap();

    let deeds = deeds(&tablet, case).await;

    let [supplement, report] = &deeds[..] else {
        panic!("two deeds: {deeds:?}")
    };
    assert_eq!(supplement.entry.what, Happening::Supplemented);
    assert_eq!(supplement.entry.text, "更大了");
    assert!(
        supplement.changes.is_empty(),
        "words were added, none changed"
    );
    assert!(
        report.touches(Aspect::State) && report.touches(Aspect::Field(shared::op::Field::Place))
    );
    for deed in &deeds {
        assert!(deed.entry.pending, "the hub knows nothing of it");
        assert_eq!((deed.revision, deed.late_ms()), (None, None));
    }
}

#[tokio::test]
async fn what_the_hub_keeps_aside_stays_in_the_history_with_its_reason() {
    let worker = Tablet::of(city::worker()).await;
    let case = worker.report("E01", "路面破了").await;
    let desk = Tablet::of(city::clerk()).await;
    desk.pull_case(&worker, case).await;
    desk.client
        .supplement_case(SupplementCase {
            case,
            note: "居民来电".to_owned(),
            photos: vec![],
            plus_one: false,
        })
        .await
        .unwrap();
    for tablet in [&worker, &desk] {
        let why = Quarantine::NotYourScope;
        testing::confirm_all(&tablet.client, Outcome::Quarantined { why })
            .await
            .unwrap();
    }

    let of = |deeds: Vec<HistoryDeed>| -> Vec<Option<Quarantine>> {
        deeds.iter().map(|it| it.kept_aside).collect()
    };

    assert_eq!(
        of(deeds(&worker, case).await),
        [Some(Quarantine::NotYourScope)],
        "the report itself"
    );
    assert_eq!(
        of(deeds(&desk, case).await),
        [Some(Quarantine::NotYourScope), None],
        "what was added, and not the report it was added to"
    );
}

#[tokio::test]
async fn a_case_that_is_not_here_has_no_history() {
    let worker = Tablet::of(city::worker()).await;
    let case = worker.report("E01", "路面破了").await;
    let other = Tablet::of(city::clerk()).await;

    let refused = other.client.get_history(GetHistory { case }).await;

    assert_eq!(code(refused), Code::NotFound);
}
