//! A city is data: divisions, grids, catalogue, calendar, departments and staff come as one pack.
//!
//! A pack file is JSON. [`parse`] checks everything once at the border; behind it a pack is
//! trusted. The hub splits it into one document per [`Section`], which devices pull like any other.

mod calendar;
mod catalogue;
mod check;
mod city;
mod visiting;

pub use calendar::{Calendar, DayKind};
pub(crate) use calendar::{iso, parse_iso};
pub use catalogue::{Catalogue, Category, Condition, Domain, Limit, LimitKind};
pub use check::{PackError, parse};
pub use city::{
    Address, City, CityPack, Department, Division, DivisionKind, Grid, Person, StaffEntry,
};

pub use visiting::Visiting;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The pack format this code reads and writes.
pub const FORMAT_VERSION: u32 = 1;

/// The parts of a pack that devices pull, each as one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Name, centre and time zone of the city.
    City,
    /// Streets and communities.
    Divisions,
    /// Grids with polygons and addresses.
    Grids,
    /// Categories with conditions and limits.
    Catalogue,
    /// Working hours, holidays and make-up days.
    Calendar,
    /// Departments that handle cases.
    Departments,
    /// Who is who: names and roles of staff, without numbers.
    Directory,
    /// How often doors are visited, and when nobody knocks.
    Visiting,
}

impl Section {
    /// All sections, in the order they are pulled.
    pub const ALL: [Self; 8] = [
        Self::City,
        Self::Divisions,
        Self::Grids,
        Self::Catalogue,
        Self::Calendar,
        Self::Departments,
        Self::Directory,
        Self::Visiting,
    ];

    /// The fixed id of the section's document.
    pub const fn doc_id(self) -> Uuid {
        Uuid::from_bytes(match self {
            Self::City => *b"gw/pack/city\0\0\0\0",
            Self::Divisions => *b"gw/pack/division",
            Self::Grids => *b"gw/pack/grids\0\0\0",
            Self::Catalogue => *b"gw/pack/catalogu",
            Self::Calendar => *b"gw/pack/calendar",
            Self::Departments => *b"gw/pack/departm\0",
            Self::Directory => *b"gw/pack/director",
            Self::Visiting => *b"gw/pack/visiting",
        })
    }

    /// The section whose document has this id.
    pub fn of_doc(id: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.doc_id() == id)
    }
}
