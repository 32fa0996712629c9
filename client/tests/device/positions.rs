//! Where buildings are: taken over from a table, and what the round makes of it.

use shared::{
    EntryId, Position,
    ipc::{
        Code, GetBuilding, GetRound, ImportChoices, ImportField, ImportTrouble, ImportWrong,
        ListBuildings, PreviewImport, RunImport,
    },
    register::{EntryKind, FieldValue, check::Wrong},
};

use super::{
    city,
    import::{as_recognised, hand_in, import, wrong},
    tablet::{Tablet, code},
};

const HEADER: &str = "网格,小区,楼号,单元,房号,姓名,经度(WGS-84),纬度(WGS-84)";

/// Three buildings with a resident each, the last without a place.
const TABLE: &str = "\
杏花01网格,杏花苑,1幢,1单元,101,田甲,120.02,31.0
杏花01网格,杏花苑,2幢,1单元,101,沈一帆,120.01°,31
杏花01网格,杏花苑,3幢,1单元,101,韩半夏,,
";

fn table(rows: &str) -> String {
    format!("{HEADER}\n{rows}")
}

/// Places of the buildings, in order.
async fn positions(tablet: &Tablet) -> Vec<Option<Position>> {
    let all = tablet
        .client
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    let mut positions = Vec::new();
    for row in all.buildings {
        positions.push(position(tablet, row.id).await);
    }
    positions
}

async fn position(tablet: &Tablet, building: EntryId) -> Option<Position> {
    let get = GetBuilding { building };
    let view = tablet.client.get_building(get).await.unwrap();
    let fields = view.entry.fields.iter();
    let found = fields.clone().find(|it| it.field.as_str() == "position")?;
    match &found.value {
        FieldValue::Point(at) => Some(*at),
        other => panic!("not a place: {other:?}"),
    }
}

fn at(lng: f64, lat: f64) -> Option<Position> {
    Position::new(lng, lat).ok()
}

#[tokio::test]
async fn a_building_s_place_comes_from_two_columns_and_the_round_goes_by_it() {
    let tablet = Tablet::of(city::clerk()).await;

    import(&tablet, &table(TABLE)).await.unwrap();

    let places = [at(120.02, 31.0), at(120.01, 31.0), None];
    assert_eq!(positions(&tablet).await, places);
    let round = async |near| {
        let round = tablet
            .client
            .get_round(GetRound { near, doors: 500 })
            .await
            .unwrap();
        let names = round.due.iter().map(|it| it.name.clone());
        (names.collect::<Vec<_>>(), round.without_position)
    };
    let (by_door, _) = round(None).await;
    assert_eq!(by_door, ["1幢", "2幢", "3幢"]);
    let (by_distance, without) = round(at(120.0, 31.0)).await;
    assert_eq!(
        by_distance,
        ["2幢", "1幢", "3幢"],
        "who has no place is last"
    );
    assert_eq!(without, 1);
}

#[tokio::test]
async fn the_same_places_again_are_nothing_new_and_another_replaces_when_asked() {
    let tablet = Tablet::of(city::clerk()).await;
    import(&tablet, &table(TABLE)).await.unwrap();

    let read = hand_in(&tablet, table(TABLE).as_bytes()).await.unwrap();
    let choices = as_recognised(&read);
    let asked = PreviewImport { choices };
    let preview = tablet.client.preview_import(asked).await.unwrap();

    assert_eq!((preview.counts.unchanged, preview.counts.changed), (3, 0));
    let shown = preview.first[0].cells.iter();
    let shown: Vec<_> = shown
        .filter(|it| ["lng", "lat"].contains(&it.field.field.as_str()))
        .map(|it| it.value.clone())
        .collect();
    assert_eq!(shown, [Some("120.02".into()), Some("31".into())]);
    assert_eq!(
        read.columns[6].field,
        Some(ImportField {
            kind: EntryKind::Building,
            field: "lng".into()
        })
    );

    let moved = table("杏花01网格,杏花苑,1幢,1单元,101,田甲,120.03,31.5\n");
    let read = hand_in(&tablet, moved.as_bytes()).await.unwrap();
    let kept = RunImport {
        choices: as_recognised(&read),
        leave_out: false,
    };
    let kept = code(tablet.client.run_import(kept).await);
    let nothing = ImportTrouble::Nothing;
    assert_eq!(kept, Code::Import { why: nothing }, "what stands is kept");
    let choices = ImportChoices {
        replace: true,
        ..as_recognised(&read)
    };
    let leave_out = false;
    let run = RunImport { choices, leave_out };
    tablet.client.run_import(run).await.unwrap();
    assert_eq!(positions(&tablet).await[0], at(120.03, 31.5));
}

#[tokio::test]
async fn what_is_no_place_is_told_by_row_and_column_and_nothing_is_taken_over() {
    let tablet = Tablet::of(city::clerk()).await;
    let row = |number: u32, lng: &str, lat: &str| {
        format!("杏花01网格,杏花苑,{number}幢,1单元,101,田甲,{lng},{lat}\n")
    };
    let rows = [
        row(1, "31.98", "120.85"),
        row(2, "-180.5", "31.98"),
        row(3, "东", "31.98"),
        row(4, "120.85", ""),
        row(5, "", "31.98"),
        row(6, "0", "0"),
        row(7, "120.85", "31.98"),
        row(7, "120.86", "31.98").replace("田甲", "沈一帆"),
    ];

    let found = wrong(&tablet, &table(&rows.concat())).await;

    let value = |wrong| ImportWrong::Value { wrong };
    let told = |row, field: &str, why| (row, field.to_owned(), why);
    assert_eq!(
        found,
        [
            told(2, "lat", value(Wrong::OutOfRange)),
            told(3, "lng", value(Wrong::OutOfRange)),
            told(4, "lng", value(Wrong::NotOffered)),
            told(5, "lat", value(Wrong::Missing)),
            told(6, "lng", value(Wrong::Missing)),
            told(7, "lng", value(Wrong::OutOfRange)),
            told(9, "lng", ImportWrong::Unlike { row: 8 }),
        ]
    );
    let refused = import(&tablet, &table(&rows.concat())).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(positions(&tablet).await, []);
}
