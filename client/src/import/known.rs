//! What the register of this device has that rows are compared with.

use std::collections::{BTreeSet, HashMap};

use rusqlite::Connection;
use shared::{
    EntryId, FieldName, GridCode,
    register::{EntryKind, FieldValue, Fields},
};

use super::{progress::Progress, values::place_key};
use crate::{
    error::Result,
    register,
    store::{
        alike,
        entries::{self, Line},
    },
};

/// What the register has. Of residents only what tells who they are: what else stands there is
/// looked up for those that rows speak of.
#[derive(Debug, Default)]
pub(super) struct Known {
    buildings: HashMap<String, Vec<EntryId>>,
    dwellings: HashMap<(EntryId, String), Vec<EntryId>>,
    /// Of a dwelling, those that are there.
    households: HashMap<EntryId, Vec<Household>>,
    /// Of a household.
    members: HashMap<EntryId, Vec<usize>>,
    people: Vec<Person>,
    by_number: HashMap<String, Vec<usize>>,
    /// In which dwelling a household is.
    dwelling_of: HashMap<EntryId, EntryId>,
}

/// A household that is there.
#[derive(Debug, Clone)]
pub(super) struct Household {
    pub(super) id: EntryId,
    /// 户号; may be empty.
    pub(super) number: String,
}

/// A resident.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: EntryId,
    pub(super) household: Option<EntryId>,
    pub(super) name: String,
    pub(super) birth: String,
    pub(super) id_no: String,
    /// The head of the household, and there.
    pub(super) is_head: bool,
}

/// An entry as it stands.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) fields: Fields,
    /// Fields that somebody must decide first.
    pub(super) disputed: BTreeSet<FieldName>,
}

impl Standing {
    /// Looks an entry up.
    pub(super) fn of(db: &Connection, kind: EntryKind, id: EntryId) -> Result<Self> {
        let (entry, _) = register::stands_of(db, kind, id)?;
        let stands = entry.stands();
        let fields = stands.fields.iter();
        Ok(Self {
            fields: fields
                .map(|(name, given)| ((*name).clone(), given.value.clone()))
                .collect(),
            disputed: stands.disputed.iter().map(|it| it.field.clone()).collect(),
        })
    }

    /// What stands in a field.
    pub(super) fn value(&self, field: &FieldName) -> Option<&FieldValue> {
        let value = self.fields.get(field)?.as_ref();
        value.filter(|it| it.text() != Some(""))
    }

    /// The grid it stands in.
    pub(super) fn grid(&self) -> GridCode {
        let grid = self.value(&FieldName::from("grid"));
        GridCode::from(grid.and_then(FieldValue::text).unwrap_or_default())
    }
}

impl Known {
    /// Reads what the device has.
    pub(super) fn load(db: &Connection, progress: &Progress) -> Result<Self> {
        let mut known = Self::default();
        let mut numbers = alike::numbers(db)?;
        progress.expect(entries::len(db)?);
        entries::each(db, |line| {
            match line.kind {
                EntryKind::Building => {
                    let key = building_key(&line.place, &line.title);
                    known.buildings.entry(key).or_default().push(line.id);
                }
                EntryKind::Dwelling => known.add_dwelling(&line),
                EntryKind::Household => known.add_household(line),
                EntryKind::Resident => {
                    let number = numbers.remove(&line.id);
                    known.add_person(db, line, number.unwrap_or_default())?;
                }
                EntryKind::Place | EntryKind::Campaign | EntryKind::Management => {}
            }
            progress.step();
            Ok(())
        })?;
        Ok(known)
    }

    fn add_dwelling(&mut self, line: &Line) {
        if let Some(building) = line.parent {
            let key = (building, door_key(&line.unit, &line.title));
            self.dwellings.entry(key).or_default().push(line.id);
        }
    }

    fn add_household(&mut self, line: Line) {
        let Some(dwelling) = line.parent else {
            return;
        };
        self.dwelling_of.insert(line.id, dwelling);
        if !line.gone {
            let household = Household {
                id: line.id,
                number: line.title,
            };
            self.households.entry(dwelling).or_default().push(household);
        }
    }

    /// Whoever goes on as somebody else is known by their own name and number, too, and is that one.
    fn add_person(&mut self, db: &Connection, line: Line, id_no: String) -> Result<()> {
        let goes_on = match line.survivor {
            Some(survivor) => entries::get(db, survivor)?,
            None => line.clone(),
        };
        let person = Person {
            id: goes_on.id,
            household: goes_on.parent,
            name: line.title,
            birth: line.birth,
            id_no,
            is_head: goes_on.is_head && !goes_on.gone,
        };
        let at = self.people.len();
        if !person.id_no.is_empty() {
            let same = self.by_number.entry(person.id_no.clone()).or_default();
            let mut known = same.iter().filter_map(|at| self.people.get(*at));
            if !known.any(|it| it.id == person.id) {
                same.push(at);
            }
        }
        let households: BTreeSet<EntryId> = [person.household, line.parent]
            .into_iter()
            .flatten()
            .collect();
        for household in households {
            self.members.entry(household).or_default().push(at);
        }
        self.people.push(person);
        Ok(())
    }

    /// Buildings of this compound and name.
    pub(super) fn buildings(&self, key: &str) -> &[EntryId] {
        self.buildings.get(key).map_or(&[], Vec::as_slice)
    }

    /// Dwellings behind this door of a building.
    pub(super) fn dwellings(&self, building: EntryId, door: &str) -> &[EntryId] {
        let found = self.dwellings.get(&(building, door.to_owned()));
        found.map_or(&[], Vec::as_slice)
    }

    /// The households of a dwelling that are there.
    pub(super) fn households(&self, dwelling: EntryId) -> &[Household] {
        self.households.get(&dwelling).map_or(&[], Vec::as_slice)
    }

    /// The dwelling of a household.
    pub(super) fn dwelling_of(&self, household: EntryId) -> Option<EntryId> {
        self.dwelling_of.get(&household).copied()
    }

    /// Who has this number.
    pub(super) fn with_number(&self, number: &str) -> Vec<&Person> {
        let found = self.by_number.get(number).into_iter().flatten();
        found.filter_map(|at| self.people.get(*at)).collect()
    }

    /// Whether somebody who belongs to a household is its head.
    pub(super) fn has_head(&self, household: EntryId) -> bool {
        let mut members = self.members(household);
        members.any(|it| it.is_head && it.household == Some(household))
    }

    /// Who belongs to a household, or stood there once more; by each of their names.
    pub(super) fn members(&self, household: EntryId) -> impl Iterator<Item = &Person> {
        let members = self.members.get(&household).into_iter().flatten();
        members.filter_map(|at| self.people.get(*at))
    }
}

/// How buildings are compared.
pub(super) fn building_key(compound: &str, name: &str) -> String {
    format!("{}\u{1}{}", compound.trim(), place_key(name))
}

/// How doors of a building are compared.
pub(super) fn door_key(unit: &str, room: &str) -> String {
    format!("{}\u{1}{}", place_key(unit), place_key(room))
}
