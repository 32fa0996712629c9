//! What of a file is on the disk for certain, and what only the system knows of.

use std::path::Path;

use crate::random::Random;

/// Bytes that are written whole or not at all, where a write breaks at a sector.
const SECTOR: usize = 512;

/// What is found after a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// What was synced, and nothing else.
    Synced,
    /// Everything, and the first half of the write that was under way: a process that was killed.
    All,
    /// Of what was not synced any part, by this seed: each write is there, or not, or torn at a
    /// sector or at a byte.
    Some(u64),
}

/// Something that was done to a file and is not synced.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Write {
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate(u64),
    /// The file went; what follows is a new one of its name.
    Delete,
}

impl Change {
    pub(crate) fn write(at: u64, bytes: &[u8]) -> Self {
        Self::Write {
            at: usize::try_from(at).unwrap_or(usize::MAX),
            bytes: bytes.to_vec(),
        }
    }

    /// What is left of it when it breaks off.
    fn torn(&self, random: &mut Random) -> Self {
        let Self::Write { at, bytes } = self else {
            return self.clone();
        };
        let end = random.below(bytes.len());
        let end = if random.next().is_multiple_of(2) {
            // Sectors are counted from the beginning of the file.
            ((at + end) / SECTOR * SECTOR).saturating_sub(*at)
        } else {
            end
        };
        Self::Write {
            at: *at,
            bytes: bytes.get(..end).unwrap_or_default().to_vec(),
        }
    }
}

/// A file.
#[derive(Debug)]
pub(crate) struct Image {
    /// `None`: after a power cut there is no such file.
    durable: Option<Vec<u8>>,
    pending: Vec<Change>,
    /// What was being done when everything stopped.
    under_way: Option<Change>,
}

impl Image {
    pub(crate) fn of(durable: Option<Vec<u8>>) -> Self {
        Self {
            durable,
            pending: Vec::new(),
            under_way: None,
        }
    }

    /// It is opened, and made if it is not there.
    pub(crate) fn open(&mut self) {
        if matches!(self.pending.last(), Some(Change::Delete)) {
            self.pending.push(Change::Truncate(0));
        }
    }

    pub(crate) fn change(&mut self, change: Change) {
        self.pending.push(change);
    }

    pub(crate) fn break_off(&mut self, change: Change) {
        self.under_way = Some(change);
    }

    pub(crate) fn delete(&mut self) {
        self.pending.push(Change::Delete);
    }

    /// A file that is synced is in its folder, too.
    pub(crate) fn sync(&mut self) {
        let mut file = self.durable.take();
        for change in self.pending.drain(..) {
            apply(&mut file, &change);
        }
        self.durable = Some(file.unwrap_or_default());
    }

    pub(crate) fn lose(&mut self) {
        self.pending.clear();
    }

    /// The bytes that are found; `name` makes the chance another one for each file.
    pub(crate) fn found(&self, kept: Kept, name: &Path) -> Option<Vec<u8>> {
        let mut file = self.durable.clone();
        match kept {
            Kept::Synced => {}
            Kept::All => {
                for change in &self.pending {
                    apply(&mut file, change);
                }
                match &self.under_way {
                    Some(Change::Write { at, bytes }) => {
                        let (half, _) = bytes.split_at(bytes.len() / 2);
                        let at = *at;
                        let bytes = half.to_vec();
                        apply(&mut file, &Change::Write { at, bytes });
                    }
                    Some(Change::Truncate(_) | Change::Delete) | None => {}
                }
            }
            Kept::Some(seed) => {
                let seed = name
                    .as_os_str()
                    .as_encoded_bytes()
                    .iter()
                    .fold(seed, |seed, byte| {
                        seed.wrapping_mul(31).wrapping_add(u64::from(*byte))
                    });
                let mut random = Random::new(seed);
                for change in self.pending.iter().chain(&self.under_way) {
                    match random.below(8) {
                        0..3 => {}
                        3 => apply(&mut file, &change.torn(&mut random)),
                        _ => apply(&mut file, change),
                    }
                }
            }
        }
        file
    }
}

fn apply(file: &mut Option<Vec<u8>>, change: &Change) {
    match change {
        Change::Write { at, bytes } => {
            let file = file.get_or_insert_default();
            let end = at.saturating_add(bytes.len());
            if file.len() < end {
                file.resize(end, 0);
            }
            if let Some(place) = file.get_mut(*at..end) {
                place.copy_from_slice(bytes);
            }
        }
        Change::Truncate(length) => {
            let length = usize::try_from(*length).unwrap_or(usize::MAX);
            let file = file.get_or_insert_default();
            file.resize(length, 0);
        }
        Change::Delete => *file = None,
    }
}
