//! 历史: everything that was done with a case, with what each deed changed.

use serde::{Deserialize, Serialize};

use super::{CaseRow, GridName, Happening, TimelineEntry};
use crate::{
    CaseId, Role, Timestamp,
    apply::Quarantine,
    case::{Aspect, State},
    op::{Correction, Field},
};

/// Asks for everything that was done with a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetHistory {
    /// Which.
    pub case: CaseId,
}

/// Everything that was done with a case, as far as this device knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// What the list shows of the case.
    pub row: CaseRow,
    /// The newest first.
    pub deeds: Vec<HistoryDeed>,
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryDeed {
    /// What the timeline says of it.
    pub entry: TimelineEntry,
    /// In which role.
    pub role: Role,
    /// When the hub received it; `None` where it has not, or where nobody knows any more.
    pub received_at: Option<Timestamp>,
    /// Which revision of the case it made.
    pub revision: Option<u64>,
    /// What it changed.
    pub changes: Vec<HistoryChange>,
    /// Corrections of other fields, made meanwhile by others; neither knew of the other 并行.
    pub parallel: Vec<Mention>,
    /// Fields others gave another value, neither knowing of the other.
    pub disputes: Vec<HistoryDispute>,
    /// Of a deletion: what its author had not seen.
    pub unseen: Vec<Mention>,
    /// Of a deletion: who answered it.
    pub answered: Option<Mention>,
    /// The hub keeps it aside, and why.
    pub kept_aside: Option<Quarantine>,
}

/// Another deed, in a word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// What.
    pub what: Happening,
    /// Of a correction: which fields.
    pub fields: Vec<Field>,
    /// Who: name.
    pub by_name: String,
    /// Who: name in English letters.
    pub by_name_en: String,
    /// When.
    pub at: Timestamp,
}

/// What was changed in one respect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryChange {
    /// A field.
    Field {
        /// What stood there, as far as whoever changed it knew. Several: it was decided between
        /// them. None: nothing did.
        before: Vec<FieldValue>,
        /// What was to stand.
        after: FieldValue,
    },
    /// Where the case stands.
    State {
        /// Before; `None` for the report.
        before: Option<State>,
        /// After.
        after: State,
    },
    /// Photos were added.
    Photos {
        /// How many.
        added: u32,
    },
}

/// A value of a field, with the names of places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldValue {
    /// The value.
    pub value: Correction,
    /// The address in English, where the value is one of the city's places; else empty.
    pub address_en: String,
    /// The grid of a place.
    pub grid: Option<GridName>,
}

/// A field to which others gave another value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryDispute {
    /// The field.
    pub field: Field,
    /// The others.
    pub rivals: Vec<Rival>,
    /// How it ended.
    pub verdict: HistoryVerdict,
}

/// Another value, and who gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// Who and when.
    pub by: Mention,
    /// The value.
    pub value: FieldValue,
}

/// How a dispute ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryVerdict {
    /// It waits for somebody to decide.
    Open,
    /// Somebody decided, or went on from there.
    By(Mention),
    /// Nothing is left to decide: those who went on agreed.
    Agreed,
}

impl HistoryChange {
    /// What it is about.
    pub const fn aspect(&self) -> Aspect {
        match self {
            Self::Field { after, .. } => Aspect::Field(after.value.field()),
            Self::State { .. } => Aspect::State,
            Self::Photos { .. } => Aspect::Photos,
        }
    }
}

impl HistoryDeed {
    /// Whether it says something about this.
    pub fn touches(&self, aspect: Aspect) -> bool {
        self.changes.iter().any(|it| it.aspect() == aspect)
    }

    /// Whether it was made beside something else, neither knowing of the other.
    pub const fn is_parallel(&self) -> bool {
        !self.parallel.is_empty()
    }

    /// How long it was under way to the hub; negative never.
    pub fn late_ms(&self) -> Option<i64> {
        let received = self.received_at?;
        Some(received.since_ms(self.entry.at).max(0))
    }
}

impl History {
    /// What anything is said about, in the order people see.
    pub fn aspects(&self) -> Vec<Aspect> {
        let mut all = Aspect::ALL.to_vec();
        all.retain(|aspect| self.deeds.iter().any(|deed| deed.touches(*aspect)));
        all
    }
}
