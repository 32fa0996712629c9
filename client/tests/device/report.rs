//! Reporting: one transaction makes case, operation and list row of a draft.

use client::testing;
use shared::{
    Action, PhotoKind,
    case::State,
    ipc::{AddDraftToCase, Choice, Code, FindSimilar, GetDelivery, Missing, Presence},
};

use super::{
    city,
    tablet::{HOUR, Tablet, code, jpeg},
};

#[tokio::test]
async fn a_report_is_in_list_outbox_and_search_after_a_restart() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了一个洞").await;

    let reported = tablet.send(&draft).await.unwrap();
    let tablet = tablet.restart().await;

    let listed = tablet.search("一个洞").await;
    assert_eq!(listed.total, 1);
    assert_eq!(listed.rows[0].id, reported.case);
    assert_eq!(listed.rows[0].grid_name, "杏花01网格");
    assert_eq!(listed.rows[0].reporter, "林小满");
    let queued = testing::queued(&tablet.client).await.unwrap();
    assert_eq!(queued.len(), 1, "one operation for one report");
    assert_eq!(queued[0].dev_seq, 1);
    assert!(matches!(&queued[0].action, Action::Report(r) if r.description == "路面破了一个洞"));
    assert_eq!(
        code(tablet.draft(draft.id).await),
        Code::NotFound,
        "the draft became the case"
    );
}

#[tokio::test]
async fn sending_the_same_draft_twice_is_sending_it_once() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了").await;

    let first = tablet.send(&draft).await.unwrap();
    let second = tablet.send(&draft).await.unwrap();

    assert_eq!(first, second, "a double tap gets the same receipt");
    assert_eq!(testing::queued(&tablet.client).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_text_of_a_megabyte_is_not_sent_and_not_lost() {
    let tablet = Tablet::of(city::worker()).await;
    let words = "字".repeat(350_000);
    let draft = tablet.write("E01", &words).await;

    let refused = tablet.send(&draft).await;

    assert_eq!(code(refused), Code::TextTooLong);
    assert_eq!(
        tablet.draft(draft.id).await.unwrap().description,
        words,
        "every word is there"
    );
    assert!(testing::queued(&tablet.client).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_lacks_something_is_not_sent() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.begin().await;

    let refused = tablet.send(&draft).await;

    assert_eq!(
        code(refused),
        Code::Incomplete {
            missing: Missing::Category
        }
    );
}

#[tokio::test]
async fn without_enrolment_a_draft_waits() {
    let tablet = Tablet::of(city::worker()).await;
    let place = tablet.place(120.003, 31.005).await;
    let tablet = Tablet::new().await;
    let mut draft = tablet.begin().await;
    draft.category = Choice::Unsure;
    draft.description = "路面破了".to_owned();
    draft.place = Some(place);
    tablet.save(&draft).await;

    let refused = tablet.send(&draft).await;

    assert_eq!(code(refused), Code::NotEnrolled);
    assert_eq!(
        tablet.draft(draft.id).await.unwrap().description,
        "路面破了"
    );
}

#[tokio::test]
async fn photos_of_a_report_are_here_and_counted_in_the_ledger() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了").await;
    let photo = tablet.hand_in(Some(draft.id), &jpeg(7)).await.unwrap();
    let case = tablet.send(&draft).await.unwrap().case;

    let tablet = tablet.restart().await;

    let view = tablet.case(case).await;
    assert_eq!(view.photos.len(), 1);
    assert_eq!(view.photos[0].presence, Presence::Here);
    for digest in [photo.digest, photo.thumb] {
        let bytes = tablet.client.photo_bytes(digest).await.unwrap();
        assert_eq!(
            client::photo::digest_of(&bytes),
            digest,
            "the bytes are those of the digest"
        );
    }
    let ledger = tablet.client.get_delivery(GetDelivery {}).await.unwrap();
    assert_eq!(
        (ledger.unfinished, ledger.today, ledger.today_complete),
        (1, 1, 0)
    );
    assert_eq!(ledger.bytes_left, photo.bytes + photo.thumb_bytes);
    let marks = ledger.items[0].marks;
    assert_eq!(
        (marks.at_hub, marks.photos_at_hub, marks.photos),
        (false, 0, 1)
    );
}

#[tokio::test]
async fn a_case_handled_on_the_spot_needs_a_fitting_category_and_a_proof() {
    let tablet = Tablet::of(city::worker()).await;
    let mut draft = tablet.write("E01", "清理了").await;
    draft.self_handled = true;
    draft.handled_note = "已清扫".to_owned();
    tablet.save(&draft).await;
    assert_eq!(code(tablet.send(&draft).await), Code::NotSelfHandled);

    draft.category = Choice::Category { code: "E02".into() };
    draft.handled_note = String::new();
    tablet.save(&draft).await;
    let missing = Missing::Handled;
    assert_eq!(
        code(tablet.send(&draft).await),
        Code::Incomplete { missing }
    );

    let mut photo = tablet.hand_in(Some(draft.id), &jpeg(3)).await.unwrap();
    photo.kind = PhotoKind::After;
    draft.photos = vec![photo];
    tablet.save(&draft).await;
    let case = tablet.send(&draft).await.unwrap().case;

    assert_eq!(
        tablet.case(case).await.row.state,
        State::Closed,
        "an after photo is proof enough"
    );
}

#[tokio::test]
async fn similar_is_what_is_near_recent_open_and_of_the_same_category() {
    let tablet = Tablet::of(city::worker()).await;
    let send = async |category: &str, lng: f64, lat: f64| {
        let draft = tablet.write_at(category, "路面破了", lng, lat).await;
        tablet.send(&draft).await.unwrap().case
    };
    // 0.0004 degrees of latitude are 44 metres, 0.0005 are 56.
    let old = send("E01", 120.003, 31.005).await;
    tablet.clock.turn(25 * HOUR);
    let near = send("E01", 120.003, 31.0054).await;
    send("E01", 120.003, 31.0055).await;
    send("E02", 120.003, 31.005).await;

    let draft = tablet.write_at("E01", "", 120.003, 31.005).await;
    let similar = tablet
        .client
        .find_similar(FindSimilar { draft: draft.id })
        .await
        .unwrap();

    let found: Vec<_> = similar.iter().map(|similar| similar.case).collect();
    assert_eq!(
        found,
        [near],
        "not the one of yesterday ({old}), nor the far, nor the other kind"
    );
    assert!(similar[0].mine);
    assert!(
        (similar[0].distance_m - 44.5).abs() < 1.0,
        "{} m",
        similar[0].distance_m
    );
}

#[tokio::test]
async fn a_plus_one_goes_to_the_existing_case_once() {
    let other = Tablet::of(city::colleague()).await;
    let case = other.report("E01", "路面破了").await;
    let tablet = Tablet::of(city::worker()).await;
    tablet.pull_case(&other, case).await;

    for words in ["我也看见了", "还在"] {
        let draft = tablet.write("E01", words).await;
        let added = AddDraftToCase {
            draft: draft.id,
            case,
        };
        for _ in 0..2 {
            let answer = tablet.client.add_draft_to_case(added.clone()).await;
            assert_eq!(answer.unwrap().case, case, "no new case");
        }
    }

    let queued = testing::queued(&tablet.client).await.unwrap();
    assert_eq!(queued.len(), 2, "tapped twice, added once");
    assert!(matches!(&queued[0].action, Action::PlusOne(a) if a.note == "我也看见了"));
    assert!(matches!(&queued[1].action, Action::Supplement(a) if a.note == "还在"));
    assert_eq!(
        tablet.case(case).await.row.plus_ones,
        1,
        "a person counts once"
    );
    assert_eq!(tablet.search("").await.total, 1);
}
