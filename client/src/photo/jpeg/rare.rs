//! The JPEGs that cameras don't write: progressive, CMYK, RGB, several scans. Slower, whole size.

use shared::PhotoError;
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::head::{Head, reaches_its_end};
use crate::photo::{picture::Picture, raster::from_rgb};

pub(super) fn read(bytes: &[u8], head: &Head<'_>, long_side: usize) -> Result<Picture, PhotoError> {
    if !reaches_its_end(head.scan) {
        return Err(PhotoError::Truncated);
    }
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(head.width))
        .set_max_height(usize::from(head.height))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().map_err(|error| match error {
        DecodeErrors::ExhaustedData => PhotoError::Truncated,
        _ => PhotoError::Damaged,
    })?;
    from_rgb(
        &pixels,
        u32::from(head.width),
        u32::from(head.height),
        long_side,
    )
}
