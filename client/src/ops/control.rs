//! 重点管理: what is known of a resident is shown for a reason, which is kept and sent before anybody sees
//! it, and changed by those who are permitted.

use rusqlite::{Connection, Transaction};
use shared::{
    DocRef, EntryId, FieldName, GridCode,
    case::Void,
    ipc::{ChangeControl, ControlTag, ControlView, RevealControl, Saved},
    register::{Entry, EntryKind, FieldValue, Fields, Given, schema},
};

use super::{
    change,
    enter::{self, touched},
    households::of_kind,
    reveal::{Found, reveal},
};
use crate::{
    core::Core,
    error::Result,
    packs::Packs,
    register::control,
    store::{device, entries},
};

const KIND: EntryKind = EntryKind::Management;

/// What is known, for a reason. That there is nothing is told for a reason, too.
pub(crate) fn show(core: &Core, args: RevealControl) -> Result<ControlView> {
    reveal(core, &args.reason, |tx| {
        let grid = permitted(tx, args.resident)?;
        let entries = about(tx, args.resident)?;
        let packs = core.packs(tx)?;
        Ok(Found {
            of: DocRef::entry(EntryKind::Resident, args.resident),
            field: schema::CONTROL_LOOK.into(),
            grid,
            shown: view(&packs, &entries),
        })
    })
}

/// Changes it. The first thing that is known begins an entry.
pub(crate) fn change(core: &Core, args: ChangeControl) -> Result<Saved> {
    let mut set = args.set;
    set.retain(|field, _| schema::find(KIND, field.as_str()).is_some() && !is_link(field));
    core.store.write(|tx| {
        permitted(tx, args.resident)?;
        let entries = about(tx, args.resident)?;
        let Some((first, _)) = entries.first() else {
            set.retain(|_, value| value.is_some());
            return begin(core, tx, args.resident, set);
        };
        for (id, of_it) in share(*first, &entries, set) {
            change::rewrite(core, tx, KIND, id, of_it)?;
        }
        Ok(())
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// A resident goes to another grid: what is known of them goes along, as far as it is here.
pub(super) fn follow(
    core: &Core,
    tx: &Transaction<'_>,
    resident: EntryId,
    grid: &FieldValue,
) -> Result<()> {
    for (id, _) in control::about(tx, &[resident])? {
        let set = [(schema::GRID.into(), Some(grid.clone()))].into();
        change::rewrite(core, tx, KIND, id, set)?;
    }
    Ok(())
}

/// Whether this person may see and write what is known of those who live in a grid.
pub(crate) fn is_permitted(db: &Connection, grid: &GridCode) -> Result<bool> {
    let device = device::get(db)?;
    Ok(device.staff().is_ok_and(|staff| staff.has_control(grid)))
}

/// The grid of a resident of whom this person may know it.
fn permitted(db: &Connection, resident: EntryId) -> Result<GridCode> {
    let line = of_kind(db, resident, EntryKind::Resident)?;
    if is_permitted(db, &line.grid)? {
        return Ok(line.grid);
    }
    Err(Void::NotYourRole.into())
}

/// The entries about somebody, and about those who go on as them.
fn about(db: &Connection, resident: EntryId) -> Result<Vec<(EntryId, Entry)>> {
    let ended = entries::ended_in(db, resident)?;
    let residents: Vec<_> = ended.iter().map(|it| it.id).chain([resident]).collect();
    control::about(db, &residents)
}

fn begin(core: &Core, tx: &Transaction<'_>, resident: EntryId, mut set: Fields) -> Result<()> {
    if set.is_empty() {
        return Ok(());
    }
    let resident = FieldValue::from(resident.to_string().as_str());
    set.insert("resident".into(), Some(resident));
    enter::write(core, tx, KIND, set).map(drop)
}

/// What is to be written in which entry: a value goes where the field stands already, and where it
/// stands nowhere into the first one; one that is taken away is taken away everywhere.
fn share(first: EntryId, entries: &[(EntryId, Entry)], set: Fields) -> Vec<(EntryId, Fields)> {
    let mut shares: Vec<(EntryId, Fields)> = Vec::new();
    for (field, value) in set {
        let having = entries.iter().filter(|(_, entry)| {
            let stands = entry.stands();
            let is_disputed = stands.disputed.iter().any(|it| *it.field == field);
            is_disputed || stands.value(field.as_str()).is_some()
        });
        let mut into: Vec<EntryId> = having.map(|(id, _)| *id).collect();
        if into.is_empty() {
            into.push(first);
        }
        for id in into {
            let pair = (field.clone(), value.clone());
            match shares.iter_mut().find(|(it, _)| *it == id) {
                Some((_, fields)) => fields.extend([pair]),
                None => shares.push((id, [pair].into())),
            }
        }
    }
    shares
}

fn is_link(field: &FieldName) -> bool {
    [schema::GRID, "resident"].contains(&field.as_str())
}

fn view(packs: &Packs, entries: &[(EntryId, Entry)]) -> ControlView {
    let mut view = ControlView {
        tags: Vec::new(),
        officer: String::new(),
        note: String::new(),
        disputed: Vec::new(),
    };
    for (_, entry) in entries {
        let stands = entry.stands();
        for tag in schema::CONTROL_TAGS {
            let field = format!("{}{tag}", schema::CONTROL);
            let given = stands.fields.iter().find(|(it, _)| it.as_str() == field);
            let disputed = stands.disputed.iter().find(|it| it.field.as_str() == field);
            // What somebody says and somebody else took away stands until somebody has decided.
            let claims = disputed.into_iter().flat_map(|it| it.values.iter());
            let mut claims = claims.chain(given.map(|(_, given)| given));
            let set = claims.find(|it| it.value == Some(FieldValue::Flag(true)));
            let is_there = view.tags.iter().any(|it| it.tag == *tag);
            if let (Some(given), false) = (set, is_there) {
                view.tags.push(told(packs, tag, given));
            }
        }
        for (text, field) in [(&mut view.officer, "officer"), (&mut view.note, "note")] {
            if text.is_empty() {
                stands.text(field).unwrap_or_default().clone_into(text);
            }
        }
        let disputed = stands.disputed.iter().map(|it| it.field.clone());
        view.disputed.extend(disputed);
    }
    view
}

fn told(packs: &Packs, tag: &str, given: &Given<'_>) -> ControlTag {
    let last = given.last();
    let (by, by_en) = packs.person(&last.author.staff);
    ControlTag {
        tag: tag.to_owned(),
        by,
        by_en,
        at: last.at,
    }
}
