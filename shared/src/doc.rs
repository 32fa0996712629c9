//! Documents: the hub's current state of one thing, and the feeds (scopes) they appear in.

use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{GridCode, StaffId, case::CaseDoc, pack::Section};

/// What a document is about. Kinds this version doesn't know are kept as they came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Kind(pub String);

impl Kind {
    /// A case 案件; the body is a [`CaseDoc`].
    pub fn case() -> Self {
        Self("case".to_owned())
    }

    /// A section of the city pack, see [`Section`].
    pub fn pack() -> Self {
        Self("pack".to_owned())
    }

    /// One version of a form; the body is a [`FormDoc`](crate::form::FormDoc).
    pub fn form() -> Self {
        Self("form".to_owned())
    }

    /// The kind as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocRef {
    /// What it is about.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
}

impl DocRef {
    /// The document of a case.
    pub fn case(id: crate::CaseId) -> Self {
        Self {
            kind: Kind::case(),
            id: id.0,
        }
    }

    /// The document of a pack section.
    pub fn pack(section: Section) -> Self {
        Self {
            kind: Kind::pack(),
            id: section.doc_id(),
        }
    }
}

/// A document at one revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doc {
    /// Which document.
    #[serde(flatten)]
    pub target: DocRef,
    /// Counts what changed it: its operations, and changes of cases it carries; 0 before the first.
    pub rev: u64,
    /// The content. Fields this version doesn't know stay in it and are sent back.
    pub body: Value,
}

impl Doc {
    /// The body of a case document.
    ///
    /// Fails when the document is of another kind or its body is not a case.
    pub fn case(&self) -> Result<CaseDoc, serde_json::Error> {
        self.read(&Kind::case())
    }

    /// The body of a pack section.
    ///
    /// Fails when the document is of another kind or its body is not that section.
    pub fn pack<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        self.read(&Kind::pack())
    }

    /// A checksum of the body: FNV-1a over its canonical form (RFC 8785). Two sides that worked a
    /// document out by themselves find by it whether they agree.
    ///
    /// Fails for no body that was read from JSON.
    pub fn sum(&self) -> Result<u64, serde_json::Error> {
        Ok(fnv1a(&serde_json_canonicalizer::to_vec(&self.body)?))
    }

    fn read<T: DeserializeOwned>(&self, kind: &Kind) -> Result<T, serde_json::Error> {
        if self.target.kind != *kind {
            return Err(serde::de::Error::custom("a document of another kind"));
        }
        T::deserialize(&self.body)
    }
}

/// FNV-1a with 64 bits.
pub(crate) fn fnv1a<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    bytes.into_iter().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

/// A feed: `grid:<code>`, `staff:<id>` or `city`. Every feed has its own dense counter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Scope(pub String);

impl Scope {
    /// What everybody in the city gets: the packs.
    pub fn city() -> Self {
        Self("city".to_owned())
    }

    /// What happens in one grid.
    pub fn grid(code: &GridCode) -> Self {
        Self(format!("grid:{code}"))
    }

    /// What one person takes part in, wherever it is: their inbox.
    pub fn staff(id: &StaffId) -> Self {
        Self(format!("staff:{id}"))
    }

    /// The scope as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
