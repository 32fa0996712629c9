//! Clearing out: what a person threw away goes after a month, and nothing else.

use std::{
    fs::File,
    time::{Duration, UNIX_EPOCH},
};

use client::testing;
use shared::{
    Digest, DraftId, Outcome, PhotoRef,
    ipc::{DiscardDraft, RestoreDraft, SaveDraft},
};

use super::{
    city,
    tablet::{FRIDAY_TEN, HOUR, Tablet, files_under, jpeg},
};

const DAY: i64 = 24 * HOUR;

impl Tablet {
    /// A draft with one photo, which was taken on Friday.
    async fn draft_with(&self, shade: u8) -> (DraftId, PhotoRef) {
        let draft = self.write("E01", "路面破了").await;
        let photo = self.hand_in(Some(draft.id), &jpeg(shade)).await.unwrap();
        self.age_files();
        (draft.id, photo)
    }

    async fn discard(&self, draft: DraftId) {
        let discarded = self.client.discard_draft(DiscardDraft { draft }).await;
        discarded.unwrap();
    }

    async fn restores(&self, draft: DraftId) -> bool {
        let restored = self.client.restore_draft(RestoreDraft { draft }).await;
        restored.is_ok()
    }

    /// All files there are were written on Friday.
    pub(super) fn age_files(&self) {
        let friday = UNIX_EPOCH + Duration::from_millis(u64::try_from(FRIDAY_TEN).unwrap());
        for path in files_under(&self.folder.path().join("photos")) {
            let file = File::options().write(true).open(path).unwrap();
            file.set_modified(friday).unwrap();
        }
    }

    /// Which of the two files of a photo are here.
    pub(super) fn holds(&self, photo: &PhotoRef) -> [bool; 2] {
        let files = files_under(&self.folder.path().join("photos"));
        let has = |digest: Digest| files.iter().any(|path| path.ends_with(digest.to_string()));
        [has(photo.digest), has(photo.thumb)]
    }

    async fn clear_out_after(&self, days: i64) {
        self.clock.turn(days * DAY);
        testing::clear_out(&self.client).await.unwrap();
    }
}

#[tokio::test]
async fn a_draft_in_the_bin_goes_with_its_photos_after_a_month_and_not_before() {
    let tablet = Tablet::of(city::worker()).await;
    let (draft, photo) = tablet.draft_with(1).await;
    tablet.discard(draft).await;

    tablet.clear_out_after(29).await;
    assert_eq!(tablet.holds(&photo), [true, true], "it can be had back");
    assert!(tablet.restores(draft).await);
    tablet.discard(draft).await;
    tablet.clear_out_after(31).await;

    assert!(
        !tablet.restores(draft).await,
        "nobody wanted it for a month"
    );
    assert_eq!(tablet.holds(&photo), [false, false]);
}

#[tokio::test]
async fn what_somebody_still_needs_stays_however_old() {
    let tablet = Tablet::of(city::worker()).await;
    let (_, in_draft) = tablet.draft_with(1).await;
    let (sent, unsynced) = tablet.draft_with(2).await;
    let (said, confirmed) = tablet.draft_with(3).await;
    let draft = tablet.draft(said).await.unwrap();
    tablet.send(&draft).await.unwrap();
    testing::confirm_all(&tablet.client, Outcome::Applied)
        .await
        .unwrap();
    let draft = tablet.draft(sent).await.unwrap();
    tablet.send(&draft).await.unwrap();

    tablet.clear_out_after(400).await;

    for (photo, whose) in [
        (in_draft, "a draft's"),
        (unsynced, "a report's"),
        (confirmed, "a report's that the hub has"),
    ] {
        assert_eq!(tablet.holds(&photo), [true, true], "{whose}");
        let bytes = tablet.client.photo_bytes(photo.digest).await;
        assert!(bytes.is_ok(), "{whose}");
    }
}

#[tokio::test]
async fn a_photo_taken_out_of_a_draft_goes_after_a_month() {
    let tablet = Tablet::of(city::worker()).await;
    let (id, photo) = tablet.draft_with(1).await;
    let mut draft = tablet.draft(id).await.unwrap();
    draft.photos.clear();
    let save = SaveDraft {
        draft,
        removed: vec![photo.digest],
    };
    tablet.client.save_draft(save).await.unwrap();

    tablet.clear_out_after(29).await;
    assert_eq!(tablet.holds(&photo), [true, true], "it can be put back");
    tablet.clear_out_after(2).await;

    assert_eq!(tablet.holds(&photo), [false, false]);
    let again = tablet.hand_in(Some(id), &jpeg(1)).await.unwrap();
    assert_eq!(tablet.holds(&again), [true, true], "and can be taken again");
}

#[tokio::test]
async fn photos_of_cases_that_came_from_the_hub_stay() {
    let other = Tablet::of(city::colleague()).await;
    let (draft, photo) = other.draft_with(1).await;
    let draft = other.draft(draft).await.unwrap();
    let case = other.send(&draft).await.unwrap().case;
    let tablet = Tablet::of(city::worker()).await;
    let (own, same) = tablet.draft_with(1).await;
    tablet.discard(own).await;
    assert_eq!(same.digest, photo.digest, "the same picture");
    tablet.pull_case(&other, case).await;

    tablet.clear_out_after(31).await;

    assert!(!tablet.restores(own).await, "the draft is gone");
    assert_eq!(
        tablet.holds(&photo),
        [true, true],
        "a case on this device shows it"
    );
}
