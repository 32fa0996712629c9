//! Level photos: uploads by tus 1.0, whole or not at all, and downloads.

mod download;
mod upload;

use reqwest::Method;

use crate::{
    answer::Answer,
    check::{Check, Wrong},
    device::Device,
    hub::Ask,
    wire,
};

/// All checks, in the order they are made.
pub(crate) fn checks() -> Vec<&'static Check> {
    let parts: [&'static [Check]; 2] = [&upload::CHECKS, &download::CHECKS];
    parts.into_iter().flatten().collect()
}

const CREATE: &str = "/sync/v1/photos";

pub(crate) fn path(digest: &str) -> String {
    format!("{CREATE}/{digest}")
}

fn create(digest: &str, length: usize) -> Ask {
    Ask::post(CREATE)
        .header("tus-resumable", "1.0.0")
        .header("upload-length", &length.to_string())
        .header("upload-metadata", &wire::metadata(digest))
}

fn head(device: &Device, digest: &str) -> Result<Answer, Wrong> {
    let ask = Ask::new(Method::HEAD, &path(digest)).header("tus-resumable", "1.0.0");
    device.send(ask)
}

/// A chunk without a checksum.
fn bare_chunk(digest: &str, offset: usize, bytes: &[u8]) -> Ask {
    Ask::new(Method::PATCH, &path(digest))
        .header("tus-resumable", "1.0.0")
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", &offset.to_string())
        .body(bytes)
}

fn chunk(digest: &str, offset: usize, bytes: &[u8]) -> Ask {
    bare_chunk(digest, offset, bytes).header("upload-checksum", &wire::checksum(bytes))
}

/// A photo nobody has seen before, and its digest.
fn new_photo(length: usize) -> (Vec<u8>, String) {
    let bytes = wire::new_photo(length);
    let digest = wire::digest(&bytes);
    (bytes, digest)
}

/// Uploads a new photo whole; gives its bytes and its digest.
pub(crate) fn uploaded(device: &Device, length: usize) -> Result<(Vec<u8>, String), Wrong> {
    let (bytes, digest) = new_photo(length);
    device.send(create(&digest, length))?.is(201)?;
    let answer = device.send(chunk(&digest, 0, &bytes))?;
    answer.is(204)?;
    answer.stands_at(offset(length), true)?;
    Ok((bytes, digest))
}

/// The bytes from `from` to before `to`.
fn part(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    bytes.get(from..to).unwrap_or_default()
}

fn offset(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
