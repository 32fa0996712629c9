//! `POST /sync/v1/form`: a form is published from a desk. Not part of the sync; every device gets the form
//! with its next pull, as any document of the city.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Role;

/// Where a form is handed in.
pub const PUBLISH_PATH: &str = "/sync/v1/form";

/// The most bytes of a workbook and its lists together: with base 64 and its frame they fit into one
/// body (4 MiB). What is larger is loaded at the hub.
pub const PUBLISH_BYTES_MAX: usize = 3 << 20;

/// A form, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Publish {
    /// The workbook's name without `.xlsx`: what the form is called if it says nothing itself.
    pub name: String,
    /// The workbook, in base 64.
    pub workbook: String,
    /// The lists beside it, CSV in base 64, by the names of their files.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, String>,
}

/// What became of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PublishOutcome {
    /// Devices get it with their next pull.
    New,
    /// It was there already.
    There,
    /// This version was there and says something else. Nothing was changed.
    VersionTaken,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Published {
    /// Its id.
    pub id: String,
    /// Its version; of one that says none, made of what it says.
    pub version: String,
    /// What became of it.
    pub outcome: PublishOutcome,
}

/// Who may publish one.
pub fn may_publish(role: Role) -> bool {
    match role {
        Role::Clerk | Role::Dispatcher | Role::Leader | Role::Admin => true,
        Role::Worker | Role::Handler => false,
    }
}
