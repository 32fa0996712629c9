//! Folding the register: what this device shows of an entry or a visit.

use std::collections::BTreeSet;

use fault::Bug;
use rusqlite::Connection;
use shared::{
    Body, Doc, DocRef, EntryId, GridCode, Kind, Timestamp, VisitId,
    register::{Entry, EntryDoc, EntryKind, FieldValue, Stands, order, schema},
};

use super::{
    keys::{door_name, keys},
    same,
};
use crate::{
    error::{Error, Result},
    fold::{self, Folded},
    number,
    store::{
        doors,
        entries::{self, Line},
        mirror, outbox, visits,
    },
};

/// Brings what lists and search show of a document up to date, if it is one of the register's or a
/// visit.
pub(crate) fn refold(tx: &Connection, target: &DocRef) -> Result<()> {
    if let Some(kind) = EntryKind::of(&target.kind) {
        // What is apart stands in no list: nothing is written of it.
        if !kind.is_apart() {
            refold_entry(tx, kind, target)?;
        }
    } else if target.kind == Kind::visit() {
        refold_visit(tx, target)?;
    }
    Ok(())
}

/// Brings all of it up to date, what holds before what is held.
pub(crate) fn refold_all(tx: &Connection) -> Result<()> {
    let done: BTreeSet<DocRef> = outbox::targets(tx)?.into_iter().collect();
    let kinds = EntryKind::ALL.map(EntryKind::kind).into_iter();
    for kind in kinds.chain([Kind::visit()]) {
        let mut targets: BTreeSet<DocRef> = mirror::refs(tx, &kind)?.into_iter().collect();
        targets.extend(done.iter().filter(|it| it.kind == kind).cloned());
        targets.iter().try_for_each(|target| refold(tx, target))?;
    }
    Ok(())
}

/// An entry as this device shows it, with the revision it is shown at.
pub(crate) fn stands_of(db: &Connection, kind: EntryKind, id: EntryId) -> Result<(Entry, u64)> {
    let folded = folded(db, &DocRef::entry(kind, id))?;
    let entry = known(folded.doc.as_ref())?.ok_or(Error::NotFound)?;
    Ok((entry, folded.rev()))
}

/// A document as this device shows it. What has left the person's grids is not shown any more, though
/// they wrote it themselves: who lives elsewhere now is no business of theirs. What is nowhere but here
/// stays where it was entered.
fn folded(db: &Connection, target: &DocRef) -> Result<Folded> {
    let mut folded = fold::folded(db, target)?;
    if !folded.only_here() && !folded.from_hub {
        folded.doc = None;
    }
    Ok(folded)
}

fn known(doc: Option<&Doc>) -> Result<Option<Entry>> {
    Ok(match doc.map(Doc::body).transpose()?.flatten() {
        Some(Body::Entry(_, EntryDoc::Known(entry))) => Some(*entry),
        Some(_) | None => None,
    })
}

pub(super) fn refold_entry(tx: &Connection, kind: EntryKind, target: &DocRef) -> Result<()> {
    let id = EntryId(target.id);
    let folded = folded(tx, target)?;
    let entry = known(folded.doc.as_ref()).unwrap_or_else(|error| {
        tracing::error!(entry = %id, %error, "an entry of the register can't be read");
        None
    });
    let Some(entry) = entry else {
        let had_a_name = entries::find(tx, id)?.is_some();
        entries::forget(tx, id)?;
        return match kind {
            EntryKind::Building if had_a_name => name_doors(tx, id),
            EntryKind::Resident => same::forget(tx, id),
            _ => Ok(()),
        };
    };
    let unsent = number::count(folded.pending().count());
    let stands = entry.stands();
    let (mut line, keys) = shown(id, kind, &entry, &stands, unsent, |building| {
        Ok(entries::find(tx, building)?.map(|it| it.title))
    })?;
    if kind == EntryKind::Resident {
        line.gone |= same::went_elsewhere(tx, &line)?;
    }
    let before = entries::put(tx, &line, &keys)?;
    if kind == EntryKind::Resident {
        same::put(tx, &line, before.as_ref(), &stands)?;
    }
    let is_named_anew = before.is_none_or(|before| before.title != line.title);
    if kind == EntryKind::Building && is_named_anew && !fault::planted(Bug::StaleDoors) {
        name_doors(tx, id)?;
    }
    Ok(())
}

/// A door is found by the number of its building.
fn name_doors(tx: &Connection, building: EntryId) -> Result<()> {
    for dwelling in entries::inside(tx, building, EntryKind::Dwelling)? {
        let target = DocRef::entry(EntryKind::Dwelling, dwelling.id);
        refold_entry(tx, EntryKind::Dwelling, &target)?;
    }
    Ok(())
}

/// What lists show of an entry, and what it is found by. `building` gives the name of one.
pub(crate) fn shown(
    id: EntryId,
    kind: EntryKind,
    entry: &Entry,
    stands: &Stands<'_>,
    unsent: u32,
    building: impl FnOnce(EntryId) -> Result<Option<String>>,
) -> Result<(Line, Vec<String>)> {
    let mut line = line(id, kind, entry, stands, unsent);
    if let (EntryKind::Dwelling, Some(of)) = (kind, line.parent) {
        let building = building(of)?.unwrap_or_default();
        line.place = door_name(&building, &line.unit, &line.title);
    }
    let keys = keys(kind, stands, &line.place);
    Ok((line, keys))
}

fn line(id: EntryId, kind: EntryKind, entry: &Entry, stands: &Stands<'_>, unsent: u32) -> Line {
    let text = |field| stands.text(field).unwrap_or_default();
    let number = |field| match stands.value(field) {
        Some(FieldValue::Number(number)) => Some(*number),
        _ => None,
    };
    let parent = kind
        .belongs_to()
        .and_then(|(field, _)| text(field).parse().ok());
    let (title, gone) = match kind {
        EntryKind::Building | EntryKind::Place => (text("name"), false),
        EntryKind::Dwelling => (text("room"), false),
        EntryKind::Household => (text("hukou_no"), !text("ended_on").is_empty()),
        EntryKind::Resident => (text("name"), schema::GONE.contains(&text("presence"))),
        EntryKind::Campaign => (text("title"), !text("ended_on").is_empty()),
        EntryKind::Management => ("", false),
    };
    Line {
        id,
        kind,
        grid: GridCode::from(text(schema::GRID)),
        parent,
        title: title.to_owned(),
        sort: order(kind, entry, stands),
        place: match kind {
            EntryKind::Place => text("address"),
            _ => text("compound"),
        }
        .to_owned(),
        unit: text("unit").to_owned(),
        floor: number("floor"),
        gone,
        tags: match kind {
            // Whether anybody can be expected there.
            EntryKind::Dwelling => vec![text("use").to_owned()],
            EntryKind::Household => match stands.value("call_first") {
                Some(FieldValue::Flag(true)) => vec![doors::CALL_FIRST.to_owned()],
                _ => Vec::new(),
            },
            EntryKind::Place => vec![text("kind").to_owned()],
            _ => stands.flags(schema::CARE).map(str::to_owned).collect(),
        },
        conflicts: number::count(stands.disputed.len()),
        confirmed_at: stands.confirmed_at().unwrap_or(Timestamp::from_ms(0)),
        birth: text("birth").to_owned(),
        unsent,
        is_head: kind == EntryKind::Resident && text("relation") == schema::HEAD,
        same_as: match kind {
            EntryKind::Resident => text(schema::SAME_AS).parse().ok(),
            _ => None,
        },
        survivor: None,
    }
}

fn refold_visit(tx: &Connection, target: &DocRef) -> Result<()> {
    let id = VisitId(target.id);
    let folded = folded(tx, target)?;
    let body = folded.doc.as_ref().map(Doc::body).transpose();
    let Ok(Some(Some(Body::Visit(visit)))) = body else {
        return visits::forget(tx, id);
    };
    visits::put(
        tx,
        &visits::Line {
            id,
            door: EntryId(visit.visiting.at.id),
            at: visit.visited.at,
            outcome: visit.visiting.outcome,
            note: visit.visiting.note,
            staff: visit.visited.author.staff,
            unsent: folded.pending().next().is_some(),
        },
    )
}
