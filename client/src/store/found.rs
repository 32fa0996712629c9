//! What something new is found or compared by, written out.

use super::value::to_json;
use crate::error::Result;

/// The keys of something new, also as they stand in one column.
#[derive(Debug)]
pub(crate) struct Found {
    /// The keys.
    pub(crate) keys: Vec<String>,
    /// All of them as JSON.
    pub(super) json: String,
}

impl Found {
    /// By these keys.
    pub(crate) fn by(keys: Vec<String>) -> Result<Self> {
        let json = to_json(&keys)?;
        Ok(Self { keys, json })
    }
}
