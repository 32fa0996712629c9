//! `GET /sync/v1/hello`: who the hub is, what it takes, and where the device stands.

use serde::{Deserialize, Serialize};

use super::{Endpoint, Method, StaffCard};
use crate::{Scope, Timestamp, time::Observed};

/// The handshake; first request of every round. The clocks are the device's as it asks: all of them,
/// or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hello {
    /// The clock people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall: Option<Timestamp>,
    /// Milliseconds of the clock nobody can set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mono: Option<i64>,
    /// Which boot `mono` belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
}

impl Hello {
    /// With these clocks.
    pub fn at(clocks: Observed) -> Self {
        Self {
            wall: Some(clocks.wall),
            mono: Some(clocks.mono),
            boot: Some(clocks.boot),
        }
    }

    /// The clocks, if all of them were sent.
    pub fn clocks(self) -> Option<Observed> {
        Some(Observed {
            wall: self.wall?,
            mono: self.mono?,
            boot: self.boot?,
        })
    }
}

/// What the hub says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HelloAnswer {
    /// Protocol versions it speaks.
    pub protocol: ProtocolRange,
    /// Names of optional features.
    pub features: Vec<String>,
    /// Which hub this is.
    pub hub_id: String,
    /// Its name, for people.
    pub hub_name: String,
    /// Random; changes when the hub's database was created anew or restored with loss. Then a
    /// device pushes again what it still keeps.
    pub epoch: String,
    /// The hub's clock.
    pub server_time: Timestamp,
    /// What it takes.
    pub limits: Limits,
    /// The feeds this device may pull, with how far each goes.
    pub scopes: Vec<ScopeHead>,
    /// The highest `dev_seq` the hub has of this device; 0 for none.
    pub last_dev_seq: u64,
    /// The person the device belongs to, as of now.
    pub staff: StaffCard,
    /// SHA-256 of the zstd dictionaries it has; one that the answer is packed with may be missing.
    #[serde(default)]
    pub dictionaries: Vec<String>,
}

/// Protocol versions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProtocolRange {
    /// Lowest.
    pub min: u32,
    /// Highest.
    pub max: u32,
}

/// What the hub takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// Operations in one push.
    pub max_ops: usize,
    /// Bytes of a request body after decompression.
    pub max_body: usize,
    /// Bytes of one operation as JSON.
    pub max_op: usize,
    /// Bytes of the smallest photo chunk worth sending.
    pub chunk_min: usize,
    /// Bytes of the largest photo chunk.
    pub chunk_max: usize,
}

/// How far a feed goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScopeHead {
    /// The feed.
    pub scope: Scope,
    /// Its latest `seq`; 0 when empty. A device already there need not pull.
    pub seq: u64,
}

impl Endpoint for Hello {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/sync/v1/hello";
    type Answer = HelloAnswer;
}
