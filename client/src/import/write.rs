//! Writes what was planned, in the caller's transaction: the same operations as if each entry had
//! been entered by hand, and the same rows as folding them would make; only that what is known of
//! something new is not looked up again.

use std::collections::HashMap;

use rusqlite::Transaction;
use shared::{
    Action, Author, DocRef, EntryId, Extra, GridCode, ImportId, Op, OpId, Scope,
    apply::Stamp,
    op::SCHEMA,
    register::{Entering, Entry, EntryKind, FieldValue, Fields, schema},
    time::Observed,
};

use super::{
    ahead,
    plan::{Group, Plan},
    progress::Progress,
};
use crate::{
    clock::random_in_order,
    core::Core,
    error::{Error, Result},
    ops::change,
    register,
    store::{alike, device, entries, found::Found, outbox},
};

/// Writes all of it. The sequence is what holds before what is held, so that nothing waits for what
/// comes later; and a door with all behind it before the next, for they are looked up together.
pub(super) fn write(
    core: &Core,
    tx: &Transaction<'_>,
    plan: &mut Plan,
    import: ImportId,
    progress: &Progress,
) -> Result<()> {
    let new = plan.counts.entered() as usize;
    progress.expect(new + plan.counts.changed as usize);
    let maker = Maker {
        ids: random_in_order(new)?.into_iter(),
        op_ids: random_in_order(new)?.into_iter(),
        next_seq: device::next_dev_seqs(tx, u64::try_from(new).unwrap_or(u64::MAX))?,
        author: device::get(tx)?.author()?,
        at: core.clock.observed(),
        import,
        buildings: HashMap::new(),
    };
    enter(tx, plan, maker, progress)?;
    for (kind, groups) in plan.levels_mut() {
        for group in groups.iter_mut().filter(|it| it.is_changed()) {
            let id = group.id.ok_or(Error::NotFound)?;
            let set = std::mem::take(&mut group.set);
            change::take_over(core, tx, kind, id, set.into(), Some(import))?;
            progress.step();
        }
    }
    Ok(())
}

/// Enters what is new: made on one thread, written on this one.
fn enter(
    tx: &Transaction<'_>,
    plan: &mut Plan,
    mut maker: Maker,
    progress: &Progress,
) -> Result<()> {
    let observed_at = maker.at.wall;
    let mut ops = outbox::Adding::of(tx)?;
    let mut new = entries::New::of(tx, maker.op_ids.len())?;
    let mut alike = alike::New::of(tx);
    ahead::each(
        move |giver| {
            let order = plan.in_order();
            let mut levels = plan.levels_mut();
            let mut holders = levels
                .each_ref()
                .map(|(_, groups)| vec![None; groups.len()]);
            for Planned { level, at } in order {
                let (kind, group) = planned(&mut levels, level, at)?;
                let above = level.checked_sub(1).and_then(|it| holders.get(it));
                let holder = above.zip(group.parent).and_then(|(all, at)| all.get(at));
                let here = maker.link(kind, group, holder.and_then(Option::as_ref))?;
                if let Some(id) = group.new_id {
                    let made = maker.make(kind, id, std::mem::take(&mut group.set).into())?;
                    if !giver.give(made) {
                        return Ok(());
                    }
                }
                if let Some(holder) = holders.get_mut(level).and_then(|it| it.get_mut(at)) {
                    *holder = Some(here);
                }
            }
            Ok(())
        },
        |made| {
            ops.add((made.op, observed_at))?;
            fault::point("client/import: some in the outbox, not all");
            if let Some(found) = made.alike {
                alike.add(made.line.id, found)?;
            }
            new.add(made.line, made.found)?;
            progress.step();
            Ok(())
        },
    )?;
    ops.finish()?;
    // Searches begin to find what was entered.
    let keys = new.keys()?;
    let keys = ahead::beside(|| keys.sorted(), || alike.write())?;
    keys.write(tx)?;
    Ok(())
}

/// What is written of something new.
struct Made {
    op: outbox::Queued,
    line: entries::Line,
    found: Found,
    /// Of a resident.
    alike: Option<Found>,
}

/// What holds an entry: its id, if it is or will be in the register, and its grid.
type Holder = (Option<EntryId>, GridCode);

struct Maker {
    ids: std::vec::IntoIter<[u8; 10]>,
    op_ids: std::vec::IntoIter<[u8; 10]>,
    next_seq: u64,
    author: Author,
    at: Observed,
    import: ImportId,
    /// The names of buildings, of which doors are named.
    buildings: HashMap<EntryId, String>,
}

impl Maker {
    /// Gives an id to what is new, and links it to what holds it.
    fn link(
        &mut self,
        kind: EntryKind,
        group: &mut Group,
        holder: Option<&Holder>,
    ) -> Result<Holder> {
        let grid = group.grid.as_ref().map(|(grid, _)| grid);
        let grid = grid.or(holder.map(|(_, grid)| grid)).cloned();
        let grid = grid.unwrap_or_else(|| GridCode::from(""));
        if group.is_new() {
            group.new_id = Some(EntryId::new(self.at.wall, next(&mut self.ids)?));
        }
        if group.new_id.is_some() || group.moves {
            group.link(kind, holder.and_then(|(id, _)| *id), grid.as_str());
        }
        let id = group.id.or(group.new_id);
        if let (EntryKind::Building, Some(id), Some(name)) = (kind, id, group.text("name")) {
            self.buildings.insert(id, name.to_owned());
        }
        Ok((id, grid))
    }

    fn make(&mut self, kind: EntryKind, id: EntryId, set: Fields) -> Result<Made> {
        let random = next(&mut self.op_ids)?;
        let grid = set.get(schema::GRID).and_then(Option::as_ref);
        let grid = grid.and_then(FieldValue::text).unwrap_or_default();
        let op = Op {
            op_id: OpId::new(self.at.wall, random),
            dev_seq: self.next_seq,
            target: DocRef::entry(kind, id),
            base_rev: 0,
            scope: Scope::grid(&grid.into()),
            action: Action::Enter(Entering {
                set,
                import: Some(self.import),
                extra: Extra::default(),
            }),
            observed_at: self.at.clone(),
            author: self.author.clone(),
            schema: SCHEMA,
            extra: Extra::default(),
        };
        self.next_seq += 1;
        let queued = outbox::Queued::of(&op)?;
        let entry = Entry::entered_by(op, &Stamp::Device);
        let entry = entry.ok_or(Error::Malformed("not an entering"))?;
        let stands = entry.stands();
        let (line, keys) = register::shown(id, kind, &entry, &stands, 1, |building| {
            Ok(self.buildings.get(&building).cloned())
        })?;
        let alike = match kind {
            EntryKind::Resident => Some(alike::found_by(&register::alike_keys(&stands))?),
            _ => None,
        };
        Ok(Made {
            op: queued,
            line,
            found: Found::by(keys)?,
            alike,
        })
    }
}

fn next(random: &mut std::vec::IntoIter<[u8; 10]>) -> Result<[u8; 10]> {
    random
        .next()
        .ok_or(Error::Malformed("more entries than were counted"))
}

/// One of what is planned: the level at which it is, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Planned {
    level: usize,
    at: usize,
}

/// What is planned there.
fn planned<'p>(
    levels: &'p mut [(EntryKind, &mut Vec<Group>); LEVELS],
    level: usize,
    at: usize,
) -> Result<(EntryKind, &'p mut Group)> {
    let (kind, groups) = levels.get_mut(level).ok_or(Error::NotFound)?;
    Ok((*kind, groups.get_mut(at).ok_or(Error::NotFound)?))
}

const LEVELS: usize = 5;

impl Plan {
    /// All of it: what holds before what is held, and each with all that it holds before the next.
    fn in_order(&mut self) -> Vec<Planned> {
        let mut all = Vec::new();
        let mut above: Vec<[usize; LEVELS]> = Vec::new();
        for (level, (_, groups)) in self.levels_mut().into_iter().enumerate() {
            // The way to each: the places, from 1 on, of all that holds it, and its own.
            let ways = groups.iter().enumerate().map(|(at, group)| {
                let holder = group.parent.and_then(|it| above.get(it));
                let mut way = holder.copied().unwrap_or_default();
                if let Some(own) = way.get_mut(level) {
                    *own = at + 1;
                }
                way
            });
            let ways: Vec<_> = ways.collect();
            let here = ways.iter().enumerate();
            all.extend(here.map(|(at, way)| (*way, Planned { level, at })));
            above = ways;
        }
        all.sort_unstable();
        all.into_iter().map(|(_, it)| it).collect()
    }

    /// What is planned, from what holds to what is held.
    fn levels_mut(&mut self) -> [(EntryKind, &mut Vec<Group>); LEVELS] {
        [
            (EntryKind::Building, &mut self.buildings),
            (EntryKind::Dwelling, &mut self.dwellings),
            (EntryKind::Household, &mut self.households),
            (EntryKind::Resident, &mut self.residents),
            // What holds a place stands in the register already.
            (EntryKind::Place, &mut self.places),
        ]
    }
}
