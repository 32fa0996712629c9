//! 单位/场所: shops, companies, schools, clinics and venues, page by page and one by one.

use serde::{Deserialize, Serialize};

use super::{BuildingName, EntryView};
use crate::{EntryId, GridCode};

/// So many places are given at once at most.
pub const PLACES_MAX: u32 = 200;

/// Asks for a page of the places of this person's grids.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ListPlaces {
    /// Only of this grid.
    pub grid: Option<GridCode>,
    /// Only those that stand in this building.
    pub building: Option<EntryId>,
    /// Only of this kind, a code of the schema; empty: of all.
    pub kind: String,
    /// Only those found by this, as in the one box; empty: all.
    pub text: String,
    /// How many to pass over.
    pub offset: u32,
    /// How many, at most [`PLACES_MAX`].
    pub limit: u32,
}

/// A page of places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacePage {
    /// By grid, by building, by name; those that stand in no building after the others of their grid.
    pub rows: Vec<PlaceRow>,
    /// How many there are on all pages.
    pub total: u32,
    /// This person may enter one.
    pub may_write: bool,
}

/// One place of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// Which.
    pub id: EntryId,
    /// What it is called.
    pub name: String,
    /// 场所类别, a code; may be empty.
    pub kind: String,
    /// Its own address; may be empty.
    pub address: String,
    /// The building it stands in, if in one of this device.
    pub building: Option<BuildingName>,
    /// Of its grid.
    pub grid_name: String,
    /// In English.
    pub grid_name_en: String,
    /// In some field several values stand.
    pub disputed: bool,
    /// The hub doesn't have all of it.
    pub unsent: bool,
}

/// Asks for one place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetPlaceEntry {
    /// Which.
    pub place: EntryId,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceEntry {
    /// The place itself.
    pub entry: EntryView,
    /// The building it stands in, if in one of this device.
    pub building: Option<BuildingName>,
    /// Of its grid.
    pub grid_name: String,
    /// In English.
    pub grid_name_en: String,
    /// This person may write here.
    pub may_write: bool,
}
