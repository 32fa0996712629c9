//! 并案: several reports of one thing.

use serde::{Deserialize, Serialize};

use crate::{CaseId, PhotoRef, Timestamp};

/// 并案: this case goes on as another.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MergeCase {
    /// Which.
    pub case: CaseId,
    /// The case it goes on as.
    pub into: CaseId,
}

/// 撤销并案: it was another thing after all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SplitCase {
    /// Which.
    pub case: CaseId,
    /// Why; the reporter reads it.
    pub reason: String,
}

/// Asks for open cases that are likely the same as one that is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindAlike {
    /// Which.
    pub case: CaseId,
}

/// The case that a merged one goes on as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivor {
    /// Which.
    pub case: CaseId,
    /// Its number, where this device has it; else its 回执码.
    pub number: String,
    /// Whether this device has it, so that it can be opened.
    pub here: bool,
}

/// A case that goes on as the one shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinedCase {
    /// Which.
    pub case: CaseId,
    /// Its number; before it has one its 回执码.
    pub number: String,
    /// Who reported it: name.
    pub by_name: String,
    /// Who reported it: name in English letters.
    pub by_name_en: String,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// What was reported.
    pub text: String,
    /// Its first photo.
    pub photo: Option<PhotoRef>,
    /// How many photos it has.
    pub photos: usize,
    /// What was added to it later, in words.
    pub added: Vec<String>,
    /// Whether this device has it, so that it can be opened.
    pub here: bool,
}
