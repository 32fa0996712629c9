//! The city as this device knows it: grids, catalogue, calendar, who is who. Read from the mirror
//! once, and again when a pack changed.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use shared::{
    CategoryCode, DocRef, GridCode, Position, StaffId,
    geo::ring_contains,
    ipc::GridName,
    pack::{Calendar, Catalogue, Category, City, Division, Grid, Person, Section, Visiting},
    register::ladder::Ladder,
};

use crate::{error::Result, store::mirror};

/// Minutes that China is ahead of UTC; used until the calendar is there.
pub(crate) const UTC_OFFSET_MINUTES: i32 = 480;

/// The city as this device knows it.
#[derive(Debug, Default)]
pub(crate) struct Packs {
    /// Version of the city pack, for people.
    pub(crate) version: Option<String>,
    /// What can be reported.
    pub(crate) catalogue: Option<Catalogue>,
    /// Working time.
    pub(crate) calendar: Option<Calendar>,
    /// How often doors are visited, and when nobody knocks.
    pub(crate) visiting: Visiting,
    /// Grids, by code.
    pub(crate) grids: BTreeMap<GridCode, Area>,
    city: Option<City>,
    /// Streets and communities, by code.
    divisions: BTreeMap<String, Division>,
    people: BTreeMap<StaffId, Person>,
    /// Where an address stands in its grid, by its text.
    addresses: BTreeMap<String, (GridCode, usize)>,
}

/// A grid, and the box around it.
#[derive(Debug)]
pub(crate) struct Area {
    /// The grid.
    pub(crate) grid: Grid,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

impl Packs {
    /// Reads what the mirror has. A section that is missing or can't be read is simply not there.
    pub(crate) fn load(db: &Connection) -> Result<Self> {
        let grids: Vec<Grid> = section(db, Section::Grids)?.unwrap_or_default();
        let people: Vec<Person> = section(db, Section::Directory)?.unwrap_or_default();
        let divisions: Vec<Division> = section(db, Section::Divisions)?.unwrap_or_default();
        let city: Option<serde_json::Value> = section(db, Section::City)?;
        let addresses = grids.iter().flat_map(|grid| {
            let texts = grid.addresses.iter().enumerate();
            texts.map(move |(at, address)| (address.text.clone(), (grid.code.clone(), at)))
        });
        let addresses = addresses.collect();
        let version = city
            .as_ref()
            .and_then(|city| city.get("pack_version")?.as_str());
        let version = version.map(str::to_owned);
        Ok(Self {
            version,
            city: city.and_then(|city| serde_json::from_value(city).ok()),
            catalogue: section(db, Section::Catalogue)?,
            calendar: calendar(db)?,
            visiting: section(db, Section::Visiting)?.unwrap_or_default(),
            grids: grids
                .into_iter()
                .map(|grid| (grid.code.clone(), Area::of(grid)))
                .collect(),
            divisions: divisions
                .into_iter()
                .map(|division| (division.code.clone(), division))
                .collect(),
            people: people
                .into_iter()
                .map(|person| (person.id.clone(), person))
                .collect(),
            addresses,
        })
    }

    /// Minutes that local time is ahead of UTC.
    pub(crate) fn utc_offset_minutes(&self) -> i32 {
        self.calendar
            .as_ref()
            .map_or(UTC_OFFSET_MINUTES, |calendar| calendar.utc_offset_minutes)
    }

    /// The category.
    pub(crate) fn category(&self, code: &CategoryCode) -> Option<&Category> {
        self.catalogue.as_ref()?.find(code)
    }

    /// The grid a position lies in.
    pub(crate) fn grid_at(&self, position: Position) -> Option<&Grid> {
        self.grids
            .values()
            .find(|area| area.contains(position))
            .map(|area| &area.grid)
    }

    /// A grid's names; its code stands for them while they are unknown.
    pub(crate) fn grid_name(&self, code: &GridCode) -> GridName {
        let grid = self.grids.get(code).map(|area| &area.grid);
        let named = |name: fn(&Grid) -> &String| grid.map_or(code.as_str(), |grid| name(grid));
        GridName {
            code: code.clone(),
            name: named(|grid| &grid.name).to_owned(),
            name_en: named(|grid| &grid.name_en).to_owned(),
        }
    }

    /// The community a grid is in: its code, and its names in Chinese and English; its code stands for
    /// them while they are unknown. `None` for a grid that is not in the pack.
    pub(crate) fn community_of(&self, grid: &GridCode) -> Option<(String, [String; 2])> {
        let code = &self.grids.get(grid)?.grid.community;
        let names = self.divisions.get(code).map_or_else(
            || [code.clone(), code.clone()],
            |it| [it.name.clone(), it.name_en.clone()],
        );
        Some((code.clone(), names))
    }

    /// The standard address of a grid, to be gone on with; empty for a grid that is not in the pack.
    pub(crate) fn ladder(&self, grid: &GridCode) -> Ladder {
        let Some(area) = self.grids.get(grid) else {
            return Ladder::default();
        };
        let division = |code: &str| self.divisions.get(code);
        Ladder::of_grid(self.city.as_ref(), division, &area.grid)
    }

    /// The English of an address of the city; empty for any other words.
    pub(crate) fn address_en(&self, text: &str) -> String {
        let find = || {
            let (grid, at) = self.addresses.get(text)?;
            self.grids.get(grid)?.grid.addresses.get(*at)
        };
        find()
            .map(|address| address.text_en.clone())
            .unwrap_or_default()
    }

    /// A person's names, Chinese and in English letters; the id stands for them while unknown.
    pub(crate) fn person(&self, id: &StaffId) -> (String, String) {
        self.people.get(id).map_or_else(
            || (id.to_string(), id.to_string()),
            |person| (person.name.clone(), person.name_en.clone()),
        )
    }
}

impl Area {
    fn of(grid: Grid) -> Self {
        let span = |axis: fn(&[f64; 2]) -> f64| {
            let values = grid.polygon.iter().map(axis);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let ((west, east), (south, north)) = (span(|[lng, _]| *lng), span(|[_, lat]| *lat));
        Self {
            grid,
            west,
            east,
            south,
            north,
        }
    }

    fn contains(&self, position: Position) -> bool {
        (self.west..=self.east).contains(&position.lng())
            && (self.south..=self.north).contains(&position.lat())
            && ring_contains(&self.grid.polygon, position)
    }
}

/// The calendar alone, as folding a case needs it.
pub(crate) fn calendar(db: &Connection) -> Result<Option<Calendar>> {
    section(db, Section::Calendar)
}

fn section<T: DeserializeOwned>(db: &Connection, section: Section) -> Result<Option<T>> {
    let Some(doc) = mirror::find(db, &DocRef::pack(section))? else {
        return Ok(None);
    };
    let content = doc.pack();
    if content.is_err() {
        tracing::error!(?section, "a pack section can't be read");
    }
    Ok(content.ok())
}
