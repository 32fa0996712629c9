//! A clerk hands in a workbook: what is wrong is told by sheet, row and column, without a network.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::testing;
use rust_xlsxwriter::Workbook;
use shared::{
    hub_api::publish::PUBLISH_BYTES_MAX,
    ipc::{
        Code, FormCheck, FormFault, FormMistake, FormUpload, IpcError, Link, NeededList,
        PublishForm, PublishTrouble, PutFormChunk,
    },
};

use super::{
    city,
    paper::{document, form, question},
    tablet::{Tablet, code},
};

/// Rows of a sheet.
type Rows<'a> = &'a [&'a [&'a str]];

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
    &[
        "form_title::中文 (zh)",
        "form_title::English (en)",
        "form_id",
        "version",
        "retention_days",
    ],
    &["入户走访", "Home visit", "visit", "3", "90"],
];

const TOWNS: &str = "name,label\nwf,文峰\nqy,栖云\n";

fn workbook(survey: Rows<'_>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in [("survey", survey), ("settings", SETTINGS)] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells) {
                sheet.write(row, column, *text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

async fn hand_in(tablet: &Tablet, file: &str, bytes: &[u8]) -> Result<FormCheck, IpcError> {
    for (nth, piece) in bytes.chunks(2_000).enumerate() {
        let chunk = PutFormChunk {
            upload: file.to_owned(),
            file: file.to_owned(),
            offset: (nth * 2_000) as u64,
            total: bytes.len() as u64,
            data: BASE64_STANDARD.encode(piece),
        };
        if let FormUpload::Checked { check } = tablet.client.put_form_chunk(chunk).await? {
            return Ok(*check);
        }
    }
    panic!("the last piece makes the form");
}

fn why<T: std::fmt::Debug>(answer: Result<T, IpcError>) -> PublishTrouble {
    match code(answer) {
        Code::Publish { why } => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_good_form_is_described_and_its_lists_are_asked_for() {
    let tablet = Tablet::of(city::clerk()).await;
    tablet
        .give(document(
            7,
            form("2", vec![question("who", "text")].into()),
            1,
        ))
        .await;

    let first = hand_in(&tablet, "visit.xlsx", &workbook(SURVEY))
        .await
        .unwrap();
    let then = hand_in(&tablet, "towns.csv", TOWNS.as_bytes())
        .await
        .unwrap();

    assert!(!first.is_ready(), "a list is missing");
    let missing = NeededList {
        file: "towns.csv".to_owned(),
        is_here: false,
    };
    assert_eq!(first.lists, [missing]);
    assert!(then.is_ready(), "{then:?}");
    let form = then.form.unwrap();
    assert_eq!((form.id.as_str(), form.version.as_str()), ("visit", "3"));
    assert_eq!(
        (form.title.as_str(), form.title_en.as_str()),
        ("入户走访", "Home visit")
    );
    assert_eq!((form.questions, form.retention_days), (2, Some(90)));
    assert_eq!(
        form.there.as_deref(),
        Some("2"),
        "it takes the place of that one"
    );
}

#[tokio::test]
async fn what_is_wrong_is_told_by_sheet_row_and_column() {
    let tablet = Tablet::of(city::clerk()).await;
    let survey: Rows<'_> = &[
        &["type", "name", "label", "relevant", "calculation"],
        &["texd", "who", "姓名", "", ""],
        &["integer", "age", "年龄", "${whom} = ", ""],
        &["calculate", "one", "", "", "${two}"],
        &["calculate", "two", "", "", "${one}"],
    ];
    let unreadable = hand_in(&tablet, "visit.xlsx", &workbook(survey))
        .await
        .unwrap();
    let circle: Rows<'_> = &[survey[0], survey[3], survey[4]];
    let circular = hand_in(&tablet, "visit.xlsx", &workbook(circle))
        .await
        .unwrap();

    assert!(unreadable.form.is_none());
    let unknown = FormMistake {
        sheet: "survey".to_owned(),
        row: Some(2),
        column: Some("type".to_owned()),
        fault: FormFault::UnknownType,
        given: "texd".to_owned(),
        near: Some("text".to_owned()),
    };
    assert!(
        unreadable.mistakes.contains(&unknown),
        "{:?}",
        unreadable.mistakes
    );
    let round: Vec<_> = circular
        .mistakes
        .iter()
        .map(|it| (it.fault, it.given.as_str()))
        .collect();
    assert!(
        matches!(round.as_slice(), [(FormFault::Circle, names), ..] if names.contains("one")),
        "{round:?}"
    );
    let refused = tablet.client.publish_form(PublishForm {}).await;
    assert_eq!(
        why(refused),
        PublishTrouble::NotReady,
        "nothing with a mistake goes up"
    );
}

#[tokio::test]
async fn what_is_no_form_is_told_and_the_one_before_it_is_gone() {
    let tablet = Tablet::of(city::clerk()).await;
    let early = hand_in(&tablet, "towns.csv", TOWNS.as_bytes()).await;
    assert_eq!(why(early), PublishTrouble::WorkbookFirst);
    hand_in(&tablet, "visit.xlsx", &workbook(&SURVEY[..2]))
        .await
        .unwrap();

    for (file, bytes, trouble) in [
        (
            "visit.xlsx",
            b"no workbook".to_vec(),
            PublishTrouble::NoWorkbook,
        ),
        ("visit.docx", b"PK".to_vec(), PublishTrouble::NoWorkbook),
        (
            "visit.xlsx",
            vec![0; PUBLISH_BYTES_MAX + 1],
            PublishTrouble::TooLarge,
        ),
    ] {
        assert_eq!(why(hand_in(&tablet, file, &bytes).await), trouble, "{file}");
    }

    let refused = tablet.client.publish_form(PublishForm {}).await;
    assert_eq!(why(refused), PublishTrouble::NotReady);
}

#[tokio::test]
async fn a_list_that_is_none_leaves_the_workbook_as_it_was() {
    let tablet = Tablet::of(city::clerk()).await;
    hand_in(&tablet, "visit.xlsx", &workbook(SURVEY))
        .await
        .unwrap();

    let broken = hand_in(&tablet, "towns.csv", b"name,label\n\"wf,x\n").await;
    let mended = hand_in(&tablet, "towns.csv", TOWNS.as_bytes())
        .await
        .unwrap();

    assert_eq!(why(broken), PublishTrouble::NoList);
    assert!(mended.is_ready());
    testing::set_link(&tablet.client, Link::Offline);
    assert_eq!(
        code(tablet.client.publish_form(PublishForm {}).await),
        Code::NeedsHub,
        "checked without a network, published with one"
    );
}

#[tokio::test]
async fn a_worker_publishes_none() {
    let tablet = Tablet::of(city::worker()).await;

    let refused = hand_in(&tablet, "visit.xlsx", &workbook(SURVEY)).await;

    assert_eq!(why(refused), PublishTrouble::NotYourRole);
}

#[tokio::test]
async fn a_form_that_asks_for_the_register_is_ready_without_a_list() {
    let tablet = Tablet::of(city::clerk()).await;
    let survey = |column: &'static str| -> [[&'static str; 4]; 3] {
        [
            ["type", "name", "label", "choice_filter"],
            ["select_one_from_file building.csv", "house", "楼栋", ""],
            ["select_one_from_file resident.csv", "who", "居民", column],
        ]
    };
    let check = async |column| {
        let rows = survey(column);
        let rows = rows.each_ref().map(<[&str; 4]>::as_slice);
        hand_in(&tablet, "who.xlsx", &workbook(&rows))
            .await
            .unwrap()
    };

    let masked = check("phone = '1'").await;
    let good = check("building = ${house}").await;

    let no_column = FormMistake {
        sheet: "survey".to_owned(),
        row: Some(3),
        column: Some("choice_filter".to_owned()),
        fault: FormFault::NoSuchColumn,
        given: "resident.csv: phone".to_owned(),
        near: None,
    };
    assert_eq!(masked.mistakes, [no_column]);
    assert!(good.is_ready(), "{good:?}");
    assert_eq!(good.lists, [], "no file is asked for");
    let own = "name,label,building\na,许一,b\n";
    let given = hand_in(&tablet, "resident.csv", own.as_bytes())
        .await
        .unwrap();
    let here = NeededList {
        file: "resident.csv".to_owned(),
        is_here: true,
    };
    assert_eq!(
        given.lists,
        [here],
        "one that is given is what the form has"
    );
}
