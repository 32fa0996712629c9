//! Pieces of a photo as the page hands them in.

use std::{cell::Cell, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::{Client, FileKeys, Options, SystemClock};
use scenarios::world::street_photo;
use shared::ipc::{Code, IpcError, PhotoUpload, PutPhotoChunk};

use crate::{Bound, alone, chance::Chance, fuzz};

/// All files that are being handed in may be 64 MiB together, but only what came is kept: here a few
/// kilobytes. A damaged head may promise 50 megapixels of three bytes, twice over while turned.
const PIECE: Bound = Bound {
    ms: 20_000,
    bytes: 400 << 20,
};

/// A page that breaks its own rules is told so as an error of ours; all else has a code of its own.
fn has_a_reason(error: &IpcError) -> bool {
    error.code != Code::Internal || error.detail.starts_with("a malformed request")
}

#[test]
fn photo_pieces() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = Options {
        data_dir: folder.path().to_owned(),
        keys: Arc::new(FileKeys::new(folder.path())),
        clock: Arc::new(SystemClock::new()),
        device_name: "tablet".to_owned(),
        app_version: "0".to_owned(),
    };
    let client = runtime.block_on(Client::open(options));
    let put = |upload: &str, offset: u64, total: u64, data: String| {
        let piece = PutPhotoChunk {
            draft: None,
            upload: upload.to_owned(),
            offset,
            total,
            data,
        };
        runtime.block_on(client.put_photo_chunk(piece))
    };
    let photo = street_photo(3, 96, 64);
    let total = photo.len() as u64;
    let names = Cell::new(0_u64);

    fuzz(
        400,
        &[photo.clone(), street_photo(4, 32, 32)],
        PIECE,
        |bytes| {
            names.set(names.get() + 1);
            let name = format!("u{}", names.get() % 5);
            let mut chance = Chance(names.get() | 1);
            let mut at = 0_usize;
            for _ in 0..4 {
                let end = (at + chance.next(bytes.len() + 1)).min(bytes.len());
                let mut data = BASE64_STANDARD.encode(&bytes[at..end]).into_bytes();
                if chance.next(4) == 0 {
                    chance.damage(&mut data);
                }
                let (offset, total) = match chance.next(6) {
                    0 => (u64::MAX, bytes.len() as u64),
                    1 => (at as u64, u64::MAX),
                    2 => (at as u64, 0),
                    3 => (0, 1 << 26),
                    _ => (at as u64, bytes.len() as u64),
                };
                let data = String::from_utf8_lossy(&data).into_owned();
                let answer = put(&name, offset, total, data);
                assert!(answer.as_ref().err().is_none_or(has_a_reason), "{answer:?}");
                at = end;
            }
            // What was promised keeps others out until it is given up.
            put(&name, 0, 0, String::new()).unwrap_err();
            // All at once, as it is.
            let whole = put(
                "whole",
                0,
                bytes.len() as u64,
                BASE64_STANDARD.encode(bytes),
            );
            assert!(whole.as_ref().err().is_none_or(has_a_reason), "{whole:?}");
        },
    );

    let whole = put("last", 0, total, BASE64_STANDARD.encode(&photo));
    assert!(
        matches!(whole, Ok(PhotoUpload::Stored { .. })),
        "it goes on: {whole:?}"
    );
}
