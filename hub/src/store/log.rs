//! Rows of the op log, as the stores read and write them.

use shared::{DeviceId, DocRef, OpId, Outcome, hub_api::FirstSent};

use crate::push::Incoming;

/// What the log says about an operation.
#[derive(Debug, Clone)]
pub(super) struct Logged {
    pub(super) device: DeviceId,
    pub(super) dev_seq: u64,
    pub(super) op_id: Option<OpId>,
    pub(super) target: Option<DocRef>,
    pub(super) payload: String,
    pub(super) outcome: Outcome,
    pub(super) rev: u64,
    pub(super) first: FirstSent,
}

/// What stands in the place of an operation's content that was erased.
pub(super) const ERASED: &str = r#"{"action":{"do":"erased"}}"#;

/// A row to write.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) dev_seq: u64,
    pub(super) incoming: &'a Incoming,
    /// What is kept of its content.
    pub(super) payload: &'a str,
    /// Another identity of the device sent it before.
    pub(super) repeated: bool,
    pub(super) outcome: Outcome,
    pub(super) rev: u64,
}

impl Entry<'_> {
    /// Whether somebody must look at it.
    pub(super) fn is_quarantined(&self) -> bool {
        is_quarantined(&self.outcome)
    }
}

/// Whether somebody must look at an operation with this outcome.
pub(super) fn is_quarantined(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Quarantined { .. })
}

impl Logged {
    /// Whether the log holds just this operation; one without a readable id is known letter by
    /// letter.
    pub(super) fn is(&self, incoming: &Incoming) -> bool {
        match (self.op_id, incoming.op_id) {
            (Some(logged), Some(incoming)) => logged == incoming,
            (None, None) => [incoming.payload.as_str(), ERASED].contains(&self.payload.as_str()),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}
