//! Photos by tus 1.0 (core, creation, checksum), one upload per digest.
//!
//! `POST /sync/v1/photos` with `Upload-Length` and `Upload-Metadata: digest <base64 of the hex>`
//! creates it (`201`, `Location`), or finds it; `HEAD /sync/v1/photos/{digest}` tells the offset;
//! `PATCH` appends a chunk. The whole digest is verified before the last `PATCH` is answered;
//! the answer then carries [`COMPLETE`]. `GET` downloads, where the device may see the photo.

use crate::Digest;

/// Where uploads are created.
pub const CREATE_PATH: &str = "/sync/v1/photos";

/// Version of the tus protocol.
pub const TUS_VERSION: &str = "1.0.0";

/// tus header: protocol version.
pub const TUS_RESUMABLE: &str = "Tus-Resumable";

/// tus header: bytes of the whole file.
pub const UPLOAD_LENGTH: &str = "Upload-Length";

/// tus header: bytes the hub has, fsynced.
pub const UPLOAD_OFFSET: &str = "Upload-Offset";

/// tus header: `sha256 <base64>` of a chunk.
pub const UPLOAD_CHECKSUM: &str = "Upload-Checksum";

/// tus header: `digest <base64 of the hex digest>`.
pub const UPLOAD_METADATA: &str = "Upload-Metadata";

/// `true` once the hub has the whole file under its true digest.
pub const COMPLETE: &str = "Gridwalker-Complete";

/// The media type of a chunk.
pub const CHUNK_TYPE: &str = "application/offset+octet-stream";

/// The most bytes one photo may have at the hub.
pub const PHOTO_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The path of one photo.
pub fn path(digest: Digest) -> String {
    format!("{CREATE_PATH}/{digest}")
}
