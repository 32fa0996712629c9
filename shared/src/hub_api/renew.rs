//! `POST /sync/v1/renew`: a device that was cloned, or restored from an older copy of itself, takes a
//! new identity.

use serde::{Deserialize, Serialize};

use super::{Endpoint, Method};
use crate::DeviceId;

/// A device asks for a new identity, with the token of the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Renew {
    /// The new id, made by the device. Repeating the request gives a new token, so a lost answer
    /// costs nothing.
    pub device: DeviceId,
}

/// The device has a new identity; its sequence begins anew. The old one stays valid: the copy of
/// the device that it was cloned from still uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Renewed {
    /// The token of the new identity.
    pub token: String,
}

impl Endpoint for Renew {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/sync/v1/renew";
    type Answer = Renewed;
}
