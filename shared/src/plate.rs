//! What a door plate 门牌 says: a short text that means a dwelling to a device that has it, and says
//! nothing about who lives there to anybody who passes by.
//!
//! Many cities have plates already; then the dwelling has a `door_code` 门牌码, and its plate says that.
//! Any other says [`OURS`] and the dwelling's id. Both are only names: what they lead to lies on the
//! devices of those who may see it.

use std::{fmt, str::FromStr};

use crate::{EntryId, op::TEXT_MAX};

/// What our own plates begin with. In upper case, as the id that follows: QR codes then need eleven
/// bits for two characters instead of sixteen, and a smaller code is read from further away.
pub const OURS: &str = "GRIDWALKER:DOOR/";

/// The most bytes of a city's code that are printed: more would need a code too fine to be read outdoors.
pub const CITY_BYTES_MAX: usize = 120;

/// The fewest characters of a piece of an address that are taken for a city's code.
const PIECE_MIN: usize = 8;

/// The alphabet of RFC 4648 §6.
const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Characters of an id: 128 bits, five to a character.
const ID_CHARS: usize = 26;

/// What a plate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plate {
    /// A dwelling, by its id.
    Ours(EntryId),
    /// What a city's plate says; dwellings have it as their `door_code`.
    City(String),
}

/// Why a text is on no plate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlate {
    /// There is no text.
    #[error("a plate says something")]
    Empty,
    /// No field of the register is so long.
    #[error("no plate says so much")]
    TooLong,
    /// It begins as ours do, and names no dwelling.
    #[error("what stands there is not the id of a dwelling")]
    NotAnId,
}

impl Plate {
    /// The plate of a dwelling that has this `door_code`, or none.
    pub fn of(dwelling: EntryId, door_code: &str) -> Self {
        match door_code.parse() {
            // A code that reads as one of our plates would lead to another door, or to none.
            Ok(Self::City(code)) if code.len() <= CITY_BYTES_MAX => Self::City(code),
            Ok(_) | Err(_) => Self::Ours(dwelling),
        }
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ours(dwelling) => write!(f, "{OURS}{}", in_base_32(*dwelling)),
            Self::City(code) => f.write_str(code),
        }
    }
}

impl FromStr for Plate {
    type Err = NoPlate;

    fn from_str(text: &str) -> Result<Self, NoPlate> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NoPlate::Empty);
        }
        if text.chars().count() > TEXT_MAX {
            return Err(NoPlate::TooLong);
        }
        match text.split_at_checked(OURS.len()) {
            Some((begins, id)) if begins.eq_ignore_ascii_case(OURS) => {
                from_base_32(id).map(Self::Ours).ok_or(NoPlate::NotAnId)
            }
            Some(_) | None => Ok(Self::City(text.to_owned())),
        }
    }
}

/// A `door_code` as it is looked for: without blanks, in small letters.
pub fn sought(code: &str) -> String {
    let plain = code.chars().filter(|it| !it.is_whitespace());
    plain.flat_map(char::to_lowercase).collect()
}

/// What to look for when a city's plate says this: all of it, then pieces. Many say an address of the
/// web, while the register has only the code in it.
pub fn sought_for(said: &str) -> Vec<String> {
    let whole = sought(said);
    let address = whole.split_once("://").map_or("", |(_, rest)| rest);
    let pieces = address.split(['/', '?', '&', '=', '#']).skip(1);
    let pieces = pieces.filter(|it| it.chars().count() >= PIECE_MIN);
    let pieces: Vec<String> = pieces.map(str::to_owned).collect();
    [vec![whole], pieces].concat()
}

fn in_base_32(id: EntryId) -> String {
    let bits = u128::from_be_bytes(*id.as_bytes());
    // The last character holds three bits and two that are nought.
    let characters = (0..ID_CHARS).map(|at| match (123_u32).checked_sub(5 * number(at)) {
        Some(right) => bits >> right,
        None => bits << 2,
    });
    let characters = characters.filter_map(|bits| usize::try_from(bits & 31).ok());
    let characters = characters.filter_map(|at| BASE_32.get(at));
    characters.map(|it| char::from(*it)).collect()
}

fn from_base_32(text: &str) -> Option<EntryId> {
    if text.len() != ID_CHARS {
        return None;
    }
    let mut bits = 0_u128;
    for (at, character) in text.bytes().enumerate() {
        let character = character.to_ascii_uppercase();
        let five = BASE_32.iter().position(|it| *it == character)?;
        let five = u128::try_from(five).ok()?;
        bits = match (at + 1 < ID_CHARS, five & 3) {
            (true, _) => bits << 5 | five,
            (false, 0) => bits << 3 | five >> 2,
            // Each dwelling is written in one way only.
            (false, _) => return None,
        };
    }
    Some(EntryId::from_bytes(bits.to_be_bytes()))
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOOR: &str = "0199a3c4-5d6e-7f80-9123-456789abcdef";

    #[test]
    fn a_plate_of_ours_is_the_id_of_the_dwelling_and_fits_a_small_code() {
        let door: EntryId = DOOR.parse().unwrap();

        let said = Plate::of(door, "").to_string();

        // Held against another program that writes base 32.
        assert_eq!(said, "GRIDWALKER:DOOR/AGM2HRC5NZ7YBEJDIVTYTK6N54");
        assert!(said.len() <= 47, "a code of version 3 holds so many at Q");
        assert_eq!(said.parse(), Ok(Plate::Ours(door)));
        assert_eq!(
            format!(" {}\n", said.to_lowercase()).parse(),
            Ok(Plate::Ours(door)),
            "some programs write what they read in small letters"
        );
    }

    #[test]
    fn a_city_s_own_code_stands_on_the_plate_unless_it_cannot() {
        let door: EntryId = DOOR.parse().unwrap();
        let city = |code: &str| Plate::City(code.to_owned());
        let other = Plate::Ours(EntryId::from_bytes([7; 16])).to_string();
        let cases = [
            ("329901001001234", city("329901001001234")),
            (" 329901001001234 ", city("329901001001234")),
            (
                "https://mp.example/329901",
                city("https://mp.example/329901"),
            ),
            ("   ", Plate::Ours(door)),
            (other.as_str(), Plate::Ours(door)),
            ("gridwalker:door/", Plate::Ours(door)),
        ];
        for (code, plate) in cases {
            assert_eq!(Plate::of(door, code), plate, "{code:?}");
        }
        let long = "9".repeat(CITY_BYTES_MAX + 1);
        assert_eq!(Plate::of(door, &long), Plate::Ours(door), "too fine");
    }

    #[test]
    fn what_is_on_no_plate_is_told_by_its_reason() {
        let whole = Plate::Ours(DOOR.parse().unwrap()).to_string();
        let begins = |chars: usize| whole.chars().take(chars).collect::<String>();
        let cases = [
            (String::new(), NoPlate::Empty),
            (" \n".to_owned(), NoPlate::Empty),
            ("9".repeat(TEXT_MAX + 1), NoPlate::TooLong),
            (begins(OURS.len()), NoPlate::NotAnId),
            (begins(whole.len() - 1), NoPlate::NotAnId),
            (format!("{whole}A"), NoPlate::NotAnId),
            (format!("{}1", begins(whole.len() - 1)), NoPlate::NotAnId),
            (format!("{}B", begins(whole.len() - 1)), NoPlate::NotAnId),
            (format!("{OURS}{}", "门".repeat(26)), NoPlate::NotAnId),
        ];
        for (text, why) in cases {
            assert_eq!(text.parse::<Plate>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn a_city_s_code_is_found_whole_or_in_an_address_of_the_web() {
        assert_eq!(sought_for(" 3299 0100A "), ["32990100a"]);
        assert_eq!(
            sought_for("HTTPS://MP.Example/door?city=3299&code=329901001001234#x"),
            [
                "https://mp.example/door?city=3299&code=329901001001234#x",
                "329901001001234",
            ],
            "a piece like 3299 would be found in too many places, the host in all"
        );
    }
}
