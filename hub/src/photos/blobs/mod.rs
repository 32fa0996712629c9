//! Where the bytes of photos are: a folder, or a bucket. Names are digests, so nothing a device
//! says becomes a path. What is known about an upload is in the store, not here.

mod bucket;
mod folder;

use std::{fmt::Debug, io, sync::Arc};

use bytes::Bytes;
use futures_util::{future::BoxFuture, stream::BoxStream};
use shared::Digest;

pub use self::bucket::{Bucket, BucketError};
use self::folder::Folder;
use crate::config::PhotosPlace;

/// What it answers, sooner or later.
pub type Answer<'a, T> = BoxFuture<'a, io::Result<T>>;

/// Whole photos, and the parts of those on their way. One writer per photo at a time is the
/// caller's matter; a reader sees a photo whole or not at all.
pub trait Blobs: Send + Sync + Debug {
    /// Whether the whole photo is here.
    fn has(&self, digest: Digest) -> Answer<'_, bool>;

    /// These bytes of the whole photo.
    fn read(&self, digest: Digest, first: u64, length: u64) -> Answer<'_, Pieces>;

    /// How many bytes of a photo on its way are here, from the first on.
    fn part_len(&self, digest: Digest) -> Answer<'_, u64>;

    /// Opens a photo on its way at `offset`; bytes beyond it were never acknowledged and go.
    fn open_part(&self, digest: Digest, offset: u64) -> Answer<'_, Box<dyn Part>>;

    /// All `length` bytes are here: verifies the whole and makes it the photo, for good; `false`
    /// when it does not have its digest, and nothing is kept.
    fn keep(&self, digest: Digest, length: u64) -> Answer<'_, bool>;

    /// Forgets a photo on its way.
    fn remove_part(&self, digest: Digest) -> Answer<'_, ()>;

    /// Removes a photo that was erased, whole or on its way.
    fn remove(&self, digest: Digest) -> Answer<'_, ()>;
}

/// Bytes as they come.
pub type Pieces = BoxStream<'static, io::Result<Bytes>>;

/// A photo on its way, open for adding.
pub trait Part: Send {
    /// Adds bytes; they count once [`Part::sync`] has answered.
    fn write(&mut self, bytes: Bytes) -> Answer<'_, ()>;

    /// Makes what was written safe against a power cut.
    fn sync(&mut self) -> Answer<'_, ()>;
}

/// Opens the place, making the folder when it is missing. Blocks.
pub fn open(place: &PhotosPlace) -> io::Result<Arc<dyn Blobs>> {
    Ok(match place {
        PhotosPlace::Folder(root) => Arc::new(Folder::open(root.clone())?),
        PhotosPlace::Bucket(address) => Arc::new(Bucket::open(address).map_err(io::Error::other)?),
    })
}
