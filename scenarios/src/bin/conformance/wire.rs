//! What the protocol is made of, written from its text alone: ids, times, digests, sums.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use crate::clock::{mono_ms, now_ms};

/// The device's clocks now.
pub(crate) fn clocks() -> Value {
    clocks_before(0)
}

/// The device's clocks as they stood `ms` ago.
pub(crate) fn clocks_before(ms: i64) -> Value {
    json!({ "wall": now_ms() - ms, "mono": mono_ms() - ms, "boot": "conformance" })
}

/// A new id: UUID version 7.
#[expect(
    clippy::expect_used,
    reason = "a system without random bytes can do nothing here"
)]
pub(crate) fn new_id() -> String {
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    let ms = u64::try_from(now_ms()).unwrap_or(0);
    let id = Builder::from_unix_timestamp_millis(ms, &random).into_uuid();
    id.to_string()
}

/// The SHA-256 of these bytes in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// `Upload-Checksum` of a chunk.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    format!("sha256 {}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// `Upload-Metadata` of a photo.
pub(crate) fn metadata(digest: &str) -> String {
    format!("digest {}", BASE64_STANDARD.encode(digest))
}

/// Bytes nobody uploaded before.
pub(crate) fn new_photo(length: usize) -> Vec<u8> {
    let seed = new_id();
    let mut bytes = Vec::with_capacity(length + 32);
    let mut block = Sha256::digest(seed.as_bytes());
    while bytes.len() < length {
        bytes.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    bytes.truncate(length);
    bytes
}

/// A document's share of its feed's sum: FNV-1a (64 bits) over the sixteen bytes of its id, its
/// kind, and its revision as eight bytes, the highest first.
pub(crate) fn share(id: &str, kind: &str, rev: u64) -> Option<u64> {
    let id = Uuid::parse_str(id).ok()?;
    let bytes = id.as_bytes().iter().chain(kind.as_bytes());
    Some(fnv1a(bytes.chain(&rev.to_be_bytes())))
}

/// The sum of a document's body: FNV-1a over its canonical form (RFC 8785).
pub(crate) fn sum_of(body: &Value) -> Option<u64> {
    let canonical = serde_json_canonicalizer::to_vec(body).ok()?;
    Some(fnv1a(&canonical))
}

fn fnv1a<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u64 {
    let bytes = bytes.into_iter();
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
