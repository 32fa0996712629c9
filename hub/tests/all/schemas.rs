//! docs/schemas is what the types say, and docs/protocol.md is what both say.
//!
//! After a change of a wire type: `GRIDWALKER_RENEW=1 cargo test -p hub --test all schemas`.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
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
pub(crate) struct Example {
    pub(crate) line: usize,
    pub(crate) of: String,
    text: String,
}

impl Example {
    pub(crate) fn value(&self) -> Value {
        let read = serde_json::from_str(&self.text);
        read.unwrap_or_else(|error| panic!("docs/protocol.md:{}: {error}", self.line))
    }
}

/// Those of one type, with what stands in them: operations of a push, documents of a page.
pub(crate) fn examples_of(of: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for example in examples() {
        let value = example.value();
        let inside = match (of, example.of.as_str()) {
            ("Op", "Push") => value["ops"].as_array().cloned(),
            ("Op", "CaseDoc") => value["awaiting"].as_array().cloned(),
            ("Doc", "CaseDoc") => {
                let id = "019dfc1c-5c00-7000-8000-0000000000aa";
                Some(vec![
                    json!({ "kind": "case", "id": id, "rev": 1, "body": value }),
                ])
            }
            ("Doc", "PullAnswer") => {
                let items = value["items"].as_array().into_iter().flatten();
                let docs = items.map(|it| &it["doc"]).filter(|it| !it.is_null());
                Some(docs.cloned().collect())
            }
            (_, same) if same == of => Some(vec![value]),
            _ => None,
        };
        all.extend(inside.into_iter().flatten());
    }
    all
}

pub(crate) fn examples() -> Vec<Example> {
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
    for example in examples() {
        let value = example.value();
        let Example { line, of, .. } = example;
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

#[test]
fn every_action_and_every_item_of_a_feed_has_an_example() {
    let schemas = shared::schema::definitions("/$defs");
    let pages = examples_of("PullAnswer").into_iter();
    let items = pages.flat_map(|page| page["items"].as_array().cloned().unwrap_or_default());
    let items: Vec<Value> = items.chain(examples_of("FeedItem")).collect();
    let actions = examples_of("Op").into_iter();
    let actions: Vec<Value> = actions.map(|op| op["action"].clone()).collect();
    for (name, key, examples) in [("Action", "do", actions), ("FeedItem", "item", items)] {
        let mut words = Vec::new();
        constants(&schemas[name], key, &mut words);
        words.retain(|word| !examples.iter().any(|example| example[key] == **word));
        assert_eq!(
            words,
            Vec::<String>::new(),
            "no example of a {name} of these"
        );
    }
}

#[test]
fn every_body_of_a_document_has_an_example() {
    let schemas = shared::schema::definitions("/components/schemas");
    let docs = examples_of("Doc");
    // The seven kinds of the register have one body.
    let mut bodies: BTreeMap<String, (Value, Vec<Value>)> = BTreeMap::new();
    for kind in schemas["Doc"]["allOf"].as_array().unwrap() {
        let body = &kind["then"]["properties"]["body"];
        let any_of = body["anyOf"].as_array().cloned();
        for body in any_of.unwrap_or_else(|| vec![body.clone()]) {
            let which = kind["if"]["properties"].clone();
            let kinds = bodies.entry(body.to_string()).or_default();
            kinds.0 = body;
            kinds.1.push(which);
        }
    }
    let mut missing = Vec::new();
    for (body, kinds) in bodies.values() {
        let of_kind = docs.iter().filter(|doc| {
            let mut kinds = kinds.iter().map(|it| it.as_object().unwrap());
            kinds.any(|it| it.iter().all(|(field, is)| doc[field] == is["const"]))
        });
        let of_kind: Vec<&Value> = of_kind.collect();
        for shape in shapes(&schemas, body) {
            if !of_kind
                .iter()
                .any(|it| errors(&shape, &it["body"]).is_empty())
            {
                missing.push(shape.to_string());
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "no example of these bodies");
}

/// A body, or each thing that it can be.
fn shapes(schemas: &Map<String, Value>, body: &Value) -> Vec<Value> {
    let name = body["$ref"].as_str().and_then(|it| it.rsplit('/').next());
    let several = name.and_then(|name| schemas[name]["oneOf"].as_array());
    several.cloned().unwrap_or_else(|| vec![body.clone()])
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
