//! Distances and areas on the ground.

use geo::{Contains, Coord, Distance, Haversine, LineString, Point, Polygon, Validation};

use crate::Position;

/// Metres between two positions on the mean-radius sphere (haversine).
pub fn distance_m(a: Position, b: Position) -> f64 {
    Haversine.distance(Point::new(a.lng(), a.lat()), Point::new(b.lng(), b.lat()))
}

/// Whether `position` lies inside the ring (longitude, latitude; closed or not).
pub fn ring_contains(ring: &[[f64; 2]], position: Position) -> bool {
    polygon(ring).contains(&Point::new(position.lng(), position.lat()))
}

/// Whether the ring is a simple polygon with an area and only true positions.
pub fn ring_is_valid(ring: &[[f64; 2]]) -> bool {
    ring.len() >= 3
        && ring
            .iter()
            .all(|[lng, lat]| Position::new(*lng, *lat).is_ok())
        && polygon(ring).is_valid()
}

fn polygon(ring: &[[f64; 2]]) -> Polygon<f64> {
    let coords = ring.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect();
    Polygon::new(LineString::new(coords), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [[f64; 2]; 4] = [
        [120.0, 31.0],
        [120.01, 31.0],
        [120.01, 31.01],
        [120.0, 31.01],
    ];

    #[test]
    fn a_point_is_found_in_its_ring() {
        assert!(ring_contains(
            &SQUARE,
            Position::new(120.005, 31.005).unwrap()
        ));
        assert!(!ring_contains(
            &SQUARE,
            Position::new(120.02, 31.005).unwrap()
        ));
    }

    #[test]
    fn broken_rings_are_seen() {
        let bow_tie = [
            [120.0, 31.0],
            [120.01, 31.01],
            [120.01, 31.0],
            [120.0, 31.01],
        ];

        assert!(ring_is_valid(&SQUARE));
        assert!(!ring_is_valid(&SQUARE[..2]), "two points have no area");
        assert!(!ring_is_valid(&bow_tie), "edges that cross make no area");
        assert!(!ring_is_valid(&[
            [120.0, 31.0],
            [f64::NAN, 31.0],
            [120.0, 31.1]
        ]));
    }

    #[test]
    fn a_thousandth_of_a_degree_north_is_111_metres() {
        let here = Position::new(120.0, 31.0).unwrap();
        let north = Position::new(120.0, 31.001).unwrap();

        assert!((distance_m(here, north) - 111.2).abs() < 0.5);
    }
}
