//! Photos: resumable, verified, and only for those who may see what they show.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use shared::{
    Digest,
    hub_api::{ErrorCode, photo},
};
use tokio::sync::oneshot;

use crate::world::{Device, MINUTE, Reply, World, fresh, report};

const DAY: i64 = 24 * 60 * MINUTE;

/// A photo as far as the hub cares: bytes with a digest.
pub(crate) struct Photo {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
}

pub(crate) fn photo_of(length: usize) -> Photo {
    let seed = fresh();
    let bytes: Vec<u8> = seed.iter().copied().cycle().take(length).collect();
    Photo {
        digest: Digest::from_bytes(Sha256::digest(&bytes).into()),
        bytes,
    }
}

impl Device {
    pub(crate) async fn create(&self, digest: Digest, length: usize) -> Reply {
        let metadata = BASE64_STANDARD.encode(digest.to_string());
        let request = self
            .request("POST", photo::CREATE_PATH)
            .header(photo::TUS_RESUMABLE, "1.0.0")
            .header(photo::UPLOAD_LENGTH, length)
            .header(
                photo::UPLOAD_METADATA,
                format!("digest {metadata},kind bmVhcg=="),
            )
            .body(Body::empty());
        self.send(request.unwrap()).await
    }

    pub(crate) async fn patch(
        &self,
        digest: Digest,
        offset: usize,
        body: Body,
        sum: Option<&[u8]>,
    ) -> Reply {
        self.send(self.patching(digest, offset, body, sum)).await
    }

    fn patching(
        &self,
        digest: Digest,
        offset: usize,
        body: Body,
        sum: Option<&[u8]>,
    ) -> Request<Body> {
        let mut request = self
            .request("PATCH", &photo::path(digest))
            .header(photo::TUS_RESUMABLE, "1.0.0")
            .header(header::CONTENT_TYPE, photo::CHUNK_TYPE)
            .header(photo::UPLOAD_OFFSET, offset);
        if let Some(sum) = sum {
            let sum = BASE64_STANDARD.encode(Sha256::digest(sum));
            request = request.header(photo::UPLOAD_CHECKSUM, format!("sha256 {sum}"));
        }
        request.body(body).unwrap()
    }

    pub(crate) async fn chunk(&self, digest: Digest, offset: usize, bytes: &[u8]) -> Reply {
        self.patch(digest, offset, Body::from(bytes.to_vec()), Some(bytes))
            .await
    }

    pub(crate) async fn head(&self, digest: Digest) -> Reply {
        let request = self
            .request("HEAD", &photo::path(digest))
            .body(Body::empty());
        self.send(request.unwrap()).await
    }

    pub(crate) async fn upload(&self, photo: &Photo) {
        self.create(photo.digest, photo.bytes.len()).await;
        let reply = self.chunk(photo.digest, 0, &photo.bytes).await;
        assert_eq!(reply.header(photo::COMPLETE), "true");
    }
}

/// A body that ends in the middle, as when the link breaks.
pub(crate) fn cut_after(bytes: &[u8]) -> Body {
    let pieces = [
        Ok(Bytes::copy_from_slice(bytes)),
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
    ];
    Body::from_stream(futures_util::stream::iter(pieces))
}

#[tokio::test]
async fn a_photo_sent_in_chunks_arrives_whole() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(100_000);

    let created = worker.create(photo.digest, 100_000).await;
    assert_eq!(created.status, StatusCode::CREATED);
    assert_eq!(created.header("location"), photo::path(photo.digest));
    assert_eq!(created.header("tus-resumable"), "1.0.0");
    assert!(created.header("upload-expires").ends_with("GMT"));
    let first = worker.chunk(photo.digest, 0, &photo.bytes[..60_000]).await;
    assert_eq!(first.status, StatusCode::NO_CONTENT);
    assert_eq!(first.header(photo::UPLOAD_OFFSET), "60000");
    assert_eq!(first.header(photo::COMPLETE), "");
    let last = worker
        .chunk(photo.digest, 60_000, &photo.bytes[60_000..])
        .await;

    assert_eq!(last.header(photo::COMPLETE), "true");
    let got = worker.get(&photo::path(photo.digest)).await;
    assert_eq!(got.body, photo.bytes);
    assert_eq!(got.header("etag"), format!("\"{}\"", photo.digest));
    assert!(got.header("cache-control").contains("immutable"));
    let again = worker.create(photo.digest, 100_000).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(
        again.header(photo::COMPLETE),
        "true",
        "nobody sends it twice"
    );
}

#[tokio::test]
async fn a_photo_cut_in_the_middle_goes_on_where_it_stopped_even_after_a_restart() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(90_000);
    worker.create(photo.digest, 90_000).await;
    worker.chunk(photo.digest, 0, &photo.bytes[..30_000]).await;
    let body = cut_after(&photo.bytes[30_000..50_000]);
    let cut = worker.patch(photo.digest, 30_000, body, None).await;
    assert_eq!(cut.error(), ErrorCode::Malformed);

    let world = world.restart().await;
    let worker = worker.at(&world);
    let head = worker.head(photo.digest).await;
    assert_eq!(
        head.header(photo::UPLOAD_OFFSET),
        "50000",
        "what came is kept"
    );
    let rest = worker
        .chunk(photo.digest, 50_000, &photo.bytes[50_000..])
        .await;

    assert_eq!(rest.header(photo::COMPLETE), "true");
    assert_eq!(
        worker.get(&photo::path(photo.digest)).await.body,
        photo.bytes
    );
}

/// A body of which this comes, and then silence: nobody is at the other end any more. Says when all
/// that comes was taken.
fn silent_after(bytes: &[u8]) -> (Body, oneshot::Receiver<()>) {
    let (tell, taken) = oneshot::channel();
    let came = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::copy_from_slice(bytes))]);
    let silence = futures_util::stream::once(async move {
        tell.send(()).unwrap();
        std::future::pending().await
    });
    (Body::from_stream(came.chain(silence)), taken)
}

#[tokio::test]
async fn who_asks_again_ends_the_request_that_fell_silent_and_what_came_of_it_is_kept() {
    let world = World::with(|config| {
        let never = Duration::from_hours(1);
        (config.patience.body_idle, config.patience.photo_lock) = (never, never);
    })
    .await;
    let worker = world.device("w1").await;
    for (asks, sum) in [("HEAD", false), ("POST", false), ("POST", true)] {
        let photo = photo_of(90_000);
        worker.create(photo.digest, 90_000).await;
        let (body, taken) = silent_after(&photo.bytes[..20_000]);
        let sum = sum.then_some(&photo.bytes[..60_000]);

        let silent = worker.send_unseen(worker.patching(photo.digest, 0, body, sum));
        let asked = async {
            taken.await.unwrap();
            match asks {
                "HEAD" => worker.head(photo.digest).await,
                _ => worker.create(photo.digest, 90_000).await,
            }
        };
        let (silent, asked) = tokio::join!(silent, asked);

        let kept = if sum.is_some() { 0 } else { 20_000 };
        assert_eq!(silent, StatusCode::SERVICE_UNAVAILABLE, "{asks}");
        assert_eq!(
            asked.header(photo::UPLOAD_OFFSET),
            kept.to_string(),
            "{asks}: a part can't be held against a checksum"
        );
        let rest = worker.chunk(photo.digest, kept, &photo.bytes[kept..]).await;
        assert_eq!(rest.header(photo::COMPLETE), "true", "{asks}");
    }
}

#[tokio::test]
async fn of_a_cut_chunk_with_a_checksum_nothing_is_kept() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(90_000);
    worker.create(photo.digest, 90_000).await;

    let body = cut_after(&photo.bytes[..20_000]);
    let sum = Some(&photo.bytes[..60_000]);
    worker.patch(photo.digest, 0, body, sum).await;

    let head = worker.head(photo.digest).await;
    assert_eq!(
        head.header(photo::UPLOAD_OFFSET),
        "0",
        "it could not be verified"
    );
}

#[tokio::test]
async fn a_damaged_chunk_is_refused_and_can_be_sent_again() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(50_000);
    worker.create(photo.digest, 50_000).await;
    let mut damaged = photo.bytes.clone();
    damaged[1_234] ^= 1;

    let body = Body::from(damaged);
    let reply = worker
        .patch(photo.digest, 0, body, Some(&photo.bytes))
        .await;

    assert_eq!(reply.error(), ErrorCode::ChecksumMismatch);
    assert_eq!(reply.status.as_u16(), 460);
    let again = worker.chunk(photo.digest, 0, &photo.bytes).await;
    assert_eq!(again.header(photo::COMPLETE), "true");
}

#[tokio::test]
async fn bytes_that_are_not_the_photo_are_thrown_away_at_the_end() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let [photo, other] = [photo_of(50_000), photo_of(50_000)];
    worker.create(photo.digest, 50_000).await;

    let reply = worker.chunk(photo.digest, 0, &other.bytes).await;

    assert_eq!(reply.error(), ErrorCode::ChecksumMismatch);
    let head = worker.head(photo.digest).await;
    assert_eq!(head.header(photo::UPLOAD_OFFSET), "0", "it begins again");
    assert_eq!(head.header(photo::COMPLETE), "");
    worker.upload(&photo).await;
}

#[tokio::test]
async fn a_wrong_offset_is_told_and_changes_nothing() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(50_000);
    worker.create(photo.digest, 50_000).await;
    worker.chunk(photo.digest, 0, &photo.bytes[..20_000]).await;

    for offset in [0, 10_000, 30_000] {
        let reply = worker
            .chunk(photo.digest, offset, &photo.bytes[offset..])
            .await;
        assert_eq!(reply.error(), ErrorCode::OffsetMismatch, "{offset}");
        assert_eq!(reply.status, StatusCode::CONFLICT);
    }
    let body = Body::from(photo.bytes.clone());
    let beyond = worker.patch(photo.digest, 20_000, body, None).await;

    assert_eq!(
        beyond.error(),
        ErrorCode::TooLarge,
        "more bytes than were announced"
    );
    let head = worker.head(photo.digest).await;
    assert_eq!(head.header(photo::UPLOAD_OFFSET), "20000");
}

#[tokio::test]
async fn two_requests_for_one_upload_do_not_mix_their_bytes() {
    let world = World::new().await;
    let worker = std::sync::Arc::new(world.device("w1").await);
    let photo = std::sync::Arc::new(photo_of(200_000));
    worker.create(photo.digest, 200_000).await;
    let mut chunks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (worker, photo) = (
            std::sync::Arc::clone(&worker),
            std::sync::Arc::clone(&photo),
        );
        chunks.spawn(async move {
            let pieces: Vec<_> = photo
                .bytes
                .chunks(1_000)
                .map(|c| Ok::<_, std::io::Error>(Bytes::copy_from_slice(c)))
                .collect();
            let body = Body::from_stream(futures_util::stream::iter(pieces));
            worker.patch(photo.digest, 0, body, None).await.status
        });
    }
    let mut taken = 0;
    while let Some(status) = chunks.join_next().await {
        taken += usize::from(status.unwrap() == StatusCode::NO_CONTENT);
    }

    assert_eq!(taken, 1, "one was first, the others were told the offset");
    assert_eq!(
        worker.get(&photo::path(photo.digest)).await.body,
        photo.bytes
    );
}

#[tokio::test]
async fn a_photo_is_for_those_who_see_a_document_that_shows_it() {
    let world = World::new().await;
    let [worker, clerk, stranger] = [
        world.device("w1").await,
        world.device("c1").await,
        world.device("w3").await,
    ];
    let [photo, thumb] = [photo_of(5_000), photo_of(500)];
    worker.upload(&photo).await;
    worker.upload(&thumb).await;
    let path = photo::path(photo.digest);
    assert_eq!(
        clerk.get(&path).await.error(),
        ErrorCode::Forbidden,
        "nothing shows it yet"
    );

    let photos = json!([{
        "digest": photo.digest, "thumb": thumb.digest, "kind": "near", "bytes": 5_000,
        "thumb_bytes": 500, "width": 10, "height": 10, "taken_at": null, "position": null,
    }]);
    let case = shared::CaseId::from_bytes(fresh());
    let op = worker.op(case, &report("G1", &photos));
    worker.push(&[op]).await;

    assert_eq!(clerk.get(&path).await.body, photo.bytes);
    assert_eq!(
        clerk.get(&photo::path(thumb.digest)).await.body,
        thumb.bytes
    );
    let reply = stranger.get(&path).await;
    assert_eq!(reply.error(), ErrorCode::Forbidden);
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    stranger.create(photo.digest, 5_000).await;
    assert_eq!(
        stranger.get(&path).await.error(),
        ErrorCode::Forbidden,
        "to know a digest is not to have the photo"
    );
}

#[tokio::test]
async fn a_part_of_a_photo_can_be_had() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(200_000);
    worker.upload(&photo).await;
    let path = photo::path(photo.digest);
    let get = async |range: &str, tag: &str| {
        let request = worker
            .request("GET", &path)
            .header(header::RANGE, range)
            .header(header::IF_NONE_MATCH, tag)
            .body(Body::empty());
        worker.send(request.unwrap()).await
    };

    let part = get("bytes=150000-", "").await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.body, &photo.bytes[150_000..]);
    assert_eq!(part.header("content-range"), "bytes 150000-199999/200000");
    let beyond = get("bytes=200000-", "").await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), "bytes */200000");
    let known = get("bytes=0-", &format!("\"{}\"", photo.digest)).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_photo_of_no_or_too_many_bytes_is_refused() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let digest = photo_of(1).digest;

    assert_eq!(worker.create(digest, 0).await.error(), ErrorCode::Malformed);
    let large = worker.create(digest, 16 * 1024 * 1024 + 1).await;

    assert_eq!(large.error(), ErrorCode::TooLarge);
}

#[tokio::test]
async fn a_device_can_not_fill_the_disk_in_a_day() {
    let world = World::with(|config| config.photo_quota_bytes = 10_000).await;
    let worker = world.device("w1").await;
    worker.upload(&photo_of(6_000)).await;
    let photo = photo_of(6_000);

    let reply = worker.create(photo.digest, 6_000).await;

    assert_eq!(reply.error(), ErrorCode::TooMany);
    world.turn_clock(DAY + MINUTE);
    worker.upload(&photo).await;
}

#[tokio::test]
async fn an_unfinished_upload_is_forgotten_after_a_week() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let [photo, whole] = [photo_of(9_000), photo_of(9_000)];
    worker.create(photo.digest, 9_000).await;
    worker.chunk(photo.digest, 0, &photo.bytes[..1_000]).await;
    worker.upload(&whole).await;

    world.turn_clock(6 * DAY);
    assert_eq!(world.hub.sweep().await.unwrap(), 0);
    world.turn_clock(2 * DAY);
    assert_eq!(world.hub.sweep().await.unwrap(), 1);

    let head = worker.head(photo.digest).await;
    assert_eq!(head.status, StatusCode::NOT_FOUND);
    let part = world
        .data()
        .join("blobs/part")
        .join(photo.digest.to_string());
    assert!(!part.exists());
    assert_eq!(
        worker.get(&photo::path(whole.digest)).await.body,
        whole.bytes
    );
    worker.upload(&photo).await;
}

#[tokio::test]
async fn bytes_that_were_never_acknowledged_do_not_stay_in_the_file() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(9_000);
    worker.create(photo.digest, 9_000).await;
    worker.chunk(photo.digest, 0, &photo.bytes[..1_000]).await;
    // As after a power cut: more in the file than the database knows, and it is rubbish.
    let part = world
        .data()
        .join("blobs/part")
        .join(photo.digest.to_string());
    let mut rubbish = photo.bytes[..1_000].to_vec();
    rubbish.extend([0; 3_000]);
    std::fs::write(&part, rubbish).unwrap();

    let reply = worker
        .chunk(photo.digest, 1_000, &photo.bytes[1_000..])
        .await;

    assert_eq!(reply.header(photo::COMPLETE), "true");
}

#[tokio::test]
async fn a_lost_part_file_begins_again_at_zero() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(9_000);
    worker.create(photo.digest, 9_000).await;
    worker.chunk(photo.digest, 0, &photo.bytes[..1_000]).await;
    std::fs::remove_file(
        world
            .data()
            .join("blobs/part")
            .join(photo.digest.to_string()),
    )
    .unwrap();

    let head = worker.head(photo.digest).await;

    assert_eq!(
        head.header(photo::UPLOAD_OFFSET),
        "0",
        "the hub says what it has"
    );
    worker.upload(&photo).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_told_and_the_upload_goes_on_later() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(9_000);
    worker.create(photo.digest, 9_000).await;
    // Every write to /dev/full fails with ENOSPC.
    let part = world
        .data()
        .join("blobs/part")
        .join(photo.digest.to_string());
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();

    let reply = worker.chunk(photo.digest, 0, &photo.bytes).await;

    assert_eq!(reply.error(), ErrorCode::HubFull);
    assert_eq!(reply.status, StatusCode::INSUFFICIENT_STORAGE);
    assert_ne!(reply.header("retry-after"), "");
    std::fs::remove_file(&part).unwrap();
    worker.upload(&photo).await;
}

#[tokio::test]
async fn what_is_not_tus_is_refused() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let photo = photo_of(100);
    worker.create(photo.digest, 100).await;
    let place = photo::path(photo.digest);
    let patch = async |name: &str, value: &str| {
        let mut headers = vec![
            (photo::TUS_RESUMABLE, "1.0.0"),
            ("Content-Type", photo::CHUNK_TYPE),
            (photo::UPLOAD_OFFSET, "0"),
        ];
        headers.retain(|(other, _)| *other != name);
        headers.push((name, value));
        let mut request = worker.request("PATCH", &place);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        worker.send(request.body(Body::from("x")).unwrap()).await
    };

    assert_eq!(
        patch(photo::TUS_RESUMABLE, "0.2.2").await.status,
        StatusCode::PRECONDITION_FAILED
    );
    assert_eq!(
        patch("Content-Type", "text/html").await.error(),
        ErrorCode::UnsupportedMedia
    );
    assert_eq!(
        patch(photo::UPLOAD_OFFSET, "-1").await.error(),
        ErrorCode::Malformed
    );
    assert_eq!(
        patch(photo::UPLOAD_CHECKSUM, "md5 AAAA").await.error(),
        ErrorCode::Malformed
    );
    for name in ["..%2F..%2Fhub.db", "a", "%00", "part"] {
        let reply = worker.get(&format!("/sync/v1/photos/{name}")).await;
        assert_eq!(reply.error(), ErrorCode::NotFound, "{name}");
    }
}
