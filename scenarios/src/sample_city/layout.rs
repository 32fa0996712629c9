//! The district's ground plan: seven roads from west to east, four avenues from north to south,
//! and lanes that run only from one road to the next, so that blocks meet in T-junctions.
//!
//! Positions are metres on a plane, x to the east from the western avenue and y to the south from
//! the northern road. One bend, the same for every point, turns the plane into a place: what
//! touches on the plane touches on earth.

use shared::{Position, place::NotAPosition};

/// Longitude of the middle of the plane.
pub(super) const CENTRE_LNG: f64 = 120.9;
/// Latitude of the middle of the plane.
pub(super) const CENTRE_LAT: f64 = 32.0;

/// Where the avenues run.
const AVENUES: [i32; 4] = [0, 640, 1_300, 1_930];
/// Where the roads run.
const ROADS: [i32; 7] = [0, 300, 580, 930, 1_240, 1_500, 1_830];
/// Borders carry further points this far from an avenue, so that they can wind.
const WINDING: i32 = 150;

/// Blocks from west to east, and from north to south.
pub(super) const SIDE: usize = 6;

/// One block between two roads: a grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// 0 to 5 from north to south; its northern road has this number, its southern the next.
    pub(super) row: usize,
    /// 0 to 5 from west to east.
    pub(super) column: usize,
    /// Its borders on the plane.
    pub(super) west: i32,
    pub(super) east: i32,
    pub(super) north: i32,
    pub(super) south: i32,
}

/// All blocks, row by row.
pub(super) fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for (row, pair) in ROADS.windows(2).enumerate() {
        let [north, south] = *pair else { continue };
        for (strip, pair) in AVENUES.windows(2).enumerate() {
            let [west, east] = *pair else { continue };
            let middle = lane(row, west, east);
            for (half, west, east) in [(0, west, middle), (1, middle, east)] {
                blocks.push(Block {
                    row,
                    column: strip * 2 + half,
                    west,
                    east,
                    north,
                    south,
                });
            }
        }
    }
    blocks
}

/// Where the lane of a row runs between two avenues. Rows alternate to the west and to the east,
/// so lanes of neighbouring rows never meet.
fn lane(row: usize, west: i32, east: i32) -> i32 {
    let shift = 18 + noise(&[7, west, count(row)], 28).abs();
    let middle = i32::midpoint(west, east);
    if row.is_multiple_of(2) {
        middle + shift
    } else {
        middle - shift
    }
}

impl Block {
    /// The outline, counter-clockwise, as longitude and latitude. Neighbours share every point
    /// of their common border.
    pub(super) fn outline(&self) -> Result<Vec<[f64; 2]>, NotAPosition> {
        let mut points = vec![(self.west, self.south)];
        points.extend(along_road(self.south, self.west, self.east));
        points.push((self.east, self.south));
        points.push((self.east, i32::midpoint(self.south, self.north)));
        points.push((self.east, self.north));
        let northern = along_road(self.north, self.west, self.east);
        points.extend(northern.into_iter().rev());
        points.push((self.west, self.north));
        points.push((self.west, i32::midpoint(self.south, self.north)));
        points
            .into_iter()
            .map(|(x, y)| {
                let place = at(x + noise(&[1, x, y], 8), y + noise(&[2, x, y], 8))?;
                Ok([place.lng(), place.lat()])
            })
            .collect()
    }
}

/// The points of the road at `y` strictly between two blocks' corners: where it winds and where
/// lanes come in from the other side.
fn along_road(y: i32, west: i32, east: i32) -> Vec<(i32, i32)> {
    let mut xs: Vec<i32> = Vec::new();
    for pair in AVENUES.windows(2) {
        let [from, to] = *pair else { continue };
        xs.extend([from, from + WINDING, to - WINDING, to]);
        let rows = ROADS.windows(2).enumerate();
        xs.extend(
            rows.filter(|(_, road)| road.contains(&y))
                .map(|(row, _)| lane(row, from, to)),
        );
    }
    xs.retain(|x| west < *x && *x < east);
    xs.sort_unstable();
    xs.dedup();
    xs.into_iter().map(|x| (x, y)).collect()
}

/// The place of a point of the plane, rounded to 0.1 m.
pub(super) fn at(x: i32, y: i32) -> Result<Position, NotAPosition> {
    let [_, .., width] = AVENUES;
    let [_, .., depth] = ROADS;
    let (x, y) = (
        f64::from(x) - f64::from(width) / 2.0,
        f64::from(depth) / 2.0 - f64::from(y),
    );
    // The river bends the whole district; nothing is exactly north of anything.
    let bent_x = x + 34.0 * (y / 330.0).sin();
    let bent_y = y + 30.0 * (x / 410.0).sin();
    let (sin, cos) = (-0.13_f64).sin_cos();
    let east = bent_x * cos - bent_y * sin;
    let north = bent_x * sin + bent_y * cos;
    let lng = CENTRE_LNG + east / (111_320.0 * CENTRE_LAT.to_radians().cos());
    let lat = CENTRE_LAT + north / 110_900.0;
    Position::new(six_digits(lng), six_digits(lat))
}

fn six_digits(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// A number from −`most` to `most` that always is the same for the same `key`.
pub(super) fn noise(key: &[i32], most: i32) -> i32 {
    // FNV-1a, then mixed once more: neighbouring keys must not give neighbouring numbers.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in key.iter().flat_map(|number| number.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^= hash >> 32;
    let span = u64::from(most.unsigned_abs()) * 2 + 1;
    i32::try_from(hash % span).map_or(0, |number| number - most)
}

/// A small index as a number of the plane.
pub(super) fn count(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}
