//! How far a campaign is: by community, by grid and by building.

use std::collections::BTreeMap;

use shared::{EntryId, GridCode, ipc::Covered};

use crate::{
    number,
    packs::Packs,
    rounds::{All, Campaign},
};

/// How far it is, at each level in order.
pub(super) struct Coverage {
    /// Who is meant, and of whom there is a record that counts.
    pub(super) far: [u32; 2],
    /// By code.
    pub(super) communities: BTreeMap<String, Covered>,
    /// By code.
    pub(super) grids: BTreeMap<GridCode, Covered>,
    /// The first of them, in the order of lists.
    pub(super) buildings: Vec<Covered>,
    /// How many buildings there are.
    pub(super) buildings_total: u32,
}

impl Coverage {
    /// How far a campaign is, with every grid that it names, and so many buildings.
    pub(super) fn of(campaign: &Campaign, packs: &Packs, all: &All, buildings: usize) -> Self {
        let mut coverage = Self {
            far: [0, 0],
            communities: BTreeMap::new(),
            grids: BTreeMap::new(),
            buildings: Vec::new(),
            buildings_total: 0,
        };
        for code in &campaign.grids {
            coverage.grid(packs, code);
            coverage.community(packs, code);
        }
        for tally in all.tallies() {
            let mut here = [0, 0];
            for share in tally.shares_of(campaign.id) {
                let far = [share.meant, share.recorded];
                add(&mut coverage.far, far);
                add(&mut here, far);
                count(coverage.grid(packs, &share.grid), far);
                if let Some(community) = coverage.community(packs, &share.grid) {
                    count(community, far);
                }
            }
            let Some(line) = tally.line.as_ref().filter(|_| here != [0, 0]) else {
                continue;
            };
            coverage.buildings_total = coverage.buildings_total.saturating_add(1);
            if number::count(coverage.buildings.len()) < number::count(buildings) {
                let name = format!("{} {}", line.place, line.title);
                let mut building = covered(Some(line.id), [name.clone(), name]);
                count(&mut building, here);
                coverage.buildings.push(building);
            }
        }
        coverage
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

fn add([meant, recorded]: &mut [u32; 2], more: [u32; 2]) {
    *meant += more[0];
    *recorded += more[1];
}

fn count(covered: &mut Covered, [meant, recorded]: [u32; 2]) {
    covered.meant += meant;
    covered.recorded += recorded;
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
