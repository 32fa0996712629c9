//! Photos, and reports that were called delivered without them.

use std::collections::BTreeSet;

use client::photo::digest_of;
use scenarios::world::{Fault, World, street_photo};

/// Whether the hub has all its bytes, and not only a part of them under its name.
fn is_whole_at(world: &World, digest: shared::Digest) -> bool {
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
    let photos: Vec<_> = (1..=9).map(|n| street_photo(n, 960, 720)).collect();
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
