//! What an entry is found by. A search asks for keys that begin with what was typed, so each way of
//! typing is a key of its own; nothing is scanned.

use shared::{
    plate::sought,
    register::{EntryKind, Stands},
};

use crate::found_by::spelled;

/// Characters of an address that are looked at.
const ADDRESS_CHARS: usize = 80;

/// Characters of a piece of an address that stand in its key. Who types more is not told fewer.
const PIECE_CHARS: usize = 16;

/// What a query is looked for as.
pub(crate) fn query(typed: &str) -> String {
    beginning(typed).chars().take(PIECE_CHARS).collect()
}

/// Stands around the code of a plate; no keyboard has it.
const PLATE: char = '\u{1}';

fn beginning(text: &str) -> String {
    let plain = text.chars().filter(|it| !it.is_whitespace());
    plain.flat_map(char::to_lowercase).collect()
}

/// What a dwelling is found by when its city's plate says this. Marked off on both sides: only a whole
/// code is one, and nobody who types the digits of a telephone is shown the doors of a street.
pub(crate) fn of_plate(code: &str) -> Option<String> {
    let code = sought(code);
    (!code.is_empty()).then(|| format!("{PLATE}{code}{PLATE}"))
}

/// What an entry is found by: of a person every part of the name, its pinyin and initials, the last
/// four of the numbers; of a building its address from each of its characters on; of a dwelling its door.
pub(super) fn keys(kind: EntryKind, stands: &Stands<'_>, door: &str) -> Vec<String> {
    let text = |field| stands.text(field).unwrap_or_default();
    let mut keys = Vec::new();
    match kind {
        EntryKind::Resident => {
            keys.extend(of_name(text("name")));
            keys.extend(last_four(text("id_no")));
            keys.extend(last_four(text("phone")));
        }
        EntryKind::Place => {
            keys.extend(of_name(text("name")));
            keys.extend(pieces(text("address")));
            keys.extend(last_four(text("contact_phone")));
        }
        EntryKind::Building => {
            let address = ["compound", "name", "address"].map(text).concat();
            keys.extend(pieces(&address));
            keys.extend(of_name(text("compound")).into_iter().take(3));
        }
        EntryKind::Dwelling => {
            keys.push(door.to_lowercase());
            keys.push(text("room").to_lowercase());
            keys.extend(of_plate(text("door_code")));
        }
        EntryKind::Household | EntryKind::Campaign | EntryKind::Management => {}
    }
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A door as people say it: `3-2-501` is 3幢 2单元 501.
pub(super) fn door_name(building: &str, unit: &str, room: &str) -> String {
    let parts = [number_in(building), number_in(unit), room.to_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join("-")
}

/// A name from each of its characters on, in pinyin and in initials.
fn of_name(name: &str) -> Vec<String> {
    let name = beginning(name);
    let characters: Vec<char> = name.chars().collect();
    let mut keys = vec![
        spelled(&name, |it| it),
        spelled(&name, |it| it.get(..1).unwrap_or(it)),
    ];
    let from = (0..characters.len()).map(|at| characters.iter().skip(at).collect());
    keys.extend(from);
    keys
}

/// An address from each of its characters on, so that whatever piece of it is typed begins a key.
fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = beginning(text).chars().take(ADDRESS_CHARS).collect();
    let from = |at| characters.iter().skip(at).take(PIECE_CHARS).collect();
    (0..characters.len()).map(from).collect()
}

fn last_four(number: &str) -> Option<String> {
    let characters: Vec<char> = beginning(number).chars().collect();
    let from = characters.len().checked_sub(4)?;
    Some(characters.iter().skip(from).collect())
}

/// The number in `3幢` or `2单元`; without one, all of it.
fn number_in(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return beginning(text);
    }
    digits
}
