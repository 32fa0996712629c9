//! Pieces of a photo as the page hands them in.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use scenarios::world::street_photo;
use shared::ipc::{Code, IpcError, PhotoUpload, PutPhotoChunk};

use crate::{chance::Chance, measure::Bound, tablet::Tablet, target::Stand};

/// All files that are being handed in may be 64 MiB together, but only what came is kept: here a few
/// kilobytes. A damaged head may promise 50 megapixels of three bytes, twice over while turned.
pub(super) const PIECE: Bound = Bound {
    ms: 20_000,
    bytes: 400 << 20,
};

/// A page that breaks its own rules is told so as an error of ours; all else has a code of its own.
pub(super) fn has_a_reason(error: &IpcError) -> bool {
    error.code != Code::Internal || error.detail.starts_with("a malformed request")
}

/// Pieces out of order, too long, cut, of no base 64; then the whole.
pub(super) fn photo_pieces() -> Stand {
    let tablet = Tablet::new();
    let photo = street_photo(3, 96, 64);
    let examples = vec![photo.clone(), street_photo(4, 32, 32)];
    let mut nth = 0_u64;

    Stand::new(examples, move |bytes| {
        let put = |upload: &str, offset: u64, total: u64, data: String| {
            let piece = PutPhotoChunk {
                draft: None,
                upload: upload.to_owned(),
                offset,
                total,
                data,
            };
            tablet.waits_for(tablet.client.put_photo_chunk(piece))
        };
        nth += 1;
        let name = format!("u{}", nth % 5);
        let mut chance = Chance::of(nth);
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
        let encoded = BASE64_STANDARD.encode(bytes);
        let whole = put("whole", 0, bytes.len() as u64, encoded);
        assert!(whole.as_ref().err().is_none_or(has_a_reason), "{whole:?}");
        if nth.is_multiple_of(64) {
            let encoded = BASE64_STANDARD.encode(&photo);
            let good = put("good", 0, photo.len() as u64, encoded);
            assert!(
                matches!(good, Ok(PhotoUpload::Stored { .. })),
                "it goes on: {good:?}"
            );
        }
    })
}
