//! Buildings, dwellings and households that rows speak of.

use shared::{
    EntryId, FieldName,
    ipc::ImportWrong,
    register::{
        EntryKind, FieldValue, Fields,
        check::Wrong,
        fields,
        schema::{self, POSITION},
        words::LNG,
    },
};

use super::{Group, Work, merge, unlike};
use crate::{
    error::Result,
    import::{
        known::{building_key, door_key},
        rows::Said,
    },
};

/// By what a place is told from others. How it is written is not taken over where it stands already.
const NAMES: [&str; 4] = ["compound", "name", "unit", "room"];

/// Where a row says that something is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) building: usize,
    pub(super) dwelling: Option<usize>,
    pub(super) household: Option<usize>,
}

pub(super) const fn missing() -> ImportWrong {
    ImportWrong::Value {
        wrong: Wrong::Missing,
    }
}

impl Work<'_, '_> {
    /// Where a row says that something is; `None`: it does not, or can't be understood.
    pub(super) fn place(&mut self, said: &mut Said) -> Result<Option<Place>> {
        use EntryKind::{Building, Dwelling, Household, Resident};
        let name = said.text(Building, "name").to_owned();
        let room = said.text(Dwelling, "room").to_owned();
        if name.is_empty() && room.is_empty() && self.is_known_by_number(said)? {
            return Ok(None);
        }
        let compound = said.text(Building, "compound").to_owned();
        let needs_room = [Dwelling, Household, Resident]
            .iter()
            .any(|it| said.speaks_of(*it));
        let was_wrong = |field: &str, said: &Said| said.wrong.iter().any(|it| it.field == field);
        if compound.is_empty() && !was_wrong("compound", said) {
            self.plan.needs_compound = true;
            said.tell(Building, "compound", missing());
        }
        if name.is_empty() {
            said.tell(Building, "name", missing());
        }
        if needs_room && room.is_empty() {
            said.tell(Dwelling, "room", missing());
        }
        if compound.is_empty() || name.is_empty() || (needs_room && room.is_empty()) {
            return Ok(None);
        }
        let key = building_key(&compound, &name);
        let building = match self.building(key)? {
            Ok(building) => building,
            Err(why) => {
                said.tell(Building, "name", why);
                return Ok(None);
            }
        };
        self.grid_of(said, building);
        tell_unlike(self.plan.buildings.get(building), Building, said);
        if !needs_room {
            return Ok(Some(Place {
                building,
                dwelling: None,
                household: None,
            }));
        }
        let door = door_key(said.text(Dwelling, "unit"), &room);
        let dwelling = match self.dwelling(building, door)? {
            Ok(dwelling) => dwelling,
            Err(why) => {
                said.tell(Dwelling, "room", why);
                return Ok(None);
            }
        };
        tell_unlike(self.plan.dwellings.get(dwelling), Dwelling, said);
        Ok(Some(Place {
            building,
            dwelling: Some(dwelling),
            household: None,
        }))
    }

    fn building(&mut self, key: String) -> Result<Result<usize, ImportWrong>> {
        if let Some(found) = self.buildings.get(&key) {
            return Ok(found.clone());
        }
        let mut group = Group::default();
        let found = match self.known.buildings(&key) {
            [] => Ok(self.plan.buildings.len()),
            [id] => {
                group.id = Some(*id);
                let standing = (self.of.look)(EntryKind::Building, *id)?;
                group.grid = Some((standing.grid(), 0));
                group.standing = Some(standing);
                Ok(self.plan.buildings.len())
            }
            _ => Err(ImportWrong::WhichEntry),
        };
        if found.is_ok() {
            self.plan.buildings.push(group);
        }
        self.buildings.insert(key, found.clone());
        Ok(found)
    }

    fn dwelling(&mut self, building: usize, door: String) -> Result<Result<usize, ImportWrong>> {
        let key = (building, door);
        if let Some(found) = self.dwellings.get(&key) {
            return Ok(found.clone());
        }
        let of = self.plan.buildings.get(building).and_then(|it| it.id);
        let same = match of {
            Some(of) => self.known.dwellings(of, &key.1)?,
            None => &[],
        };
        let mut group = Group {
            parent: Some(building),
            ..Group::default()
        };
        let found = match same {
            [] => Ok(self.plan.dwellings.len()),
            [id] => {
                group.id = Some(*id);
                group.standing = Some((self.of.look)(EntryKind::Dwelling, *id)?);
                Ok(self.plan.dwellings.len())
            }
            _ => Err(ImportWrong::WhichEntry),
        };
        if found.is_ok() {
            self.plan.dwellings.push(group);
        }
        self.dwellings.insert(key, found.clone());
        Ok(found)
    }

    /// The grid that a row stands in, or what is wrong with it.
    fn grid_of(&mut self, said: &mut Said, building: usize) {
        let group = self.plan.buildings.get(building);
        let stands = group.and_then(|it| it.grid.as_ref());
        let is_old = group.is_some_and(|it| it.standing.is_some());
        let why = match (stands, &said.grid) {
            (Some((stands, _)), Some(grid)) if stands != grid && is_old => ImportWrong::OtherGrid,
            (Some((stands, row)), Some(grid)) if stands != grid => {
                ImportWrong::Unlike { row: *row }
            }
            (Some((stands, _)), _) if !self.of.reading.grids.is_own(stands) => {
                ImportWrong::NotYourGrid
            }
            (Some(_), _) | (None, Some(_)) => return,
            (None, None) if self.of.grid.is_some() => return,
            // It named one that was told to be wrong already.
            (None, None) if said.wrong.iter().any(|it| it.field == schema::GRID) => return,
            (None, None) => {
                self.plan.needs_grid = true;
                ImportWrong::NoGrid
            }
        };
        said.tell(EntryKind::Building, schema::GRID, why);
    }

    /// The household of a dwelling that a row means.
    pub(super) fn household(
        &mut self,
        said: &mut Said,
        dwelling: usize,
        of_person: Option<EntryId>,
    ) -> Result<Option<usize>> {
        let number = said.text(EntryKind::Household, "hukou_no").to_owned();
        self.know_households(dwelling)?;
        let here = self.households.get(&dwelling).cloned().unwrap_or_default();
        let group = |at: &usize| self.plan.households.get(*at);
        if let Some(id) = of_person {
            let own = here
                .iter()
                .find(|at| group(at).and_then(|it| it.id) == Some(id));
            return Ok(own.copied());
        }
        let numbered = |wanted: &str| {
            let same = here
                .iter()
                .filter(|at| group(at).is_some_and(|it| it.number == wanted));
            same.copied().collect::<Vec<_>>()
        };
        let found = if number.is_empty() {
            here
        } else {
            let same = numbered(&number);
            if same.is_empty() { numbered("") } else { same }
        };
        Ok(match found.as_slice() {
            [one] => {
                if let Some(group) = self.plan.households.get_mut(*one)
                    && group.number.is_empty()
                {
                    group.number = number;
                }
                Some(*one)
            }
            [] => Some(self.add_household(dwelling, None, number)?),
            _ if number.is_empty() => {
                said.tell(
                    EntryKind::Household,
                    "hukou_no",
                    ImportWrong::WhichHousehold,
                );
                None
            }
            // Several without a number: this one has a number of its own, and is none of them.
            _ => Some(self.add_household(dwelling, None, number)?),
        })
    }

    /// Households that stand in the register come first.
    fn know_households(&mut self, dwelling: usize) -> Result<()> {
        if self.households.contains_key(&dwelling) {
            return Ok(());
        }
        self.households.insert(dwelling, Vec::new());
        let of = self.plan.dwellings.get(dwelling).and_then(|it| it.id);
        let known = of.map_or(Ok(Vec::new()), |of| self.known.households(of))?;
        for household in known {
            self.add_household(dwelling, Some(household.id), household.number)?;
        }
        Ok(())
    }

    fn add_household(
        &mut self,
        dwelling: usize,
        id: Option<EntryId>,
        number: String,
    ) -> Result<usize> {
        let at = self.plan.households.len();
        let has_head = id.map_or(Ok(false), |id| self.known.has_head(id))?;
        self.plan.households.push(Group {
            id,
            parent: Some(dwelling),
            number,
            has_head,
            ..Group::default()
        });
        self.households.entry(dwelling).or_default().push(at);
        Ok(at)
    }

    /// Of a household of the register it is looked up how it stands, when a row says something of it.
    pub(super) fn know_household(&mut self, at: usize) -> Result<()> {
        if let Some(group) = self.plan.households.get_mut(at)
            && let (Some(id), None) = (group.id, &group.standing)
        {
            group.standing = Some((self.of.look)(EntryKind::Household, id)?);
        }
        Ok(())
    }

    /// Takes over what a row that is right says of its place. Says whether anything changes by it.
    pub(super) fn take_place(&mut self, said: &Said, place: &Place) -> bool {
        let (row, replace) = (said.row, self.of.replace);
        let grid = said.grid.clone().or_else(|| self.of.grid.cloned());
        let mut anything = false;
        let mut counted = super::Merged::default();
        if let Some(group) = self.plan.buildings.get_mut(place.building) {
            group.grid = group.grid.take().or_else(|| grid.map(|grid| (grid, row)));
        }
        let levels = [
            (
                EntryKind::Building,
                &mut self.plan.buildings,
                Some(place.building),
            ),
            (
                EntryKind::Dwelling,
                &mut self.plan.dwellings,
                place.dwelling,
            ),
            (
                EntryKind::Household,
                &mut self.plan.households,
                place.household,
            ),
        ];
        for (kind, groups, at) in levels {
            let Some(group) = at.and_then(|at| groups.get_mut(at)) else {
                continue;
            };
            let fields = said.fields(kind);
            let (changed, merged) = match group.id {
                Some(_) => merge(group, row, without_names(fields), replace),
                None => merge(group, row, fields.iter(), replace),
            };
            anything |= changed;
            counted.filled += merged.filled;
            counted.differing += merged.differing;
        }
        self.count(counted);
        anything
    }
}

fn without_names(
    said: &Fields,
) -> impl Iterator<Item = (&FieldName, &Option<FieldValue>)> + use<'_> {
    said.iter()
        .filter(|(name, _)| !NAMES.contains(&name.as_str()))
}

fn tell_unlike(group: Option<&Group>, kind: EntryKind, said: &mut Said) {
    let found = group.and_then(|group| {
        let (name, row) = unlike(group, without_names(said.fields(kind)))
            .map(|(name, row)| (name.clone(), row))?;
        Some((name_of(kind, &name)?, row))
    });
    if let Some((name, row)) = found {
        said.tell(kind, name, ImportWrong::Unlike { row });
    }
}

/// The name of a field as the schema has it.
fn name_of(kind: EntryKind, name: &FieldName) -> Option<&'static str> {
    // Two columns have it, and the first is where one looks.
    if name.as_str() == POSITION {
        return Some(LNG);
    }
    let known = fields(kind).iter().find(|it| it.name == name.as_str());
    known.map(|it| it.name)
}
