//! An entry as pages show it: its fields in the order of the schema, with who last said so, and what
//! must not be seen by whoever looks over a shoulder, masked.

use rusqlite::Connection;
use shared::{
    ipc::{ClaimView, DisputedView, EntryView, FieldView},
    register::{Entry, EntryKind, FieldValue, Given, Stands, fields, mask, schema},
};

use crate::{error::Result, packs::Packs, register, store::entries::Line};

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
        !known && !name.as_str().starts_with(schema::CARE)
    });
    // What a newer version writes is shown as it is.
    shown.extend(
        others.filter_map(|(name, given)| field_view(packs, &entry, name.as_str(), given, false)),
    );
    let disputed = stands.disputed.iter().map(|it| {
        let masked = is_masked(line.kind, it.field.as_str());
        DisputedView {
            field: it.field.clone(),
            base: it.base.clone().map(|value| guarded(value, masked)),
            values: it
                .values
                .iter()
                .map(|given| claim(packs, given, masked))
                .collect(),
        }
    });
    Ok(EntryView {
        id: line.id,
        kind: line.kind,
        title: line.title,
        gone: line.gone,
        care: match line.kind {
            EntryKind::Resident | EntryKind::Campaign => line.tags,
            _ => Vec::new(),
        },
        disputed: disputed.collect(),
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

fn claim(packs: &Packs, given: &Given<'_>, masked: bool) -> ClaimView {
    let (by, by_en) = packs.person(&given.by.author.staff);
    ClaimView {
        value: given.value.clone().map(|value| guarded(value, masked)),
        by,
        by_en,
        at: given.by.at,
    }
}

fn is_masked(kind: EntryKind, field: &str) -> bool {
    schema::find(kind, field).is_some_and(|it| it.is_masked())
}

pub(crate) fn guarded(value: FieldValue, masked: bool) -> FieldValue {
    match value {
        FieldValue::Text(text) if masked => FieldValue::Text(mask(&text)),
        other => other,
    }
}
