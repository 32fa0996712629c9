//! 疑似重复: pairs of residents who may be one person, side by side.

use rusqlite::Connection;
use shared::{
    DocRef, EntryId, FieldName,
    ipc::{Alike, DuplicatePair, DuplicateSide, Duplicates, FieldPair, ListDuplicates},
    register::{Entry, EntryKind, FieldValue, fields, may_merge, schema},
};

use super::{entry, search};
use crate::{
    core::Core,
    error::Result,
    packs::Packs,
    register,
    store::{
        alike::{self, Pair},
        device, entries, records,
    },
};

/// Pairs shown at once: each is one decision.
const PAIRS_SHOWN: u32 = 30;

/// The pairs.
pub(crate) fn list(core: &Core, _args: ListDuplicates) -> Result<Duplicates> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let pairs = alike::pairs(db, PAIRS_SHOWN)?;
        let pairs = pairs.into_iter().map(|it| pair(db, &packs, &it));
        Ok(Duplicates {
            pairs: pairs.collect::<Result<_>>()?,
            total: alike::count(db)?,
            may_merge: decides(db)?,
        })
    })
}

/// How many there are, for those who may decide.
pub(super) fn count(db: &Connection) -> Result<u32> {
    if decides(db)? {
        alike::count(db)
    } else {
        Ok(0)
    }
}

fn decides(db: &Connection) -> Result<bool> {
    let author = device::get(db)?.author();
    Ok(author.is_ok_and(|author| may_merge(author.role)))
}

fn pair(db: &Connection, packs: &Packs, pair: &Pair) -> Result<DuplicatePair> {
    let [one, other] = pair.two;
    let entry = |id| register::stands_of(db, EntryKind::Resident, id).map(|(entry, _)| entry);
    let entries = [entry(one)?, entry(other)?];
    let [first, second] = &entries;
    let sides = [
        side(db, packs, one, first)?,
        side(db, packs, other, second)?,
    ];
    Ok(DuplicatePair {
        fields: side_by_side(&entries, &sides),
        alike: if pair.by_number {
            Alike::Number
        } else {
            Alike::NameBirthDoor
        },
        two: sides,
    })
}

fn side(db: &Connection, packs: &Packs, id: EntryId, entry: &Entry) -> Result<DuplicateSide> {
    let line = entries::get(db, id)?;
    let (by, by_en) = packs.person(&entry.entered.author.staff);
    let (records, _) = records::list(db, Some(&DocRef::entry(EntryKind::Resident, id)), (0, 0))?;
    let hit = search::hit(db, line)?;
    Ok(DuplicateSide {
        id,
        name: hit.title,
        place: hit.place,
        door: hit.door,
        gone: hit.gone,
        entered_at: entry.entered.at,
        by,
        by_en,
        records,
    })
}

/// The fields in which anything stands, in the order of the schema, tags after them.
fn side_by_side(two: &[Entry; 2], sides: &[DuplicateSide; 2]) -> Vec<FieldPair> {
    let stands = two.each_ref().map(Entry::stands);
    let known = fields(EntryKind::Resident).iter().map(|it| it.name);
    let known = known.filter(|name| ![schema::GRID, schema::SAME_AS].contains(name));
    let mut names: Vec<FieldName> = known.map(FieldName::from).collect();
    let tags = stands.iter().flat_map(|it| it.fields.keys());
    let mut tags: Vec<FieldName> = tags
        .filter(|name| name.as_str().starts_with(schema::CARE))
        .map(|name| (*name).clone())
        .collect();
    tags.sort_unstable();
    tags.dedup();
    names.extend(tags);
    let pairs = names.into_iter().map(|field| {
        let name = field.as_str();
        let values = stands.each_ref().map(|it| it.value(name).cloned());
        let [one, other] = &values;
        let differs = one != other;
        let masked = entry::is_masked(EntryKind::Resident, name);
        let values = if name == "household" {
            sides
                .each_ref()
                .map(|it| Some(FieldValue::from(it.place.as_str())))
        } else {
            values.map(|it| it.map(|value| entry::guarded(value, masked)))
        };
        FieldPair {
            field,
            values,
            differs,
        }
    });
    pairs
        .filter(|it| it.values.iter().any(Option::is_some))
        .collect()
}
