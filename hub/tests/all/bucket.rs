//! Photos in a bucket, and two hubs that take in the chunks of one photo. The bucket is a real
//! implementation of S3 by others, served inside the test.

use std::path::PathBuf;

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use bytes::Bytes;
use hub::{
    Config, Hub, PhotosPlace,
    config::{BucketAccess, BucketAddress},
    store::postgres::DatabaseUrl,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use shared::hub_api::{ErrorCode, photo};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use crate::{
    cluster::database,
    photos::{cut_after, photo_of},
    world::{Device, World},
};

const KEY: &str = "key-id";
const SECRET: &str = "secret-4-tests";

/// A service with one bucket, `city`.
struct Service {
    folder: TempDir,
    endpoint: String,
    serving: JoinHandle<()>,
}

impl Service {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("city")).unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move {
            // Ended with the service: a connection that is kept open would still be answered.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                connections.spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    // Fails when the peer hangs up.
                    drop(
                        builder
                            .serve_connection(TokioIo::new(stream), service)
                            .await,
                    );
                });
            }
        });
        Self {
            folder,
            endpoint: format!("http://{address}"),
            serving,
        }
    }

    fn place(&self) -> PhotosPlace {
        PhotosPlace::Bucket(BucketAddress {
            bucket: "city".to_owned(),
            prefix: "photos/of-the-hub".to_owned(),
            access: Some(BucketAccess {
                endpoint: self.endpoint.clone(),
                key_id: KEY.to_owned(),
                secret: SECRET.to_owned(),
            }),
        })
    }

    /// Names of the objects with this in their path.
    fn objects(&self, part: &str) -> Vec<PathBuf> {
        let root = self.folder.path().join("city");
        let (mut found, mut folders) = (Vec::new(), vec![root]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.display().to_string().contains(part) {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

async fn world_with(service: &Service) -> World {
    World::with(|config| config.photos = Some(service.place())).await
}

/// Two hubs on one database and one bucket, and one device as it meets either.
async fn two_hubs(service: &Service) -> (World, [Device; 2]) {
    let url = database();
    let set = |config: &mut Config| {
        config.database = Some(DatabaseUrl::from(url.clone()));
        config.photos = Some(service.place());
    };
    let world = World::with(set).await;
    let other = Hub::open(world.config.clone()).await.unwrap();
    let worker = world.device("w1").await;
    let there = worker.twin().over(other.router());
    (world, [worker, there])
}

#[tokio::test]
async fn a_photo_in_chunks_arrives_whole_in_the_bucket() {
    let service = Service::start().await;
    let world = world_with(&service).await;
    let worker = world.device("w1").await;
    let photo = photo_of(100_000);

    worker.create(photo.digest, 100_000).await;
    let first = worker.chunk(photo.digest, 0, &photo.bytes[..60_000]).await;
    assert_eq!(first.header(photo::UPLOAD_OFFSET), "60000");
    let rest = worker
        .chunk(photo.digest, 60_000, &photo.bytes[60_000..])
        .await;

    assert_eq!(rest.header(photo::COMPLETE), "true", "{rest:?}");
    let path = photo::path(photo.digest);
    assert_eq!(worker.get(&path).await.body, photo.bytes);
    let request = worker
        .request("GET", &path)
        .header(header::RANGE, "bytes=59990-60009");
    let part = worker.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.body, &photo.bytes[59_990..60_010]);
    assert_eq!(
        service.objects(&photo.digest.to_string()).len(),
        1,
        "and no chunk is left"
    );
    assert!(
        !world.data().join("blobs").exists(),
        "nor anything in the folder"
    );
}

#[tokio::test]
async fn two_hubs_take_in_one_photo_in_turns() {
    let service = Service::start().await;
    let (_world, [here, there]) = two_hubs(&service).await;
    let photo = photo_of(90_000);
    here.create(photo.digest, 90_000).await;

    let mut offset = 0;
    for (device, end) in [
        (&here, 20_000),
        (&there, 50_000),
        (&here, 70_000),
        (&there, 90_000),
    ] {
        let head = device.head(photo.digest).await;
        assert_eq!(head.header(photo::UPLOAD_OFFSET), offset.to_string());
        let reply = device
            .chunk(photo.digest, offset, &photo.bytes[offset..end])
            .await;
        assert_eq!(reply.header(photo::UPLOAD_OFFSET), end.to_string());
        offset = end;
    }

    for device in [&here, &there] {
        assert_eq!(
            device.get(&photo::path(photo.digest)).await.body,
            photo.bytes
        );
    }
}

#[tokio::test]
async fn two_hubs_at_once_do_not_mix_the_bytes_of_one_photo() {
    let service = Service::start().await;
    let (_world, devices) = two_hubs(&service).await;
    let photo = std::sync::Arc::new(photo_of(200_000));
    devices[0].create(photo.digest, 200_000).await;
    let mut chunks = JoinSet::new();
    for n in 0..6 {
        let (worker, photo) = (devices[n % 2].twin(), std::sync::Arc::clone(&photo));
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

    let statuses = chunks.join_all().await;

    let taken = statuses
        .iter()
        .filter(|status| **status == StatusCode::NO_CONTENT);
    assert_eq!(taken.count(), 1, "one was first: {statuses:?}");
    let got = devices[1].get(&photo::path(photo.digest)).await;
    assert_eq!(got.body, photo.bytes);
}

#[tokio::test]
async fn a_cut_chunk_and_a_lost_one_go_on_from_what_is_there() {
    let service = Service::start().await;
    let world = world_with(&service).await;
    let worker = world.device("w1").await;
    let photo = photo_of(9_000);
    worker.create(photo.digest, 9_000).await;
    let cut = cut_after(&photo.bytes[..4_000]);
    let cut = worker.patch(photo.digest, 0, cut, None).await;
    assert_eq!(cut.error(), ErrorCode::Malformed);
    let head = worker.head(photo.digest).await;
    assert_eq!(
        head.header(photo::UPLOAD_OFFSET),
        "4000",
        "what came is kept"
    );
    worker
        .chunk(photo.digest, 4_000, &photo.bytes[4_000..6_000])
        .await;

    let lost = &service.objects("/part/")[0];
    std::fs::remove_file(lost).unwrap();

    let head = worker.head(photo.digest).await;
    assert_eq!(
        head.header(photo::UPLOAD_OFFSET),
        "0",
        "the hub says what it has"
    );
    worker.upload(&photo).await;
    assert_eq!(
        worker.get(&photo::path(photo.digest)).await.body,
        photo.bytes
    );
}

#[tokio::test]
async fn bytes_that_are_not_the_photo_never_get_its_name() {
    let service = Service::start().await;
    let world = world_with(&service).await;
    let worker = world.device("w1").await;
    let [photo, other] = [photo_of(5_000), photo_of(5_000)];
    worker.create(photo.digest, 5_000).await;

    let reply = worker.chunk(photo.digest, 0, &other.bytes).await;

    assert_eq!(reply.error(), ErrorCode::ChecksumMismatch);
    assert_eq!(
        service.objects(&photo.digest.to_string()),
        Vec::<PathBuf>::new()
    );
    worker.upload(&photo).await;
}

#[tokio::test]
async fn a_bucket_that_is_gone_loses_nothing_that_was_acknowledged() {
    let service = Service::start().await;
    let world = world_with(&service).await;
    let worker = world.device("w1").await;
    let photo = photo_of(8_000);
    worker.create(photo.digest, 8_000).await;
    worker.chunk(photo.digest, 0, &photo.bytes[..3_000]).await;

    service.serving.abort();
    let reply = worker
        .chunk(photo.digest, 3_000, &photo.bytes[3_000..])
        .await;

    assert_eq!(reply.error(), ErrorCode::Unavailable);
    assert_ne!(reply.header("retry-after"), "");
    assert!(!String::from_utf8_lossy(&reply.body).contains(SECRET));
}
