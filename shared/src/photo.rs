//! Photos as cases refer to them, and what can be wrong with a picture someone hands in.

use serde::{Deserialize, Serialize};

use crate::{Digest, Extra, Position, Timestamp, geo::distance_m};

/// What a photo shows; the trade's five kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoKind {
    /// 近景: the thing itself.
    #[default]
    Near,
    /// 远景: the thing in its street.
    Far,
    /// 参照物: something to find the place by.
    Reference,
    /// 处置前: before handling.
    Before,
    /// 处置后: after handling.
    After,
}

/// A photo as a case refers to it. The bytes travel apart, under their digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhotoRef {
    /// SHA-256 of the JPEG: the photo's identity.
    pub digest: Digest,
    /// SHA-256 of its 256 px thumbnail, a file of its own.
    pub thumb: Digest,
    /// What it shows.
    pub kind: PhotoKind,
    /// Bytes of the JPEG.
    pub bytes: u64,
    /// Bytes of the thumbnail.
    pub thumb_bytes: u64,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// When it was taken, by the camera's clock, if the file said so.
    pub taken_at: Option<Timestamp>,
    /// Where the camera says it was taken. Kept as a field; the file itself carries no metadata.
    pub position: Option<Position>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The most photos one report may carry.
pub const PHOTOS_MAX: usize = 9;

/// A photo taken this far from the place of its report is worth a word, in metres.
const FAR_M: f64 = 200.0;

/// Metres between the place of a report and where its photo says it was taken, when that is far.
pub fn far_from_place_m(place: Position, photo: Position) -> Option<f64> {
    Some(distance_m(place, photo)).filter(|metres| *metres > FAR_M)
}

/// Why a file can't be taken as a photo. Each is told to the person differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PhotoError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// HEIC/HEIF/AVIF: the camera must be set to JPEG.
    #[error("HEIC photos can't be read")]
    Heic,
    /// Some other kind of file, whatever its name says.
    #[error("the file is not a photo")]
    NotAnImage,
    /// The end of the file is missing.
    #[error("the photo is cut off")]
    Truncated,
    /// The content contradicts itself.
    #[error("the photo is damaged")]
    Damaged,
    /// More pixels than any camera of the field has; decoding it could exhaust memory.
    #[error("the photo has {megapixels} megapixels")]
    TooManyPixels {
        /// Million pixels, rounded up.
        megapixels: u32,
    },
    /// Too small to show anything.
    #[error("the photo is smaller than 16 pixels")]
    TooSmall,
    /// The file is larger than what is taken.
    #[error("the file has {bytes} bytes")]
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// Nine photos are there already.
    #[error("a report carries at most nine photos")]
    TooMany,
}
