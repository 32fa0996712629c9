//! An entry as pages show it: its fields in the order of the schema, with who last said so, and what
//! must not be seen by whoever looks over a shoulder, masked.

use rusqlite::Connection;
use shared::{
    ipc::{ClaimView, DisputedView, EntryView, FieldView, MergedView},
    register::{EntryKind, FieldValue, Given, Stands, Type, fields, schema},
};

use super::search;
use crate::{
    error::Result,
    packs::Packs,
    register,
    store::entries::{self, Line},
};

/// An entry whole.
pub(in crate::views) fn view(db: &Connection, packs: &Packs, line: Line) -> Result<EntryView> {
    let (entry, _) = register::stands_of(db, line.kind, line.id)?;
    let stands = entry.stands();
    let mut shown: Vec<FieldView> = fields(line.kind)
        .iter()
        .filter_map(|field| of(packs, &stands, field))
        .collect();
    let others = stands.fields.iter().filter(|(name, _)| {
        let known = fields(line.kind).iter().any(|it| it.name == name.as_str());
        let named = [schema::CARE, schema::NOT_SAME].map(|it| name.as_str().starts_with(it));
        !known && !named.contains(&true)
    });
    // What a newer version writes is shown as it is.
    shown.extend(others.filter_map(|(name, given)| field_view(packs, name.as_str(), given, false)));
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
    Ok(EntryView {
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

fn of(packs: &Packs, stands: &Stands<'_>, field: &schema::Field) -> Option<FieldView> {
    let (_, given) = stands
        .fields
        .iter()
        .find(|(name, _)| name.as_str() == field.name)?;
    field_view(packs, field.name, given, field.is_masked())
}

fn field_view(packs: &Packs, name: &str, given: &Given<'_>, masked: bool) -> Option<FieldView> {
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
    })
}

/// What a link leads to, as people call it: where it is, and who lives there. What is not on this
/// device stays an id.
fn named(
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

pub(super) fn guarded(value: FieldValue, masked: bool) -> FieldValue {
    match value {
        FieldValue::Text(text) if masked => FieldValue::Text(mask(&text)),
        other => other,
    }
}

/// The first three and the last four of a telephone number, the first and the last four of a longer
/// one; of a short one only the last.
fn mask(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let (from, to) = match characters.len() {
        0..=6 => (0, 1),
        7..=13 => (3, 4),
        _ => (4, 4),
    };
    let hidden = from..characters.len().saturating_sub(to);
    characters
        .iter()
        .enumerate()
        .map(|(at, character)| {
            if hidden.contains(&at) {
                '*'
            } else {
                *character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn numbers_are_masked_so_that_their_owner_knows_them() {
        for (number, masked) in [
            ("13800005678", "138****5678"),
            ("320600198506150027", "3206**********0027"),
            ("85001234", "850*1234"),
            ("12345", "****5"),
            ("", ""),
        ] {
            assert_eq!(mask(number), masked);
        }
    }
}
