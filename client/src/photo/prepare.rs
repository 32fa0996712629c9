//! From the file a camera wrote to the two files that are kept.

use image::ImageFormat;
use shared::{PhotoError, Position};

use super::{
    encode::{Encoded, encode},
    exif::{self, Facts, TakenAt},
    header::{Format, format_of},
    jpeg,
    picture::{Picture, both},
    raster,
};

/// The longest side of a kept photo. Enough to read a number plate across a street.
const PHOTO_SIDE: usize = 1920;
/// The longest side of a thumbnail.
const THUMB_SIDE: usize = 256;

/// A photo ready to be kept: two JPEGs without metadata, and what the metadata said.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The photo, upright, at most 1920 px.
    pub photo: Encoded,
    /// Its thumbnail, at most 256 px.
    pub thumb: Encoded,
    /// When it was taken, if the file says so.
    pub taken_at: Option<TakenAt>,
    /// Where the camera says it was taken.
    pub position: Option<Position>,
}

/// Turns a file into a photo. Takes JPEG, PNG and WebP; anything else, and anything too large,
/// cut off or damaged, is refused with the reason.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, PhotoError> {
    let (picture, facts) = open(bytes, PHOTO_SIDE)?;

    // Shrinking before turning: the small picture is turned faster.
    let picture = picture.within(PHOTO_SIDE)?.upright(facts.orientation);
    let (photo, thumb) = both(
        || encode(&picture),
        || picture.within(THUMB_SIDE).and_then(|thumb| encode(&thumb)),
    );
    Ok(Prepared {
        photo: photo?,
        thumb: thumb?,
        taken_at: facts.taken_at,
        position: facts.position,
    })
}

/// Reads a file as what it is, so that its long side has at least `wanted` pixels, if it has that many;
/// and what its metadata says.
pub(super) fn open(bytes: &[u8], wanted: usize) -> Result<(Picture, Facts), PhotoError> {
    let (picture, facts) = match format_of(bytes)? {
        Format::Jpeg => {
            let (picture, block) = jpeg::read(bytes, wanted)?;
            (picture, exif::read(block))
        }
        Format::Png => {
            let (picture, block) = raster::read(bytes, ImageFormat::Png, wanted)?;
            (picture, exif::read(block.as_deref()))
        }
        Format::WebP => {
            let (picture, block) = raster::read(bytes, ImageFormat::WebP, wanted)?;
            (picture, exif::read(block.as_deref()))
        }
    };
    Ok((picture, facts))
}
