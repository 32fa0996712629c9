//! Where something is. Coordinates are WGS-84; a position that can't be true is not a position.

use serde::{Deserialize, Serialize};

use crate::{Extra, GridCode};

/// A point on earth, WGS-84, in degrees. Always finite, in range and never (0,0): the constructor
/// refuses what a broken receiver reports.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "RawPosition", into = "RawPosition")]
pub struct Position {
    lng: f64,
    lat: f64,
}

/// Why two numbers are no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPosition {
    /// NaN, infinite, or outside ±180 / ±90 degrees.
    #[error("the coordinates are not on earth")]
    OutOfRange,
    /// Exactly (0,0): what receivers report when they know nothing.
    #[error("the coordinates are (0,0), which means there was no position fix")]
    NullIsland,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct RawPosition {
    #[cfg_attr(feature = "schema", schemars(range(min = -180.0, max = 180.0)))]
    lng: f64,
    #[cfg_attr(feature = "schema", schemars(range(min = -90.0, max = 90.0)))]
    lat: f64,
}

impl Position {
    /// A position from longitude and latitude in degrees.
    pub fn new(lng: f64, lat: f64) -> Result<Self, NotAPosition> {
        if !(lng.is_finite() && lat.is_finite()) || lng.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(NotAPosition::OutOfRange);
        }
        // A fix within 1e-6 degrees (0.1 m) of the origin is a missing value, not a place.
        if lng.abs() < 1e-6 && lat.abs() < 1e-6 {
            return Err(NotAPosition::NullIsland);
        }
        Ok(Self { lng, lat })
    }

    /// Longitude in degrees, east positive.
    pub fn lng(&self) -> f64 {
        self.lng
    }

    /// Latitude in degrees, north positive.
    pub fn lat(&self) -> f64 {
        self.lat
    }
}

impl TryFrom<RawPosition> for Position {
    type Error = NotAPosition;

    fn try_from(raw: RawPosition) -> Result<Self, NotAPosition> {
        Self::new(raw.lng, raw.lat)
    }
}

impl From<Position> for RawPosition {
    fn from(position: Position) -> Self {
        Self {
            lng: position.lng,
            lat: position.lat,
        }
    }
}

/// Where a position came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaceSource {
    /// A satellite or network fix of the device.
    Device,
    /// The camera wrote it into the photo.
    Photo,
    /// A building or street chosen from the grid's addresses.
    Address,
    /// Words typed by the person; there may be no coordinates.
    Typed,
}

/// The place of a case 位置.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// Coordinates, where there are any.
    pub position: Option<Position>,
    /// Radius in metres within which the true point lies, where known.
    pub accuracy_m: Option<f64>,
    /// Where the position came from.
    pub source: PlaceSource,
    /// The address in words; may be empty when there are coordinates.
    pub address: String,
    /// The grid the place is in 所属网格, found by point in polygon on the device, else the
    /// reporter's own.
    pub grid: GridCode,
    /// Whether that is one of the reporter's own grids.
    pub in_own_grid: bool,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_coordinates_are_refused() {
        let cases = [
            (f64::NAN, 31.0, NotAPosition::OutOfRange),
            (120.0, f64::INFINITY, NotAPosition::OutOfRange),
            (181.0, 31.0, NotAPosition::OutOfRange),
            (120.0, -90.5, NotAPosition::OutOfRange),
            (0.0, 0.0, NotAPosition::NullIsland),
            (-0.0, 1e-9, NotAPosition::NullIsland),
        ];
        for (lng, lat, why) in cases {
            assert_eq!(Position::new(lng, lat), Err(why), "({lng}, {lat})");
        }
    }

    #[test]
    fn a_position_from_the_wire_is_checked_too() {
        assert!(serde_json::from_str::<Position>(r#"{"lng":0,"lat":0}"#).is_err());
        assert!(serde_json::from_str::<Position>(r#"{"lng":120.9,"lat":31.9}"#).is_ok());
    }
}
