//! A clerk takes 单位/场所 over from a table: matched by code, else by name and where they are; what is wrong
//! is told by row and column.

use client::testing;
use shared::{
    Action,
    ipc::{
        Code, GetPlaceEntry, ImportChoices, ImportCounts, ImportFormat, ImportTrouble, ImportWrong,
        ListPlaces, PlaceEntry, PlaceRow,
    },
    register::{EntryKind, FieldValue, check::Wrong, words::Table},
};

use super::{
    city,
    import::{as_recognised, find, hand_in, import, preview, queued, run, wrong},
    register::says,
    tablet::{Tablet, code},
};

/// The buildings of the table below.
const BUILDINGS: &str = "\
网格,小区,楼号
杏花01网格,杏花苑,1幢
柳林02网格,柳林里,7
";

/// Codes with a right check digit; no division begins with 99.
const HEAD: &str = "单位名称,统一社会信用代码,类别,地址,小区,楼栋,联系人,联系电话,从业人数,风险隐患,经度,纬度,网格";
const TABLE: &str = "\
单位名称,统一社会信用代码,类别,地址,小区,楼栋,联系人,联系电话,从业人数,风险隐患,经度,纬度,网格
云水面馆,92990100MA90000015,九小场所,文峰路12号,杏花苑,1号楼,欧阳一帆,13800000001,6人,液化气瓶,120.02,31.0,
半夏诊所,92990100MB90000017,诊所,,柳林里,7,韩半夏,0513-85001234,,,,,柳林02网格
见山超市,,商铺,西街7号,,,钱见山,13800000003,2,,,,杏花01网格
见山超市,,商铺,西街9号,,,,,,,,,杏花01网格
";

const ALL: ImportCounts = ImportCounts {
    rows: 4,
    buildings: 0,
    dwellings: 0,
    households: 0,
    residents: 0,
    places: 4,
    changed: 0,
    filled: 0,
    differing: 0,
    unchanged: 0,
};

async fn clerk() -> Tablet {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, BUILDINGS).await.unwrap();
    clerk
}

async fn all(tablet: &Tablet) -> Vec<PlaceRow> {
    let list = ListPlaces {
        limit: 50,
        ..ListPlaces::default()
    };
    tablet.client.list_places(list).await.unwrap().rows
}

async fn named(tablet: &Tablet, name: &str) -> PlaceEntry {
    let rows = all(tablet).await;
    let place = rows.iter().find(|it| it.name == name).unwrap().id;
    let get = GetPlaceEntry { place };
    tablet.client.get_place_entry(get).await.unwrap()
}

/// A row under [`HEAD`].
fn row(cells: &str) -> String {
    format!("{HEAD}\n{cells}\n")
}

#[tokio::test]
async fn a_table_of_places_is_known_by_its_columns_and_taken_over_whole() {
    let clerk = clerk().await;
    let before = queued(&clerk).await;

    let table = hand_in(&clerk, TABLE.as_bytes()).await.unwrap();
    assert_eq!(table.of, Table::Places);
    assert!(
        table.columns.iter().all(|it| it.field.is_some()),
        "{table:?}"
    );
    let done = run(&clerk, &as_recognised(&table), false).await.unwrap();

    assert_eq!((done.counts, done.left_out), (ALL, 0));
    let rows = all(&clerk).await;
    let told: Vec<_> = rows
        .iter()
        .map(|it| {
            let building = it.building.as_ref();
            let building = building.map(|it| format!("{} {}", it.compound, it.name));
            (it.name.as_str(), it.grid_name.as_str(), building)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("云水面馆", "杏花01网格", Some("杏花苑 1幢".to_owned())),
            ("见山超市", "杏花01网格", None),
            ("见山超市", "杏花01网格", None),
            ("半夏诊所", "柳林02网格", Some("柳林里 7".to_owned())),
        ]
    );
    let noodles = named(&clerk, "云水面馆").await.entry;
    assert!(noodles.fields.iter().all(|it| it.imported), "{noodles:?}");
    for (field, value) in [
        ("kind", "shop"),
        ("uscc", "92990100MA90000015"),
        ("contact_phone", "138****0001"),
        ("risks", "液化气瓶"),
    ] {
        assert_eq!(says(&noodles, field).as_deref(), Some(value), "{field}");
    }
    let staff = noodles
        .fields
        .iter()
        .find(|it| it.field.as_str() == "staff");
    assert_eq!(staff.unwrap().value, FieldValue::Number(6));
    assert!(
        noodles
            .fields
            .iter()
            .any(|it| it.field.as_str() == "position")
    );
    for query in ["云水面馆", "ysmg", "0001", "92990100MA9000001", "文峰路12"] {
        let hits = find(&clerk, query).await;
        assert_eq!(hits.len(), 1, "{query}: {hits:?}");
        assert_eq!(hits[0].place, "杏花苑 1幢 · 文峰路12号", "{query}");
    }
    let ops = testing::queued(&clerk.client).await.unwrap();
    for op in &ops[before..] {
        let Action::Enter(entering) = &op.action else {
            panic!("{:?}", op.action)
        };
        assert_eq!(entering.import, Some(done.import));
        let grid = entering.set["grid"].clone().unwrap();
        assert_eq!(op.scope.as_str(), format!("grid:{}", grid.text().unwrap()));
    }
}

#[tokio::test]
async fn rows_are_written_as_folding_would_write_them() {
    let clerk = clerk().await;
    import(&clerk, TABLE).await.unwrap();
    let before = testing::register_rows(&clerk.client).await.unwrap();

    testing::refold_all(&clerk.client).await.unwrap();

    let folded = testing::register_rows(&clerk.client).await.unwrap();
    assert_eq!(folded, before);
}

#[tokio::test]
async fn the_same_table_twice_changes_nothing_however_it_is_written() {
    let clerk = clerk().await;
    import(&clerk, TABLE).await.unwrap();
    let before = queued(&clerk).await;
    let otherwise = TABLE
        .replace("1号楼", "01幢")
        .replace("西街7号", "西街 ７号")
        .replace("92990100MA90000015", "92990100ma90000015")
        .replace("云水面馆", "云水 面馆");
    let utf_16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(TABLE.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = format!("\u{feff}{TABLE}");
    for (bytes, format) in [
        (TABLE.as_bytes(), ImportFormat::Utf8),
        (otherwise.as_bytes(), ImportFormat::Utf8),
        (marked.as_bytes(), ImportFormat::Utf8),
        (&utf_16, ImportFormat::Utf16),
    ] {
        let table = hand_in(&clerk, bytes).await.unwrap();
        assert_eq!((table.format, table.of), (format, Table::Places));
        for replace in [false, true] {
            let choices = ImportChoices {
                replace,
                ..as_recognised(&table)
            };
            let again = preview(&clerk, &choices).await;
            if bytes != otherwise.as_bytes() {
                let nothing = ImportCounts {
                    rows: 4,
                    unchanged: 4,
                    ..ImportCounts::default()
                };
                assert_eq!((again.counts, again.mistakes), (nothing, 0));
                let why = ImportTrouble::Nothing;
                let refused = code(run(&clerk, &choices, false).await);
                assert_eq!(refused, Code::Import { why });
            }
            assert_eq!((again.counts.places, again.mistakes), (0, 0), "{again:?}");
        }
    }
    assert_eq!(queued(&clerk).await, before);
}

#[tokio::test]
async fn what_is_wrong_is_told_by_row_and_column_and_nothing_is_written() {
    let clerk = clerk().await;
    let before = queued(&clerk).await;
    let value = |wrong| ImportWrong::Value { wrong };
    for (cells, field, why) in [
        (
            "甲,92990100MA90000016,,,杏花苑,1幢,,,,,,,",
            "uscc",
            value(Wrong::NotACreditCode),
        ),
        (
            "甲,9.299E+17,,,杏花苑,1幢,,,,,,,",
            "uscc",
            ImportWrong::DigitsLost,
        ),
        (
            "甲,,,,杏花苑,1幢,,138000,,,,,",
            "contact_phone",
            value(Wrong::NotAPhone),
        ),
        (
            "甲,,饭店,,杏花苑,1幢,,,,,,,",
            "kind",
            value(Wrong::NotOffered),
        ),
        (
            "甲,,,,杏花苑,1幢,,,很多,,,,",
            "staff",
            value(Wrong::NotOffered),
        ),
        (
            "甲,,,,杏花苑,1幢,,,-1,,,,",
            "staff",
            value(Wrong::OutOfRange),
        ),
        (
            "甲,,,,杏花苑,2幢,,,,,,,杏花01网格",
            "name",
            ImportWrong::NoSuchBuilding,
        ),
        (
            "甲,,,,,1幢,,,,,,,杏花01网格",
            "compound",
            value(Wrong::Missing),
        ),
        (
            "甲,,,西街,,,,,,,,,北山03网格",
            "grid",
            ImportWrong::NoSuchGrid,
        ),
        ("甲,,,西街,,,,,,,,,", "grid", ImportWrong::NoGrid),
        (
            "甲,,,,杏花苑,1幢,,,,,,,柳林02网格",
            "grid",
            ImportWrong::OtherGrid,
        ),
        (",,商铺,,杏花苑,1幢,,,,,,,", "name", value(Wrong::Missing)),
        ("甲,,,,杏花苑,1幢,,,,,120.1,,", "lat", value(Wrong::Missing)),
        (
            "甲,,,,杏花苑,1幢,,,,,200,31,",
            "lng",
            value(Wrong::OutOfRange),
        ),
    ] {
        let table = format!("{TABLE}{cells}\n");
        let found = wrong(&clerk, &table).await;
        assert_eq!(found, [(6, field.to_owned(), why)], "{cells}");
        let table = hand_in(&clerk, table.as_bytes()).await.unwrap();
        let refused = code(run(&clerk, &as_recognised(&table), false).await);
        let why = ImportTrouble::Mistakes;
        assert_eq!(refused, Code::Import { why }, "{cells}");
    }
    assert_eq!(queued(&clerk).await, before, "no half import");

    let table = format!("{TABLE}甲,,,,杏花苑,1幢,,138000,,,,,\n");
    let table = hand_in(&clerk, table.as_bytes()).await.unwrap();
    let done = run(&clerk, &as_recognised(&table), true).await.unwrap();
    assert_eq!((done.counts.places, done.left_out), (4, 1));
}

#[tokio::test]
async fn one_place_stands_in_one_row() {
    let clerk = clerk().await;
    let same = ImportWrong::SamePlace { row: 2 };
    for (twice, field) in [
        (
            "甲,92990100MA90000015,,,杏花苑,1幢,,,,,,,\n乙,92990100MA90000015,,西街,,,,,,,,,杏花01网格",
            "uscc",
        ),
        ("甲,,,,杏花苑,1幢,,,,,,,\n 甲 ,,,,杏花苑,1,,,,,,,", "name"),
        (
            "甲,92990100MA90000015,,,杏花苑,1幢,,,,,,,\n甲,,,,杏花苑,1幢,,,,,,,",
            "name",
        ),
    ] {
        let found = wrong(&clerk, &row(twice)).await;
        assert_eq!(found, [(3, field.to_owned(), same.clone())], "{twice}");
    }
    let two =
        "甲,92990100MA90000015,,,杏花苑,1幢,,,,,,,\n甲,92990100MB90000017,,,杏花苑,1幢,,,,,,,";
    let done = import(&clerk, &row(two)).await.unwrap();
    assert_eq!(done.counts.places, 2, "two codes are two shops");

    let third = row("甲,92990100MA9000003B,,,杏花苑,1幢,,,,,,,");
    let done = import(&clerk, &third).await.unwrap();
    assert_eq!(
        done.counts.places, 1,
        "so is a third, beside those that stand"
    );

    let neither = row("甲,,,,杏花苑,1幢,,,,,,,");
    let found = wrong(&clerk, &neither).await;
    assert_eq!(found, [(2, "name".to_owned(), ImportWrong::WhichEntry)]);
}

#[tokio::test]
async fn a_place_is_known_by_its_code_wherever_it_went_and_whatever_it_is_called() {
    let clerk = clerk().await;
    import(&clerk, TABLE).await.unwrap();
    let moved =
        row("云水面庄,92990100MA90000015,,文峰路14号,,,欧阳一帆,13800000001,6,用电,120.02,31.0,");

    let table = hand_in(&clerk, moved.as_bytes()).await.unwrap();
    let kept = preview(&clerk, &as_recognised(&table)).await;
    assert_eq!(
        (
            kept.counts.places,
            kept.counts.changed,
            kept.counts.differing
        ),
        (0, 0, 3),
        "what stands stays unless it is to be replaced"
    );
    let choices = ImportChoices {
        replace: true,
        ..as_recognised(&table)
    };
    run(&clerk, &choices, false).await.unwrap();

    let it = named(&clerk, "云水面庄").await;
    assert_eq!(says(&it.entry, "risks").as_deref(), Some("用电"));
    assert_eq!(says(&it.entry, "kind").as_deref(), Some("shop"));
    assert!(
        it.building.is_some(),
        "a row without a building says nothing of it"
    );
    assert_eq!(all(&clerk).await.len(), 4);
    assert_eq!(
        it.entry.disputed,
        [],
        "whoever replaces knew what stood there"
    );
}

#[tokio::test]
async fn what_was_entered_by_hand_is_filled_in() {
    let clerk = clerk().await;
    let building = find(&clerk, "杏花苑1幢").await[0].id.to_string();
    let set = super::register::set(&[("building", &*building), ("name", "云水面馆")]);
    let kind = EntryKind::Place;
    let enter = shared::ipc::EnterEntry { kind, set };
    clerk.client.enter_entry(enter).await.unwrap();

    let table = hand_in(&clerk, TABLE.as_bytes()).await.unwrap();
    let shown = preview(&clerk, &as_recognised(&table)).await;
    assert_eq!(
        (
            shown.counts.places,
            shown.counts.changed,
            shown.counts.filled
        ),
        (3, 1, 8)
    );
    run(&clerk, &as_recognised(&table), false).await.unwrap();

    assert_eq!(all(&clerk).await.len(), 4);
    let it = named(&clerk, "云水面馆").await.entry;
    assert_eq!(says(&it, "uscc").as_deref(), Some("92990100MA90000015"));
}

#[tokio::test]
async fn either_table_may_be_read_as_the_other_and_a_resident_s_stays_one() {
    let clerk = clerk().await;
    for (header, of) in [
        ("小区,楼号,房号,姓名,单位,联系人,联系电话", Table::Residents),
        ("姓名,电话", Table::Residents),
        ("单位,姓名,电话,身份证号", Table::Residents),
        ("名称,类别,地址,电话", Table::Places),
        ("店名,负责人,手机", Table::Places),
        ("Company name,Credit code,Phone", Table::Places),
        ("place.name,place.uscc", Table::Places),
    ] {
        let text = format!("{header}\n甲\n");
        let table = hand_in(&clerk, text.as_bytes()).await.unwrap();
        assert_eq!(table.of, of, "{header}");
    }
    let table = hand_in(&clerk, TABLE.as_bytes()).await.unwrap();
    let as_residents = table.recognised_as(Table::Residents);
    let kinds = as_residents.iter().flatten().map(|it| it.kind);
    assert!(kinds.clone().all(|it| it != EntryKind::Place));
    assert!(kinds.count() > 3, "{as_residents:?}");
}
