//! What age and bad memory do to the file of a database, at random by a seed, in a copy of its folder.

use std::{
    collections::BTreeSet,
    fs, io,
    ops::{Range, RangeInclusive},
    path::Path,
};

use crate::random::Random;

/// Bytes of a page, as `SQLite` has them unless told otherwise.
pub const PAGE: usize = 4_096;

/// Bytes of a sector.
pub const SECTOR: usize = 512;

/// Pages from the end of which a tail may be lost: what is left is a database.
const TAIL: usize = 8;

/// Which way a file was damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// One bit is flipped.
    Bit,
    /// A sector is zeros.
    Sector,
    /// A page is zeros.
    Page,
    /// The end is missing.
    Tail,
    /// Two pages stand in each other's place.
    Swapped,
    /// Two to five pages are of one byte each.
    Several,
}

/// What was damaged.
#[derive(Debug, Clone)]
pub struct Damage {
    /// How.
    pub way: Way,
    /// Which pages.
    pub pages: BTreeSet<usize>,
}

/// The seeds to play: `usual` of them from 1; as many as `GRIDWALKER_DAMAGES` says, from
/// `GRIDWALKER_DAMAGE_SEED` on.
pub fn seeds(usual: u64) -> RangeInclusive<u64> {
    let setting = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let first = setting("GRIDWALKER_DAMAGE_SEED").unwrap_or(1);
    let many = setting("GRIDWALKER_DAMAGES").unwrap_or(usual);
    first..=first.saturating_add(many).saturating_sub(1)
}

/// Damages the bytes of a database of several pages; what was zeros already may stay as it was.
pub fn damage(bytes: &mut Vec<u8>, seed: u64) -> Damage {
    let mut random = Random::new(seed);
    let pages = bytes.len() / PAGE;
    let page = random.below(pages);
    let (way, touched) = match random.below(6) {
        0 => {
            let at = random.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
            (Way::Bit, [at / PAGE].into())
        }
        1 => {
            let at = random.below(bytes.len() / SECTOR) * SECTOR;
            fill(bytes, at..at + SECTOR, 0);
            (Way::Sector, [at / PAGE].into())
        }
        2 => {
            fill(bytes, place(page), 0);
            (Way::Page, [page].into())
        }
        3 => {
            let end = bytes.len().saturating_sub(1 + random.below(TAIL * PAGE));
            bytes.truncate(end);
            (Way::Tail, (end / PAGE..pages).collect())
        }
        4 => {
            let other = (page + 1 + random.below(pages.saturating_sub(1))) % pages.max(1);
            let mut all: Vec<&mut [u8]> = bytes.chunks_mut(PAGE).collect();
            if let Ok([one, two]) = all.get_disjoint_mut([page, other]) {
                one.swap_with_slice(two);
            }
            (Way::Swapped, [page, other].into())
        }
        _ => {
            let bad: BTreeSet<usize> = (0..2 + random.below(4))
                .map(|_| random.below(pages))
                .collect();
            for page in &bad {
                let noise = u8::try_from(random.below(256)).unwrap_or(0);
                fill(bytes, place(*page), noise);
            }
            (Way::Several, bad)
        }
    };
    Damage {
        way,
        pages: touched,
    }
}

/// Copies a folder with everything in it, to be damaged without the other.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Where a page stands.
pub const fn place(page: usize) -> Range<usize> {
    page * PAGE..(page + 1) * PAGE
}

fn fill(bytes: &mut [u8], at: Range<usize>, with: u8) {
    if let Some(part) = bytes.get_mut(at) {
        part.fill(with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_damaged_is_and_nothing_else() {
        let sound: Vec<u8> = (0..20 * PAGE)
            .map(|at| u8::try_from(at / PAGE * 7 % 251 + 1 + at % 3).unwrap())
            .collect();
        let mut ways = BTreeSet::new();
        for seed in 1..200 {
            let mut bytes = sound.clone();

            let damage = damage(&mut bytes, seed);

            let differs: BTreeSet<usize> = (0..20)
                .filter(|page| bytes.get(place(*page)) != sound.get(place(*page)))
                .collect();
            assert_eq!(differs, damage.pages, "seed {seed}: {damage:?}");
            ways.insert(damage.way);
        }
        assert_eq!(ways.len(), 6, "{ways:?}");
    }
}
