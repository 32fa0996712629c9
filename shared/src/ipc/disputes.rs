//! 待决定, of the register: entries that two people gave different values without knowing of each other.

use serde::{Deserialize, Serialize};

use super::{EntryView, RegisterHit};

/// So many entries are told at once.
pub const DISPUTES_MAX: u32 = 100;

/// Asks for entries in whose fields several values stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListDisputes {}

/// What is to be decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Disputes {
    /// The entries, those whose last confirmation is the oldest first; not more than [`DISPUTES_MAX`].
    pub entries: Vec<DisputedEntry>,
    /// How many there are.
    pub total: u32,
    /// This person may write into the register.
    pub may_write: bool,
}

/// An entry with something to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisputedEntry {
    /// What it is called, and where it is.
    pub hit: RegisterHit,
    /// The entry whole, so that a third value can be written.
    pub entry: EntryView,
}
