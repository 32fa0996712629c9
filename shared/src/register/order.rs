//! In which order entries stand beside others of their kind: as one walks, and the head of a household
//! before the others.

use super::{Entry, EntryKind, FieldValue, Stands, schema};

/// What an entry is sorted by among those that belong to the same.
pub fn order(kind: EntryKind, entry: &Entry, stands: &Stands<'_>) -> String {
    let text = |field| stands.text(field).unwrap_or_default();
    match kind {
        EntryKind::Building => format!("{}\u{1}{}", text("compound"), padded(text("name"))),
        EntryKind::Dwelling => {
            let floor = match stands.value("floor") {
                Some(FieldValue::Number(floor)) => *floor,
                _ => 0,
            };
            format!(
                "{}\u{1}{:05}\u{1}{}",
                padded(text("unit")),
                floor + 1_000,
                padded(text("room"))
            )
        }
        EntryKind::Household => format!("{:020}", entry.entered.at.as_ms()),
        EntryKind::Resident => {
            let mut relations = schema::RELATIONS.iter();
            let rank = relations.position(|it| *it == text("relation"));
            let rank = rank.unwrap_or(schema::RELATIONS.len());
            format!("{rank:02}\u{1}{}\u{1}{}", text("birth"), text("name"))
        }
        EntryKind::Place => padded(text("name")),
        EntryKind::Campaign => format!("{}\u{1}{}", text("from"), text("title")),
        EntryKind::Management => String::new(),
    }
}

/// Numbers in it filled up with zeros, so that 3幢 comes before 12幢.
fn padded(text: &str) -> String {
    let mut padded = String::new();
    let mut digits = String::new();
    for character in text.chars().chain(['\u{0}']) {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        if !digits.is_empty() {
            padded.extend(std::iter::repeat_n(
                '0',
                8_usize.saturating_sub(digits.len()),
            ));
            padded.push_str(&digits);
            digits.clear();
        }
        if character != '\u{0}' {
            padded.push(character);
        }
    }
    padded
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn buildings_stand_in_the_order_of_their_numbers() {
        let mut names = ["12幢", "A座", "3幢", "3幢2单元"];
        names.sort_by_key(|name| padded(name));
        assert_eq!(names, ["3幢", "3幢2单元", "12幢", "A座"]);
    }
}
