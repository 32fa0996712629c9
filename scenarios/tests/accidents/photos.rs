//! Photos, and reports that were called delivered without them.

use std::collections::BTreeSet;

use client::{photo::digest_of, testing};
use scenarios::{
    workbook::{Rows, workbook},
    world::{Device, Fault, World, street_photo},
};
use shared::{
    Digest, PhotoError, PhotoRef,
    ipc::{Code, IpcError, Presence, Stuck},
};

/// Whether the hub has all its bytes, and not only a part of them under its name.
fn is_whole_at(world: &World, digest: Digest) -> bool {
    let file = world
        .photo_at_hub(digest)
        .and_then(|path| std::fs::read(path).ok());
    file.is_some_and(|bytes| digest_of(&bytes) == digest)
}

/// I5, I15, I23: the record was there, some of its photos never; the client was told success.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_many_photos_is_not_called_complete_before_the_last_one_is_there() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let photos: Vec<_> = (1..=9).map(|n| street_photo(n, 640, 480)).collect();
    let case = worker.reports("九张照片", &photos).await.unwrap();
    worker.link().set(Fault::CutUpAfter(60_000));

    let mut rounds = 0;
    loop {
        let complete = worker.syncs().await.is_ok_and(|round| round.is_complete());
        let shown = worker.sees(case).await.unwrap().photos;
        let digests: BTreeSet<_> = shown
            .iter()
            .flat_map(|it| [it.photo.digest, it.photo.thumb])
            .collect();
        let there = digests
            .iter()
            .filter(|digest| is_whole_at(&world, **digest))
            .count();
        let told = worker.delivery().await.unwrap().unfinished == 0;
        assert_eq!(digests.len(), 18);
        // What did not come is known at the hub by name, and who has it.
        let missing = world.hub().missing_photos().await.unwrap();
        assert!(missing.iter().all(|it| it.staff.as_str() == "w-0101"));
        let missing: BTreeSet<_> = missing.into_iter().map(|it| it.digest).collect();
        let lacks = |digest: &&Digest| !is_whole_at(&world, **digest);
        let lacked: BTreeSet<_> = digests.iter().filter(lacks).copied().collect();
        let heard_of = worker.delivery().await.unwrap().status.ops_waiting == 0;
        assert!(!heard_of || missing == lacked, "{missing:?}, {lacked:?}");
        assert!(
            !(complete || told) || there == 18,
            "complete with {there} of 18"
        );
        if told {
            break;
        }
        rounds += 1;
        // What was put off has its turn again.
        world.minutes_pass(60);
        assert!(
            rounds < 60,
            "it gets through in the end: {:?}",
            worker.delivery().await
        );
        if rounds == 3 {
            worker.goes_online();
        }
    }
}

const DAMAGE: &[(&str, Rows<'_>)] = &[
    (
        "survey",
        &[
            &["type", "name", "label", "appearance"],
            &["text", "note", "情况", ""],
            &["begin repeat", "damage", "损坏", ""],
            &["image", "picture", "照片", ""],
            &["end repeat", "", "", ""],
            &["image", "signature", "签名", "signature"],
        ],
    ),
    (
        "settings",
        &[
            &["form_title", "form_id", "version"],
            &["损坏登记", "damage", "1"],
        ],
    ),
];

/// I15: of twenty pictures four arrived, and the signature not at all, though the client was told
/// that all had.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_twenty_pictures_and_a_signature_is_complete_when_the_hub_has_each_of_them() {
    let world = World::new().await.unwrap();
    let book = workbook(DAMAGE).unwrap();
    world.loads_form(&book, "damage").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let view = worker.begins_form().await.unwrap();
    worker
        .answers(&view, &[("note", "台风之后")])
        .await
        .unwrap();
    let mut photos: Vec<PhotoRef> = Vec::new();
    for nth in 1..=21_u32 {
        let bytes = street_photo(nth, 320, 240);
        let photo = worker.adds_photo(None, &bytes).await.unwrap();
        let digest = photo.digest.to_string();
        let address = if nth == 21 {
            "signature".to_owned()
        } else {
            if nth > 1 {
                worker.adds_to(&view, "damage").await.unwrap();
            }
            format!("damage[{nth}]/picture")
        };
        let answer = [(address.as_str(), digest.as_str())];
        worker.answers(&view, &answer).await.unwrap();
        photos.push(photo);
    }
    let record = worker.finishes(view).await.unwrap();
    worker.suffers(Fault::CutUpAfter(40_000));

    for round in 1.. {
        let complete = worker.syncs().await.is_ok_and(|it| it.is_complete());
        let page = worker.lists_records().await.unwrap();
        let marked = page.rows[0].marks.unwrap().complete();
        let missing = photos
            .iter()
            .flat_map(|it| [it.digest, it.thumb])
            .filter(|digest| !is_whole_at(&world, *digest))
            .count();
        assert!(
            !(complete || marked) || missing == 0,
            "complete without {missing}"
        );
        if marked {
            assert!(round > 1, "the link broke");
            break;
        }
        world.minutes_pass(60);
        assert!(round < 40, "{:?}", worker.delivery().await);
        if round == 3 {
            worker.goes_online();
        }
    }
    let clerk = world.device("c-01").await.unwrap();
    let lines = clerk.reads(record).await.unwrap().lines;
    let shown: Vec<_> = lines
        .iter()
        .filter_map(|line| line.photo.as_ref())
        .collect();
    assert_eq!(shown.len(), 21, "the clerk sees each");
    for photo in shown {
        let bytes = clerk.client().photo_bytes(photo.digest).await.unwrap();
        assert_eq!(digest_of(&bytes), photo.digest);
    }
}

/// I16: photos arrived with no bytes, or with the first half of them.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_or_broken_photo_is_told_when_it_is_taken_and_never_sent_when_it_breaks_later() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let good = street_photo(16, 640, 480);
    let half = &good[..good.len() / 2];
    for (bytes, why) in [
        (&[][..], PhotoError::Empty),
        (half, PhotoError::Truncated),
        (&b"<html>404</html>"[..], PhotoError::NotAnImage),
    ] {
        let refused = worker.adds_photo(None, bytes).await.unwrap_err();
        let refused: IpcError = refused.downcast().unwrap();
        assert_eq!(refused.code, Code::Photo { why });
    }
    let photos = [good, street_photo(17, 640, 480)];
    let case = worker.reports("两张照片", &photos).await.unwrap();
    let shown = worker.sees(case).await.unwrap().photos;
    let [bad, good] = [0, 1].map(|nth| shown[nth].photo.digest);
    // The disk empties one before it is sent.
    let file = file_of(worker.folder(), bad);
    std::fs::write(&file, b"").unwrap();

    for _ in 0..3 {
        drop(worker.syncs().await);
        world.minutes_pass(60);
    }

    let delivery = worker.delivery().await.unwrap();
    assert_eq!(delivery.items[0].stuck, Some(Stuck::PhotoFile), "told");
    assert_eq!(delivery.unfinished, 1, "it is not complete");
    assert!(is_whole_at(&world, good), "the other one arrived");
    assert_eq!(world.photo_at_hub(bad), None, "and no empty one");
    let clerk = world.device("c-01").await.unwrap();
    let seen = clerk.sees(case).await.unwrap();
    assert_eq!(seen.description, "两张照片");
    assert!(clerk.client().photo_bytes(bad).await.is_err());
}

fn file_of(folder: &std::path::Path, digest: Digest) -> std::path::PathBuf {
    let name = digest.to_string();
    let mut folders = vec![folder.join("photos")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().contains(&name) {
                return path;
            }
        }
    }
    panic!("the photo is on the tablet")
}

async fn is_here(device: &Device, digest: Digest) -> bool {
    device.goes_offline();
    let here = device.client().photo_bytes(digest).await.is_ok();
    device.goes_online();
    here
}

/// I23: "delete after send" deleted though sending had failed.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_makes_room_only_when_the_hub_has_every_byte_of_it() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let photo = street_photo(23, 1_280, 960);
    let case = worker.reports("一张照片", &[photo]).await.unwrap();
    let shown = worker.sees(case).await.unwrap().photos.remove(0).photo;
    let client = worker.client();
    let sent = worker.link().up_bytes() + shown.bytes / 2;
    let no_signal_any_more = async {
        while worker.link().up_bytes() < sent {
            tokio::task::yield_now().await;
        }
        worker.goes_offline();
    };
    tokio::select! {
        round = worker.syncs() => panic!("it got through: {round:?}"),
        () = no_signal_any_more => {}
    }

    // The words arrived and a part of the photo; the tablet is full, and months go by.
    world.minutes_pass(90 * 24 * 60);
    testing::make_room_within(client, 0).await.unwrap();
    testing::clear_out(client).await.unwrap();

    assert!(!is_whole_at(&world, shown.digest), "half of it is there");
    assert!(is_here(&worker, shown.digest).await, "so it stays");
    worker.syncs_until_delivered(5).await.unwrap();
    assert!(is_whole_at(&world, shown.digest));
    world.minutes_pass(90 * 24 * 60);
    testing::make_room_within(client, 0).await.unwrap();
    assert!(!is_here(&worker, shown.digest).await, "now it made room");
    worker.syncs().await.unwrap();
    let seen = worker.sees(case).await.unwrap().photos.remove(0);
    assert_ne!(seen.presence, Presence::NotYet, "and is shown all the same");
    let back = client.photo_bytes(shown.digest).await.unwrap();
    assert_eq!(digest_of(&back), shown.digest, "from the hub");
}

/// I25: an attachment was shown as there though the server had lost it.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_the_hub_lost_is_not_shown_as_there_and_disturbs_nobody() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let photo = street_photo(3, 320, 240);
    let case = worker.reports("一张照片", &[photo]).await.unwrap();
    worker.syncs_until_delivered(5).await.unwrap();
    let digest = worker.sees(case).await.unwrap().photos[0].photo.digest;
    std::fs::remove_file(world.photo_at_hub(digest).unwrap()).unwrap();

    let clerk = world.device("c-01").await.unwrap();
    clerk.syncs().await.unwrap();
    let fetched = clerk.client().fetch_photo(digest).await;

    assert!(fetched.is_err(), "it is said to be missing");
    let seen = clerk.sees(case).await.unwrap();
    assert!(
        !format!("{:?}", seen.photos[0].presence).contains("Here"),
        "{:?}",
        seen.photos[0]
    );
    assert!(clerk.syncs().await.is_ok(), "and all else goes on");
}
