//! "Already reported?": which open cases are likely the same thing.

use super::Case;
use crate::{CategoryCode, Position, Timestamp, geo};

/// Cases this near may be the same thing, in metres (the trade's default for 相似案件).
pub const SIMILAR_RADIUS_M: f64 = 50.0;

/// Cases this recent may be the same thing, in milliseconds: 24 hours.
pub const SIMILAR_WINDOW_MS: i64 = 24 * 60 * 60 * 1_000;

/// Whether an open case is likely what a person is about to report: same category, within
/// [`SIMILAR_RADIUS_M`] and [`SIMILAR_WINDOW_MS`]. Gives the distance in metres.
pub fn is_similar(
    case: &Case,
    category: &CategoryCode,
    position: Position,
    now: Timestamp,
) -> Option<f64> {
    let amended = case.amended();
    let there = amended.place.position?;
    let age_ms = now.since_ms(case.reported.at);
    let distance_m = geo::distance_m(position, there);
    let similar = case.state.is_open()
        && amended.category == Some(category)
        && (-SIMILAR_WINDOW_MS..=SIMILAR_WINDOW_MS).contains(&age_ms)
        && distance_m <= SIMILAR_RADIUS_M;
    similar.then_some(distance_m)
}
