//! 清除: what was kept about a person goes for good.

use serde::{Deserialize, Serialize};

use crate::{DocRef, Timestamp, erase::Why};

/// 清除 of a resident, with all records about them, or of a record, with its corrections; online or
/// offline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Erase {
    /// Which.
    pub target: DocRef,
    /// Why; whoever had it reads this.
    pub reason: String,
}

/// Asks what is left of something that is not here any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetErased {
    /// Which.
    pub target: DocRef,
}

/// That something was erased: all there is to see of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedView {
    /// Who erased it; nobody where its time was over.
    pub by: Option<String>,
    /// In English letters.
    pub by_en: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: Why,
    /// The same in words; may be empty.
    pub reason: String,
    /// The hub has not heard of it: until then it is there for others.
    pub pending: bool,
}
