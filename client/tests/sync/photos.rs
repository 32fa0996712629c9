//! Photos up and thumbnails down: resumable, believed only by their digest, one at a time and
//! none in the way of another.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    device::{Device, picture},
    fake_hub::{FakeHub, Fault},
};
use client::{photo::digest_of, sync::Check, testing};
use shared::{
    CaseId, Digest, DocRef, PhotoRef, Scope,
    hub_api::ErrorCode,
    ipc::{GetCase, Presence, Stuck},
};

async fn photos_of(tablet: &Device, case: CaseId) -> Vec<(PhotoRef, Presence)> {
    let view = tablet.client.get_case(GetCase { case }).await.unwrap();
    view.photos
        .into_iter()
        .map(|view| (view.photo, view.presence))
        .collect()
}

fn file_of(dir: &Path, name: &str) -> Option<std::path::PathBuf> {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let found = entries.filter_map(|path| {
        if path.is_dir() {
            return file_of(&path, name);
        }
        path.ends_with(name).then_some(path)
    });
    found.into_iter().next()
}

#[tokio::test]
async fn photos_arrive_whole_and_thumbnails_first() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet
        .reports_with("路面破损", &[picture(700, 1), picture(700, 2)])
        .await;

    let report = tablet.syncs().await.unwrap();

    let photos = photos_of(&tablet, case).await;
    assert_eq!(report.files_sent, 4, "two photos, two thumbnails");
    for (photo, presence) in &photos {
        for digest in [photo.digest, photo.thumb] {
            let there = hub.state().photos.get(&digest).cloned().unwrap();
            assert_eq!(digest_of(&there), digest, "byte for byte");
        }
        assert_eq!(
            *presence,
            Presence::Here,
            "the original stays on the device"
        );
    }
    assert!(report.is_complete(), "{report:?}");
    assert!(
        tablet.delivery_of(case).await.marks.complete(),
        "the third mark is set"
    );
}

#[tokio::test]
async fn a_cut_upload_goes_on_where_it_stopped_with_smaller_pieces() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports_with("路面破损", &[picture(700, 1)]).await;
    hub.state().cut_above = Some(20 * 1024);

    let report = tablet.syncs().await.unwrap();

    assert!(report.is_complete(), "it got through: {report:?}");
    let state = hub.state();
    let sent: usize = state
        .log
        .iter()
        .filter(|(name, bytes)| *name == "photo_patch" && *bytes <= 20 * 1024)
        .map(|(_, bytes)| bytes)
        .sum();
    let whole: usize = state.photos.values().map(Vec::len).sum();
    assert_eq!(sent, whole, "no byte that had arrived was sent again");
}

#[tokio::test]
async fn a_piece_whose_answer_was_lost_is_not_sent_again() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports_with("路面破损", &[picture(700, 1)]).await;
    hub.fail("photo_patch", Fault::LoseAnswer);
    hub.fail("photo_patch", Fault::LoseAnswer);

    let report = tablet.syncs().await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    let state = hub.state();
    let sent: usize = state
        .log
        .iter()
        .filter(|(name, _)| *name == "photo_patch")
        .map(|(_, bytes)| bytes)
        .sum();
    let whole: usize = state.photos.values().map(Vec::len).sum();
    assert_eq!(sent, whole, "the hub was asked where it stands first");
}

#[tokio::test]
async fn a_checksum_that_never_fits_is_refused_in_the_end_and_the_others_go_on() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let bad = tablet.reports_with("第一件", &[picture(300, 1)]).await;
    let good = tablet.reports_with("第二件", &[picture(300, 2)]).await;
    for _ in 0..3 {
        hub.fail("photo_patch", Fault::Refuse(ErrorCode::ChecksumMismatch));
    }

    tablet.syncs().await.unwrap();

    let items = [
        tablet.delivery_of(bad).await,
        tablet.delivery_of(good).await,
    ];
    let stuck: Vec<_> = items.iter().filter_map(|item| item.stuck.clone()).collect();
    assert_eq!(
        stuck,
        [Stuck::PhotoRefused {
            error: ErrorCode::ChecksumMismatch
        }],
        "one file, told with its reason"
    );
    assert_eq!(hub.state().photos.len(), 3, "the other three are there");
}

#[tokio::test]
async fn a_photo_that_arrived_wrong_is_checked_piece_by_piece() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports_with("第一件", &[picture(300, 1)]).await;
    hub.fail("photo_patch", Fault::Pass);
    hub.fail("photo_patch", Fault::Refuse(ErrorCode::ChecksumMismatch));

    let report = tablet.syncs().await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    assert_eq!(
        hub.state().checks,
        [Check::AtTheEnd, Check::EachPiece],
        "the thumbnail, and the photo the second time; the first was not even looked at"
    );
}

#[tokio::test]
async fn a_damaged_file_is_told_and_the_others_go_on_and_a_person_can_try_again() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet
        .reports_with("第一件", &[picture(300, 1), picture(300, 2)])
        .await;
    let photo = photos_of(&tablet, case).await[0].0.clone();
    let file = file_of(tablet.dir.path(), &photo.digest.to_string()).unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();

    tablet.syncs().await.unwrap();
    let damaged = tablet.delivery_of(case).await;
    fs::write(&file, &whole).unwrap();
    tablet.client.sync_again().await.unwrap();
    let report = tablet.syncs().await.unwrap();

    assert_eq!(damaged.stuck, Some(Stuck::PhotoFile), "the person is told");
    assert_eq!(damaged.marks.photos_at_hub, 1, "the other photo is there");
    assert!(
        report.is_complete(),
        "mended, and asked for again: {report:?}"
    );
}

#[tokio::test]
async fn a_photo_the_hub_cannot_take_now_is_tried_again_later() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports_with("第一件", &[picture(300, 1)]).await;
    hub.fail("photo_create", Fault::Refuse(ErrorCode::HubFull));

    tablet.syncs().await.unwrap();
    let full = tablet.delivery_of(case).await;
    tablet.syncs().await.unwrap();
    let too_soon = hub.state().photos.len();
    tablet.clock.turn_ms(31_000);
    let report = tablet.syncs().await.unwrap();

    assert_eq!(full.stuck, None, "it is not refused, it waits");
    assert_eq!(too_soon, 1, "a full hub is not asked again at once");
    assert!(
        report.is_complete(),
        "half a minute later it is: {report:?}"
    );
}

#[tokio::test]
async fn words_typed_while_a_photo_goes_up_do_not_wait_for_it() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports_with("第一件", &[picture(900, 1)]).await;
    hub.state().cut_above = Some(20 * 1024);

    let client = tablet.client.clone();
    let doing = tablet.client.sync_statuses();
    let typing = async {
        let mut doing = doing;
        let uploading = |status: &shared::ipc::SyncStatus| matches!(status.doing, Some(shared::ipc::Doing::PhotosUp { sent, .. }) if sent > 0);
        doing.wait_for(uploading).await.unwrap();
        let words = shared::ipc::SupplementCase {
            case,
            note: "还有一处".to_owned(),
            photos: Vec::new(),
            plus_one: false,
        };
        client.supplement_case(words).await.unwrap();
    };
    let (report, ()) = tokio::join!(tablet.syncs(), typing);

    let state = hub.state();
    let words = state
        .log
        .iter()
        .rposition(|(name, _)| *name == "push")
        .unwrap();
    let pixels = state
        .log
        .iter()
        .rposition(|(name, _)| *name == "photo_patch")
        .unwrap();
    assert!(
        words < pixels,
        "the words went between two pieces of the photo"
    );
    assert!(
        report.unwrap().is_complete(),
        "and both arrived in one round"
    );
}

#[tokio::test]
async fn a_round_lets_documents_through_while_many_photos_go_up() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet
        .reports_with("第一件", &[picture(300, 1), picture(300, 2)])
        .await;
    // Every look at the clock takes a minute.
    tablet.clock.turn_on_every_look(60_000);

    let first = tablet.syncs().await.unwrap();
    tablet.clock.turn_on_every_look(0);
    let second = tablet.syncs().await.unwrap();

    assert!(
        first.unfinished,
        "it stopped to look for documents: {first:?}"
    );
    assert!(first.failure.is_none(), "which is no failure");
    assert!(second.is_complete(), "and went on: {second:?}");
}

#[tokio::test]
async fn thumbnails_come_by_themselves_and_photos_when_somebody_looks() {
    let hub = FakeHub::default();
    let worker = Device::enrolled(&hub).await;
    let case = worker.reports_with("第一件", &[picture(300, 1)]).await;
    worker.syncs().await.unwrap();
    hub.state().last_dev_seq = 0;
    let clerk = Device::enrolled(&hub).await;

    let report = clerk.syncs().await.unwrap();
    let (photo, before) = photos_of(&clerk, case).await[0].clone();
    clerk
        .client
        .fetch_photo_with(&hub, photo.digest)
        .await
        .unwrap();
    let (_, after) = photos_of(&clerk, case).await[0].clone();

    assert_eq!(report.thumbs_fetched, 1, "the small one came");
    assert_eq!(before, Presence::ThumbOnly, "the large one didn't");
    assert_eq!(after, Presence::Here, "until it was looked at");
    let bytes = clerk.client.photo_bytes(photo.digest).await.unwrap();
    assert_eq!(digest_of(&bytes), photo.digest, "byte for byte");
}

#[tokio::test]
async fn a_picture_so_small_that_it_is_its_own_thumbnail_comes_by_itself() {
    let hub = FakeHub::default();
    let worker = Device::enrolled(&hub).await;
    let case = worker.reports_with("第一件", &[picture(160, 1)]).await;
    worker.syncs().await.unwrap();
    hub.state().last_dev_seq = 0;
    let clerk = Device::enrolled(&hub).await;

    let report = clerk.syncs().await.unwrap();

    let (photo, presence) = photos_of(&clerk, case).await[0].clone();
    assert_eq!(photo.digest, photo.thumb, "one file");
    assert_eq!((report.thumbs_fetched, presence), (1, Presence::Here));
}

#[tokio::test]
async fn a_photo_that_was_cut_off_goes_on_where_it_stopped_also_after_a_restart() {
    let hub = FakeHub::default();
    let worker = Device::enrolled(&hub).await;
    let case = worker.reports_with("第一件", &[picture(1_600, 1)]).await;
    worker.syncs().await.unwrap();
    hub.state().last_dev_seq = 0;
    let mut clerk = Device::enrolled(&hub).await;
    clerk.syncs().await.unwrap();
    let (photo, _) = photos_of(&clerk, case).await[0].clone();
    hub.state().given = 0;
    hub.fail("photo_get", Fault::Pass);
    hub.fail("photo_get", Fault::Unreachable);

    let cut_off = clerk.client.fetch_photo_with(&hub, photo.digest).await;
    let before = hub.state().given;
    clerk.restarts().await;
    clerk
        .client
        .fetch_photo_with(&hub, photo.digest)
        .await
        .unwrap();

    assert!(cut_off.is_err(), "the first try did not get it whole");
    assert!(before > 0, "but a piece came");
    assert_eq!(
        hub.state().given,
        usize::try_from(photo.bytes).unwrap(),
        "and no byte came twice"
    );
    let bytes = clerk.client.photo_bytes(photo.digest).await.unwrap();
    assert_eq!(digest_of(&bytes), photo.digest, "byte for byte");
}

#[tokio::test]
async fn room_is_made_of_what_the_hub_has_too_and_of_nothing_else() {
    let hub = FakeHub::default();
    let worker = Device::enrolled(&hub).await;
    let case = worker.reports_with("第一件", &[picture(300, 1)]).await;
    let presence = async |device: &Device| photos_of(device, case).await[0].1;

    testing::make_room_within(&worker.client, 0).await.unwrap();
    assert_eq!(
        presence(&worker).await,
        Presence::Here,
        "the hub doesn't have it yet"
    );

    worker.syncs().await.unwrap();
    testing::make_room_within(&worker.client, 0).await.unwrap();
    assert_eq!(
        presence(&worker).await,
        Presence::Here,
        "own ones stay for a month"
    );

    hub.state().last_dev_seq = 0;
    let clerk = Device::enrolled(&hub).await;
    clerk.syncs().await.unwrap();
    let (photo, _) = photos_of(&clerk, case).await[0].clone();
    clerk
        .client
        .fetch_photo_with(&hub, photo.digest)
        .await
        .unwrap();
    testing::make_room_within(&clerk.client, 0).await.unwrap();
    assert_eq!(
        presence(&clerk).await,
        Presence::ThumbOnly,
        "a colleague's goes"
    );

    worker.clock.turn_ms(31 * 24 * 60 * 60 * 1_000);
    testing::make_room_within(&worker.client, 0).await.unwrap();
    assert_eq!(
        presence(&worker).await,
        Presence::ThumbOnly,
        "and an own one after it"
    );
    worker
        .client
        .fetch_photo_with(&hub, photo.digest)
        .await
        .unwrap();
    assert_eq!(
        presence(&worker).await,
        Presence::Here,
        "to come back when looked at"
    );
}

#[tokio::test]
async fn a_thumbnail_that_is_not_there_yet_or_is_something_else_comes_later() {
    let hub = FakeHub::default();
    let worker = Device::enrolled(&hub).await;
    let case = worker
        .reports_with("第一件", &[picture(300, 1), picture(300, 2)])
        .await;
    worker.syncs().await.unwrap();
    hub.state().last_dev_seq = 0;
    let thumbs: Vec<_> = photos_of(&worker, case)
        .await
        .into_iter()
        .map(|(photo, _)| photo.thumb)
        .collect();
    let right = hub.state().photos.remove(&thumbs[0]).unwrap();
    let other = hub
        .state()
        .photos
        .insert(thumbs[1], b"<html>".to_vec())
        .unwrap();
    let clerk = Device::enrolled(&hub).await;

    let missing = clerk.syncs().await.unwrap();
    hub.state().photos.insert(thumbs[0], right);
    hub.state().photos.insert(thumbs[1], other);
    clerk.clock.turn_ms(61_000);
    let later = clerk.syncs().await.unwrap();

    assert_eq!(
        missing.thumbs_fetched, 0,
        "one is missing, one is something else"
    );
    assert!(
        missing.failure.is_none(),
        "which is no failure: their sender may be on the way"
    );
    assert_eq!(later.thumbs_fetched, 2, "later both come");
}

#[tokio::test]
async fn a_hub_that_lost_its_photos_gets_them_again() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports_with("第一件", &[picture(300, 1)]).await;
    tablet.syncs().await.unwrap();
    {
        let mut state = hub.state();
        state.epoch = "e2".to_owned();
        state.photos.clear();
    }

    let report = tablet.syncs().await.unwrap();

    assert_eq!(report.files_sent, 2, "the originals were still here");
    assert!(
        hub.state().docs.contains_key(&DocRef::case(case)),
        "and so is the case"
    );
}

/// An own photo that made room, and a hub that was put back and has it still, or not: what the person is
/// told, and whether all was said to be there.
async fn after_making_room(hub_has_it: bool) -> (Vec<Stuck>, bool) {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    let case = tablet.reports_with("第一件", &[picture(300, 1)]).await;
    tablet.syncs().await.unwrap();
    tablet.clock.turn_ms(31 * 24 * 60 * 60 * 1_000);
    testing::make_room_within(&tablet.client, 0).await.unwrap();
    let (photo, presence) = photos_of(&tablet, case).await[0].clone();
    assert_eq!(presence, Presence::ThumbOnly, "it made room");
    {
        let mut state = hub.state();
        "e2".clone_into(&mut state.epoch);
        if !hub_has_it {
            state.photos.remove(&photo.digest);
        }
    }
    let report = tablet.syncs().await.unwrap();
    let items = tablet.delivery().await.items.into_iter();
    (
        items.filter_map(|item| item.stuck).collect(),
        report.is_complete(),
    )
}

#[tokio::test]
async fn a_photo_that_made_room_is_not_missed_while_the_hub_has_it() {
    assert_eq!(after_making_room(true).await, (vec![], true));
}

#[tokio::test]
async fn a_photo_that_neither_the_hub_nor_the_tablet_has_any_more_is_told() {
    let (stuck, _) = after_making_room(false).await;

    assert_eq!(stuck, [Stuck::PhotoFile]);
}

/// Two cases with one photo, which the hub does not have yet; a clerk sees the first of them.
struct Shared {
    hub: FakeHub,
    clerk: Device,
    own: Scope,
    first: DocRef,
    second: DocRef,
    /// What the hub will have.
    photos: BTreeMap<Digest, Vec<u8>>,
}

impl Shared {
    /// The clerk gets the second case.
    async fn second_comes(&self) {
        let doc = self.hub.state().docs[&self.second].clone();
        self.hub.state().publish(&self.own, doc);
        self.clerk.syncs().await.unwrap();
    }

    /// The first case leaves the clerk.
    async fn first_leaves(&self) {
        self.hub.state().withdraw(&self.own, &self.first);
        self.clerk.syncs().await.unwrap();
    }

    /// How many thumbnails come an hour later, once the hub has the photos.
    async fn thumbs_that_come(self) -> u32 {
        self.hub.state().photos = self.photos;
        self.clerk.clock.turn_ms(3_600_000);
        self.clerk.syncs().await.unwrap().thumbs_fetched
    }
}

async fn one_photo_of_two_cases() -> Shared {
    let hub = FakeHub::default();
    let worker = Device::enrolled(&hub).await;
    let first = worker.reports_with("第一件", &[picture(300, 1)]).await;
    let second = worker.reports_with("第二件", &[picture(300, 1)]).await;
    worker.syncs().await.unwrap();
    let own = Scope::staff(&hub.state().staff.id.clone());
    let (first, second) = (DocRef::case(first), DocRef::case(second));
    let photos = std::mem::take(&mut hub.state().photos);
    hub.state().withdraw(&own, &second);
    hub.state().last_dev_seq = 0;
    let clerk = Device::enrolled(&hub).await;
    clerk.syncs().await.unwrap();
    Shared {
        hub,
        clerk,
        own,
        first,
        second,
        photos,
    }
}

#[tokio::test]
async fn a_photo_of_two_cases_comes_though_the_case_it_was_first_seen_with_has_left() {
    let shared = one_photo_of_two_cases().await;

    shared.second_comes().await;
    shared.first_leaves().await;
    let come = shared.thumbs_that_come().await;

    assert_eq!(come, 1, "the second case still shows it");
}

#[tokio::test]
async fn a_photo_comes_with_a_later_case_though_the_one_it_was_first_seen_with_had_left() {
    let shared = one_photo_of_two_cases().await;

    shared.first_leaves().await;
    let doc = shared.hub.state().docs[&shared.second].clone();
    shared.hub.state().publish(&shared.own, doc);
    let come = shared.thumbs_that_come().await;

    assert_eq!(come, 1, "the second case shows it");
}

#[tokio::test]
async fn a_photo_of_two_cases_comes_though_the_hub_forgot_that_the_first_had_it() {
    let shared = one_photo_of_two_cases().await;
    shared.second_comes().await;

    // The hub was put back: of the first case it has what was there before the photo.
    let mut older = shared.hub.state().docs[&shared.first].clone();
    older.body["known"]["report"]["photos"] = serde_json::json!([]);
    shared.hub.state().publish(&shared.own, older);
    shared.clerk.syncs().await.unwrap();
    shared.first_leaves().await;
    let come = shared.thumbs_that_come().await;

    assert_eq!(come, 1, "the second case still shows it");
}

#[tokio::test]
async fn a_clock_that_was_ahead_when_a_photo_was_put_off_does_not_hold_it() {
    const HOUR_MS: i64 = 3_600_000;
    for ahead_ms in [5 * HOUR_MS, 10 * 365 * 24 * HOUR_MS] {
        let hub = FakeHub::default();
        let worker = Device::enrolled(&hub).await;
        worker.clock.turn_ms(ahead_ms);
        worker.reports_with("第一件", &[picture(300, 1)]).await;
        hub.fail("photo_create", Fault::Refuse(ErrorCode::Internal));
        worker.syncs().await.unwrap();

        worker.clock.turn_ms(-ahead_ms);
        let report = worker.syncs().await.unwrap();

        assert!(
            report.is_complete() && report.files_sent > 0,
            "somebody has set the clock right by {ahead_ms} ms: {report:?}"
        );
    }
}
