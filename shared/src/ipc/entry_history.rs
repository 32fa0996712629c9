//! 历史 of an entry of the register: who said what and when, who found it so, and who looked at what is
//! masked. A resident may ask for it (PIPL 45).

use serde::{Deserialize, Serialize};

use super::RegisterHit;
use crate::{
    EntryId, FieldName, Timestamp,
    register::{EntryKind, FieldValue},
};

/// Asks for everything that was done with an entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetEntryHistory {
    /// What it is.
    pub kind: EntryKind,
    /// Which.
    pub entry: EntryId,
}

/// Everything that was done with an entry, as far as this device knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryHistory {
    /// What it is called, and where it is.
    pub hit: RegisterHit,
    /// The newest first.
    pub deeds: Vec<EntryDeed>,
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryDeed {
    /// What was done.
    pub did: EntryDid,
    /// Who.
    pub by: String,
    /// Who, in English letters.
    pub by_en: String,
    /// When.
    pub at: Timestamp,
    /// Only on this device so far.
    pub pending: bool,
}

/// What was done with an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryDid {
    /// 登记.
    Entered {
        /// What was known of it.
        set: Vec<EntryChange>,
        /// It was taken over from a table.
        imported: bool,
    },
    /// 变更.
    Changed {
        /// What was changed.
        set: Vec<EntryChange>,
        /// It was taken over from a table.
        imported: bool,
        /// Others changed it meanwhile, neither knowing of the other 并行: who.
        parallel: Vec<String>,
        /// The same in English letters.
        parallel_en: Vec<String>,
    },
    /// 核实无变化. Of those who confirmed the same the last is known.
    Confirmed {
        /// Which fields; empty: all of them.
        fields: Vec<FieldName>,
    },
    /// 查看 of what is shown masked.
    Looked {
        /// Which field.
        field: FieldName,
        /// Why.
        reason: String,
    },
}

/// A field that was given a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryChange {
    /// Which.
    pub field: FieldName,
    /// What stood there, as far as whoever changed it knew; masked where it is shown masked, a link as
    /// what it leads to.
    pub before: Option<FieldValue>,
    /// What was to stand; `None`: nothing.
    pub after: Option<FieldValue>,
}
