//! A tablet's folder is copied, or put back from a backup: two devices with one identity.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use scenarios::world::{Device, Fault, World, meet};
use shared::{
    DraftId, StaffId,
    ipc::{Draft, OpenDraft, ReportDraft, SaveDraft},
};

#[tokio::test]
async fn both_copies_of_a_cloned_tablet_deliver_all_they_did_once() {
    let world = World::new().await.unwrap();
    let first = world.device("w-0101").await.unwrap();
    let before = first.reports("复制之前", &[]).await.unwrap();
    first.syncs_until_delivered(3).await.unwrap();
    let (first, second) = world.clone_of(first, "w-0101-copy").await.unwrap();

    let one = first.reports("第一台", &[]).await.unwrap();
    let two = second.reports("第二台", &[]).await.unwrap();
    first.syncs_until_delivered(3).await.unwrap();
    second.syncs_until_delivered(3).await.unwrap();
    first.syncs().await.unwrap();

    for device in [&first, &second] {
        let cases: Vec<_> = device.lists().await.unwrap().rows;
        assert_eq!(cases.len(), 3, "each case once: {cases:?}");
        for case in [before, one, two] {
            let seen = device.sees(case).await.unwrap();
            assert_eq!(seen.timeline.len(), 1, "and each report once");
        }
    }
    assert_eq!(
        world.hub().devices().await.unwrap().len(),
        2,
        "the second copy has an identity of its own"
    );
}

#[tokio::test]
async fn a_tablet_put_back_from_a_backup_goes_on_without_losing_what_it_did_since() {
    let world = World::new().await.unwrap();
    let tablet = world.device("w-0101").await.unwrap();
    let (tablet, backup) = world.clone_of(tablet, "w-0101-backup").await.unwrap();
    let since = tablet.reports("备份之后", &[]).await.unwrap();
    tablet.syncs_until_delivered(3).await.unwrap();
    // Its link stays, which is the way to the hub for both; it itself is never used again.
    let _lost = tablet;

    let after = backup.reports("恢复之后", &[]).await.unwrap();
    backup.syncs_until_delivered(3).await.unwrap();
    backup.syncs().await.unwrap();

    for case in [since, after] {
        assert!(backup.sees(case).await.is_ok(), "both are there");
    }
}

#[tokio::test]
async fn two_copies_that_both_enrol_again_do_not_put_each_other_out() {
    let world = World::new().await.unwrap();
    let first = world.device("w-0101").await.unwrap();
    let (first, second) = world.clone_of(first, "w-0101-copy").await.unwrap();
    let code = async || {
        let staff = StaffId::from("w-0101");
        world.hub().enrol(staff).await.unwrap().code
    };
    let one = first.reports("第一台", &[]).await.unwrap();
    let two = second.reports("第二台", &[]).await.unwrap();

    first.enrols_again(&code().await).await.unwrap();
    let refused = second.syncs().await;
    assert!(refused.is_err(), "their one token ended with that");
    second.enrols_again(&code().await).await.unwrap();

    for device in [&first, &second, &first] {
        device.syncs_until_delivered(3).await.unwrap();
    }
    for device in [&first, &second] {
        for case in [one, two] {
            let seen = device.sees(case).await.unwrap();
            assert_eq!(seen.timeline.len(), 1, "each report, once");
        }
    }
    assert_eq!(world.hub().devices().await.unwrap().len(), 2);
}

#[tokio::test]
async fn copies_of_a_tablet_that_had_asked_for_a_new_identity_get_one_each() {
    let world = World::new().await.unwrap();
    let first = world.device("w-0101").await.unwrap();
    let (first, second) = world.clone_of(first, "w-0101-copy").await.unwrap();
    let one = first.reports("第一台", &[]).await.unwrap();
    let two = second.reports("第二台", &[]).await.unwrap();
    first.syncs_until_delivered(3).await.unwrap();
    // The first one's link is the way to the hub for all.
    first.suffers(Fault::LoseAnswersTo("/sync/v1/renew"));
    assert!(second.syncs().await.is_err(), "asked for, and not heard");
    first.suffers(Fault::None);
    let (second, third) = world.clone_of(second, "w-0101-third").await.unwrap();
    let three = third.reports("第三台", &[]).await.unwrap();

    second.syncs_until_delivered(3).await.unwrap();
    third.syncs_until_delivered(3).await.unwrap();
    first.syncs().await.unwrap();

    for case in [one, two, three] {
        let seen = first.sees(case).await.unwrap();
        assert_eq!(seen.timeline.len(), 1, "each report, once");
    }
    assert_eq!(world.hub().devices().await.unwrap().len(), 3);
}

/// Writes something else into a draft, and sends it.
async fn sends_as(device: &Device, draft: DraftId, words: &str) -> shared::CaseId {
    let opened = OpenDraft { draft: Some(draft) };
    let opened = device.client().open_draft(opened).await.unwrap();
    let draft = Draft {
        description: words.to_owned(),
        ..opened
    };
    let report = ReportDraft { draft: draft.id };
    let removed = Vec::new();
    let saved = SaveDraft { draft, removed };
    device.client().save_draft(saved).await.unwrap();
    device.client().report_draft(report).await.unwrap().case
}

#[tokio::test]
async fn a_report_begun_before_the_copy_is_two_where_the_copies_say_different_things() {
    let world = World::new().await.unwrap();
    let first = world.device("w-0101").await.unwrap();
    let draft = first.drafts("刚写了一半", &[]).await.unwrap();
    let (first, second) = world.clone_of(first, "w-0101-copy").await.unwrap();

    let one = sends_as(&first, draft, "第一台写完的").await;
    let two = sends_as(&second, draft, "第二台写完的").await;
    first.syncs_until_delivered(3).await.unwrap();
    second.syncs_until_delivered(3).await.unwrap();
    meet(&[&first, &second]).await.unwrap();

    for device in [&first, &second] {
        for (case, words) in [(one, "第一台写完的"), (two, "第二台写完的")] {
            let seen = device.sees(case).await.unwrap();
            assert_eq!(seen.timeline.len(), 1, "one report");
            assert_eq!(seen.timeline[0].text, words, "what was written there");
        }
    }
}

#[tokio::test]
async fn a_report_begun_before_the_copy_is_one_where_the_copies_say_the_same() {
    let world = World::new().await.unwrap();
    let first = world.device("w-0101").await.unwrap();
    let draft = first.drafts("没来得及发", &[]).await.unwrap();
    let (first, second) = world.clone_of(first, "w-0101-copy").await.unwrap();

    let one = sends_as(&first, draft, "没来得及发").await;
    let two = sends_as(&second, draft, "没来得及发").await;
    first.syncs_until_delivered(3).await.unwrap();
    meet(&[&second, &first]).await.unwrap();

    assert_eq!(one, two);
    for device in [&first, &second] {
        assert_eq!(device.lists().await.unwrap().total, 1);
    }
}
