//! Holds every request and answer of the other tests against the hub's own OpenAPI document: what
//! was taken has its schema, the status is listed for that endpoint, and a JSON body has the schema
//! of that status. [`crate::world`] calls it for each request, so a test need not think of it.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use axum::http::{Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::world::Reply;

static DOCUMENT: LazyLock<Value> = LazyLock::new(hub::openapi::document);

/// Fails the test when the answer is not one the document promises, or the request was taken and
/// is not one the document permits.
pub(crate) fn hold(method: &Method, path: &str, sent: &[u8], reply: &Reply) {
    if let Err(why) = check(method, path, reply) {
        panic!("the OpenAPI document does not promise this: {why}\n{method} {path}: {reply:?}");
    }
    if reply.status == StatusCode::OK
        && let Err(why) = permitted(path, sent, reply)
    {
        panic!("the OpenAPI document does not permit this: {why}\n{method} {path}: {reply:?}");
    }
}

/// What the hub takes is what the schemas say; of a push, each operation that had an effect.
fn permitted(path: &str, sent: &[u8], reply: &Reply) -> Result<(), String> {
    let sent = unpacked(sent.to_vec());
    let request: Value = match path {
        "/sync/v1/enrol" | "/sync/v1/push" => {
            serde_json::from_slice(&sent).map_err(|error| error.to_string())?
        }
        _ => return Ok(()),
    };
    let errors = if path.ends_with("enrol") {
        errors(&reference("Enrol"), &request)
    } else {
        let answer: Value = serde_json::from_slice(&unpacked(reply.body.to_vec()))
            .map_err(|error| error.to_string())?;
        let results = answer["results"].as_array().into_iter().flatten();
        let ops = request["ops"].as_array().into_iter().flatten();
        let had_effect = |result: &Value| {
            ["applied", "merged", "conflict_kept"]
                .iter()
                .any(|it| result["outcome"] == **it)
        };
        let taken = ops.zip(results).filter(|(_, result)| had_effect(result));
        let of_ops = taken.map(|(op, _)| errors(&reference("Op"), op));
        let of_sent = errors(&reference("Observed"), &request["sent"]);
        of_ops.chain([of_sent]).collect::<String>()
    };
    errors.is_empty().then_some(()).ok_or(errors)
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A body without its zstd, if it has one.
fn unpacked(body: Vec<u8>) -> Vec<u8> {
    packing::unpack(&body, usize::MAX).unwrap_or(body)
}

fn check(method: &Method, path: &str, reply: &Reply) -> Result<(), String> {
    // HTTP leaves the bodies of these out, whatever they would be.
    if *method == Method::HEAD || reply.body.is_empty() {
        return Ok(());
    }
    let Some(schema) = promised(method, path, reply.status)? else {
        return Ok(());
    };
    if reply.header("content-type") != "application/json" {
        return Err(format!("{} is no JSON", reply.header("content-type")));
    }
    let body = unpacked(reply.body.to_vec());
    let body: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    let errors = errors(&schema, &body);
    errors.is_empty().then_some(()).ok_or(errors)
}

/// The schema of an answer; `None` when it is no JSON.
fn promised(method: &Method, path: &str, status: StatusCode) -> Result<Option<Value>, String> {
    let error = reference("ApiError");
    let Some(endpoint) = endpoint(path) else {
        let fits = status == StatusCode::NOT_FOUND;
        return fits
            .then_some(Some(error))
            .ok_or_else(|| "there is nothing at this path".to_owned());
    };
    let Some(operation) = endpoint.get(method.as_str().to_lowercase()) else {
        let fits = status == StatusCode::METHOD_NOT_ALLOWED;
        return fits
            .then_some(Some(error))
            .ok_or_else(|| "the path does not take this method".to_owned());
    };
    let Some(response) = operation["responses"].get(status.as_str()) else {
        return Err(format!("{status} is not listed"));
    };
    Ok(response
        .pointer("/content/application~1json/schema")
        .cloned())
}

/// The entry of a concrete path.
fn endpoint(path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object()?;
    let fits = |template: &str| match template.split_once("/{digest}") {
        Some((before, "")) => path
            .strip_prefix(before)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| !rest.is_empty() && !rest.contains('/')),
        _ => template == path,
    };
    paths
        .iter()
        .find(|(template, _)| fits(template))
        .map(|(_, item)| item)
}

/// What stands against `value` by this schema of the document; nothing when it fits.
pub(crate) fn errors(schema: &Value, value: &Value) -> String {
    let validator = validator(schema);
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Compiling one takes longer than a request; each is compiled once.
fn validator(schema: &Value) -> Arc<Validator> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    let compile = || {
        let mut whole = schema.clone();
        whole["components"] = DOCUMENT["components"].clone();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap();
        Arc::new(validator)
    };
    let mut compiled = COMPILED.lock().unwrap();
    Arc::clone(compiled.entry(schema.to_string()).or_insert_with(compile))
}

#[test]
fn an_answer_that_breaks_its_promise_is_noticed() {
    let op_id = "019dfc1c-5c00-7000-8000-000000000001";
    let good = json!({ "results": [{ "op_id": op_id, "outcome": "applied", "rev": 1 }] });
    let bad = [
        json!({}),
        json!({ "results": [{ "op_id": op_id, "outcome": "applied" }] }),
        json!({ "results": [{ "op_id": op_id, "outcome": "lost", "rev": 1 }] }),
        json!({ "results": [{ "op_id": "17", "outcome": "applied", "rev": 1 }] }),
        json!({ "results": [{ "op_id": op_id, "outcome": "quarantined", "rev": 1 }] }),
        json!({ "results": [{ "op_id": op_id, "outcome": "applied", "rev": -1 }] }),
        json!({ "results": [{ "op_id": op_id, "outcome": "applied", "rev": 1, "doc": {
            "kind": "case", "id": op_id, "rev": 1, "body": { "known": {} },
        } }] }),
    ];

    assert_eq!(errors(&reference("PushAnswer"), &good), "");
    for answer in bad {
        assert_ne!(errors(&reference("PushAnswer"), &answer), "", "{answer}");
    }
    assert_ne!(
        errors(
            &reference("ApiError"),
            &json!({ "code": "oops", "detail": "" })
        ),
        ""
    );
}
