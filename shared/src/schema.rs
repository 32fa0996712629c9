//! The wire types as JSON Schemas (draft 2020-12), derived from the types themselves. For hubs
//! that describe themselves and for tests; behind the feature `schema`, so that the page, which
//! needs none of it, stays small.
//!
//! A schema says what a peer of this version writes. A reader takes more: fields, kinds, items,
//! codes and actions it does not know. docs/protocol.md has the words.

use std::borrow::Cow;

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::SchemaSettings,
    json_schema,
    transform::{Transform, transform_subschemas},
};
use serde_json::{Map, Value, json};

use crate::{
    Digest, Doc, Kind, Op,
    case::CaseDoc,
    erase::{Erased, can_be_erased},
    form::FormDoc,
    hub_api::{
        ApiError, Enrol, Enrolled, Hello, HelloAnswer, Pull, PullAnswer, Push, PushAnswer, Renew,
        Renewed,
        export::Export,
        publish::{Publish, Published},
    },
    ids::CaseId,
    pack::{Calendar, Catalogue, City, Department, Division, Grid, Person, Section, Visiting},
    record::Record,
    register::{EntryDoc, EntryKind},
    reveal::Reveal,
    visit::Visit,
};

/// All schemas by the name of their type, with references that begin with `path`, for example
/// `/components/schemas` in an OpenAPI document.
pub fn definitions(path: &'static str) -> Map<String, Value> {
    let mut generator = generator(path);
    // Whatever these are made of comes along.
    generator.subschema_for::<Enrol>();
    generator.subschema_for::<Enrolled>();
    generator.subschema_for::<Hello>();
    generator.subschema_for::<HelloAnswer>();
    generator.subschema_for::<Renew>();
    generator.subschema_for::<Renewed>();
    generator.subschema_for::<Export>();
    generator.subschema_for::<Publish>();
    generator.subschema_for::<Published>();
    generator.subschema_for::<Push>();
    generator.subschema_for::<PushAnswer>();
    generator.subschema_for::<Pull>();
    generator.subschema_for::<PullAnswer>();
    generator.subschema_for::<ApiError>();
    generator.subschema_for::<Op>();
    generator.subschema_for::<CaseDoc>();
    generator.subschema_for::<EntryDoc>();
    generator.subschema_for::<Record>();
    generator.subschema_for::<Visit>();
    generator.subschema_for::<Reveal>();
    generator.subschema_for::<Erased>();
    generator.subschema_for::<CaseId>();
    generator.subschema_for::<Digest>();
    generator.take_definitions(true)
}

/// All schemas in one document, as docs/schemas has them: `#/$defs/Push` and so on.
pub fn document() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gridwalker sync protocol, version 1",
        "$defs": definitions("/$defs"),
    })
}

fn generator(path: &'static str) -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = path.into();
            settings.meta_schema = None;
        })
        .with_transform(PlainWords)
        .into_generator()
}

/// Descriptions are the types' own comments; outside Rust their links lead nowhere and their lines
/// are of another width.
#[derive(Debug, Clone)]
struct PlainWords;

impl Transform for PlainWords {
    fn transform(&mut self, schema: &mut Schema) {
        let words = schema.get("description").and_then(Value::as_str);
        if let Some(words) = words.map(plain) {
            schema.insert("description".to_owned(), words.into());
        }
        transform_subschemas(self, schema);
    }
}

fn plain(words: &str) -> String {
    let paragraphs = words.split("\n\n").map(|lines| lines.replace('\n', " "));
    let words = paragraphs.collect::<Vec<_>>().join("\n\n");
    words.replace("[`", "`").replace("`]", "`")
}

impl JsonSchema for Digest {
    fn schema_name() -> Cow<'static, str> {
        "Digest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The SHA-256 digest of a file; a photo's identity.",
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
        })
    }
}

/// What a body holds depends on the kind beside it, which no derive can know.
impl JsonSchema for Doc {
    fn schema_name() -> Cow<'static, str> {
        "Doc".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let case = body_of(
            &json!({ "kind": { "const": Kind::case() } }),
            &generator.subschema_for::<CaseDoc>(),
        );
        let packs = Section::ALL.map(|section| {
            let which = json!({
                "kind": { "const": Kind::pack() },
                "id": { "const": section.doc_id() },
            });
            body_of(&which, &pack_body(section, generator))
        });
        let erased = generator.subschema_for::<Erased>();
        let of_kind = |kind: Kind, body: Schema| {
            let which = json!({ "kind": { "const": kind } });
            if can_be_erased(&kind) {
                return body_of(&which, &json_schema!({ "anyOf": [body, erased] }));
            }
            body_of(&which, &body)
        };
        let register =
            EntryKind::ALL.map(|kind| of_kind(kind.kind(), generator.subschema_for::<EntryDoc>()));
        let others = [
            of_kind(Kind::record(), generator.subschema_for::<Record>()),
            of_kind(Kind::visit(), generator.subschema_for::<Visit>()),
            of_kind(Kind::reveal(), generator.subschema_for::<Reveal>()),
            of_kind(Kind::form(), generator.subschema_for::<FormDoc>()),
        ];
        let bodies: Vec<_> = std::iter::once(case)
            .chain(register)
            .chain(others)
            .chain(packs)
            .collect();
        json_schema!({
            "description": "A document at one revision. Kinds this version doesn't know have any body.",
            "type": "object",
            "properties": {
                "kind": generator.subschema_for::<Kind>(),
                "id": { "type": "string", "format": "uuid" },
                "rev": {
                    "description": "Counts the operations that changed it; 0 before the first.",
                    "type": "integer",
                    "minimum": 0,
                },
                "body": true,
            },
            "required": ["kind", "id", "rev", "body"],
            "allOf": bodies,
        })
    }
}

fn body_of(which: &Value, body: &Schema) -> Value {
    json!({
        "if": { "properties": which },
        "then": { "properties": { "body": body } },
    })
}

fn pack_body(section: Section, generator: &mut SchemaGenerator) -> Schema {
    match section {
        Section::City => generator.subschema_for::<City>(),
        Section::Divisions => generator.subschema_for::<Vec<Division>>(),
        Section::Grids => generator.subschema_for::<Vec<Grid>>(),
        Section::Catalogue => generator.subschema_for::<Catalogue>(),
        Section::Calendar => generator.subschema_for::<Calendar>(),
        Section::Departments => generator.subschema_for::<Vec<Department>>(),
        Section::Directory => generator.subschema_for::<Vec<Person>>(),
        Section::Visiting => generator.subschema_for::<Visiting>(),
    }
}
