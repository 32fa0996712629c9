//! docs/schemas is what the types say, and docs/protocol.md is what both say.
//!
//! After a change of a wire type: `GRIDWALKER_RENEW=1 cargo test -p hub --test all schemas`.

use std::{env, fs, path::PathBuf};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared::{
    Doc, Op,
    case::CaseDoc,
    erase::Erased,
    hub_api::{
        ApiError, Enrol, Enrolled, FeedItem, Hello, HelloAnswer, Pull, PullAnswer, Push,
        PushAnswer, Renew, Renewed, feed_hash,
    },
};

use crate::promised::errors;

const PROTOCOL: &str = include_str!("../../../docs/protocol.md");

fn kept() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas/v1.json")
}

#[test]
fn the_schemas_in_docs_are_those_of_the_types() {
    let mut now = shared::schema::document();
    if env::var_os("GRIDWALKER_RENEW").is_some() {
        // In whatever order a build keeps fields: a difference is one of content.
        now.sort_all_objects();
        let text = serde_json::to_string_pretty(&now).unwrap() + "\n";
        fs::create_dir_all(kept().parent().unwrap()).unwrap();
        fs::write(kept(), text).unwrap();
    }

    let kept: Value = serde_json::from_str(&fs::read_to_string(kept()).unwrap()).unwrap();

    assert!(
        kept == now,
        "docs/schemas/v1.json is of another day; \
         `GRIDWALKER_RENEW=1 cargo test -p hub --test all schemas` renews it"
    );
}

#[test]
fn the_openapi_document_has_the_same_schemas() {
    let document = hub::openapi::document();
    let served = document["components"]["schemas"].to_string();
    let served = served.replace("#/components/schemas/", "#/$defs/");
    let served: Value = serde_json::from_str(&served).unwrap();

    assert!(served == shared::schema::document()["$defs"]);
}

/// A fenced block of the protocol with what stands after the fence's `json`.
struct Example {
    line: usize,
    of: String,
    text: String,
}

fn examples() -> Vec<Example> {
    let mut all = Vec::new();
    let mut lines = (1..).zip(PROTOCOL.lines());
    while let Some((line, fence)) = lines.next() {
        let Some(of) = fence.strip_prefix("```json") else {
            continue;
        };
        let inside = lines
            .by_ref()
            .map(|(_, text)| text)
            .take_while(|text| *text != "```");
        all.push(Example {
            line,
            of: of.trim().to_owned(),
            text: inside.collect::<Vec<_>>().join("\n"),
        });
    }
    all
}

/// Reads an example as `T` and writes it again: nothing is missing, nothing is unknown.
fn same<T: Serialize + DeserializeOwned>(value: &Value) -> Result<Value, serde_json::Error> {
    serde_json::from_value::<T>(value.clone()).and_then(serde_json::to_value)
}

#[test]
fn every_example_of_the_protocol_is_what_the_code_reads_and_writes() {
    let mut seen = Vec::new();
    for Example { line, of, text } in examples() {
        let value: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("docs/protocol.md:{line}: {error}"));
        let again = match of.as_str() {
            "Enrol" => same::<Enrol>(&value),
            "Export" => same::<shared::hub_api::export::Export>(&value),
            "Publish" => same::<shared::hub_api::publish::Publish>(&value),
            "Published" => same::<shared::hub_api::publish::Published>(&value),
            "Renew" => same::<Renew>(&value),
            "Renewed" => same::<Renewed>(&value),
            "Enrolled" => same::<Enrolled>(&value),
            "Hello" => same::<Hello>(&value),
            "HelloAnswer" => same::<HelloAnswer>(&value),
            "Op" => same::<Op>(&value),
            "Push" => same::<Push>(&value),
            "PushAnswer" => same::<PushAnswer>(&value),
            "Pull" => same::<Pull>(&value),
            "PullAnswer" => same::<PullAnswer>(&value),
            "FeedItem" => same::<FeedItem>(&value),
            "Doc" => same::<Doc>(&value),
            "CaseDoc" => same::<CaseDoc>(&value),
            "Erased" => same::<Erased>(&value),
            "ApiError" => same::<ApiError>(&value),
            other => panic!("docs/protocol.md:{line}: no type is called {other:?} here"),
        };
        let again = again.unwrap_or_else(|error| panic!("docs/protocol.md:{line}: {error}"));
        assert_eq!(again, value, "docs/protocol.md:{line}: {of}");
        if of == "Push" {
            for op in value["ops"].as_array().unwrap() {
                assert_eq!(same::<Op>(op).unwrap(), *op, "docs/protocol.md:{line}");
            }
        }
        if of == "PullAnswer" {
            let page: PullAnswer = serde_json::from_value(value.clone()).unwrap();
            let shares = page.items.iter().filter_map(|item| match item {
                FeedItem::Doc { doc, .. } => Some(feed_hash(&doc.target, doc.rev)),
                FeedItem::Left { .. } | FeedItem::Deleted { .. } | FeedItem::Unknown => None,
            });
            let sum = shares.fold(0, u64::wrapping_add);
            assert_eq!(
                sum, page.sum,
                "docs/protocol.md:{line}: others test theirs by it"
            );
        }
        let schema = json!({ "$ref": format!("#/components/schemas/{of}") });
        assert_eq!(errors(&schema, &value), "", "docs/protocol.md:{line}: {of}");
        seen.push(of);
    }
    for message in [
        "Enrol",
        "Enrolled",
        "Hello",
        "HelloAnswer",
        "Renew",
        "Renewed",
        "Push",
        "PushAnswer",
        "PullAnswer",
        "Op",
        "Doc",
        "ApiError",
    ] {
        assert!(
            seen.iter().any(|of| of == message),
            "docs/protocol.md has an example of {message}"
        );
    }
}

#[test]
fn every_action_and_outcome_of_the_code_stands_in_the_protocol() {
    let schemas = shared::schema::definitions("/$defs");
    for (name, key) in [
        ("Action", "do"),
        ("FeedItem", "item"),
        ("PushResult", "outcome"),
        ("PushResult", "why"),
    ] {
        let mut words = Vec::new();
        constants(&schemas[name], key, &mut words);
        assert!(words.len() > 1, "{name} has variants: {}", schemas[name]);
        for word in words {
            assert!(
                PROTOCOL.contains(&format!("`{word}`")),
                "docs/protocol.md says what {name} `{word}` is"
            );
        }
    }
}

/// Every constant of the property `key`, however deep.
fn constants(schema: &Value, key: &str, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            let constant = fields
                .get("properties")
                .and_then(|it| it.get(key)?.get("const")?.as_str());
            found.extend(constant.map(str::to_owned));
            fields.values().for_each(|it| constants(it, key, found));
        }
        Value::Array(items) => items.iter().for_each(|it| constants(it, key, found)),
        _ => {}
    }
}
