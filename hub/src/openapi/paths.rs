//! Every endpoint with its request, its answer and its errors.

use serde_json::{Map, Value, json};
use shared::hub_api::{
    Endpoint as _, Enrol, ErrorCode, Hello, Pull, Push, Renew, export::EXPORT_PATH, photo,
    publish::PUBLISH_PATH,
};

use ErrorCode::{
    ChecksumMismatch, CodeUnknown, CodeUsed, CursorGone, Forbidden, HubFull, Internal, Malformed,
    NewEpochRequired, NotEnrolled, NotFound, OffsetMismatch, Revoked, TooLarge, TooMany,
    Unavailable, UnsupportedMedia,
};

/// What any endpoint with a token can answer.
const ALWAYS: [ErrorCode; 5] = [NotEnrolled, Revoked, TooMany, Internal, Unavailable];

pub(super) fn all() -> Value {
    json!({
        Hello::PATH: { "get": hello() },
        Enrol::PATH: { "post": enrol() },
        Renew::PATH: { "post": renew() },
        <Push>::PATH: { "post": push() },
        Pull::PATH: { "get": pull() },
        EXPORT_PATH: { "post": export() },
        PUBLISH_PATH: { "post": publish() },
        photo::CREATE_PATH: { "post": photo_create(), "options": photo_options() },
        "/sync/v1/photos/{digest}": {
            "parameters": [{
                "name": "digest", "in": "path", "required": true,
                "schema": schema("Digest"),
            }],
            "head": photo_head(),
            "get": photo_get(),
            "patch": photo_patch(),
            "options": photo_options(),
        },
        "/healthz": { "get": open("Whether the hub can read its database.", json!({
            "200": json_answer("It can.", &json!({ "type": "object" })),
        })) },
        "/metrics": { "get": open("Figures for Prometheus.", json!({
            "200": { "description": "Figures.", "content": { "text/plain": {} } },
        })) },
        "/openapi.json": { "get": open("This document.", json!({
            "200": json_answer("This document.", &json!({ "type": "object" })),
        })) },
    })
}

fn hello() -> Value {
    json!({
        "summary": "Who the hub is, what it takes, and where the device stands.",
        "description": "With all three of the device's clocks the hub notes how far its wall clock is off. Clocks that can't be read are as good as none.",
        "parameters": [
            query("wall", false, json!({ "type": "integer" })),
            query("mono", false, json!({ "type": "integer" })),
            query("boot", false, json!({ "type": "string" })),
        ],
        "responses": answers(
            json!({ "200": json_answer("The handshake.", &schema("HelloAnswer")) }),
            &[],
        ),
    })
}

fn enrol() -> Value {
    let codes = [
        Malformed,
        CodeUnknown,
        CodeUsed,
        NewEpochRequired,
        Revoked,
        TooLarge,
        UnsupportedMedia,
        TooMany,
        HubFull,
        Internal,
    ];
    json!({
        "summary": "Trades a one-time code for a device token.",
        "security": [],
        "requestBody": body("Enrol"),
        "responses": merge(
            json!({
                "200": json_answer("The device is enrolled.", &schema("Enrolled")),
                "408": too_slow(),
            }),
            &codes,
        ),
    })
}

fn renew() -> Value {
    json!({
        "summary": "A cloned or restored device takes a new identity.",
        "requestBody": body("Renew"),
        "responses": answers(
            json!({
                "200": json_answer("The new identity.", &schema("Renewed")),
                "408": too_slow(),
            }),
            &[Malformed, Forbidden, TooLarge, UnsupportedMedia, HubFull],
        ),
    })
}

fn publish() -> Value {
    json!({
        "summary": "A form is published: every device gets it with its next pull.",
        "requestBody": body("Publish"),
        "responses": answers(
            json!({
                "200": json_answer("What became of it.", &schema("Published")),
                "408": too_slow(),
            }),
            &[Malformed, Forbidden, TooLarge, UnsupportedMedia, HubFull],
        ),
    })
}

fn export() -> Value {
    let table = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    json!({
        "summary": "What was filled in, or the register, as a file; who asked for it and why is put down.",
        "requestBody": body("Export"),
        "responses": answers(
            json!({
                "200": { "description": "The file.", "content": {
                    "text/csv": {}, table: {}, "application/fhir+json": {},
                } },
                "408": too_slow(),
            }),
            &[Malformed, Forbidden, NotFound, TooLarge, UnsupportedMedia, HubFull],
        ),
    })
}

fn push() -> Value {
    json!({
        "summary": "Operations up, one result each.",
        "requestBody": body("Push"),
        "responses": answers(
            json!({
                "200": json_answer("One result per operation.", &schema("PushAnswer")),
                "408": too_slow(),
            }),
            &[Malformed, NewEpochRequired, TooLarge, UnsupportedMedia, HubFull],
        ),
    })
}

fn pull() -> Value {
    json!({
        "summary": "Documents down, one page of one feed.",
        "parameters": [
            query("scope", true, json!({ "type": "string" })),
            query("cursor", false, json!({ "type": "string" })),
            query("limit", true, json!({ "type": "integer", "minimum": 1 })),
        ],
        "responses": answers(
            json!({ "200": json_answer("One page.", &schema("PullAnswer")) }),
            &[Malformed, Forbidden, CursorGone],
        ),
    })
}

fn photo_create() -> Value {
    json!({
        "summary": "Begins the upload of a photo, or finds it (tus creation).",
        "parameters": [
            tus_version(),
            header(photo::UPLOAD_LENGTH, true, "Bytes of the whole photo."),
            header(photo::UPLOAD_METADATA, true, "`digest <base64 of the hexadecimal SHA-256>`."),
        ],
        "responses": answers(
            json!({
                "201": upload("It begins at `Upload-Offset`."),
                "200": upload("It was begun already, or is complete."),
                "412": other_tus(),
            }),
            &[Malformed, TooLarge, HubFull],
        ),
    })
}

fn photo_head() -> Value {
    json!({
        "summary": "How far an upload is (tus core).",
        "parameters": [tus_version()],
        "responses": answers(
            json!({ "200": upload("Where it stands."), "412": other_tus() }),
            &[NotFound],
        ),
    })
}

fn photo_patch() -> Value {
    json!({
        "summary": "Adds a chunk (tus core and checksum).",
        "parameters": [
            tus_version(),
            header(photo::UPLOAD_OFFSET, true, "Where the chunk begins."),
            header(photo::UPLOAD_CHECKSUM, false, "`sha256 <base64>` of the chunk."),
        ],
        "requestBody": { "required": true, "content": { photo::CHUNK_TYPE: {} } },
        "responses": answers(
            json!({ "204": upload("The chunk is kept."), "412": other_tus() }),
            &[
                Malformed, NotFound, OffsetMismatch, TooLarge, UnsupportedMedia, ChecksumMismatch,
                HubFull,
            ],
        ),
    })
}

fn photo_get() -> Value {
    json!({
        "summary": "A photo, or a part of it by `Range`.",
        "parameters": [header("Range", false, "One range of bytes.")],
        "responses": answers(
            json!({
                "200": { "description": "The photo.", "content": { "image/jpeg": {} } },
                "206": { "description": "A part of it.", "content": { "image/jpeg": {} } },
                "304": { "description": "The peer has it." },
                "416": json_answer("The range is beyond the photo.", &schema("ApiError")),
            }),
            &[Forbidden, NotFound],
        ),
    })
}

fn photo_options() -> Value {
    open(
        "What the hub can do of tus.",
        json!({ "204": { "description": "In the headers." } }),
    )
}

fn open(summary: &str, responses: Value) -> Value {
    json!({ "summary": summary, "security": [], "responses": merge(responses, &[Internal, Unavailable]) })
}

fn answers(good: Value, codes: &[ErrorCode]) -> Value {
    merge(good, &[codes, &ALWAYS].concat())
}

/// Adds the errors, those of one status together.
fn merge(good: Value, codes: &[ErrorCode]) -> Value {
    let mut responses = match good {
        Value::Object(responses) => responses,
        _ => Map::new(),
    };
    let mut sorted = codes.to_vec();
    sorted.sort_by_key(|code| code.status());
    for same in sorted.chunk_by(|a, b| a.status() == b.status()) {
        let names: Vec<_> = same.iter().map(|code| json!(code)).collect();
        let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
        let status = same.first().map_or(500, |code| code.status());
        let answer = json_answer(&names.join(", "), &schema("ApiError"));
        responses.insert(status.to_string(), answer);
    }
    Value::Object(responses)
}

fn json_answer(description: &str, schema: &Value) -> Value {
    json!({
        "description": description,
        "content": { "application/json": { "schema": schema } },
    })
}

fn too_slow() -> Value {
    json_answer(
        "malformed: the body did not come in time",
        &schema("ApiError"),
    )
}

fn other_tus() -> Value {
    json_answer(
        "malformed: the hub speaks tus 1.0.0 only",
        &schema("ApiError"),
    )
}

fn upload(description: &str) -> Value {
    let number = json!({ "schema": { "type": "integer" } });
    json!({
        "description": description,
        "headers": {
            photo::UPLOAD_OFFSET: number,
            photo::UPLOAD_LENGTH: number,
            photo::COMPLETE: {
                "description": "`true` once the whole photo is here and verified.",
                "schema": { "type": "string" },
            },
        },
    })
}

fn body(name: &str) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema(name) } } })
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn query(name: &str, required: bool, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": required, "schema": schema })
}

fn header(name: &str, required: bool, description: &str) -> Value {
    json!({
        "name": name, "in": "header", "required": required, "description": description,
        "schema": { "type": "string" },
    })
}

fn tus_version() -> Value {
    header(photo::TUS_RESUMABLE, false, "`1.0.0`.")
}
