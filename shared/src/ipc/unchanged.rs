//! 无变化: what is filled in about the same again and again, and mostly has not changed since.

use serde::{Deserialize, Serialize};

use crate::{DraftId, RecordId, Timestamp};

/// The last time a form was filled in about somebody, where it may be filed again as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastTime {
    /// What was filled in.
    pub record: RecordId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The same in English letters.
    pub by_en: String,
}

/// Says that everything is as it was the last time: the same answers become a new record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileUnchanged {
    /// The last one.
    pub record: RecordId,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unchanged {
    /// It is a record, on the way to the hub.
    Done {
        /// Which.
        record: RecordId,
    },
    /// Something must be asked anew: a filling was begun with what was answered the last time.
    Open {
        /// Which.
        draft: DraftId,
    },
}

/// Who said before what an answer begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormKnown {
    /// Who.
    pub by: String,
    /// The same in English letters.
    pub by_en: String,
    /// When.
    pub at: Timestamp,
    /// In which way.
    pub how: KnownHow,
}

/// In which way something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownHow {
    /// It was given to the register.
    Given,
    /// It was found to be so.
    Confirmed,
    /// It came out of a file.
    Imported,
    /// It was answered when the form was last filled in about the same.
    LastTime,
}
