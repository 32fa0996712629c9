//! The interface as an OpenAPI 3.1 document, for whoever writes another client or hub. A test
//! holds it against the routes; docs/protocol.md has the words.

mod paths;
mod schemas;

use serde_json::{Value, json};

/// The whole document.
pub fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gridwalker hub",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Operations up, documents down, photos by tus 1.0. Bodies are JSON; push and pull bodies may be zstd-compressed.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "security": [{ "device": [] }],
        "paths": paths::all(),
        "components": {
            "securitySchemes": {
                "device": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The device token from enrolment.",
                },
            },
            "schemas": schemas::all(),
        },
    })
}
