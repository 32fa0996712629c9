//! The types on the wire, derived from the types themselves; docs/schemas has the same.

use serde_json::Value;

pub(super) fn all() -> Value {
    Value::Object(shared::schema::definitions("/components/schemas"))
}
