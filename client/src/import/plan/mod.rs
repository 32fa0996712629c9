//! What comes of a table: which entries are new, which are changed, what is wrong. Nothing is
//! written here, and the same table over what it made plans nothing.
//!
//! A row counts whole or not at all: what it says of its building is not taken over while something
//! is wrong with its resident.

mod kept;
mod organisations;
mod places;
mod residents;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use forms::sheet::Sheet;
use shared::{
    EntryId, FieldName, GridCode,
    ipc::{ImportCounts, ImportWrong},
    register::{EntryKind, FieldValue, Fields, words::Table},
};

use self::kept::Kept;
use super::{
    ahead,
    known::{Known, Standing},
    names::Target,
    progress::Progress,
    rows::{Found, Reading, Said},
};
use crate::{error::Result, number};

/// Mistakes that are kept to be shown; of more only the number is.
const FOUND_MAX: usize = 100_000;

/// How the register's entries are looked up.
pub(super) type Look<'a> = &'a dyn Fn(EntryKind, EntryId) -> Result<Standing>;

/// What comes of a table.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) buildings: Vec<Group>,
    pub(super) dwellings: Vec<Group>,
    pub(super) households: Vec<Group>,
    pub(super) residents: Vec<Group>,
    pub(super) places: Vec<Group>,
    /// What is wrong, by row.
    pub(super) found: Vec<Found>,
    /// How much is.
    pub(super) mistakes: u32,
    /// Rows with something wrong.
    pub(super) wrong_rows: u32,
    pub(super) counts: ImportCounts,
    pub(super) needs_grid: bool,
    pub(super) needs_compound: bool,
}

/// An entry that rows speak of.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Its id in the register; none: it is new.
    pub(super) id: Option<EntryId>,
    /// The id that it is given when it is written, if it is new.
    pub(super) new_id: Option<EntryId>,
    /// How it stands in the register, if it does.
    standing: Option<Standing>,
    /// The place of what holds it in its list; it is not moved if that is not said.
    pub(super) parent: Option<usize>,
    /// The grid, and the row that said so; of a new building only once a row was right.
    pub(super) grid: Option<(GridCode, u32)>,
    /// What is to be written.
    pub(super) set: Kept,
    /// What rows said of it, and which said so first.
    told: BTreeMap<FieldName, (FieldValue, u32)>,
    /// A row that is right speaks of it.
    used: bool,
    /// 户号, as a household is told from the others of its dwelling.
    number: String,
    /// A household has one.
    has_head: bool,
    /// A resident of the register who comes to live elsewhere.
    pub(super) moves: bool,
}

impl Group {
    /// Whether it is to be entered.
    pub(super) fn is_new(&self) -> bool {
        self.used && self.id.is_none()
    }

    /// The words in a field, as it will stand.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        let set = self.set.get(field);
        let stands = || self.standing.as_ref()?.value(field);
        set.or_else(stands)?.text()
    }

    /// Whether it is to be changed.
    pub(super) fn is_changed(&self) -> bool {
        self.used && self.id.is_some() && (!self.set.is_empty() || self.moves)
    }
}

/// What a merge came to.
#[derive(Debug, Clone, Copy, Default)]
struct Merged {
    filled: u32,
    differing: u32,
}

/// What rows are put together with.
pub(super) struct Planner<'a> {
    pub(super) look: Look<'a>,
    pub(super) reading: Reading<'a>,
    /// The grid of rows that name none and whose building is new.
    pub(super) grid: Option<&'a GridCode>,
    /// What differs is replaced.
    pub(super) replace: bool,
}

/// What was found so far.
struct Work<'a, 'p> {
    of: &'p Planner<'a>,
    known: Known<'p>,
    plan: Plan,
    buildings: HashMap<String, Result<usize, ImportWrong>>,
    dwellings: HashMap<(usize, String), Result<usize, ImportWrong>>,
    /// Households of a dwelling.
    households: HashMap<usize, Vec<usize>>,
    by_number: HashMap<String, u32>,
    by_id: HashMap<EntryId, u32>,
    by_name: HashMap<(usize, String, String), u32>,
    organisations: organisations::Seen,
}

impl Planner<'_> {
    /// Plans what comes of these rows.
    pub(super) fn plan(
        &self,
        sheet: &Sheet,
        rows: Range<usize>,
        known: Known<'_>,
        progress: &Progress,
    ) -> Result<Plan> {
        let mut work = Work {
            of: self,
            known,
            plan: Plan {
                residents: Vec::with_capacity(rows.len()),
                ..Plan::default()
            },
            buildings: HashMap::new(),
            dwellings: HashMap::new(),
            households: HashMap::new(),
            by_number: HashMap::with_capacity(rows.len()),
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            organisations: organisations::Seen::default(),
        };
        progress.expect(rows.len());
        let reading = &self.reading;
        ahead::each_of(
            rows,
            |cells: &mut Vec<Cow<'_, str>>, at| reading.row(sheet, at, cells),
            |said| {
                work.row(said)?;
                progress.step();
                Ok(())
            },
        )?;
        Ok(work.done())
    }
}

impl Work<'_, '_> {
    fn row(&mut self, said: Said) -> Result<()> {
        if said.of.iter().all(Fields::is_empty) && said.wrong.is_empty() {
            return Ok(());
        }
        self.plan.counts.rows += 1;
        let taken = match self.of.reading.table {
            Table::Residents => self.take_all(said)?,
            Table::Places => self.organisation(said)?,
        };
        match taken {
            Ok(changes) => self.plan.counts.unchanged += u32::from(!changes),
            Err(wrong) => self.refuse(wrong),
        }
        Ok(())
    }

    /// Takes over what a row says of a resident and of where they live. Says whether anything changes
    /// by it, or what is wrong with it.
    fn take_all(&mut self, mut said: Said) -> Result<Result<bool, Vec<Found>>> {
        let mut place = self.place(&mut said)?;
        let resident = self.resident(&mut said, place.as_mut())?;
        if !said.wrong.is_empty() {
            return Ok(Err(said.wrong));
        }
        let mut changes = false;
        if let Some(place) = place.filter(|_| resident.as_ref().is_none_or(|it| !it.is_elsewhere)) {
            changes |= self.take_place(&said, &place);
        }
        if let Some(resident) = resident {
            changes |= self.take_resident(&mut said, resident);
        }
        Ok(Ok(changes))
    }

    fn refuse(&mut self, wrong: Vec<Found>) {
        self.plan.wrong_rows += 1;
        self.plan.mistakes = self
            .plan
            .mistakes
            .saturating_add(number::count(wrong.len()));
        let room = FOUND_MAX.saturating_sub(self.plan.found.len());
        let targets = self.of.reading.targets;
        let placed = wrong.into_iter().map(|it| {
            let is_it = |target: &Target| target.kind == it.kind && target.name == it.field;
            let column = targets
                .iter()
                .position(|target| target.as_ref().is_some_and(is_it));
            Found { column, ..it }
        });
        self.plan.found.extend(placed.take(room));
    }

    fn done(mut self) -> Plan {
        let count = |groups: &[Group], is: fn(&Group) -> bool| {
            number::count(groups.iter().filter(|it| is(it)).count())
        };
        let plan = &mut self.plan;
        plan.counts.buildings = count(&plan.buildings, Group::is_new);
        plan.counts.dwellings = count(&plan.dwellings, Group::is_new);
        plan.counts.households = count(&plan.households, Group::is_new);
        plan.counts.residents = count(&plan.residents, Group::is_new);
        plan.counts.places = count(&plan.places, Group::is_new);
        let all = [
            &plan.buildings,
            &plan.dwellings,
            &plan.households,
            &plan.residents,
            &plan.places,
        ];
        plan.counts.changed = all.iter().map(|it| count(it, Group::is_changed)).sum();
        self.plan
    }

    fn count(&mut self, merged: Merged) {
        self.plan.counts.filled += merged.filled;
        self.plan.counts.differing += merged.differing;
    }
}

/// What of `fields` is to be written over what stands: what is empty is filled, what differs only
/// replaced where that was chosen, and what somebody must decide first is left to them.
fn differing<'f>(
    standing: &Standing,
    fields: impl IntoIterator<Item = (&'f FieldName, &'f Option<FieldValue>)>,
    replace: bool,
) -> (Fields, Merged) {
    let (mut set, mut merged) = (Fields::new(), Merged::default());
    for (name, value) in fields {
        let stands = standing.value(name.as_str());
        let is_disputed = standing.disputed.contains(name);
        if !is_disputed && stands == value.as_ref() {
            continue;
        }
        if is_disputed || (stands.is_some() && !replace) {
            merged.differing += 1;
            continue;
        }
        if stands.is_some() {
            merged.differing += 1;
        } else {
            merged.filled += 1;
        }
        set.insert(name.clone(), value.clone());
    }
    (set, merged)
}

/// Takes over what a row says of an entry. Says whether anything changes by it.
fn merge<'f>(
    group: &mut Group,
    row: u32,
    fields: impl Iterator<Item = (&'f FieldName, &'f Option<FieldValue>)>,
    replace: bool,
) -> (bool, Merged) {
    let is_first = !group.used;
    group.used = true;
    let mut fresh = Fields::new();
    for (name, value) in fields {
        if let (Some(told), false) = (value, group.told.contains_key(name)) {
            group.told.insert(name.clone(), (told.clone(), row));
            fresh.insert(name.clone(), value.clone());
        }
    }
    if group.id.is_none() {
        let changes = is_first || !fresh.is_empty();
        group.set.extend(fresh);
        return (changes, Merged::default());
    }
    // It was looked up if a row says anything of it.
    let Some(standing) = &group.standing else {
        return (false, Merged::default());
    };
    let (set, merged) = differing(standing, &fresh, replace);
    let changes = !set.is_empty();
    group.set.extend(set);
    (changes, merged)
}

/// The first of the fields of which an earlier row said something else, and which row.
fn unlike<'f>(
    group: &Group,
    mut fields: impl Iterator<Item = (&'f FieldName, &'f Option<FieldValue>)>,
) -> Option<(&'f FieldName, u32)> {
    fields.find_map(|(name, value)| {
        let (told, row) = group.told.get(name)?;
        (value.as_ref() != Some(told)).then_some((name, *row))
    })
}
