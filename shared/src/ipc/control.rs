//! 重点管理: the management tags of a resident, for those who are permitted, and for a reason.

use serde::{Deserialize, Serialize};

use crate::{EntryId, FieldName, Timestamp, register::Fields};

/// Asks for what is known, with a reason, which is kept and sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevealControl {
    /// Of whom.
    pub resident: EntryId,
    /// Why.
    pub reason: String,
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ControlView {
    /// The tags that stand.
    pub tags: Vec<ControlTag>,
    /// 责任人; may be empty.
    pub officer: String,
    /// Words; may be empty.
    pub note: String,
    /// Fields that two people gave different values.
    pub disputed: Vec<FieldName>,
}

/// One tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ControlTag {
    /// Which, without what its field begins with.
    pub tag: String,
    /// Who last said so.
    pub by: String,
    /// In English letters.
    pub by_en: String,
    /// When.
    pub at: Timestamp,
}

/// Changes what is known; the first that is begins an entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeControl {
    /// Of whom.
    pub resident: EntryId,
    /// What is to stand, field by field: tags, `officer`, `note`.
    pub set: Fields,
}
