//! `POST /sync/v1/push`: operations up, one result each.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Endpoint, Method};
use crate::{Doc, OpId, Outcome, time::Observed};

/// A batch of operations, ascending by `dev_seq`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Push {
    /// How the device's clocks stood when it sent; for correcting the times of the operations.
    pub sent: Observed,
    /// The operations ([`crate::Op`]). Raw, so that one that can't be read is quarantined and does
    /// not refuse the others.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<crate::Op>"))]
    pub ops: Vec<Value>,
}

/// One result per operation, in the same order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushAnswer {
    /// The results.
    pub results: Vec<PushResult>,
}

/// What became of one operation. A replay gets the stored result again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushResult {
    /// Which operation; `None` when not even its id could be read.
    pub op_id: Option<OpId>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The document's revision afterwards; 0 when there is none.
    pub rev: u64,
    /// The document afterwards, where the device may see it. Not stored with the result: a replay
    /// gets the document as it is then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<Doc>,
}

impl Endpoint for Push {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/sync/v1/push";
    type Answer = PushAnswer;
}
