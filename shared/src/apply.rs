//! The one place that says what an operation does. The device runs it to show, the hub to decide;
//! so after a sync both hold the same thing by construction.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Action, Body, CaseId, Doc, Kind, Op, Timestamp,
    case::{Signed, Void, apply_to_case},
    erase::apply_to_erased,
    made_once::{MadeOnce, apply_once},
    record::Record,
    register::{EntryKind, apply_to_entry},
    reveal::Reveal,
    time::Observed,
    visit::Visit,
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
    /// It was already reported, entered or recorded by another operation.
    #[error("it was already reported")]
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
    /// The author's role may not do that.
    #[error("the author's role may not do that")]
    NotYourRole,
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
    fn corrected(&self, observed: &Observed) -> Timestamp {
        match self {
            Self::Device => observed.wall,
            Self::Hub {
                received_at, sent, ..
            } => observed.corrected(sent, *received_at),
        }
    }

    /// Who did what `op` says, and when.
    pub(crate) fn sign(&self, op: &Op) -> Signed {
        Signed {
            op_id: op.op_id,
            author: op.author.clone(),
            at: self.corrected(&op.observed_at),
            received_at: self.received_at(),
            extra: op.extra.beside(&Signed::OWN),
        }
    }

    fn received_at(&self) -> Option<Timestamp> {
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

/// `None`: documents of this kind take no operations.
fn apply_to_body(
    current: Option<Body>,
    op: &Op,
    stamp: &Stamp<'_>,
) -> Option<(Option<Body>, Outcome)> {
    let kind = &op.target.kind;
    let erases = matches!(op.action, Action::Erase(_) | Action::Erased);
    Some(if erases || matches!(current, Some(Body::Erased(_))) {
        apply_to_erased(current, op, stamp)
    } else if *kind == Kind::case() && !op.action.is_of_another_kind() {
        let case = current.and_then(Body::case);
        let (case, outcome) = apply_to_case(case, CaseId(op.target.id), op, stamp);
        (case.map(Body::Case), outcome)
    } else if let Some(kind) = EntryKind::of(kind) {
        let entry = current.and_then(Body::entry);
        let (entry, outcome) = apply_to_entry(entry, op, stamp);
        (entry.map(|entry| Body::Entry(kind, entry)), outcome)
    } else if *kind == Kind::record() {
        once::<Record>(current.and_then(Body::record), op, stamp, Body::Record)
    } else if *kind == Kind::visit() {
        once::<Visit>(current.and_then(Body::visit), op, stamp, Body::Visit)
    } else if *kind == Kind::reveal() {
        once::<Reveal>(current.and_then(Body::reveal), op, stamp, Body::Reveal)
    } else {
        return None;
    })
}

fn once<T: MadeOnce>(
    current: Option<Box<T>>,
    op: &Op,
    stamp: &Stamp<'_>,
    body: fn(Box<T>) -> Body,
) -> (Option<Body>, Outcome) {
    let (made, outcome) = apply_once(current.as_deref(), op, stamp);
    (made.map(Box::new).map(body), outcome)
}

/// What [`apply`] did.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied<B = Value> {
    /// The document afterwards; `None` when it is unchanged.
    pub doc: Option<Doc<B>>,
    /// What became of the operation.
    pub outcome: Outcome,
}

impl<B> Applied<B> {
    /// Nothing was done, and never will be.
    pub const fn never(why: Quarantine) -> Self {
        Self {
            doc: None,
            outcome: Outcome::Quarantined { why },
        }
    }
}

/// Applies `op` to `current` (`None`: there is no such document yet). Pure.
pub fn apply(current: Option<&Doc>, op: &Op, stamp: &Stamp<'_>) -> Applied {
    let Ok(body) = current.map(Doc::body).transpose() else {
        return Applied::never(Quarantine::UnreadableDocument);
    };
    let rev = current.map_or(0, |doc| doc.rev);
    let Applied { doc, outcome } = apply_to(body.flatten(), rev, op, stamp);
    let written = doc.map(|Doc { target, rev, body }| {
        let body = serde_json::to_value(body)?;
        Ok::<_, serde_json::Error>(Doc { target, rev, body })
    });
    match written.transpose() {
        Ok(doc) => Applied { doc, outcome },
        Err(_) => Applied::never(Quarantine::UnreadableOperation),
    }
}

/// The same for who has read the document, and what it is afterwards not written yet. `rev`: the
/// document's revision, 0 where there is none.
pub fn apply_to(body: Option<Body>, rev: u64, op: &Op, stamp: &Stamp<'_>) -> Applied<Body> {
    let Some((body, outcome)) = apply_to_body(body, op, stamp) else {
        return Applied::never(Quarantine::NotForOperations);
    };
    let outcome = match outcome {
        Outcome::Applied if op.base_rev < rev => Outcome::Merged,
        other => other,
    };
    let doc = body.map(|body| Doc {
        target: op.target.clone(),
        rev: rev + 1,
        body,
    });
    Applied { doc, outcome }
}
