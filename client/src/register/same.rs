//! Residents who stood in the register twice: who goes on in whose place, and who may be one person.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    DocRef, EntryId,
    register::{EntryKind, Stands, schema, survivor},
};

use super::fold::refold_entry;
use crate::{
    error::{Error, Result},
    store::{
        alike::{self, Key},
        entries::{self, Line},
    },
};

/// Whether a resident goes on as somebody this device does not have: somebody of another grid. They are
/// still told here, as somebody who is gone, so that nobody vanishes.
pub(super) fn went_elsewhere(db: &Connection, line: &Line) -> Result<bool> {
    Ok(match line.same_as.filter(|as_| *as_ != line.id) {
        Some(as_) => entries::find(db, as_)?.is_none(),
        None => false,
    })
}

/// Brings up to date what follows from a resident's row.
pub(super) fn put(
    tx: &Connection,
    line: &Line,
    before: Option<&Line>,
    stands: &Stands<'_>,
) -> Result<()> {
    let apart = stands.flags(schema::NOT_SAME);
    let apart: Vec<EntryId> = apart.filter_map(|other| other.parse().ok()).collect();
    alike::put(tx, line.id, &keys(stands), &apart)?;
    match before {
        Some(before) if before.same_as == line.same_as => Ok(()),
        Some(_) => settle(tx, line.id),
        None => moved_in_or_out(tx, line.id, line.same_as.is_some()),
    }
}

/// A resident's row is not there any more.
pub(super) fn forget(tx: &Connection, id: EntryId) -> Result<()> {
    alike::forget(tx, id)?;
    moved_in_or_out(tx, id, false)
}

/// Whoever is said to be this one is gone, or told at this one, by whether it is here. Of almost
/// everybody nothing of the kind was ever said.
fn moved_in_or_out(tx: &Connection, id: EntryId, names: bool) -> Result<()> {
    let said_to_be = entries::said_to_be(tx, id)?;
    if said_to_be.is_empty() && !names {
        return Ok(());
    }
    for line in said_to_be {
        if line.id != id {
            let target = DocRef::entry(EntryKind::Resident, line.id);
            refold_entry(tx, EntryKind::Resident, &target)?;
        }
    }
    settle(tx, id)
}

/// Finds anew who goes on, for an entry and all that lead to it.
fn settle(tx: &Connection, id: EntryId) -> Result<()> {
    let mut all = BTreeSet::from([id]);
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        for line in entries::said_to_be(tx, next)? {
            if all.insert(line.id) {
                open.push(line.id);
            }
        }
    }
    for one in all {
        let ends_in = survivor(one, |it| {
            let as_ = entries::find(tx, it)?.and_then(|line| line.same_as);
            Ok::<_, Error>(match as_ {
                Some(as_) => entries::find(tx, as_)?.map(|line| line.id),
                None => None,
            })
        })?;
        entries::settle(tx, one, (ends_in != one).then_some(ends_in))?;
    }
    Ok(())
}

/// What a resident is compared by.
pub(crate) fn keys(stands: &Stands<'_>) -> Vec<Key> {
    let text = |field| stands.text(field).unwrap_or_default();
    let plain = |text: &str| -> String {
        let characters = text.chars().filter(|it| !it.is_whitespace());
        characters.flat_map(char::to_uppercase).collect()
    };
    let id_type = stands.text("id_type").unwrap_or("resident");
    let (number, name, birth) = (plain(text("id_no")), plain(text("name")), text("birth"));
    let mut keys = Vec::new();
    if !number.is_empty() && id_type != "none" {
        keys.push(Key::Number(id_type.to_owned(), number));
    }
    if !name.is_empty() && !birth.is_empty() {
        keys.push(Key::NameBirth(name, birth.to_owned()));
    }
    keys
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, convert::Infallible};

    use shared::{Doc, Role, Timestamp, register::Entry};

    use super::*;
    use crate::{
        keys::Key as DatabaseKey,
        register::refold,
        store::{Store, mirror},
    };

    /// Chance that its seed tells again.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, bound: u64) -> u64 {
            // Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (mixed ^ (mixed >> 31)) % bound
        }

        fn shuffle<T>(&mut self, all: &mut [T]) {
            for at in (1..all.len()).rev() {
                let other = usize::try_from(self.below(u64::try_from(at + 1).unwrap())).unwrap();
                all.swap(at, other);
            }
        }
    }

    fn id(number: u8) -> EntryId {
        EntryId::from_bytes([number; 16])
    }

    /// A resident as the hub tells them.
    fn resident(number: u8, rev: u64, same_as: Option<u8>) -> Doc {
        let mut given = serde_json::json!({ "grid": "G1", "name": format!("{number}号") });
        if let Some(as_) = same_as {
            given[schema::SAME_AS] = id(as_).to_string().into();
        }
        let entered = serde_json::json!({
            "op_id": id(number).to_string(),
            "author": { "staff": "C1", "role": Role::Clerk },
            "at": Timestamp::from_ms(1),
            "received_at": null,
        });
        let entry = serde_json::json!({ "entered": entered, "given": given });
        let known: Entry = serde_json::from_value(entry).unwrap();
        Doc {
            target: DocRef::entry(EntryKind::Resident, id(number)),
            rev,
            body: serde_json::json!({ "known": known }),
        }
    }

    /// A document that tells of nobody yet.
    fn not_entered(number: u8, rev: u64) -> Doc {
        Doc {
            body: serde_json::json!({ "awaiting": [] }),
            ..resident(number, rev, None)
        }
    }

    /// Whom everybody who is here is told at, by the rule itself.
    fn by_the_rule(here: &BTreeMap<u8, Option<u8>>) -> BTreeMap<u8, Option<EntryId>> {
        let number = |it: EntryId| it.as_bytes()[0];
        let ends = |of: u8| {
            let found = survivor(id(of), |it| {
                let as_ = here.get(&number(it)).copied().flatten();
                Ok::<_, Infallible>(as_.filter(|as_| here.contains_key(as_)).map(id))
            });
            found.unwrap()
        };
        let all = here
            .keys()
            .map(|of| (*of, Some(ends(*of)).filter(|it| *it != id(*of))));
        all.collect()
    }

    /// Residents come, are said to be one another, and go, in any order.
    fn live(dice: &mut Dice, tx: &Connection) {
        let mut here: BTreeMap<u8, Option<u8>> = BTreeMap::new();
        // Chains, circles, some who name themselves, some who name somebody of another grid.
        let mut news: Vec<u8> = (1..=8).chain(1..=8).chain(1..=8).collect();
        dice.shuffle(&mut news);
        for (rev, number) in (1..).zip(news) {
            let target = DocRef::entry(EntryKind::Resident, id(number));
            if dice.below(5) == 0 {
                here.remove(&number);
                mirror::put(tx, &not_entered(number, rev)).unwrap();
            } else {
                let as_ = u8::try_from(dice.below(12)).unwrap();
                let as_ = Some(as_).filter(|it| *it > 0);
                here.insert(number, as_);
                mirror::put(tx, &resident(number, rev, as_)).unwrap();
            }
            refold(tx, &target).unwrap();
            let told = here.keys().map(|number| {
                let line = entries::find(tx, id(*number)).unwrap().unwrap();
                let elsewhere = here[number].is_some_and(|as_| !here.contains_key(&as_));
                assert_eq!(line.gone, elsewhere, "{number} of {here:?}");
                (*number, line.survivor)
            });
            let told: BTreeMap<u8, Option<EntryId>> = told.collect();
            assert_eq!(told, by_the_rule(&here), "{here:?}");
            let standing = told.values().filter(|it| it.is_none()).count();
            assert!(standing > 0 || here.is_empty(), "somebody always goes on");
        }
    }

    #[test]
    fn in_whatever_order_it_comes_everybody_ends_with_the_same() {
        for seed in 0..60 {
            println!("seed {seed}");
            let mut dice = Dice(seed);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("device.db");
            let store = Store::open(&path, &DatabaseKey::from_bytes([7; 32])).unwrap();
            store
                .write(|tx| {
                    live(&mut dice, tx);
                    Ok(())
                })
                .unwrap();
        }
    }
}
