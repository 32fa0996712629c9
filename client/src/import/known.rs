//! What the register of this device has that rows are compared with.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, hash_map::Entry};

use rusqlite::Connection;
use shared::{
    EntryId, FieldName, GridCode,
    register::{EntryKind, FieldValue, Fields, schema},
};

use super::{names::half_width, values::place_key};
use crate::{
    error::Result,
    register,
    store::{
        alike,
        entries::{self, Line},
    },
};

/// What the register has. It is looked up for those that rows speak of: of the others, who may be many more,
/// nothing is in memory.
pub(super) struct Known<'a> {
    db: &'a Connection,
    buildings: HashMap<String, Vec<EntryId>>,
    /// Of buildings that rows speak of.
    dwellings: HashMap<EntryId, Doors>,
    /// Residents who have one of the numbers that rows name.
    by_number: HashMap<String, Vec<EntryId>>,
    /// In which dwelling a household is.
    dwelling_of: HashMap<EntryId, Option<EntryId>>,
    /// Who belongs to the households of the door that was asked for last: rows of one door mostly
    /// stand together.
    behind: Option<(EntryId, Vec<Person>)>,
    /// 单位/场所 by the names that rows have for them, as they are compared.
    organisations: HashMap<String, Vec<Organisation>>,
}

/// The dwellings of a building, by door.
type Doors = HashMap<String, Vec<EntryId>>;

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

/// A 单位/场所 that is there.
#[derive(Debug, Clone)]
pub(super) struct Organisation {
    pub(super) id: EntryId,
    /// The building it stands in.
    pub(super) building: Option<EntryId>,
    /// As it is compared; may be empty.
    pub(super) address: String,
    /// 统一社会信用代码; may be empty.
    pub(super) code: String,
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
    pub(super) fn value(&self, field: &str) -> Option<&FieldValue> {
        let value = self.fields.get(field)?.as_ref();
        value.filter(|it| it.text() != Some(""))
    }

    /// The grid it stands in.
    pub(super) fn grid(&self) -> GridCode {
        let grid = self.value(schema::GRID);
        GridCode::from(grid.and_then(FieldValue::text).unwrap_or_default())
    }
}

impl<'a> Known<'a> {
    /// What the device has; `numbers` are those that rows name.
    pub(super) fn of(db: &'a Connection, numbers: &HashSet<String>) -> Result<Self> {
        let mut buildings: HashMap<String, Vec<EntryId>> = HashMap::new();
        for line in entries::all(db, EntryKind::Building)? {
            let key = building_key(&line.place, &line.title);
            buildings.entry(key).or_default().push(line.id);
        }
        Ok(Self {
            db,
            buildings,
            dwellings: HashMap::new(),
            by_number: alike::with_numbers(db, numbers)?,
            dwelling_of: HashMap::new(),
            behind: None,
            organisations: HashMap::new(),
        })
    }

    /// Buildings of this compound and name.
    pub(super) fn buildings(&self, key: &str) -> &[EntryId] {
        self.buildings.get(key).map_or(&[], Vec::as_slice)
    }

    /// Dwellings behind this door of a building.
    pub(super) fn dwellings(&mut self, building: EntryId, door: &str) -> Result<&[EntryId]> {
        let doors = match self.dwellings.entry(building) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let mut doors = Doors::new();
                for line in entries::all_inside(self.db, building, EntryKind::Dwelling)? {
                    let door = door_key(&line.unit, &line.title);
                    doors.entry(door).or_default().push(line.id);
                }
                unknown.insert(doors)
            }
        };
        Ok(doors.get(door).map_or(&[], Vec::as_slice))
    }

    /// The households of a dwelling that are there.
    pub(super) fn households(&self, dwelling: EntryId) -> Result<Vec<Household>> {
        let lines = entries::all_inside(self.db, dwelling, EntryKind::Household)?;
        let there = lines.into_iter().filter(|line| !line.gone);
        let households = there.map(|line| Household {
            id: line.id,
            number: line.title,
        });
        Ok(households.collect())
    }

    /// The dwelling of a household.
    pub(super) fn dwelling_of(&mut self, household: EntryId) -> Result<Option<EntryId>> {
        if let Some(known) = self.dwelling_of.get(&household) {
            return Ok(*known);
        }
        let line = entries::find(self.db, household)?;
        let dwelling = line.filter(|it| it.kind == EntryKind::Household);
        let dwelling = dwelling.and_then(|it| it.parent);
        self.dwelling_of.insert(household, dwelling);
        Ok(dwelling)
    }

    /// Who has this number, which a row names.
    pub(super) fn with_number(&self, number: &str) -> Result<Vec<Person>> {
        let mut people: Vec<Person> = Vec::new();
        for id in self.by_number.get(number).into_iter().flatten() {
            let Some(line) = entries::find(self.db, *id)? else {
                continue;
            };
            let person = self.person(line, number.to_owned())?;
            if !people.iter().any(|it| it.id == person.id) {
                people.push(person);
            }
        }
        Ok(people)
    }

    /// The grid of a building.
    pub(super) fn grid_of(&self, building: EntryId) -> Result<Option<GridCode>> {
        Ok(entries::find(self.db, building)?.map(|it| it.grid))
    }

    /// 单位/场所 with this credit code.
    pub(super) fn with_code(&self, code: &str) -> Result<Vec<EntryId>> {
        let mut found = Vec::new();
        for line in entries::places::beginning(self.db, &register::number(code))? {
            let it = self.organisation(&line)?;
            found.extend((it.code == code).then_some(it.id));
        }
        Ok(found)
    }

    /// 单位/场所 of this name.
    pub(super) fn named(&mut self, name: &str) -> Result<&[Organisation]> {
        let key = plain_key(name);
        if !self.organisations.contains_key(&key) {
            let mut found = Vec::new();
            // The first query is the name as it is written, or as much of it as stands in a key.
            if let Some(query) = register::queries(name).next() {
                for line in entries::places::beginning(self.db, &query)? {
                    if plain_key(&line.title) == key {
                        found.push(self.organisation(&line)?);
                    }
                }
            }
            self.organisations.insert(key.clone(), found);
        }
        Ok(self.organisations.get(&key).map_or(&[], Vec::as_slice))
    }

    fn organisation(&self, line: &Line) -> Result<Organisation> {
        let (entry, _) = register::stands_of(self.db, line.kind, line.id)?;
        let stands = entry.stands();
        Ok(Organisation {
            id: line.id,
            building: line.parent,
            address: plain_key(&line.place),
            code: stands.text("uscc").unwrap_or_default().to_owned(),
        })
    }

    /// Whether somebody who belongs to a household is its head.
    pub(super) fn has_head(&self, household: EntryId) -> Result<bool> {
        let lines = entries::inside(self.db, household, EntryKind::Resident)?;
        Ok(lines.iter().any(|line| line.is_head && !line.gone))
    }

    /// Who belongs to the households of a dwelling that are there, or stood there once more; by each
    /// of their names.
    pub(super) fn behind(&mut self, dwelling: EntryId) -> Result<&[Person]> {
        if self
            .behind
            .as_ref()
            .is_none_or(|(door, _)| *door != dwelling)
        {
            let mut people = Vec::new();
            for household in self.households(dwelling)? {
                people.extend(self.members(household.id)?);
            }
            self.behind = Some((dwelling, people));
        }
        Ok(self.behind.as_ref().map_or(&[], |(_, people)| people))
    }

    fn members(&self, household: EntryId) -> Result<Vec<Person>> {
        let mut lines = BTreeMap::new();
        for line in entries::all_inside(self.db, household, EntryKind::Resident)? {
            let once_more = entries::ended_in(self.db, line.id)?;
            lines.extend(once_more.into_iter().map(|it| (it.id, it)));
            lines.insert(line.id, line);
        }
        let people = lines.into_values().map(|line| {
            let number = alike::number(self.db, line.id)?;
            self.person(line, number.unwrap_or_default())
        });
        people.collect()
    }

    /// Whoever goes on as somebody else is known by their own name and number, too, and is that one.
    fn person(&self, line: Line, id_no: String) -> Result<Person> {
        let goes_on = match line.survivor {
            Some(survivor) => entries::get(self.db, survivor)?,
            None => line.clone(),
        };
        Ok(Person {
            id: goes_on.id,
            household: goes_on.parent,
            name: line.title,
            birth: line.birth,
            id_no,
            is_head: goes_on.is_head && !goes_on.gone,
        })
    }
}

/// How names and addresses of 单位/场所 are compared: as they are written, but for blanks, width and size
/// of letters.
pub(super) fn plain_key(text: &str) -> String {
    let text = half_width(text);
    let letters = text.chars().filter(|it| !it.is_whitespace());
    letters.flat_map(char::to_lowercase).collect()
}

/// How buildings are compared.
pub(super) fn building_key(compound: &str, name: &str) -> String {
    format!("{}\u{1}{}", compound.trim(), place_key(name))
}

/// How doors of a building are compared.
pub(super) fn door_key(unit: &str, room: &str) -> String {
    format!("{}\u{1}{}", place_key(unit), place_key(room))
}
