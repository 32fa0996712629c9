//! Which door a code leads to on this device.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    EntryId,
    ipc::PlateTrouble,
    plate::{self, Plate},
    register::EntryKind,
};

use crate::{error::Result, register, store::entries};

/// How many doors with one code are looked at: two are too many already.
const SAME_CODE_MAX: u32 = 8;

/// What a code means here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The doors whose plate says so; somebody may have entered one code for two.
    Doors(BTreeSet<EntryId>),
    /// A plate of ours, of a door that is not on this device.
    NotHere,
    /// Whatever it is, no door's plate.
    Nothing,
}

/// What is said, looked for on this device.
pub(super) fn of(db: &Connection, said: &str) -> Result<Meaning> {
    match said.parse() {
        Ok(Plate::Ours(dwelling)) => Ok(match entries::find(db, dwelling)? {
            Some(line) if line.kind == EntryKind::Dwelling => Meaning::Doors([dwelling].into()),
            Some(_) => Meaning::Nothing,
            None => Meaning::NotHere,
        }),
        Ok(Plate::City(said)) => {
            for code in plate::sought_for(&said) {
                let doors = with_code(db, &code)?;
                if !doors.is_empty() {
                    return Ok(Meaning::Doors(doors));
                }
            }
            Ok(Meaning::Nothing)
        }
        Err(_) => Ok(Meaning::Nothing),
    }
}

fn with_code(db: &Connection, code: &str) -> Result<BTreeSet<EntryId>> {
    let mut doors = BTreeSet::new();
    if let Some(key) = register::of_plate(code) {
        entries::found_by(db, &key, SAME_CODE_MAX, |line| {
            doors.insert(line.id);
            Ok(true)
        })?;
    }
    Ok(doors)
}

/// The one door that all of them together lead to. Other codes hang beside plates: a payment, a
/// neighbour's of another grid.
pub(super) fn door(meanings: &[Meaning]) -> Result<EntryId, PlateTrouble> {
    let doors: BTreeSet<EntryId> = meanings
        .iter()
        .filter_map(|it| match it {
            Meaning::Doors(doors) => Some(doors),
            Meaning::NotHere | Meaning::Nothing => None,
        })
        .flatten()
        .copied()
        .collect();
    match (doors.first(), doors.len()) {
        (Some(door), 1) => Ok(*door),
        (Some(_), _) => Err(PlateTrouble::Several),
        (None, _) if meanings.contains(&Meaning::NotHere) => Err(PlateTrouble::NotHere),
        (None, _) if meanings.is_empty() => Err(PlateTrouble::NoCode),
        (None, _) => Err(PlateTrouble::NotADoor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_codes_lead_to_a_door_if_it_is_exactly_one() {
        let id = |byte| EntryId::from_bytes([byte; 16]);
        let doors = |all: &[u8]| Meaning::Doors(all.iter().map(|it| id(*it)).collect());
        let cases = [
            (vec![], Err(PlateTrouble::NoCode)),
            (vec![doors(&[1])], Ok(id(1))),
            (
                vec![Meaning::Nothing, doors(&[1]), Meaning::NotHere],
                Ok(id(1)),
            ),
            (vec![doors(&[1]), doors(&[1])], Ok(id(1))),
            (vec![doors(&[1]), doors(&[2])], Err(PlateTrouble::Several)),
            (vec![doors(&[1, 2])], Err(PlateTrouble::Several)),
            (vec![Meaning::Nothing], Err(PlateTrouble::NotADoor)),
            (
                vec![Meaning::Nothing, Meaning::NotHere],
                Err(PlateTrouble::NotHere),
            ),
        ];
        for (meanings, door) in cases {
            assert_eq!(super::door(&meanings), door, "{meanings:?}");
        }
    }
}
