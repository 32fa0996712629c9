//! A city small enough to be loaded thousands of times: three grids, four people, two categories.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use shared::{
    CategoryCode, GridCode, Role, StaffId,
    pack::{CityPack, DivisionKind},
};

use super::dice::Dice;

/// Whose devices there are; a schedule takes the first few. One person has two.
pub(super) const OWNERS: [&str; 5] = ["w-1", "w-2", "c-1", "w-1", "w-3"];

/// The category of every report: one that may be handled on the spot.
pub(super) const CATEGORY: &str = "E0110";

/// The city, and who walks where in it.
#[derive(Debug, Clone)]
pub(super) struct City {
    pack: CityPack,
    moves: u32,
    /// Where each person walked, with the true time at which the hub was told; the last is how it is.
    walks: Vec<(i64, BTreeMap<StaffId, Vec<GridCode>>)>,
}

impl City {
    /// As it is before anybody was moved.
    pub(super) fn new() -> Result<Self> {
        let mut pack = crate::sample_city::sample_city()?;
        pack.grids.truncate(3);
        for grid in &mut pack.grids {
            grid.addresses.clear();
        }
        let community = pack.grids.first().context("a grid")?.community.clone();
        for grid in &mut pack.grids {
            grid.community.clone_from(&community);
        }
        let street = pack
            .divisions
            .iter()
            .find(|division| division.code == community)
            .context("the community")?
            .parent
            .clone();
        pack.divisions
            .retain(|d| d.code == street || d.code == community || d.kind == DivisionKind::Street);
        pack.departments.truncate(1);
        let category = CategoryCode::from(CATEGORY);
        pack.catalogue.categories.retain(|c| c.code == category);
        for category in &mut pack.catalogue.categories {
            category.departments.clear();
            category.words.clear();
            category.self_handle = true;
        }
        pack.calendar.days.clear();
        let mut worker = 0;
        pack.staff
            .retain(|entry| ["w-0101", "w-0102", "w-0103", "c-01"].contains(&entry.id.as_str()));
        for entry in &mut pack.staff {
            if entry.id.as_str() == "c-01" {
                entry.id = StaffId::from("c-1");
                entry.communities = vec![community.clone()];
            } else {
                worker += 1;
                entry.id = StaffId(format!("w-{worker}"));
            }
        }
        let mut city = Self {
            pack,
            moves: 0,
            walks: Vec::new(),
        };
        city.assign(&[&[0], &[0, 1], &[2]])?;
        city.is_known_since(i64::MIN);
        Ok(city)
    }

    /// The hub was told at that true time.
    pub(super) fn is_known_since(&mut self, ms: i64) {
        let staff = self.pack.staff.iter();
        let walks = staff.map(|entry| (entry.id.clone(), self.pack.grids_of(entry)));
        let walks = walks.collect();
        self.walks.push((ms, walks));
    }

    /// The grids this person walked at that true time, as far as the hub remembers.
    pub(super) fn grids_then(&self, staff: &StaffId, ms: i64) -> &[GridCode] {
        let then = self.walks.iter().rev().find(|(since, _)| *since <= ms);
        then.and_then(|(_, walks)| walks.get(staff))
            .map_or(&[], Vec::as_slice)
    }

    /// The grids, by code.
    pub(super) fn grids(&self) -> Vec<GridCode> {
        self.pack.grids.iter().map(|g| g.code.clone()).collect()
    }

    /// As what this person acts.
    pub(super) fn role_of(&self, staff: &str) -> Result<Role> {
        let entry = self.pack.staff.iter().find(|e| e.id.as_str() == staff);
        let role = entry.and_then(|entry| entry.roles.first().copied());
        role.context("somebody of the city")
    }

    /// The grids this person may see.
    pub(super) fn grids_of(&self, staff: &str) -> Vec<GridCode> {
        let entry = self.pack.staff.iter().find(|e| e.id.as_str() == staff);
        entry.map_or_else(Vec::new, |entry| self.pack.grids_of(entry))
    }

    /// The next version of the pack, in which people walk other grids.
    pub(super) fn moves_people(&mut self, dice: &mut Dice) -> Result<()> {
        let walks: Vec<Vec<usize>> = (0..3)
            .map(|_| {
                let mut grids: Vec<usize> = (0..3).filter(|_| dice.chance(45)).collect();
                if grids.is_empty() && dice.chance(80) {
                    grids.push(dice.below(3));
                }
                grids
            })
            .collect();
        let walks: Vec<&[usize]> = walks.iter().map(Vec::as_slice).collect();
        self.assign(&walks)
    }

    /// As a pack file.
    pub(super) fn to_json(&self) -> Result<Vec<u8>> {
        Ok(serde_json::to_vec(&self.pack)?)
    }

    fn assign(&mut self, walks: &[&[usize]]) -> Result<()> {
        self.moves += 1;
        self.pack.version = format!("simulated-{}", self.moves);
        let codes = self.grids();
        let workers = self.pack.staff.iter_mut();
        let workers = workers.filter(|entry| entry.id.as_str().starts_with('w'));
        for (worker, walks) in workers.zip(walks) {
            worker.grids = walks
                .iter()
                .map(|grid| codes.get(*grid).cloned().context("a grid"))
                .collect::<Result<_>>()?;
        }
        Ok(())
    }
}
