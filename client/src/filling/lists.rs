//! The register as lists of a form (shared: [`lists`]): what this device has of a kind, read when a
//! filling is opened and with it until it is opened again. Of the columns only those that the form asks
//! for. Names of people: nothing of it is ever written to a log.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use forms::{Program, Table, session::Saved};
use rusqlite::Connection;
use shared::{
    EntryId,
    ipc::FormTrouble,
    register::{EntryKind, FieldValue, lists, schema},
};

use super::ready::Ready;
use crate::{
    error::{Error, Result},
    register,
    store::{
        listed::{self, Listed},
        there,
    },
};

/// So many entries the lists of one form may have in all. A grid has some thousand, a street less than
/// this; reading more would be felt as hanging.
const ENTRIES_MAX: u32 = 100_000;

/// The form with the register as it is now. Whoever is chosen already stays to be chosen, moved away or
/// not.
pub(crate) fn with_register(
    db: &Connection,
    ready: &Ready,
    chosen: &BTreeSet<EntryId>,
) -> Result<Arc<Program>> {
    let counted = asked(ready).map(|(kind, ..)| there::count(db, kind));
    fits(counted.sum::<Result<u32>>()?)?;
    program(db, ready, chosen, listed::standing)
}

/// The form with only those of the register whom these answers name.
pub(crate) fn with_chosen(
    db: &Connection,
    ready: &Ready,
    chosen: &BTreeSet<EntryId>,
) -> Result<Arc<Program>> {
    program(db, ready, chosen, |_, _| Ok(Vec::new()))
}

/// Told before anything is read.
fn fits(entries: u32) -> Result<()> {
    let fits = entries <= ENTRIES_MAX;
    fits.then_some(())
        .ok_or(Error::Form(FormTrouble::RegisterTooLarge))
}

/// Whether a form asks for the register.
pub(super) fn asks(ready: &Ready) -> bool {
    asked(ready).next().is_some()
}

/// The kinds that a form asks for, with the name of the list and its columns.
fn asked(ready: &Ready) -> impl Iterator<Item = (EntryKind, &str, &[String])> {
    let live = ready.program.live();
    live.filter_map(|(file, columns)| Some((lists::of_file(file)?, file, columns)))
}

fn program(
    db: &Connection,
    ready: &Ready,
    chosen: &BTreeSet<EntryId>,
    standing: impl Fn(&Connection, EntryKind) -> Result<Vec<Listed>>,
) -> Result<Arc<Program>> {
    if !asks(ready) {
        return Ok(Arc::clone(&ready.program));
    }
    let mut tables = BTreeMap::new();
    for (kind, file, columns) in asked(ready) {
        let mut found = standing(db, kind)?;
        let known: BTreeSet<EntryId> = found.iter().map(|it| it.id).collect();
        for id in chosen.difference(&known) {
            found.extend(listed::one(db, kind, *id)?);
        }
        tables.insert(file.to_owned(), table(db, kind, columns, &found)?);
    }
    Ok(Arc::new(ready.program.with_rows(tables)))
}

/// Whatever may be an entry among answers.
pub(crate) fn named_in(answers: &[Saved]) -> BTreeSet<EntryId> {
    let values = answers.iter().filter_map(|saved| match saved {
        Saved::Value { value, .. } => Some(value),
        Saved::Instance { .. } => None,
    });
    let names = values.flat_map(|value| value.split_whitespace());
    names.filter_map(|name| name.parse().ok()).collect()
}

fn table(db: &Connection, kind: EntryKind, columns: &[String], found: &[Listed]) -> Result<Table> {
    let labels = labels(kind, found);
    let links = lists::above(kind);
    let mut table = Table::new(columns.to_vec());
    for (it, label) in found.iter().zip(labels) {
        let shown = |column: &str| -> Option<String> {
            Some(match (kind, column) {
                (_, lists::ID) => it.id.to_string(),
                (_, lists::LABEL) => label.clone(),
                (_, schema::GRID) => it.grid.to_string(),
                (EntryKind::Dwelling, "room") => it.title.clone(),
                (EntryKind::Dwelling, "unit") => it.unit.clone(),
                (EntryKind::Dwelling, "floor") => {
                    it.floor.map(|it| it.to_string()).unwrap_or_default()
                }
                (EntryKind::Resident, "birth") => it.birth.clone(),
                (_, link) => {
                    let at = links.iter().position(|(name, _)| *name == link)?;
                    let above = it.above.get(at).copied().flatten();
                    above.map(|id| id.to_string()).unwrap_or_default()
                }
            })
        };
        let cells: Vec<Option<String>> = columns.iter().map(|column| shown(column)).collect();
        if cells.iter().all(Option::is_some) {
            table.push(cells.into_iter().flatten());
            continue;
        }
        // The rest stands in the entry itself, which takes ten times as long to read.
        let (entry, _) = register::stands_of(db, kind, it.id)?;
        let stands = entry.stands();
        let cells = cells.into_iter().zip(columns).map(|(cell, column)| {
            cell.unwrap_or_else(|| stands.value(column).map(written).unwrap_or_default())
        });
        table.push(cells);
    }
    Ok(table)
}

/// What each is called: a resident and a place by their names, a building and a dwelling by where they
/// are, a household by its door and who comes first in it. Residents of one name are told apart by
/// their doors.
fn labels(kind: EntryKind, found: &[Listed]) -> Vec<String> {
    let mut namesakes: HashMap<&str, u32> = HashMap::new();
    if kind == EntryKind::Resident {
        for it in found {
            *namesakes.entry(&it.title).or_default() += 1;
        }
    }
    let label = |it: &Listed| {
        let [own, one, two, three] = it.places.each_ref().map(String::as_str);
        let title = it.title.as_str();
        match kind {
            EntryKind::Building => words(" ", &[own, title]),
            EntryKind::Dwelling => words(" ", &[one, own]),
            EntryKind::Household => {
                let door = words(" ", &[two, one]);
                words(" · ", &[&door, it.first.as_deref().unwrap_or(title)])
            }
            EntryKind::Resident if namesakes.get(title).is_some_and(|many| *many > 1) => {
                words(" · ", &[title, &words(" ", &[three, two])])
            }
            EntryKind::Resident
            | EntryKind::Place
            | EntryKind::Campaign
            | EntryKind::Management => title.to_owned(),
        }
    };
    found.iter().map(label).collect()
}

fn words(between: &str, words: &[&str]) -> String {
    let words = words.iter().filter(|word| !word.is_empty());
    words.copied().collect::<Vec<_>>().join(between)
}

/// What stands in a field, as forms write it.
fn written(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Point(point) => format!("{} {} 0 0", point.lat(), point.lng()),
        FieldValue::Other(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_of_the_register_than_a_form_can_offer_is_told() {
        assert!(fits(ENTRIES_MAX).is_ok());
        let refused = fits(ENTRIES_MAX + 1);
        assert!(
            matches!(refused, Err(Error::Form(FormTrouble::RegisterTooLarge))),
            "{refused:?}"
        );
    }

    #[test]
    fn what_stands_in_a_field_is_written_as_forms_write_it() {
        let point = shared::Position::new(120.5, 31.25).unwrap();
        for (value, text) in [
            (FieldValue::from("出租"), "出租"),
            (FieldValue::Number(-2), "-2"),
            (FieldValue::Flag(true), "true"),
            (FieldValue::Point(point), "31.25 120.5 0 0"),
        ] {
            assert_eq!(written(&value), text);
        }
    }
}
