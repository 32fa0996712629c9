//! An entry as pages show it: its fields in the order of the schema, with who last said so, and what
//! must not be seen by whoever looks over a shoulder, masked.

use rusqlite::Connection;
use shared::{
    ipc::{ClaimView, DisputedView, EntryView, FieldView, MergedView},
    register::{
        Entry, EntryKind, FieldValue, Given, Stands, Type, fields, mask, may_decide, schema,
    },
};

use super::search;
use crate::{
    error::Result,
    ops::control::is_permitted,
    packs::Packs,
    register,
    store::{
        device,
        entries::{self, Line},
    },
};

/// An entry whole.
pub(in crate::views) fn view(db: &Connection, packs: &Packs, line: Line) -> Result<EntryView> {
    let (entry, _) = register::stands_of(db, line.kind, line.id)?;
    let stands = entry.stands();
    let mut shown: Vec<FieldView> = fields(line.kind)
        .iter()
        .filter_map(|field| of(packs, &entry, &stands, field))
        .collect();
    let others = stands.fields.iter().filter(|(name, _)| {
        let known = fields(line.kind).iter().any(|it| it.name == name.as_str());
        let apart = [schema::CARE, schema::NOT_SAME, schema::CONTROL];
        let named = apart.map(|it| name.as_str().starts_with(it));
        !known && !named.contains(&true)
    });
    // What a newer version writes is shown as it is.
    shown.extend(
        others.filter_map(|(name, given)| field_view(packs, &entry, name.as_str(), given, false)),
    );
    // Most entries have nothing to decide.
    let role = match stands.disputed.as_slice() {
        [] => None,
        [..] => device::get(db)?.author().ok().map(|author| author.role),
    };
    let disputed = stands.disputed.iter().map(|it| {
        let masked = is_masked(line.kind, it.field.as_str());
        let told = |value: &Option<FieldValue>| {
            let value = value.clone().map(|value| guarded(value, masked));
            named(db, line.kind, it.field.as_str(), value)
        };
        let claims = it.values.iter().map(|given| {
            let value = told(&given.value)?;
            Ok(claim(packs, given, value))
        });
        Ok(DisputedView {
            may_decide: role.is_some_and(|role| may_decide(line.kind, it.field.as_str(), role)),
            field: it.field.clone(),
            base: told(&it.base)?,
            values: claims.collect::<Result<_>>()?,
        })
    });
    let disputed = disputed.collect::<Result<_>>()?;
    let merged = match line.kind {
        EntryKind::Resident => entries::ended_in(db, line.id)?,
        _ => Vec::new(),
    };
    let merged = merged.into_iter().map(|it| MergedView {
        id: it.id,
        name: it.title,
        disputed: it.conflicts > 0,
    });
    let control = line.kind == EntryKind::Resident && is_permitted(db, &line.grid)?;
    Ok(EntryView {
        control,
        merged: merged.collect(),
        id: line.id,
        kind: line.kind,
        title: line.title,
        gone: line.gone,
        care: match line.kind {
            EntryKind::Resident | EntryKind::Campaign => line.tags,
            _ => Vec::new(),
        },
        disputed,
        fields: shown,
        confirmed_at: line.confirmed_at,
        unsent: line.unsent,
    })
}

fn of(
    packs: &Packs,
    entry: &Entry,
    stands: &Stands<'_>,
    field: &schema::Field,
) -> Option<FieldView> {
    let (_, given) = stands
        .fields
        .iter()
        .find(|(name, _)| name.as_str() == field.name)?;
    field_view(packs, entry, field.name, given, field.is_masked())
}

fn field_view(
    packs: &Packs,
    entry: &Entry,
    name: &str,
    given: &Given<'_>,
    masked: bool,
) -> Option<FieldView> {
    let last = given.last();
    let (by, by_en) = packs.person(&last.author.staff);
    Some(FieldView {
        field: name.into(),
        value: guarded(given.value.clone()?, masked),
        masked,
        by,
        by_en,
        at: last.at,
        confirmed: last.op_id != given.by.op_id,
        imported: entry.import_of(last.op_id).is_some(),
    })
}

/// What a link leads to, as people call it: where it is, and who lives there. What is not on this
/// device stays an id.
pub(super) fn named(
    db: &Connection,
    kind: EntryKind,
    field: &str,
    value: Option<FieldValue>,
) -> Result<Option<FieldValue>> {
    let is_link = schema::find(kind, field).is_some_and(|it| matches!(it.of, Type::Link(_)));
    let id = value.as_ref().and_then(FieldValue::text);
    let id = id.filter(|_| is_link).and_then(|id| id.parse().ok());
    let line = match id {
        Some(id) => entries::find(db, id)?,
        None => None,
    };
    let Some(line) = line else {
        return Ok(value);
    };
    let members = entries::inside(db, line.id, EntryKind::Resident)?;
    let hit = search::hit(db, line)?;
    let mut words = vec![hit.place, hit.title];
    words.extend(members.into_iter().filter(|it| !it.gone).map(|it| it.title));
    words.retain(|it| !it.is_empty());
    words.dedup();
    Ok(Some(FieldValue::Text(words.join(" · "))))
}

fn claim(packs: &Packs, given: &Given<'_>, value: Option<FieldValue>) -> ClaimView {
    let (by, by_en) = packs.person(&given.by.author.staff);
    ClaimView {
        value,
        by,
        by_en,
        at: given.by.at,
    }
}

pub(super) fn is_masked(kind: EntryKind, field: &str) -> bool {
    schema::find(kind, field).is_some_and(|it| it.is_masked())
}

pub(crate) fn guarded(value: FieldValue, masked: bool) -> FieldValue {
    match value {
        FieldValue::Text(text) if masked => FieldValue::Text(mask(&text)),
        other => other,
    }
}
