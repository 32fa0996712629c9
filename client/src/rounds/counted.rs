//! What the doors of all buildings ask for, counted once and kept in memory: a building is counted anew
//! when something changed behind its doors, and all are when a day begins, or a campaign or the rule for
//! visits changes. A few are counted while somebody waits; many in the background, and pages are told
//! that it goes on.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;
use shared::{
    ipc::{Area, Changed},
    pack::Visiting,
};

use super::{Campaign, Tally};
use crate::{
    core::Core,
    error::Result,
    store::touched::{self, Building},
};

/// So many doors are counted while somebody waits.
const AT_ONCE: u32 = 600;

/// So many are counted in the background before others may read.
const A_SLICE: u32 = 300;

/// Pages are told after so many slices how far it is.
const TOLD_AFTER: u32 = 100;

/// What doors ask for, as far as it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counted(Mutex<All>);

/// Where a building stands in lists: by its order, those that are not on this device in front.
type Place = (String, Building);

/// All buildings.
#[derive(Debug, Default)]
pub(crate) struct All {
    /// What it was counted for.
    by: Option<Arc<By>>,
    tallies: BTreeMap<Place, Tally>,
    /// The order of each that is there.
    sorts: HashMap<Building, String>,
    /// When each was touched, as far as that was heard of.
    touched: HashMap<Building, i64>,
    heard: i64,
    /// Those that are yet to be counted, or counted anew.
    left: BTreeSet<Building>,
    /// It goes on in the background.
    goes_on: bool,
}

/// What decides beside the doors themselves.
#[derive(Debug, PartialEq)]
struct By {
    day: String,
    offset_minutes: i32,
    rule: Visiting,
    campaigns: Vec<Campaign>,
}

impl By {
    fn of(core: &Core, db: &Connection) -> Result<Self> {
        let packs = core.packs(db)?;
        let campaigns = Campaign::all(core, db)?;
        Ok(Self {
            day: core.today(db)?,
            offset_minutes: packs.utc_offset_minutes(),
            rule: packs.visiting.clone(),
            campaigns: campaigns.iter().map(Campaign::meaning).collect(),
        })
    }
}

impl Counted {
    /// Looks at what was counted, brought up to date as far as that takes no time to speak of.
    pub(crate) fn look<T>(
        &self,
        core: &Core,
        db: &Connection,
        look: impl FnOnce(&All) -> T,
    ) -> Result<T> {
        let by = Arc::new(By::of(core, db)?);
        let heard = self.lock().heard;
        self.lock().hear(&by, touched::since(db, heard)?);
        let goes_on = self.lock().goes_on;
        if !goes_on {
            // A simulation has no background.
            let doors = if fault::simulated() {
                u32::MAX
            } else {
                AT_ONCE
            };
            self.count(core, db, doors)?;
        }
        Ok(look(&self.lock()))
    }

    /// Whether something is left that nobody counts yet.
    pub(crate) fn is_left(&self) -> bool {
        let all = self.lock();
        !all.left.is_empty() && !all.goes_on
    }

    /// Counts buildings until so many doors were seen.
    fn count(&self, core: &Core, db: &Connection, doors: u32) -> Result<()> {
        let (by, left) = {
            let all = self.lock();
            // Each counts as one door at least.
            let next: Vec<_> = all.left.iter().take(doors as usize).copied().collect();
            (all.by.clone(), next)
        };
        let Some(by) = by else { return Ok(()) };
        // What this state of the database has not heard of is not counted by it.
        let last = touched::last(db)?;
        let mut seen = 0;
        for building in left {
            if seen >= doors {
                break;
            }
            let tally = Tally::of(core, db, building, &by.campaigns)?;
            seen += tally.doors + 1;
            self.lock().put(&by, building, last, tally);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl All {
    fn hear(&mut self, by: &Arc<By>, touched: Vec<(Building, i64)>) {
        for (building, at) in touched {
            let known = self.touched.entry(building).or_default();
            *known = at.max(*known);
            self.heard = at.max(self.heard);
            self.left.insert(building);
        }
        if self.by.as_ref() != Some(by) {
            self.by = Some(Arc::clone(by));
            self.left.extend(self.touched.keys());
        }
    }

    fn put(&mut self, by: &Arc<By>, building: Building, last: i64, tally: Tally) {
        let touched = self.touched.get(&building).is_some_and(|at| *at > last);
        if touched || self.by.as_ref() != Some(by) {
            return;
        }
        self.left.remove(&building);
        if let Some(sort) = self.sorts.remove(&building) {
            self.tallies.remove(&(sort, building));
        }
        if tally.line.is_some() || tally.doors > 0 {
            let sort = tally.line.as_ref().map(|it| it.sort.clone());
            let sort = sort.unwrap_or_default();
            self.sorts.insert(building, sort.clone());
            self.tallies.insert((sort, building), tally);
        }
    }

    /// Some are yet to be counted, or counted anew.
    pub(crate) fn is_counting(&self) -> bool {
        !self.left.is_empty()
    }

    /// What was counted, in the order of lists.
    pub(crate) fn tallies(&self) -> impl Iterator<Item = &Tally> {
        self.tallies.values()
    }

    /// What was counted of a building.
    pub(crate) fn tally(&self, building: Building) -> Option<&Tally> {
        let sort = self.sorts.get(&building)?.clone();
        self.tallies.get(&(sort, building))
    }

    /// The sum over all buildings.
    pub(crate) fn sum(&self, of: impl Fn(&Tally) -> u32) -> u32 {
        self.tallies().map(of).fold(0, u32::saturating_add)
    }
}

/// Counts what is left, slice by slice, so that nobody who reads meanwhile waits for it.
pub(crate) fn go_on(core: &Core) {
    let counted = &core.counted;
    if std::mem::replace(&mut counted.lock().goes_on, true) {
        return;
    }
    let tell = || core.announce(Changed::of([Area::Rounds]));
    let mut slices = 0_u32;
    while !counted.lock().left.is_empty() {
        if let Err(error) = core.store.read(|db| counted.count(core, db, A_SLICE)) {
            tracing::warn!(%error, "what doors ask for could not be counted");
            break;
        }
        slices += 1;
        if slices.is_multiple_of(TOLD_AFTER) {
            tell();
        }
    }
    counted.lock().goes_on = false;
    tell();
}
