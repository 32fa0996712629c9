//! What a file is, told from its first bytes and before anything is decoded. Names and endings
//! are not asked: people rename files.

use shared::PhotoError;

/// No camera of the field writes more; what is larger is not looked at.
const BYTES_MAX: usize = 64 * 1024 * 1024;
const PIXELS_MAX: u64 = 50_000_000;
const SIDE_MIN: u32 = 16;

/// The kinds of picture that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    WebP,
}

/// The kind of picture, or why it is none.
pub(super) fn format_of(bytes: &[u8]) -> Result<Format, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes.len() > BYTES_MAX {
        return Err(PhotoError::TooLarge {
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        });
    }
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Format::Png),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Ok(Format::WebP),
        [_, _, _, _, b'f', b't', b'y', b'p', rest @ ..] if names_heif(rest) => {
            Err(PhotoError::Heic)
        }
        _ => Err(PhotoError::NotAnImage),
    }
}

/// Whether the brands of an `ftyp` box (major, version, compatible …) include a still picture.
/// Videos have the same box.
fn names_heif(brands: &[u8]) -> bool {
    const STILLS: [&[u8; 4]; 9] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"heif", b"mif1", b"msf1", b"avif",
    ];
    let (brands, _) = brands.as_chunks::<4>();
    brands.iter().take(8).any(|brand| STILLS.contains(&brand))
}

/// Whether a picture of this size is taken.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), PhotoError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX {
        let megapixels = u32::try_from(pixels.div_ceil(1_000_000)).unwrap_or(u32::MAX);
        return Err(PhotoError::TooManyPixels { megapixels });
    }
    if width.min(height) < SIDE_MIN {
        return Err(PhotoError::TooSmall);
    }
    Ok(())
}
