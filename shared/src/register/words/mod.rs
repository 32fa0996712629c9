//! The words of tables that offices hand each other: what columns are called, and what stands for codes.
//! Tables that come are read by them, and tables that leave are written with the first of each, so that
//! what left can be read again. What pages say is in their locales.

pub mod codes;
pub mod columns;
pub mod ethnic;
mod places;

use serde::{Deserialize, Serialize};

use super::EntryKind;

/// The tables there are, by what a row of one is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// 居民: a resident a row, with household, dwelling and building.
    #[default]
    Residents,
    /// 单位/场所: a place a row, with the building it stands in, if it stands in one.
    Places,
}

impl Table {
    /// All of them; what could be either is the first.
    pub const ALL: [Self; 2] = [Self::Residents, Self::Places];

    /// The kinds whose fields its columns fill, from what holds to what is held.
    pub const fn kinds(self) -> &'static [EntryKind] {
        match self {
            Self::Residents => &[
                EntryKind::Building,
                EntryKind::Dwelling,
                EntryKind::Household,
                EntryKind::Resident,
            ],
            Self::Places => &[EntryKind::Building, EntryKind::Place],
        }
    }

    /// What its rows are about.
    pub const fn about(self) -> EntryKind {
        match self {
            Self::Residents => EntryKind::Resident,
            Self::Places => EntryKind::Place,
        }
    }

    /// The kind of which its columns say the grid, and where it is.
    pub const fn located(self) -> EntryKind {
        match self {
            Self::Residents => EntryKind::Building,
            Self::Places => EntryKind::Place,
        }
    }
}

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
