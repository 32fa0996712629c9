//! The city itself: divisions, grids, addresses, departments, staff.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Calendar, Catalogue, Visiting};
use crate::{GridCode, Permission, Position, Role, StaffId};

/// The whole pack, as a file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CityPack {
    /// Always `gridwalker-city`.
    pub format: String,
    /// Version of the format, see [`super::FORMAT_VERSION`].
    pub format_version: u32,
    /// Version of the content, for people.
    pub version: String,
    /// The city.
    pub city: City,
    /// Streets and communities.
    pub divisions: Vec<Division>,
    /// Departments.
    pub departments: Vec<Department>,
    /// Grids.
    pub grids: Vec<Grid>,
    /// What can be reported.
    pub catalogue: Catalogue,
    /// Working time.
    pub calendar: Calendar,
    /// How often doors are visited, and when nobody knocks.
    #[serde(default)]
    pub visiting: Visiting,
    /// Staff with roles; only the hub keeps this, devices get [`Person`]s.
    pub staff: Vec<StaffEntry>,
}

/// Name and centre of the city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct City {
    /// Division code of the district, GB/T 2260 (6 digits).
    pub code: String,
    /// The province 省 it lies in, as a standard address begins; may be empty.
    #[serde(default)]
    pub province: String,
    /// The city 市 it is a district of, if [`City::name`] does not leave that out; may be empty.
    #[serde(default)]
    pub prefecture: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Where a map would open.
    pub centre: Position,
}

/// What a division is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DivisionKind {
    /// 街道.
    Street,
    /// 社区.
    Community,
}

/// A street 街道 or community 社区.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Division {
    /// 9 digits for a street, 12 for a community (GB/T 2260 + GB/T 10114).
    pub code: String,
    /// Which of the two.
    pub kind: DivisionKind,
    /// Code of the division above.
    pub parent: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
}

/// A department that handles cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Department {
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
}

/// A grid 网格.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grid {
    /// Its code (GB/T 30428.1: community code and three digits; cities differ).
    pub code: GridCode,
    /// Name, for example 文峰03网格.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Code of its community.
    pub community: String,
    /// The outline as `[lng, lat]` pairs, WGS-84.
    pub polygon: Vec<[f64; 2]>,
    /// Streets and buildings inside.
    pub addresses: Vec<Address>,
}

/// A building or a door on a street, to choose where there is no position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Address {
    /// The road or estate it belongs to.
    pub street: String,
    /// The address in words, for example 人民路12号.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// Pinyin without tones, syllables separated by spaces.
    pub pinyin: String,
    /// Where it stands.
    pub position: Position,
}

/// A member of staff, as the hub keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEntry {
    /// Id.
    pub id: StaffId,
    /// Name.
    pub name: String,
    /// Name in English letters.
    pub name_en: String,
    /// Number on the badge.
    pub badge_no: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// What they may see and do beside; colleagues are not told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub permissions: BTreeSet<Permission>,
    /// Grids they walk or look after.
    #[serde(default)]
    pub grids: Vec<GridCode>,
    /// Communities whose grids they look after.
    #[serde(default)]
    pub communities: Vec<String>,
    /// Department they work for.
    #[serde(default)]
    pub department: Option<String>,
}

/// A member of staff, as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// Id.
    pub id: StaffId,
    /// Name.
    pub name: String,
    /// Name in English letters.
    pub name_en: String,
    /// What they may do.
    pub roles: Vec<Role>,
}

impl CityPack {
    /// The codes of the grids this member of staff may see: their own and those of their
    /// communities, ascending.
    pub fn grids_of(&self, staff: &StaffEntry) -> Vec<GridCode> {
        let mut codes: Vec<_> = self
            .grids
            .iter()
            .filter(|grid| {
                staff.grids.contains(&grid.code) || staff.communities.contains(&grid.community)
            })
            .map(|grid| grid.code.clone())
            .collect();
        codes.sort();
        codes
    }
}
