//! JSON in a database's text columns: what is written there, and what can't be read back.

use std::borrow::Borrow;

use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// A value as JSON text.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| unreadable("value", source))
}

/// A value from JSON text that the hub itself wrote.
pub(super) fn from_json<T: DeserializeOwned>(
    what: &'static str,
    json: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|source| unreadable(what, source))
}

/// What is stored can't be read. Only the place is told: serde's own words quote the value, and
/// this ends up in a log.
pub(super) fn unreadable(what: &'static str, source: impl Borrow<serde_json::Error>) -> StoreError {
    let source = source.borrow();
    let (kind, line, column) = (source.classify(), source.line(), source.column());
    StoreError::Unreadable {
        what,
        source: format!("{kind:?} error at line {line} column {column}").into(),
    }
}
