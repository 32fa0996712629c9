//! What stands in the fields of invented entries of the register.

use shared::{
    EntryId, FieldName, GridCode,
    register::{
        EntryKind, Field, FieldValue, Fields, Type, fields,
        schema::{CARE, CARE_TAGS, CONTROL, CONTROL_TAGS, IN_GRID},
    },
};

use super::{
    chance::Chance,
    envelope::{address, position},
};

/// What is known of nearly everything that is entered; of the rest a little.
const COMMON: [&str; 16] = [
    "compound", "name", "use", "floors", "position", "unit", "floor", "room", "relation", "id_no",
    "sex", "birth", "phone", "officer", "kind", "note",
];

/// Where an entry stands.
pub(crate) struct Where<'a> {
    pub(crate) grid: &'a GridCode,
    /// What it belongs to.
    pub(crate) holder: EntryId,
}

/// What somebody knows of something new.
pub(crate) fn entered(chance: &mut Chance, kind: EntryKind, stands: &Where<'_>) -> Fields {
    let mut set = Fields::new();
    for field in fields(kind) {
        let percent = if field.required {
            100
        } else if COMMON.contains(&field.name) {
            80
        } else {
            12
        };
        if chance.percent(percent)
            && let Some(value) = value(chance, field, stands)
        {
            set.insert(FieldName::known(field.name), Some(value));
        }
    }
    match kind {
        EntryKind::Resident if chance.percent(25) => tag(chance, &mut set, CARE, CARE_TAGS),
        EntryKind::Management => tag(chance, &mut set, CONTROL, CONTROL_TAGS),
        EntryKind::Campaign => {
            let meant = format!("{IN_GRID}{}", stands.grid);
            set.insert(meant.as_str().into(), Some(FieldValue::Flag(true)));
        }
        _ => {}
    }
    set
}

fn tag(chance: &mut Chance, set: &mut Fields, prefix: &str, tags: &[&str]) {
    let tag = chance.one(tags).copied().unwrap_or_default();
    let is_set = !chance.percent(15);
    let value = is_set.then_some(FieldValue::Flag(true));
    set.insert(format!("{prefix}{tag}").as_str().into(), value);
}

/// Some fields of an entry that were found to be otherwise.
pub(crate) fn changed(chance: &mut Chance, kind: EntryKind, stands: &Where<'_>) -> Fields {
    let mut set = Fields::new();
    for _ in 0..=chance.below(3) {
        if kind == EntryKind::Resident && chance.percent(15) {
            tag(chance, &mut set, CARE, CARE_TAGS);
            continue;
        }
        let all: Vec<_> = fields(kind).iter().filter(|it| !it.required).collect();
        let Some(field) = chance.one(&all) else {
            continue;
        };
        let value = value(chance, field, stands).filter(|_| !chance.percent(12));
        set.insert(FieldName::known(field.name), value);
    }
    set
}

/// The names of some fields.
pub(crate) fn names(chance: &mut Chance, kind: EntryKind) -> Vec<FieldName> {
    let some = fields(kind).iter().filter(|_| chance.percent(25));
    some.map(|it| FieldName::known(it.name)).collect()
}

fn value(chance: &mut Chance, field: &Field, stands: &Where<'_>) -> Option<FieldValue> {
    let text = match field.of {
        Type::Words => words(chance, field.name),
        Type::Code(codes) => (*chance.one(codes)?).to_owned(),
        Type::Day | Type::AnyDay => day(chance),
        Type::Number(least, most) => {
            let spread = u64::try_from(most - least).ok()?.min(40);
            let number = least + i64::try_from(chance.below(spread + 1)).ok()?;
            return Some(FieldValue::Number(number));
        }
        Type::Flag => return Some(FieldValue::Flag(true)),
        Type::IdNumber => format!(
            "{}{}{}",
            chance.digits(6),
            day(chance).replace('-', ""),
            chance.digits(4)
        ),
        Type::Phone => format!("1{}", chance.digits(10)),
        Type::CreditCode => chance.digits(18),
        Type::Form => chance.letters(8),
        Type::Counts => return None,
        Type::Grid => stands.grid.to_string(),
        Type::Link(_) => stands.holder.to_string(),
        Type::Point => return position(chance).map(FieldValue::Point),
    };
    Some(FieldValue::Text(text))
}

fn words(chance: &mut Chance, field: &str) -> String {
    let count = match field {
        "name" | "owner" | "contact" | "manager" | "steward" | "officer" => 2 + chance.below(2),
        "room" => return chance.digits(3),
        "unit" => return format!("{}单元", 1 + chance.below(6)),
        "address" | "hukou_address" => return address(chance),
        "ethnic" => return format!("{}族", chance.words(1)),
        "hukou_no" | "code" | "door_code" => return chance.digits(9),
        _ => 2 + chance.below(10),
    };
    chance.words(count)
}

/// A day of a hundred years.
pub(crate) fn day(chance: &mut Chance) -> String {
    format!(
        "{}-{:02}-{:02}",
        1_930 + chance.below(97),
        1 + chance.below(12),
        1 + chance.below(28)
    )
}
