//! `POST /sync/v1/push`: operations up, one result each.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Endpoint, Method};
use crate::{Doc, OpId, Outcome, Scope, Timestamp, time::Observed};

/// The name, among the features of a hub, of [`Brief`] answers.
pub const BRIEF: &str = "brief";

/// A batch of operations, ascending by `dev_seq`. `O` is how an operation is held: as a [`Value`]
/// or as the text it came as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Push"))]
pub struct Push<O = Value> {
    /// How the device's clocks stood when it sent; for correcting the times of the operations.
    pub sent: Observed,
    /// The operations ([`crate::Op`]). Raw, so that one that can't be read is quarantined and does
    /// not refuse the others.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<crate::Op>"))]
    pub ops: Vec<O>,
    /// The device works out by itself what its operations make of the documents it has; the hub
    /// may answer [`Brief`] in place of those.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub brief: bool,
}

/// One result per operation, in the same order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PushAnswer {
    /// The results.
    pub results: Vec<PushResult>,
    /// When the hub received them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// How far these operations, and nothing else, moved the feeds of this device. Only when it
    /// asked for brief answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<FeedMove>,
}

/// How far a push moved a feed: between `from` and `seq` stand the documents it changed, now or the
/// first time it was sent, and no others. A device that had the feed up to `from`, and the documents, has it up to `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedMove {
    /// The feed.
    pub scope: Scope,
    /// Its latest `seq` before.
    pub from: u64,
    /// And after.
    pub seq: u64,
    /// Where a device stands that has it up to there.
    pub cursor: String,
    /// How many documents the feed holds then.
    pub count: u64,
    /// Their sum, as in [`PullAnswer`](super::PullAnswer).
    pub sum: u64,
}

/// What a device needs to work a document out, and to know that it did so rightly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Brief {
    /// [`Doc::sum`] of the document afterwards.
    pub sum: u64,
    /// The number the case got with this operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_no: Option<String>,
    /// Of one that was sent before: the document bears when that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstSent>,
}

/// When an operation came to the hub for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirstSent {
    /// How the device's clocks stood when it sent, as in [`Push`].
    pub sent: Observed,
    /// When the hub received it.
    pub received_at: Timestamp,
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
    /// In place of the document, for a device that asked for brief answers and had it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brief: Option<Brief>,
}

impl<O: Serialize + DeserializeOwned> Endpoint for Push<O> {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/sync/v1/push";
    type Answer = PushAnswer;
}
