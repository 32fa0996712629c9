//! 单位/场所 that rows speak of, a row each. The building one stands in is one of the register: a table of
//! places makes none.

use std::collections::HashMap;

use shared::{
    EntryId, FieldName, GridCode,
    ipc::ImportWrong,
    register::{EntryKind, FieldValue, schema},
};

use super::{Group, Merged, Work, differing, places::missing, residents::tell_mistakes};
use crate::{
    error::Result,
    import::{
        known::{Organisation, Standing, building_key, plain_key},
        rows::{Found, Said},
    },
};

/// The field that says in which building a place stands.
const BUILDING: &str = "building";

/// Which row spoke of a place first.
#[derive(Debug, Default)]
pub(super) struct Seen {
    by_code: HashMap<String, u32>,
    /// By name, building and address; and whether it had a code.
    by_name: HashMap<(String, Option<EntryId>, String), (u32, bool)>,
}

impl Work<'_, '_> {
    /// Takes over what a row says of a place. Says whether anything changes by it, or what is wrong
    /// with it.
    pub(super) fn organisation(&mut self, mut said: Said) -> Result<Result<bool, Vec<Found>>> {
        let building = self.stands_in(&mut said);
        let id = self.which(&mut said, building)?;
        let standing = id.map(|id| (self.of.look)(EntryKind::Place, id));
        let standing = standing.transpose()?;
        if standing.is_none() && said.text(EntryKind::Place, "name").is_empty() {
            said.tell(EntryKind::Place, "name", missing());
        }
        let grid = self.grid_of_organisation(&mut said, building, standing.as_ref())?;
        let mut set = std::mem::take(said.fields_mut(EntryKind::Place));
        if let Some(building) = building {
            let link = FieldValue::Text(building.to_string());
            set.insert(FieldName::known(BUILDING), Some(link));
        }
        let mut merged = Merged::default();
        if let Some(standing) = &standing {
            let is_same_name = |it: &Option<FieldValue>| {
                let names = [it.as_ref(), standing.value("name")];
                let [said, stands] = names.map(|it| it.and_then(FieldValue::text).map(plain_key));
                said == stands
            };
            // How a name is written is not taken over where it stands already.
            set.retain(|name, value| name.as_str() != "name" || !is_same_name(value));
            (set, merged) = differing(standing, &set, self.of.replace);
            let of = (EntryKind::Place, standing);
            tell_mistakes(&mut said, of, &set, self.of.reading.today);
        }
        if !said.wrong.is_empty() {
            return Ok(Err(said.wrong));
        }
        self.count(merged);
        let changes = id.is_none() || !set.is_empty();
        self.plan.places.push(Group {
            id,
            standing,
            grid: grid.map(|grid| (grid, said.row)),
            set: set.into(),
            used: true,
            ..Group::default()
        });
        Ok(Ok(changes))
    }

    /// The building that a row names. A compound alone says nothing that is kept: that is what the
    /// address is for.
    fn stands_in(&mut self, said: &mut Said) -> Option<EntryId> {
        let of = EntryKind::Building;
        let name = said.text(of, "name");
        if name.is_empty() {
            return None;
        }
        let compound = said.text(of, "compound");
        if compound.is_empty() {
            self.plan.needs_compound = true;
            said.tell(of, "compound", missing());
            return None;
        }
        let why = match self.known.buildings(&building_key(compound, name)) {
            [one] => return Some(*one),
            [] => ImportWrong::NoSuchBuilding,
            _ => ImportWrong::WhichEntry,
        };
        said.tell(of, "name", why);
        None
    }

    /// The place of the register that a row means: by the code, else by name and where it is. What
    /// an earlier row spoke of is told.
    fn which(&mut self, said: &mut Said, building: Option<EntryId>) -> Result<Option<EntryId>> {
        let of = EntryKind::Place;
        let text = |field: &str| said.text(of, field).to_owned();
        let (code, name) = (text("uscc"), text("name"));
        let address = plain_key(&text("address"));
        let found = if code.is_empty() {
            Ok(None)
        } else {
            match self.known.with_code(&code)?.as_slice() {
                [] => Ok(None),
                [one] => Ok(Some(*one)),
                _ => Err("uscc"),
            }
        };
        let found = match found {
            Ok(None) if !name.is_empty() => {
                let named = self.known.named(&name)?.iter();
                // Another code is another place.
                let may_be: Vec<&Organisation> = named
                    .filter(|it| it.code.is_empty() || code.is_empty())
                    .collect();
                there(&may_be, building, &address)
            }
            found => found,
        };
        let found = match found {
            Ok(found) => found,
            Err(field) => {
                said.tell(of, field, ImportWrong::WhichEntry);
                return Ok(None);
            }
        };
        let has_code = !code.is_empty();
        let key = (plain_key(&name), building, address);
        let same_name = self.organisations.by_name.get(&key).copied();
        let earlier = [
            found.and_then(|id| self.by_id.get(&id).copied()),
            self.organisations.by_code.get(&code).copied(),
            same_name
                .filter(|(_, had_code)| !(has_code && *had_code) && found.is_none())
                .map(|(row, _)| row),
        ];
        if let Some(row) = earlier.into_iter().flatten().next() {
            let field = if has_code { "uscc" } else { "name" };
            said.tell(of, field, ImportWrong::SamePlace { row });
            return Ok(found);
        }
        if has_code {
            self.organisations.by_code.insert(code, said.row);
        }
        match found {
            Some(id) => drop(self.by_id.insert(id, said.row)),
            None => drop(self.organisations.by_name.insert(key, (said.row, has_code))),
        }
        Ok(found)
    }

    /// The grid of something new; or what is wrong with the one that a row names.
    fn grid_of_organisation(
        &mut self,
        said: &mut Said,
        building: Option<EntryId>,
        standing: Option<&Standing>,
    ) -> Result<Option<GridCode>> {
        let of_building = building.map(|it| self.known.grid_of(it)).transpose()?;
        let of_building = of_building.flatten();
        let of_place = standing.map(Standing::grid);
        let stands = of_place.clone().or_else(|| of_building.clone());
        let stood_in = standing.and_then(|it| it.value(BUILDING)?.text()?.parse().ok());
        let moves = standing.is_some() && building.is_some() && stood_in != building;
        let why = match (&stands, &said.grid) {
            (Some(stands), Some(grid)) if stands != grid => ImportWrong::OtherGrid,
            (Some(stands), _) if moves && of_building.as_ref() != Some(stands) => {
                ImportWrong::OtherGrid
            }
            (Some(stands), _) if !self.of.reading.grids.is_own(stands) => ImportWrong::NotYourGrid,
            (Some(stands), _) => return Ok(Some(stands.clone())),
            (None, Some(grid)) => return Ok(Some(grid.clone())),
            (None, None) if self.of.grid.is_some() => return Ok(self.of.grid.cloned()),
            // It named one that was told to be wrong already, or a building that was.
            (None, None) if said.wrong.iter().any(|it| it.field == schema::GRID) => {
                return Ok(None);
            }
            (None, None) if said.speaks_of(EntryKind::Building) && !said.wrong.is_empty() => {
                return Ok(None);
            }
            (None, None) => {
                self.plan.needs_grid = true;
                ImportWrong::NoGrid
            }
        };
        said.tell(EntryKind::Place, schema::GRID, why);
        Ok(None)
    }
}

/// Which of those of one name a row means, by where it says that it is; or the field that does not tell
/// them apart.
fn there(
    named: &[&Organisation],
    building: Option<EntryId>,
    address: &str,
) -> Result<Option<EntryId>, &'static str> {
    let nowhere = |it: &Organisation| it.building.is_none() && it.address.is_empty();
    let here = |it: &&&Organisation| match building {
        Some(_) if it.building.is_none() => it.address == address || nowhere(it),
        Some(_) => it.building == building,
        None if address.is_empty() => nowhere(it),
        None => it.address == address || nowhere(it),
    };
    let here: Vec<&Organisation> = named.iter().filter(here).copied().collect();
    let exactly: Vec<&Organisation> = here
        .iter()
        .filter(|it| it.building == building && it.address == address)
        .copied()
        .collect();
    let may_be = if exactly.is_empty() { &here } else { &exactly };
    match may_be.as_slice() {
        [] => Ok(None),
        // The same name in the same building at another address may be either.
        [one] if !one.address.is_empty() && !address.is_empty() && one.address != address => {
            Err("address")
        }
        [one] => Ok(Some(one.id)),
        _ => Err("name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(of: u8) -> EntryId {
        EntryId::from_bytes([of; 16])
    }

    fn organisation(of: u8, building: Option<u8>, address: &str) -> Organisation {
        Organisation {
            id: id(of),
            building: building.map(id),
            address: address.to_owned(),
            code: String::new(),
        }
    }

    fn found(
        named: &[Organisation],
        building: Option<u8>,
        address: &str,
    ) -> Result<Option<EntryId>, &'static str> {
        there(&named.iter().collect::<Vec<_>>(), building.map(id), address)
    }

    #[test]
    fn a_place_is_the_one_of_its_name_in_its_building_or_at_its_address() {
        let named = [
            organisation(1, Some(8), ""),
            organisation(2, None, "西街7号"),
            organisation(3, Some(9), "东街1号"),
        ];
        for (building, address, it) in [
            (Some(8), "", Some(1)),
            (Some(8), "东街5号", Some(1)),
            (None, "西街7号", Some(2)),
            (Some(7), "西街7号", Some(2)),
            (Some(9), "东街1号", Some(3)),
            (Some(9), "", Some(3)),
            (None, "东街1号", Some(3)),
            (Some(7), "", None),
            (None, "", None),
            (None, "北街1号", None),
        ] {
            let said = found(&named, building, address);
            assert_eq!(said, Ok(it.map(id)), "{building:?} {address}");
        }
    }

    #[test]
    fn what_may_be_either_is_told_and_not_guessed() {
        let two = [
            organisation(1, Some(8), "东街1号"),
            organisation(2, Some(8), "东街2号"),
        ];
        assert_eq!(found(&two, Some(8), "东街2号"), Ok(Some(id(2))));
        assert_eq!(found(&two, Some(8), ""), Err("name"));
        let [one, _] = two;
        assert_eq!(found(&[one], Some(8), "东街3号"), Err("address"));
    }

    #[test]
    fn of_what_nothing_says_where_it_is_a_row_says_it() {
        let nowhere = [organisation(1, None, "")];
        for (building, address) in [
            (Some(8), ""),
            (Some(8), "东街1号"),
            (None, "东街1号"),
            (None, ""),
        ] {
            assert_eq!(found(&nowhere, building, address), Ok(Some(id(1))));
        }
    }
}
