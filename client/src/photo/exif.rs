//! What the camera wrote beside the pixels: which way up, when, where. A wrong or missing EXIF
//! block is no reason to refuse a photo; it then simply says nothing.

use nom_exif::{EntryValue, Exif, ExifDateTime, ExifTag, MediaParser, MediaSource};
use shared::{Position, Timestamp};

use super::upright::Orientation;

/// When a photo was taken, by the camera's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenAt {
    /// The file names the offset to UTC.
    Exact(Timestamp),
    /// Only the time on the clock face is known: this is what it would be were the zone UTC.
    Local(Timestamp),
}

impl TakenAt {
    /// The moment, reading a clock face without a zone as `minutes` east of UTC.
    pub fn with_offset(self, minutes: i32) -> Timestamp {
        match self {
            Self::Exact(moment) => moment,
            Self::Local(face) => face.plus_ms(-60_000 * i64::from(minutes)),
        }
    }
}

/// What an EXIF block says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    pub(super) orientation: Orientation,
    pub(super) taken_at: Option<TakenAt>,
    pub(super) position: Option<Position>,
}

/// Reads an EXIF block: a TIFF structure, as JPEG, PNG and WebP embed it.
pub(super) fn read(block: Option<&[u8]>) -> Facts {
    block
        .and_then(parse)
        .map_or_else(Facts::default, |exif| Facts {
            orientation: orientation(&exif),
            taken_at: taken_at(&exif),
            position: position(&exif),
        })
}

fn parse(block: &[u8]) -> Option<Exif> {
    let source = MediaSource::from_memory(block.to_vec()).ok()?;
    MediaParser::new().parse_exif(source).ok().map(Exif::from)
}

fn orientation(exif: &Exif) -> Orientation {
    let value = exif
        .get(ExifTag::Orientation)
        .and_then(EntryValue::try_as_integer);
    value
        .and_then(|value| u16::try_from(value).ok())
        .map(Orientation::from_exif)
        .unwrap_or_default()
}

fn taken_at(exif: &Exif) -> Option<TakenAt> {
    match exif.get(ExifTag::DateTimeOriginal)?.as_datetime()? {
        ExifDateTime::Aware(moment) => Some(TakenAt::Exact(Timestamp::from_ms(
            moment.timestamp_millis(),
        ))),
        ExifDateTime::Naive(face) => Some(TakenAt::Local(Timestamp::from_ms(
            face.and_utc().timestamp_millis(),
        ))),
    }
}

/// NaN, places off the earth and (0,0) are no positions; [`Position`] refuses them.
fn position(exif: &Exif) -> Option<Position> {
    let gps = exif.gps_info()?;
    Position::new(gps.longitude_decimal()?, gps.latitude_decimal()?).ok()
}
