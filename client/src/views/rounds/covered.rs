//! How far a campaign is: by community, by grid and by building.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{EntryId, GridCode, ipc::Covered, register::EntryKind};

use crate::{
    error::Result,
    packs::Packs,
    rounds::{Campaign, Door},
    store::entries,
};

/// A building, as lists name it.
struct Building {
    sort: String,
    compound: String,
    name: String,
}

/// The buildings of the device.
pub(super) struct Buildings(BTreeMap<EntryId, Building>);

impl Buildings {
    /// All of them.
    pub(super) fn all(db: &Connection) -> Result<Self> {
        let lines = entries::all(db, EntryKind::Building)?.into_iter();
        let all = lines.map(|line| {
            let building = Building {
                sort: line.sort,
                compound: line.place,
                name: line.title,
            };
            (line.id, building)
        });
        Ok(Self(all.collect()))
    }

    fn of(&self, door: &Door) -> Option<(EntryId, &Building)> {
        let id = door.dwelling.building?;
        Some((id, self.0.get(&id)?))
    }

    /// A door as people say it, with its compound.
    pub(super) fn name_of(&self, door: &Door) -> String {
        let compound = self.of(door).map(|(_, it)| it.compound.as_str());
        let name = [compound.unwrap_or_default(), &door.dwelling.door].join(" ");
        name.trim().to_owned()
    }
}

/// How far it is, at each level in order.
pub(super) struct Coverage {
    /// By code.
    pub(super) communities: BTreeMap<String, Covered>,
    /// By code.
    pub(super) grids: BTreeMap<GridCode, Covered>,
    /// In the order of lists.
    pub(super) buildings: BTreeMap<(String, EntryId), Covered>,
}

impl Coverage {
    /// Nothing yet, with every grid that the campaign names.
    pub(super) fn of(campaign: &Campaign, packs: &Packs) -> Self {
        let mut coverage = Self {
            communities: BTreeMap::new(),
            grids: BTreeMap::new(),
            buildings: BTreeMap::new(),
        };
        for code in &campaign.grids {
            coverage.grid(packs, code);
            coverage.community(packs, code);
        }
        coverage
    }

    /// Somebody behind a door.
    pub(super) fn add(&mut self, packs: &Packs, buildings: &Buildings, door: &Door, done: bool) {
        let code = &door.dwelling.grid;
        count(self.grid(packs, code), done);
        if let Some(community) = self.community(packs, code) {
            count(community, done);
        }
        if let Some((id, building)) = buildings.of(door) {
            let key = (building.sort.clone(), id);
            let covered = self.buildings.entry(key).or_insert_with(|| {
                let name = format!("{} {}", building.compound, building.name);
                covered(Some(id), [name.clone(), name])
            });
            count(covered, done);
        }
    }

    fn grid(&mut self, packs: &Packs, code: &GridCode) -> &mut Covered {
        self.grids.entry(code.clone()).or_insert_with(|| {
            let name = packs.grid_name(code);
            covered(None, [name.name, name.name_en])
        })
    }

    fn community(&mut self, packs: &Packs, grid: &GridCode) -> Option<&mut Covered> {
        let (code, names) = packs.community_of(grid)?;
        let community = self.communities.entry(code);
        Some(community.or_insert_with(|| covered(None, names)))
    }
}

fn count(covered: &mut Covered, done: bool) {
    covered.meant += 1;
    covered.recorded += u32::from(done);
}

fn covered(building: Option<EntryId>, [name, name_en]: [String; 2]) -> Covered {
    Covered {
        building,
        name,
        name_en,
        meant: 0,
        recorded: 0,
    }
}
