//! Forms as documents: each version of a form is one, in the feed `city`, and never changes. What
//! stands in it is told in `docs/forms.md`; this room only carries it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{StaffId, Timestamp};

/// The largest form with its lists, in bytes of JSON.
pub const FORM_BYTES_MAX: usize = 8 << 20;

/// The body of a form's document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormDoc {
    /// The definition: one version of one form.
    pub form: Value,
    /// The lists beside it that its questions look into, by the names of their files.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Value>,
    /// When the hub took it in. Of the versions of a form the latest is the one to begin with.
    pub loaded_at: Timestamp,
    /// Who published it from a desk; nobody, where it was loaded at the hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_by: Option<StaffId>,
}
