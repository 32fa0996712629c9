//! What is known before anybody is asked: 无变化, what is filled in about the same again and again; who
//! said what before; and 告知, what a person is told.

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

/// What a person is told before they are asked, in the languages of the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormNotice {
    /// What the answers are for.
    pub purpose: String,
    /// The same in English.
    pub purpose_en: String,
    /// What is said.
    pub text: String,
    /// The same in English.
    pub text_en: String,
    /// It is about a child: a guardian is told, and named.
    pub child: bool,
    /// The guardian that was named.
    pub guardian: String,
}
