//! Photos: bytes in a folder or a bucket, named by their digest; the state of each upload in the
//! store.
//!
//! An offset is answered only when the bytes below it are fsynced and verified as far as the
//! device gave a checksum; "complete" only when the whole file has the digest it is named by.

mod blobs;
mod locks;

use std::{sync::Arc, time::Duration};

use axum::body::{Body, BodyDataStream};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use shared::{
    Digest, Timestamp,
    hub_api::{ErrorCode, photo::PHOTO_BYTES_MAX},
};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

pub use blobs::{Answer, Blobs, Bucket, BucketError, Part, Pieces, open};
use locks::{Held, Locks};

use crate::{
    config::{Clock, Config},
    error::{Answered, Failure},
    store::{Creation, HubStore, Session, Upload},
};

/// How long an unfinished upload is kept, in milliseconds: seven days.
pub const UPLOAD_LIFE_MS: i64 = 7 * DAY_MS;

/// How often a writer says that it is still at it.
const RENEW_EVERY: Duration = Duration::from_secs(10);

/// What a request that is given up has on its way comes at once, or not at all.
const ON_THE_WAY: Duration = Duration::from_millis(100);

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// All photos of a hub.
#[derive(Debug)]
pub struct Photos {
    store: Arc<dyn HubStore>,
    blobs: Arc<dyn Blobs>,
    locks: Locks,
}

/// One chunk of a photo, as a request brings it.
#[derive(Debug)]
pub struct Chunk {
    /// Where it begins.
    pub offset: u64,
    /// Its SHA-256, if the device gave one.
    pub checksum: Option<[u8; 32]>,
    /// Its bytes.
    pub body: Body,
}

/// How a chunk ended.
enum End {
    /// All bytes came.
    Whole,
    /// The link broke or stalled.
    Cut,
    /// Another request is about this photo: whoever sent this has given it up.
    Overtaken,
    /// More bytes than the photo has.
    Beyond,
}

impl Photos {
    /// Photos in `blobs`, with their state in `store`.
    /// `process` is this one among the hubs on one database.
    pub fn new(store: Arc<dyn HubStore>, blobs: Arc<dyn Blobs>, process: Uuid) -> Self {
        Self {
            locks: Locks::new(Arc::clone(&store), process),
            store,
            blobs,
        }
    }

    /// Begins an upload, or finds it.
    pub async fn create(
        &self,
        session: &Session,
        digest: Digest,
        length: u64,
        config: &Config,
    ) -> Answered<Upload> {
        if length == 0 {
            return Err(Failure::new(
                ErrorCode::Malformed,
                "a photo has at least one byte",
            ));
        }
        if length > PHOTO_BYTES_MAX {
            return Err(Failure::new(ErrorCode::TooLarge, "the photo is too large"));
        }
        if let Some(upload) = self.stands(digest, config).await?
            && (upload.complete || upload.length == length)
        {
            return Ok(upload);
        }
        let _lock = self.lock(digest, config).await?;
        let now = (config.clock)();
        let since = now.plus_ms(-DAY_MS);
        let begun = self.store.uploaded_since(session.device, since).await?;
        if begun.saturating_add(length) > config.photo_quota_bytes {
            return Err(
                Failure::new(ErrorCode::TooMany, "too many bytes of photos in one day")
                    .retry_after(3_600),
            );
        }
        let creation = Creation {
            digest,
            length,
            device: session.device,
            staff: session.staff.id.clone(),
            now,
        };
        let upload = self.store.create_upload(creation).await?;
        fault::point("hub/photo: begun, not answered");
        Ok(upload)
    }

    /// Where the upload stands for one who will go on with it. A request that still brings bytes of
    /// it is ended first: a device that asks again has given that one up, and its connection may be
    /// one that nobody answers at any more. What came over it counts.
    pub async fn stands(&self, digest: Digest, config: &Config) -> Answered<Option<Upload>> {
        if self.locks.is_taken(digest) {
            drop(self.lock(digest, config).await?);
        }
        self.find(digest, (config.clock)()).await
    }

    /// The upload as it is; what a crash left half done is put right first.
    pub async fn find(&self, digest: Digest, now: Timestamp) -> Answered<Option<Upload>> {
        let Some(mut upload) = self.store.find_upload(digest).await? else {
            return Ok(None);
        };
        if upload.complete {
            return Ok(Some(upload));
        }
        if self.blobs.has(digest).await? {
            // Renamed, but the hub stopped before it could say so.
            self.store.complete_upload(digest, now).await?;
            upload.complete = true;
            upload.offset = upload.length;
        } else if self.blobs.part_len(digest).await? < upload.offset {
            self.store.set_offset(digest, 0, now).await?;
            upload.offset = 0;
        }
        Ok(Some(upload))
    }

    /// Adds a chunk. Gives the upload afterwards and how many bytes came.
    pub async fn append(&self, digest: Digest, chunk: Chunk, config: &Config) -> Answered<Upload> {
        let mut lock = self.lock(digest, config).await?;
        let mut upload = self
            .find(digest, (config.clock)())
            .await?
            .ok_or_else(|| Failure::new(ErrorCode::NotFound, "there is no such upload"))?;
        if chunk.offset != upload.offset {
            return Err(Failure::new(
                ErrorCode::OffsetMismatch,
                format!("the hub stands at {}", upload.offset),
            ));
        }
        if upload.complete {
            return Ok(upload);
        }
        let mut part = self.blobs.open_part(digest, upload.offset).await?;
        let written = self
            .receive(part.as_mut(), &upload, chunk, &mut lock, config)
            .await;
        let kept = match &written {
            Ok((kept, _)) => *kept,
            Err(_) => 0,
        };
        fault::point("hub/photo: piece written, not flushed");
        if kept > 0 {
            part.sync().await?;
            still_ours(&mut lock).await?;
            fault::point("hub/photo: piece flushed, offset not noted");
            upload.offset += kept;
            upload.updated_at = (config.clock)();
            self.store
                .set_offset(digest, upload.offset, upload.updated_at)
                .await?;
            fault::point("hub/photo: offset noted, not answered");
        }
        drop(part);
        match written?.1 {
            End::Whole => {}
            End::Cut => {
                return Err(Failure::new(ErrorCode::Malformed, "the chunk was cut off"));
            }
            End::Overtaken => return Err(taken()),
            End::Beyond => {
                return Err(Failure::new(
                    ErrorCode::TooLarge,
                    "more bytes than the photo has",
                ));
            }
        }
        if upload.offset == upload.length {
            still_ours(&mut lock).await?;
            self.finish(&mut upload, &config.clock).await?;
        }
        drop(lock);
        Ok(upload)
    }

    /// Writes what comes and says how much of it may stay.
    async fn receive(
        &self,
        part: &mut dyn Part,
        upload: &Upload,
        chunk: Chunk,
        lock: &mut Held,
        config: &Config,
    ) -> Answered<(u64, End)> {
        let mut renewed = Instant::now();
        let room = upload.length - upload.offset;
        let mut hasher = Sha256::new();
        let mut came = 0_u64;
        let mut body = chunk.body.into_data_stream();
        let end = loop {
            let next = tokio::select! {
                biased;
                next = next(&mut body, config) => next,
                () = lock.wanted() => match timeout(ON_THE_WAY, next(&mut body, config)).await {
                    Ok(next) => next,
                    Err(_) => break End::Overtaken,
                },
            };
            match next {
                Next::Bytes(bytes) => {
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    if came.saturating_add(length) > room {
                        break End::Beyond;
                    }
                    hasher.update(&bytes);
                    part.write(bytes).await?;
                    came += length;
                    if renewed.elapsed() > RENEW_EVERY {
                        still_ours(lock).await?;
                        renewed = Instant::now();
                    }
                }
                Next::End => break End::Whole,
                Next::Broken => break End::Cut,
            }
        };
        let kept = match (&end, chunk.checksum) {
            (End::Whole, Some(expected)) if <[u8; 32]>::from(hasher.finalize()) != expected => {
                return Err(Failure::new(
                    ErrorCode::ChecksumMismatch,
                    "the chunk does not have its checksum",
                ));
            }
            // What can't be verified as a whole is not kept in part.
            (End::Beyond, _) | (End::Cut | End::Overtaken, Some(_)) => 0,
            (End::Whole, _) | (End::Cut | End::Overtaken, None) => came,
        };
        Ok((kept, end))
    }

    /// All bytes are here: verifies the whole and gives the file its name.
    async fn finish(&self, upload: &mut Upload, clock: &Clock) -> Answered<()> {
        let digest = upload.digest;
        if !self.blobs.keep(digest, upload.length).await? {
            fault::point("hub/photo: found wrong, offset still at its end");
            self.store.set_offset(digest, 0, clock()).await?;
            upload.offset = 0;
            return Err(Failure::new(
                ErrorCode::ChecksumMismatch,
                "the photo does not have its digest; begin again at 0",
            ));
        }
        fault::point("hub/photo: renamed, not noted");
        self.store.complete_upload(digest, clock()).await?;
        fault::point("hub/photo: complete, not answered");
        upload.complete = true;
        Ok(())
    }

    /// The blobs, for reading.
    pub fn blobs(&self) -> &dyn Blobs {
        self.blobs.as_ref()
    }

    /// Removes unfinished uploads nobody touched for [`UPLOAD_LIFE_MS`].
    pub async fn expire(&self, now: Timestamp) -> Result<usize, Failure> {
        let before = now.plus_ms(-UPLOAD_LIFE_MS);
        let expired = self.store.expire_uploads(before).await?;
        for digest in &expired {
            self.blobs.remove_part(*digest).await?;
        }
        Ok(expired.len())
    }

    /// Removes the bytes of photos that went with what was erased. Rows first, bytes after: where the
    /// hub stops between the two, the next time goes on.
    pub async fn remove_erased(&self, config: &Config) -> Result<usize, Failure> {
        let erased = self.store.erased_photos().await?;
        for digest in &erased {
            let lock = self.lock(*digest, config).await?;
            // Somebody may have begun to deliver the same again, for something else.
            if self.store.find_upload(*digest).await?.is_none() {
                self.blobs.remove(*digest).await?;
            }
            self.store.forget_erased_photo(*digest).await?;
            drop(lock);
        }
        Ok(erased.len())
    }

    async fn lock(&self, digest: Digest, config: &Config) -> Answered<Held> {
        let held = timeout(config.patience.photo_lock, self.locks.take(digest))
            .await
            .map_err(|elapsed| taken().because(elapsed))?;
        Ok(held?)
    }
}

/// Bytes of a writer that stood still for so long that another hub took over are not counted. What
/// it may have mixed into the file is found at the end, by the digest.
async fn still_ours(lock: &mut Held) -> Answered<()> {
    if lock.renew().await? {
        return Ok(());
    }
    Err(taken())
}

fn taken() -> Failure {
    let detail = "another request is writing this photo";
    Failure::new(ErrorCode::Unavailable, detail).retry_after(5)
}

enum Next {
    Bytes(Bytes),
    End,
    Broken,
}

async fn next(body: &mut BodyDataStream, config: &Config) -> Next {
    match timeout(config.patience.body_idle, body.next()).await {
        Ok(Some(Ok(bytes))) => Next::Bytes(bytes),
        Ok(None) => Next::End,
        Ok(Some(Err(_))) | Err(_) => Next::Broken,
    }
}

/// Reads the `Upload-Checksum` header: `sha256 <base64>`.
pub fn read_checksum(header: &str) -> Option<[u8; 32]> {
    let (algorithm, value) = header.trim().split_once(' ')?;
    if !algorithm.eq_ignore_ascii_case("sha256") {
        return None;
    }
    BASE64_STANDARD.decode(value.trim()).ok()?.try_into().ok()
}

/// Reads the digest from the `Upload-Metadata` header: `digest <base64 of the hex>`, among others.
pub fn read_metadata(header: &str) -> Option<Digest> {
    let value = header
        .split(',')
        .filter_map(|pair| pair.trim().split_once(' '))
        .find_map(|(key, value)| (key == "digest").then_some(value))?;
    let hex = BASE64_STANDARD.decode(value.trim()).ok()?;
    str::from_utf8(&hex).ok()?.parse().ok()
}
