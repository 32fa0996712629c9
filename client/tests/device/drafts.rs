//! Drafts: what is typed is kept, whatever happens.

use shared::{
    Digest, PhotoError,
    ipc::{Choice, Code, DiscardDraft, GetToday, Missing, RestoreDraft, SaveDraft},
};

use super::{
    city,
    tablet::{Tablet, code, jpeg},
};

#[tokio::test]
async fn a_draft_survives_a_restart_after_each_save() {
    let mut tablet = Tablet::of(city::worker()).await;
    let mut draft = tablet.begin().await;

    for words in ["路", "路面", "路面破了"] {
        draft.description = words.to_owned();
        tablet.save(&draft).await;
        tablet = tablet.restart().await;

        let kept = tablet.draft(draft.id).await.unwrap();
        assert_eq!(kept.description, words, "what was saved is on the disk");
    }
}

#[tokio::test]
async fn a_new_draft_is_on_the_disk_before_anything_is_typed() {
    let tablet = Tablet::new().await;
    let draft = tablet.begin().await;

    let tablet = tablet.restart().await;

    assert_eq!(tablet.draft(draft.id).await.unwrap(), draft);
}

#[tokio::test]
async fn a_draft_says_what_it_still_needs() {
    let tablet = Tablet::of(city::worker()).await;
    let mut draft = tablet.begin().await;
    let all = [Missing::Category, Missing::Place, Missing::Content];
    assert_eq!(tablet.save(&draft).await.missing, all);

    draft.category = Choice::Unsure;
    draft.place = Some(tablet.place(120.003, 31.005).await);
    draft.self_handled = true;
    let photo = tablet.hand_in(Some(draft.id), &jpeg(1)).await.unwrap();
    draft.photos = vec![photo];

    assert_eq!(
        tablet.save(&draft).await.missing,
        [Missing::Handled],
        "a near photo is no proof"
    );
}

#[tokio::test]
async fn a_discarded_draft_can_be_restored_whole() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了").await;

    tablet
        .client
        .discard_draft(DiscardDraft { draft: draft.id })
        .await
        .unwrap();
    let in_bin = tablet.draft(draft.id).await;
    let today = tablet.client.get_today(GetToday {}).await.unwrap();
    let tablet = tablet.restart().await;
    tablet
        .client
        .restore_draft(RestoreDraft { draft: draft.id })
        .await
        .unwrap();

    assert_eq!(
        code(in_bin),
        Code::NotFound,
        "in the bin it is out of the way"
    );
    assert!(today.drafts.is_empty(), "and not in any list");
    let restored = tablet.draft(draft.id).await.unwrap();
    assert_eq!(restored.description, "路面破了");
    assert_eq!(restored.place, draft.place);
}

#[tokio::test]
async fn a_draft_takes_nine_photos_and_not_a_tenth() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.begin().await;
    for shade in 1..=9 {
        tablet.hand_in(Some(draft.id), &jpeg(shade)).await.unwrap();
    }

    let tenth = tablet.hand_in(Some(draft.id), &jpeg(10)).await;

    assert_eq!(
        code(tenth),
        Code::Photo {
            why: PhotoError::TooMany
        }
    );
    assert_eq!(
        tablet.draft(draft.id).await.unwrap().photos.len(),
        9,
        "the nine are still there"
    );
}

#[tokio::test]
async fn photos_keep_the_order_a_person_gave_them_and_one_taken_out_is_gone() {
    let tablet = Tablet::of(city::worker()).await;
    let mut draft = tablet.begin().await;
    let mut photos = Vec::new();
    for shade in 1..=3 {
        photos.push(tablet.hand_in(Some(draft.id), &jpeg(shade)).await.unwrap());
    }

    draft.photos = vec![photos[2].clone(), photos[0].clone()];
    let save = SaveDraft {
        draft: draft.clone(),
        removed: vec![photos[1].digest],
    };
    tablet.client.save_draft(save).await.unwrap();

    let tablet = tablet.restart().await;
    let kept = tablet.draft(draft.id).await.unwrap();
    assert_eq!(kept.photos, draft.photos);
    draft.photos = vec![photos[2].clone(), photos[1].clone(), photos[0].clone()];
    let save = SaveDraft {
        draft: draft.clone(),
        removed: vec![photos[1].digest],
    };
    tablet.client.save_draft(save).await.unwrap();
    let back = tablet.draft(draft.id).await.unwrap();
    assert_eq!(back.photos, draft.photos, "put back where it was");
}

#[tokio::test]
async fn a_photo_stored_while_the_page_saved_an_older_list_stays() {
    let tablet = Tablet::of(city::worker()).await;
    let mut draft = tablet.begin().await;
    let first = tablet.hand_in(Some(draft.id), &jpeg(1)).await.unwrap();
    draft.photos = vec![first.clone()];
    draft.description = "路面破了".to_owned();
    let second = tablet.hand_in(Some(draft.id), &jpeg(2)).await.unwrap();

    tablet.save(&draft).await;

    let kept = tablet.draft(draft.id).await.unwrap();
    assert_eq!(
        kept.photos,
        [first, second],
        "the page did not know of the second, and did not remove it"
    );
    assert_eq!(kept.description, "路面破了");
}

#[tokio::test]
async fn a_file_that_is_no_photo_is_refused_and_the_draft_stays() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了").await;

    let refused = tablet
        .hand_in(Some(draft.id), b"%PDF-1.7 renamed to photo.jpg")
        .await;

    assert_eq!(
        code(refused),
        Code::Photo {
            why: PhotoError::NotAnImage
        }
    );
    assert_eq!(
        tablet.draft(draft.id).await.unwrap().description,
        "路面破了"
    );
}

#[tokio::test]
async fn a_photo_the_device_never_prepared_does_not_get_into_a_draft() {
    let tablet = Tablet::of(city::worker()).await;
    let mut draft = tablet.begin().await;
    let photo = tablet.hand_in(Some(draft.id), &jpeg(1)).await.unwrap();
    let mut invented = photo.clone();
    invented.digest = Digest::from_bytes([9; 32]);

    draft.photos = vec![invented];
    draft.description = "路面破了".to_owned();
    tablet.save(&draft).await;

    let kept = tablet.draft(draft.id).await.unwrap();
    assert_eq!(kept.photos, [photo], "a page can't invent a photo");
    assert_eq!(
        kept.description, "路面破了",
        "the words are saved all the same"
    );
}
