//! `GET /sync/v1/pull`: documents down, one page of one feed.

use serde::{Deserialize, Serialize};

use super::{Endpoint, Method};
use crate::{Doc, DocRef, Scope, case::Deletion, doc::fnv1a};

/// Asks for what is new in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pull {
    /// The feed.
    pub scope: Scope,
    /// Where the device stands, as the last page said; empty for the beginning. Opaque to the
    /// device and independent of the hub's address.
    #[serde(default)]
    pub cursor: String,
    /// The most items to send; the hub may send fewer.
    pub limit: usize,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PullAnswer {
    /// Items, ascending by `seq`.
    pub items: Vec<FeedItem>,
    /// Where the device stands after applying them.
    pub cursor: String,
    /// Whether there is more.
    pub more: bool,
    /// How many documents the feed holds, `left` and `deleted` ones not counted.
    pub count: u64,
    /// Sum (wrapping) of [`feed_hash`] over those documents.
    pub sum: u64,
}

/// One item of a feed: a document's latest state at its latest place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "item", rename_all = "snake_case")]
pub enum FeedItem {
    /// A document as it is now.
    Doc {
        /// Place in the feed.
        seq: u64,
        /// The document.
        doc: Doc,
    },
    /// The document no longer belongs to this feed.
    Left {
        /// Place in the feed.
        seq: u64,
        /// Which document.
        target: DocRef,
    },
    /// The document was deleted. The device removes it, and keeps what was done with it there.
    Deleted {
        /// Place in the feed.
        seq: u64,
        /// Which document.
        target: DocRef,
        /// Its revision since.
        rev: u64,
        /// Who deleted it, when and why.
        deletion: Deletion,
    },
    /// Something a newer hub sends; skipped, and never an error.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

/// A document's share of a feed's checksum: [`fnv1a`] over its id, kind and revision, so that sums
/// over any order agree.
pub fn feed_hash(target: &DocRef, rev: u64) -> u64 {
    let id = target.id.as_bytes().iter();
    let kind = target.kind.as_str().as_bytes().iter();
    fnv1a(id.chain(kind).chain(&rev.to_be_bytes()))
}

impl Endpoint for Pull {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/sync/v1/pull";
    type Answer = PullAnswer;
}
