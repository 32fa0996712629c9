//! The one place that says what an operation does. The device runs it to show, the hub to decide;
//! so after a sync both hold the same thing by construction.

use serde::{Deserialize, Serialize};

use crate::{
    CaseId, Doc, Kind, Op, Timestamp,
    case::{Void, apply_to_case},
    time::Observed,
};

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It took effect.
    Applied,
    /// It took effect beside somebody else's change the person had not seen.
    Merged,
    /// It no longer fits; it is kept in the history, marked 未生效.
    ConflictKept {
        /// Why.
        #[serde(flatten)]
        why: Void,
    },
    /// It was there already; nothing changed.
    Duplicate,
    /// It can never be applied; kept at the hub with its whole payload, and shown.
    Quarantined {
        /// Why.
        #[serde(flatten)]
        why: Quarantine,
    },
    /// The hub can't take it now; the device keeps it and tries again.
    RetryLater,
}

/// Why an operation can never be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Quarantine {
    /// The case was already reported by another operation.
    #[error("the case was already reported")]
    AlreadyReported,
    /// The document's kind is unknown or not for operations.
    #[error("documents of this kind take no operations")]
    NotForOperations,
    /// The document as stored can't be read.
    #[error("the stored document can't be read")]
    UnreadableDocument,
    /// The operation itself can't be read.
    #[error("the operation can't be read")]
    UnreadableOperation,
    /// The operation is larger than the hub takes.
    #[error("the operation is too large")]
    TooLarge,
    /// A text in it is too long, or it carries too many photos.
    #[error("a text is too long or there are too many photos")]
    OutOfBounds,
    /// The author is not the person the device is enrolled for.
    #[error("the author is not the enrolled person")]
    NotTheAuthor,
    /// The author had no access to the document.
    #[error("the author has no access to this document")]
    NotYourScope,
}

/// Who applies an operation: a device to show it, or the hub to decide.
#[derive(Debug, Clone, Copy)]
pub enum Stamp<'a> {
    /// A device: the times are the device's own.
    Device,
    /// The hub.
    Hub {
        /// When the hub received it.
        received_at: Timestamp,
        /// How the sending device's clocks stood when it sent.
        sent: &'a Observed,
        /// The number a new case would get.
        case_no: &'a str,
        /// What the hub found in other documents that leaves the operation without effect.
        against: Option<&'a Void>,
    },
}

impl Stamp<'_> {
    pub(crate) fn corrected(&self, observed: &Observed) -> Timestamp {
        match self {
            Self::Device => observed.wall,
            Self::Hub {
                received_at, sent, ..
            } => observed.corrected(sent, *received_at),
        }
    }

    pub(crate) fn received_at(&self) -> Option<Timestamp> {
        match self {
            Self::Device => None,
            Self::Hub { received_at, .. } => Some(*received_at),
        }
    }

    pub(crate) fn against(&self) -> Option<&Void> {
        match self {
            Self::Device => None,
            Self::Hub { against, .. } => *against,
        }
    }

    pub(crate) fn case_no(&self) -> Option<&str> {
        match self {
            Self::Device => None,
            Self::Hub { case_no, .. } => Some(case_no),
        }
    }
}

/// What [`apply`] did.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// The document afterwards; `None` when it is unchanged.
    pub doc: Option<Doc>,
    /// What became of the operation.
    pub outcome: Outcome,
}

/// Applies `op` to `current` (`None`: there is no such document yet). Pure.
pub fn apply(current: Option<&Doc>, op: &Op, stamp: &Stamp<'_>) -> Applied {
    let unchanged = |why| Applied {
        doc: None,
        outcome: Outcome::Quarantined { why },
    };
    if op.target.kind != Kind::case() {
        return unchanged(Quarantine::NotForOperations);
    }
    let Ok(body) = current.map(Doc::case).transpose() else {
        return unchanged(Quarantine::UnreadableDocument);
    };
    let rev = current.map_or(0, |doc| doc.rev);
    let (body, outcome) = apply_to_case(body, CaseId(op.target.id), op, stamp);
    let outcome = match outcome {
        Outcome::Applied if op.base_rev < rev => Outcome::Merged,
        other => other,
    };
    let doc = match body.map(serde_json::to_value).transpose() {
        Ok(body) => body.map(|body| Doc {
            target: op.target.clone(),
            rev: rev + 1,
            body,
        }),
        Err(_) => return unchanged(Quarantine::UnreadableOperation),
    };
    Applied { doc, outcome }
}
