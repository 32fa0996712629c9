//! JPEG files, read at the size that is needed.
//!
//! Cameras write baseline JPEGs far larger than a report wants. [`read`] takes those at a half, a
//! quarter or an eighth while decoding: a fraction of the work and memory, and strict about files
//! that are cut off. The rare rest (progressive, CMYK …) goes through `zune-jpeg`.

mod head;
mod huffman;
mod idct;
mod rare;
mod scan;

use shared::PhotoError;

use super::{header::check_size, picture::Picture};
use head::Head;

/// Reads a JPEG so that its long side has at least `wanted` pixels, if it has that many. Also
/// returns the EXIF block.
pub(super) fn read(bytes: &[u8], wanted: usize) -> Result<(Picture, Option<&[u8]>), PhotoError> {
    let head = Head::read(bytes)?;
    check_size(u32::from(head.width), u32::from(head.height))?;
    if !scan::suits(&head) {
        return Ok((rare::read(bytes, &head)?, head.exif));
    }

    let long_side = usize::from(head.width.max(head.height));
    let picture = match long_side {
        long_side if long_side >= 8 * wanted => scan::read::<1>(&head),
        long_side if long_side >= 4 * wanted => scan::read::<2>(&head),
        long_side if long_side >= 2 * wanted => scan::read::<4>(&head),
        _ => scan::read::<8>(&head),
    }?;
    Ok((picture, head.exif))
}
