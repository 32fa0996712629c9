//! The words of tables that offices hand each other: what columns are called, and what stands for codes.
//! Tables that come are read by them, and tables that leave are written with the first of each, so that
//! what left can be read again. What pages say is in their locales.

pub mod codes;
pub mod columns;

/// The column that has all care tags of a resident at once.
pub const CARE: &str = "care";

/// The columns that have a place, in degrees (WGS-84), east and north positive.
pub const LNG: &str = "lng";
/// See [`LNG`].
pub const LAT: &str = "lat";

/// What stands between several tags in one cell.
pub const BETWEEN: &str = "、";

/// What a table says of something that is so.
pub const YES: &str = "是";

/// What it says of something that is not so.
pub const NO: &str = "否";
