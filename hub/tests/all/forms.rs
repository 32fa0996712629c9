//! Loading forms: all of one or nothing, a version is for ever, and every device gets it.

use std::{fs, path::Path};

use axum::{body::Body, http::header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use shared::{
    form::FormDoc,
    hub_api::{
        ErrorCode, FeedItem,
        publish::{PUBLISH_BYTES_MAX, PUBLISH_PATH, PublishOutcome, Published},
    },
};

use crate::{
    command_line::{err, out, run},
    world::{Device, Reply, World},
};

/// Rows of a sheet.
type Rows<'a> = &'a [&'a [&'a str]];

/// A form that asks one thing and looks into one list beside it.
const SURVEY: Rows<'_> = &[
    &["type", "name", "label::中文 (zh)", "label::English (en)"],
    &["text", "who", "姓名", "Name"],
    &[
        "select_one_from_file towns.csv",
        "town",
        "社区",
        "Community",
    ],
];

const SETTINGS: Rows<'_> = &[
    &["form_title", "form_id", "version"],
    &["入户走访", "visit", "3"],
];

fn workbook(sheets: &[(&str, Rows<'_>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*cells) {
                sheet.write(row, column, *text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn towns() -> forms::Table {
    forms::table::read_csv("name,label\nwf,文峰\nqy,栖云\n".as_bytes()).unwrap()
}

async fn load(world: &World, sheets: &[(&str, Rows<'_>)]) -> Result<hub::FormLoaded, hub::Error> {
    let book = workbook(sheets);
    world
        .hub
        .load_form(&book, "visit", |_file| Ok(towns()))
        .await
}

/// The forms that devices find in the feed of the city.
async fn forms_of(world: &World) -> Vec<FormDoc> {
    let page = world.device("w1").await.pull_all("city").await;
    let docs = page.items.into_iter().filter_map(|item| match item {
        FeedItem::Doc { doc, .. } if doc.target.kind.as_str() == "form" => Some(doc),
        _ => None,
    });
    docs.map(|doc| serde_json::from_value(doc.body).unwrap())
        .collect()
}

#[tokio::test]
async fn a_form_and_its_lists_reach_every_device() {
    let world = World::new().await;

    let loaded = load(&world, &[("survey", SURVEY), ("settings", SETTINGS)])
        .await
        .unwrap();

    assert_eq!(
        (loaded.id.as_str(), loaded.version.as_str()),
        ("visit", "3")
    );
    assert!(loaded.is_new);
    let forms = forms_of(&world).await;
    assert_eq!(forms.len(), 1);
    let form: forms::Form = serde_json::from_value(forms[0].form.clone()).unwrap();
    assert_eq!(form.items.len(), 2);
    let list: forms::Table = serde_json::from_value(forms[0].lists["towns.csv"].clone()).unwrap();
    forms::Program::compile(form, [("towns.csv".to_owned(), list)].into()).unwrap();
}

#[tokio::test]
async fn the_same_form_again_is_no_news() {
    let world = World::new().await;
    let sheets = [("survey", SURVEY), ("settings", SETTINGS)];
    load(&world, &sheets).await.unwrap();

    let again = load(&world, &sheets).await.unwrap();

    assert!(!again.is_new);
    assert_eq!(forms_of(&world).await.len(), 1);
}

#[tokio::test]
async fn a_version_never_says_something_else() {
    let world = World::new().await;
    load(&world, &[("survey", SURVEY), ("settings", SETTINGS)])
        .await
        .unwrap();

    let other = load(&world, &[("survey", &SURVEY[..2]), ("settings", SETTINGS)]).await;

    let refused = other.unwrap_err();
    assert!(
        matches!(refused, hub::Error::FormVersionTaken { .. }),
        "{refused:?}"
    );
    let newer: Rows<'_> = &[SETTINGS[0], &["入户走访", "visit", "4"]];
    load(&world, &[("survey", &SURVEY[..2]), ("settings", newer)])
        .await
        .unwrap();
    assert_eq!(
        forms_of(&world).await.len(),
        2,
        "a draft of the old one can be finished"
    );
}

#[tokio::test]
async fn a_form_that_says_no_version_gets_one_by_what_it_says() {
    let world = World::new().await;

    let one = load(&world, &[("survey", SURVEY)]).await.unwrap();
    let again = load(&world, &[("survey", SURVEY)]).await.unwrap();
    let other = load(&world, &[("survey", &SURVEY[..2])]).await.unwrap();

    assert_eq!(one.version.len(), 12);
    assert!(!again.is_new);
    assert_ne!(other.version, one.version);
}

#[test]
fn mistakes_are_told_with_sheet_row_and_column_and_nothing_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("visit.xlsx");
    let refused = |rows: [&[&str]; 2]| {
        let heads: &[&str] = &["type", "name", "label", "relevant"];
        let rows = [heads, rows[0], rows[1]];
        fs::write(&file, workbook(&[("survey", &rows)])).unwrap();
        run(&data, &["load-form", text(&file)])
    };
    let of_its_shape = refused([
        &["txet", "who", "姓名", ""],
        &["select_one towns", "town", "社区", ""],
    ]);
    // What expressions mean is looked at once the questions are known.
    let of_expressions = refused([
        &["text", "who", "姓名", "${nobody} = 1"],
        &["integer", "age", "年龄", "1 +"],
    ]);

    for (refused, column) in [(of_its_shape, "type"), (of_expressions, "relevant")] {
        assert_eq!(refused.status.code(), Some(1));
        let told = err(&refused);
        for row in [2, 3] {
            let place = format!("survey, row {row}, column \"{column}\"");
            assert!(told.contains(&place), "{told}");
        }
        assert!(told.contains("nothing was loaded"), "{told}");
    }
}

#[test]
fn lists_are_looked_for_beside_the_form_and_told_by_name_when_they_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("visit.xlsx");
    fs::write(
        &file,
        workbook(&[("survey", SURVEY), ("settings", SETTINGS)]),
    )
    .unwrap();

    let missing = run(&data, &["load-form", text(&file)]);
    // 文峰 in GBK, as spreadsheets of this country write it unless told otherwise.
    let gbk = b"name,label\nwf,\xce\xc4\xb7\xe5\n";
    fs::write(folder.path().join("towns.csv"), gbk).unwrap();
    let in_gbk = run(&data, &["load-form", text(&file)]);
    fs::write(folder.path().join("towns.csv"), "name,label\nwf,文峰\n").unwrap();
    let loaded = run(&data, &["load-form", text(&file)]);

    assert!(err(&missing).contains("towns.csv"), "{}", err(&missing));
    assert!(err(&in_gbk).contains("GBK"), "{}", err(&in_gbk));
    assert_eq!(
        out(&loaded),
        "loaded form visit, version 3: devices get it with their next sync\n"
    );
    let again = out(&run(&data, &["load-form", text(&file)]));
    assert!(again.ends_with("it was there already\n"), "{again}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Hands a form in as a desk does.
async fn hands_in(by: &Device, name: &str, book: &[u8], lists: Value) -> Reply {
    let handed = json!({
        "name": name, "workbook": BASE64_STANDARD.encode(book), "lists": lists,
    });
    let request = by
        .request("POST", PUBLISH_PATH)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(handed.to_string()));
    by.send(request.unwrap()).await
}

fn list() -> Value {
    json!({ "towns.csv": BASE64_STANDARD.encode("name,label\nwf,文峰\nqy,栖云\n") })
}

#[tokio::test]
async fn a_desk_publishes_a_form_and_every_device_gets_it() {
    let world = World::new().await;
    let clerk = world.device("c1").await;
    let book = workbook(&[("survey", SURVEY), ("settings", SETTINGS)]);

    let first = hands_in(&clerk, "visit", &book, list()).await;
    let again = hands_in(&clerk, "visit", &book, list()).await;

    let said = |reply: &Reply| reply.json::<Published>();
    assert_eq!(said(&first).outcome, PublishOutcome::New);
    assert_eq!(said(&first).version, "3");
    assert_eq!(said(&again).outcome, PublishOutcome::There);
    let forms = forms_of(&world).await;
    assert_eq!(forms.len(), 1);
    let by = forms[0].published_by.as_ref().unwrap();
    assert_eq!(by.as_str(), "c1", "who published it");
    assert!(
        !load(&world, &[("survey", SURVEY), ("settings", SETTINGS)])
            .await
            .unwrap()
            .is_new,
        "at the hub it is the same form"
    );
}

#[tokio::test]
async fn a_form_that_may_not_be_published_changes_nothing() {
    let world = World::new().await;
    let (clerk, worker) = (world.device("c1").await, world.device("w1").await);
    let good = workbook(&[("survey", SURVEY), ("settings", SETTINGS)]);
    let circle: Rows<'_> = &[
        &["type", "name", "label", "calculation"],
        &["calculate", "one", "", "${two}"],
        &["calculate", "two", "", "${one}"],
    ];
    let wrong = workbook(&[("survey", circle), ("settings", SETTINGS)]);
    let large = vec![b' '; PUBLISH_BYTES_MAX];
    let large = json!({ "towns.csv": BASE64_STANDARD.encode(large) });

    for (by, book, lists, code) in [
        (&worker, good.as_slice(), list(), ErrorCode::Forbidden),
        (
            &clerk,
            b"no workbook".as_slice(),
            list(),
            ErrorCode::Malformed,
        ),
        (&clerk, wrong.as_slice(), list(), ErrorCode::Malformed),
        (&clerk, good.as_slice(), json!({}), ErrorCode::Malformed),
        (&clerk, good.as_slice(), large, ErrorCode::TooLarge),
    ] {
        assert_eq!(hands_in(by, "visit", book, lists).await.error(), code);
    }

    assert!(forms_of(&world).await.is_empty());
    hands_in(&clerk, "visit", &good, list()).await;
    let shorter = workbook(&[("survey", &SURVEY[..2]), ("settings", SETTINGS)]);
    let other = hands_in(&clerk, "visit", &shorter, json!({})).await;
    assert_eq!(
        other.json::<Published>().outcome,
        PublishOutcome::VersionTaken,
        "a version never says something else"
    );
    assert_eq!(forms_of(&world).await.len(), 1);
}

/// A form that asks for somebody of the register, by the list of that name.
const ASKS_THE_REGISTER: Rows<'_> = &[
    &["type", "name", "label", "choice_filter", "calculation"],
    &["select_one_from_file dwelling.csv", "door", "房屋", "", ""],
    &[
        "select_one_from_file resident.csv",
        "who",
        "居民",
        "dwelling = ${door}",
        "",
    ],
    &[
        "calculate",
        "born",
        "",
        "",
        "pulldata('resident', 'birth', 'name', ${who})",
    ],
];

/// Beside a workbook there is nothing.
fn nothing(file: &str) -> Result<forms::Table, hub::Error> {
    Err(hub::Error::FormListMissing {
        path: file.into(),
        source: std::io::ErrorKind::NotFound.into(),
    })
}

#[tokio::test]
async fn a_list_of_the_register_needs_no_file() {
    let world = World::new().await;
    let book = workbook(&[("survey", ASKS_THE_REGISTER)]);

    world.hub.load_form(&book, "who", nothing).await.unwrap();

    let forms = forms_of(&world).await;
    assert!(
        forms[0].lists.is_empty(),
        "nobody's register travels with a form"
    );
    let form: forms::Form = serde_json::from_value(forms[0].form.clone()).unwrap();
    assert_eq!(form.files, ["dwelling.csv", "resident.csv"]);
    let other = workbook(&[("survey", SURVEY)]);
    let refused = world.hub.load_form(&other, "visit", nothing).await;
    assert!(
        matches!(refused, Err(hub::Error::FormListMissing { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_masked_column_of_the_register_is_refused_with_its_place() {
    let world = World::new().await;
    let asks: &[&str] = &[
        "calculate",
        "no",
        "",
        "",
        "pulldata('resident', 'id_no', 'name', ${who})",
    ];
    let book = workbook(&[("survey", &[ASKS_THE_REGISTER, &[asks]].concat())]);

    let refused = world.hub.load_form(&book, "who", nothing).await;

    let Err(hub::Error::FormMistakes(mistakes)) = refused else {
        panic!("{refused:?}")
    };
    let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "survey, row 5, column \"calculation\": the list \"resident.csv\" has no column \"id_no\""
        ]
    );
    assert!(forms_of(&world).await.is_empty());
}

#[tokio::test]
async fn a_file_that_is_given_goes_before_the_register() {
    let world = World::new().await;
    let book = workbook(&[("survey", ASKS_THE_REGISTER)]);
    let given = |file: &str| {
        if file == "resident.csv" {
            let list = "name,label,dwelling,birth\na,许一,d,2000-01-01\n";
            return Ok(forms::table::read_csv(list.as_bytes()).unwrap());
        }
        nothing(file)
    };

    world.hub.load_form(&book, "who", given).await.unwrap();

    let forms = forms_of(&world).await;
    let names: Vec<&String> = forms[0].lists.keys().collect();
    assert_eq!(names, ["resident.csv"]);
}

#[test]
fn load_form_asks_for_no_file_of_the_register() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("who.xlsx");
    fs::write(&file, workbook(&[("survey", ASKS_THE_REGISTER)])).unwrap();

    let loaded = run(&data, &["load-form", text(&file)]);

    assert!(out(&loaded).contains("loaded form who"), "{}", err(&loaded));
}

#[tokio::test]
async fn a_desk_publishes_a_form_that_asks_the_register_without_a_file() {
    let world = World::new().await;
    let clerk = world.device("c1").await;
    let book = workbook(&[("survey", ASKS_THE_REGISTER)]);

    let published = hands_in(&clerk, "who", &book, json!({})).await;

    let said: Published = published.json();
    assert_eq!(said.outcome, PublishOutcome::New);
}
