//! A full disk: told as such, nothing half-written, nothing lost, and it goes on afterwards.

use client::testing;
use shared::ipc::{Code, SaveDraft};

use super::{
    city,
    tablet::{HOUR, Tablet, code, jpeg},
};

#[tokio::test]
async fn a_report_on_a_full_disk_is_refused_and_can_be_sent_later() {
    let tablet = Tablet::of(city::worker()).await;
    let words = "一段很长的话".repeat(700);
    let draft = tablet.write("E01", &words).await;

    testing::fill_disk(&tablet.client, true).await.unwrap();
    let mut refused = tablet.send(&draft).await;
    // What the last few pages still had room for is used up first.
    let mut sent = 0;
    while refused.is_ok() {
        sent += 1;
        testing::fill_disk(&tablet.client, false).await.unwrap();
        let next = tablet.write("E01", &words).await;
        testing::fill_disk(&tablet.client, true).await.unwrap();
        refused = tablet.send(&next).await;
    }

    assert_eq!(code(refused), Code::DiskFull);
    let queued = testing::queued(&tablet.client).await.unwrap();
    assert_eq!(queued.len(), sent, "no operation of a report that failed");
    assert_eq!(tablet.search("").await.total as usize, sent, "and no case");

    testing::fill_disk(&tablet.client, false).await.unwrap();
    let tablet = tablet.restart().await;
    let today = tablet
        .client
        .get_today(shared::ipc::GetToday {})
        .await
        .unwrap();
    let waiting = tablet.draft(today.drafts[0].id).await.unwrap();
    assert_eq!(waiting.description, words, "the draft is whole");
    tablet.send(&waiting).await.unwrap();
    let queued = testing::queued(&tablet.client).await.unwrap();
    assert_eq!(queued.len(), sent + 1);
    assert!(
        queued
            .iter()
            .map(|op| op.dev_seq)
            .eq(1..=queued.len() as u64),
        "no gap, no repeat"
    );
}

#[tokio::test]
async fn a_draft_that_no_longer_fits_keeps_its_last_saved_state() {
    let tablet = Tablet::of(city::worker()).await;
    let mut draft = tablet.write("E01", "已保存").await;

    testing::fill_disk(&tablet.client, true).await.unwrap();
    draft.description = "再也放不下".repeat(40_000);
    let refused = tablet
        .client
        .save_draft(SaveDraft {
            draft: draft.clone(),
            removed: Vec::new(),
        })
        .await;

    assert_eq!(code(refused), Code::DiskFull);
    assert_eq!(tablet.draft(draft.id).await.unwrap().description, "已保存");
}

#[tokio::test]
async fn a_photo_that_is_here_is_shown_though_nothing_can_be_written() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了").await;
    let photo = tablet.hand_in(Some(draft.id), &jpeg(1)).await.unwrap();
    let draft = tablet.draft(draft.id).await.unwrap();
    tablet.send(&draft).await.unwrap();
    // Looking at it would be noted now.
    tablet.clock.turn(2 * HOUR);
    testing::refuse_writes(&tablet.client).await.unwrap();

    let bytes = tablet.client.photo_bytes(photo.digest).await;

    assert_eq!(bytes.unwrap().len() as u64, photo.bytes);
}
