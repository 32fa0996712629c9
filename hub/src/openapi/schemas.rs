//! The types on the wire. Bodies of documents are open: what is not known is kept and sent back.

use serde_json::{Value, json};

pub(super) fn all() -> Value {
    json!({
        "Digest": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
        "Uuid": { "type": "string", "format": "uuid" },
        "Timestamp": { "type": "integer", "description": "Milliseconds since 1970-01-01T00:00:00Z." },
        "Observed": object(&json!({
            "wall": reference("Timestamp"),
            "mono": { "type": "integer", "description": "Milliseconds of the monotonic clock." },
            "boot": { "type": "string", "description": "Which boot `mono` belongs to." },
        }), &["wall", "mono", "boot"]),
        "Role": { "enum": ["worker", "clerk", "dispatcher", "handler", "leader", "admin"] },
        "ApiError": object(&json!({
            "code": { "type": "string" },
            "detail": { "type": "string" },
            "retry_after_s": { "type": "integer" },
        }), &["code", "detail"]),
        "Enrol": object(&json!({
            "code": { "type": "string" },
            "device": reference("Uuid"),
            "device_name": { "type": "string" },
            "app_version": { "type": "string" },
        }), &["code", "device", "device_name", "app_version"]),
        "Enrolled": object(&json!({
            "token": { "type": "string" },
            "staff": reference("StaffCard"),
            "hub_id": { "type": "string" },
            "hub_name": { "type": "string" },
        }), &["token", "staff", "hub_id", "hub_name"]),
        "StaffCard": object(&json!({
            "id": { "type": "string" },
            "name": { "type": "string" },
            "name_en": { "type": "string" },
            "badge_no": { "type": "string" },
            "roles": list(&reference("Role")),
            "grids": list(&json!({ "type": "string" })),
        }), &["id", "name", "name_en", "badge_no", "roles", "grids"]),
        "HelloAnswer": hello_answer(),
        "DocRef": object(&json!({
            "kind": { "type": "string", "examples": ["case", "pack"] },
            "id": reference("Uuid"),
        }), &["kind", "id"]),
        "Doc": object(&json!({
            "kind": { "type": "string" },
            "id": reference("Uuid"),
            "rev": { "type": "integer" },
            "body": {},
        }), &["kind", "id", "rev", "body"]),
        "Op": op(),
        "Push": object(&json!({
            "sent": reference("Observed"),
            "ops": list(&reference("Op")),
        }), &["sent", "ops"]),
        "PushResult": object(&json!({
            "op_id": { "anyOf": [reference("Uuid"), { "type": "null" }] },
            "outcome": { "enum": [
                "applied", "merged", "conflict_kept", "duplicate", "quarantined", "retry_later",
            ] },
            "why": { "type": "string", "description": "With conflict_kept and quarantined." },
            "rev": { "type": "integer" },
            "doc": reference("Doc"),
        }), &["op_id", "outcome", "rev"]),
        "PushAnswer": object(&json!({
            "results": list(&reference("PushResult")),
        }), &["results"]),
        "FeedItem": { "oneOf": [
            object(&json!({
                "item": { "const": "doc" },
                "seq": { "type": "integer" },
                "doc": reference("Doc"),
            }), &["item", "seq", "doc"]),
            object(&json!({
                "item": { "const": "left" },
                "seq": { "type": "integer" },
                "target": reference("DocRef"),
            }), &["item", "seq", "target"]),
        ] },
        "PullAnswer": object(&json!({
            "items": list(&reference("FeedItem")),
            "cursor": { "type": "string" },
            "more": { "type": "boolean" },
            "count": { "type": "integer" },
            "sum": { "type": "integer", "description": "Wrapping sum (64 bits) of FNV-1a over id, kind and revision of each document." },
        }), &["items", "cursor", "more", "count", "sum"]),
    })
}

fn hello_answer() -> Value {
    object(
        &json!({
            "protocol": object(&json!({
                "min": { "type": "integer" },
                "max": { "type": "integer" },
            }), &["min", "max"]),
            "features": list(&json!({ "type": "string" })),
            "hub_id": { "type": "string" },
            "hub_name": { "type": "string" },
            "epoch": { "type": "string" },
            "server_time": reference("Timestamp"),
            "limits": object(&json!({
                "max_ops": { "type": "integer" },
                "max_body": { "type": "integer" },
                "max_op": { "type": "integer" },
                "chunk_min": { "type": "integer" },
                "chunk_max": { "type": "integer" },
            }), &["max_ops", "max_body", "max_op", "chunk_min", "chunk_max"]),
            "scopes": list(&object(&json!({
                "scope": { "type": "string" },
                "seq": { "type": "integer" },
            }), &["scope", "seq"])),
            "last_dev_seq": { "type": "integer" },
            "staff": reference("StaffCard"),
            "dictionaries": list(&json!({ "type": "string" })),
        }),
        &[
            "protocol",
            "features",
            "hub_id",
            "hub_name",
            "epoch",
            "server_time",
            "limits",
            "scopes",
            "last_dev_seq",
            "staff",
        ],
    )
}

fn op() -> Value {
    object(
        &json!({
            "op_id": reference("Uuid"),
            "dev_seq": { "type": "integer", "minimum": 1 },
            "target": reference("DocRef"),
            "base_rev": { "type": "integer" },
            "action": {
                "type": "object",
                "required": ["do"],
                "properties": { "do": { "examples": [
                    "report", "supplement", "plus_one", "self_handle", "withdraw", "register",
                    "reject",
                ] } },
            },
            "observed_at": reference("Observed"),
            "author": object(&json!({
                "staff": { "type": "string" },
                "role": reference("Role"),
            }), &["staff", "role"]),
            "scope": { "type": "string" },
            "schema": { "type": "integer" },
        }),
        &[
            "op_id",
            "dev_seq",
            "target",
            "base_rev",
            "action",
            "observed_at",
            "author",
            "scope",
            "schema",
        ],
    )
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
