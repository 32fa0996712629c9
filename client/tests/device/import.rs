//! A clerk takes the register of a community over from a table.

use std::collections::BTreeSet;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::testing;
use shared::{
    Action, GridCode,
    ipc::{
        Code, DropImport, GetBuilding, GetDoor, GetImportProgress, IMPORT_BYTES_MAX, ImportChoices,
        ImportCounts, ImportDone, ImportFormat, ImportPreview, ImportTable, ImportTrouble,
        ImportUpload, ImportWrong, IpcError, ListBuildings, ListImportMistakes, MergeResidents,
        PreviewImport, PutImportChunk, RegisterHit, RunImport, SaveImportMistakes, SearchRegister,
    },
    register::{EntryKind, FieldValue, check::Wrong},
};

use super::{
    city,
    tablet::{Tablet, code},
};

/// Two buildings, three doors, four households' worth of people.
const TABLE: &str = "\
杏花社区人口信息表,,,,,,,,,,
网格,小区,楼号,单元,楼层,房号,户号,与户主关系,姓名,身份证号,联系电话,性别,出生日期,人口类别,关爱对象
杏花01网格,杏花苑,1幢,1单元,1,101,,户主,田甲,110101199003070011,13800000001,男,1990-03-07,户籍,
杏花01网格,杏花苑,1幢,1单元,1,101,,配偶,欧阳小云,,13800000002,女,1991/5/6,流动人口,
杏花01网格,杏花苑,1幢,1单元,2,201,H1,户主,沈一帆,440524188001010014,,,,常住,独居老人、残疾
杏花01网格,杏花苑,1幢,1单元,2,201,H2,户主,韩半夏,,,女,19800102,流动,
柳林02网格,柳林里,7,,3,301,,,朱长庚,,,,,,
柳林02网格,柳林里,7,,3,302,,,,,,,,,
";

pub(super) async fn hand_in(tablet: &Tablet, bytes: &[u8]) -> Result<ImportTable, IpcError> {
    for (nth, piece) in bytes.chunks(100_000).enumerate() {
        let chunk = PutImportChunk {
            upload: "table".to_owned(),
            offset: (nth * 100_000) as u64,
            total: bytes.len() as u64,
            data: BASE64_STANDARD.encode(piece),
        };
        if let ImportUpload::Read { table } = tablet.client.put_import_chunk(chunk).await? {
            return Ok(*table);
        }
    }
    panic!("the last piece makes the table");
}

pub(super) fn as_recognised(table: &ImportTable) -> ImportChoices {
    ImportChoices {
        of: table.of,
        columns: table.recognised_as(table.of),
        ..ImportChoices::default()
    }
}

pub(super) async fn preview(tablet: &Tablet, choices: &ImportChoices) -> ImportPreview {
    let choices = choices.clone();
    let asked = PreviewImport { choices };
    tablet.client.preview_import(asked).await.unwrap()
}

pub(super) async fn run(
    tablet: &Tablet,
    choices: &ImportChoices,
    leave_out: bool,
) -> Result<ImportDone, IpcError> {
    let choices = choices.clone();
    tablet
        .client
        .run_import(RunImport { choices, leave_out })
        .await
}

/// Hands in a table and takes it over as it is recognised.
pub(super) async fn import(tablet: &Tablet, text: &str) -> Result<ImportDone, IpcError> {
    let table = hand_in(tablet, text.as_bytes()).await?;
    run(tablet, &as_recognised(&table), false).await
}

/// What would come of a table as it is recognised.
async fn previewed(tablet: &Tablet, text: &str) -> ImportCounts {
    let table = hand_in(tablet, text.as_bytes()).await.unwrap();
    preview(tablet, &as_recognised(&table)).await.counts
}

/// What is wrong: row, field, why.
pub(super) async fn wrong(tablet: &Tablet, text: &str) -> Vec<(u32, String, ImportWrong)> {
    let table = hand_in(tablet, text.as_bytes()).await.unwrap();
    preview(tablet, &as_recognised(&table)).await;
    let list = ListImportMistakes {
        offset: 0,
        limit: 500,
    };
    let found = tablet.client.list_import_mistakes(list).await.unwrap();
    let told = found.mistakes.into_iter();
    told.map(|it| (it.row, it.field.field.to_string(), it.why))
        .collect()
}

pub(super) async fn find(tablet: &Tablet, text: &str) -> Vec<RegisterHit> {
    let text = text.to_owned();
    tablet
        .client
        .search_register(SearchRegister { text })
        .await
        .unwrap()
        .entries
}

pub(super) async fn queued(tablet: &Tablet) -> usize {
    testing::queued(&tablet.client).await.unwrap().len()
}

#[tokio::test]
async fn a_table_is_taken_over_whole_and_everybody_in_it_is_found() {
    let clerk = Tablet::of(city::clerk()).await;

    let table = hand_in(&clerk, TABLE.as_bytes()).await.unwrap();
    let done = run(&clerk, &as_recognised(&table), false).await.unwrap();

    assert_eq!(
        (table.format, table.rows, table.header_row),
        (ImportFormat::Utf8, 6, 2)
    );
    assert!(
        table.columns.iter().all(|it| it.field.is_some()),
        "{table:?}"
    );
    let counts = ImportCounts {
        rows: 6,
        buildings: 2,
        dwellings: 4,
        households: 4,
        residents: 5,
        ..ImportCounts::default()
    };
    assert_eq!((done.counts, done.left_out), (counts, 0));
    for query in ["田甲", "tj", "0011", "0001", "ouyang"] {
        let hits = find(&clerk, query).await;
        assert_eq!(hits.len(), 1, "{query}: {hits:?}");
    }
    let list = clerk
        .client
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert_eq!(
        (list.buildings.len(), list.households, list.residents),
        (2, 4, 5)
    );
    let hit = &find(&clerk, "1-1-201").await[0];
    let door = GetDoor {
        dwelling: hit.door.unwrap(),
    };
    let door = clerk.client.get_door(door).await.unwrap();
    let heads: Vec<_> = door
        .households
        .iter()
        .map(|it| it.members[0].title.as_str())
        .collect();
    assert_eq!(heads, ["沈一帆", "韩半夏"], "two households, one door");
    assert_eq!(door.households[0].members[0].care, ["alone", "disability"]);
    let grids: Vec<_> = list
        .buildings
        .iter()
        .map(|it| it.grid_name.as_str())
        .collect();
    assert_eq!(grids, ["杏花01网格", "柳林02网格"]);
}

#[tokio::test]
async fn a_door_is_entered_with_all_behind_it_before_the_next_in_an_unbroken_sequence() {
    let clerk = Tablet::of(city::clerk()).await;

    let done = import(&clerk, TABLE).await.unwrap();

    let ops = testing::queued(&clerk.client).await.unwrap();
    assert!(ops.iter().map(|op| op.dev_seq).eq(1..=15));
    let sequence: String = ops
        .iter()
        .map(|op| match EntryKind::of(&op.target.kind).unwrap() {
            EntryKind::Building => 'B',
            EntryKind::Dwelling => 'D',
            EntryKind::Household => 'H',
            EntryKind::Resident => 'R',
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        sequence, "BDHRRDHRHRBDHRD",
        "nothing waits for what comes later, and a door's people are its own"
    );
    let mut entered = BTreeSet::new();
    for op in &ops {
        let Action::Enter(entering) = &op.action else {
            panic!("{:?}", op.action)
        };
        assert_eq!(
            entering.import,
            Some(done.import),
            "later it can be told which import it was"
        );
        for holder in ["building", "dwelling", "household"] {
            let holder = entering.set.get(holder).and_then(Option::as_ref);
            let holder = holder.and_then(FieldValue::text);
            assert!(holder.is_none_or(|it| entered.contains(it)), "{holder:?}");
        }
        entered.insert(op.target.id.to_string());
        let grid = entering.set["grid"].clone().unwrap();
        assert_eq!(op.scope.as_str(), format!("grid:{}", grid.text().unwrap()));
    }
}

#[tokio::test]
async fn the_same_table_twice_changes_nothing() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();
    let before = testing::register_rows(&clerk.client).await.unwrap();

    let table = hand_in(&clerk, TABLE.as_bytes()).await.unwrap();
    for replace in [false, true] {
        let choices = ImportChoices {
            replace,
            ..as_recognised(&table)
        };
        let again = preview(&clerk, &choices).await;

        let nothing = ImportCounts {
            rows: 6,
            unchanged: 6,
            ..ImportCounts::default()
        };
        assert_eq!(
            (again.counts, again.mistakes),
            (nothing, 0),
            "replace: {replace}"
        );
        let why = ImportTrouble::Nothing;
        assert_eq!(
            code(run(&clerk, &choices, false).await),
            Code::Import { why }
        );
    }
    assert_eq!(queued(&clerk).await, 15);
    assert_eq!(testing::register_rows(&clerk.client).await.unwrap(), before);
}

#[tokio::test]
async fn a_door_written_otherwise_is_the_same_door() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();
    let other = TABLE
        .replace("1幢", "1号楼")
        .replace("1单元", "１")
        .replace(",101,", ",101室,");

    let table = hand_in(&clerk, other.as_bytes()).await.unwrap();
    let again = preview(&clerk, &as_recognised(&table)).await;

    assert_eq!(again.counts.unchanged, 6, "{:?}", again.counts);
}

#[tokio::test]
async fn what_is_empty_is_filled_and_what_differs_only_replaced_when_asked() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();
    let text = "小区,楼号,单元,房号,姓名,身份证号,联系电话,职业\n\
                杏花苑,1,1,101,田甲,110101199003070011,13900000009,木匠\n";

    let table = hand_in(&clerk, text.as_bytes()).await.unwrap();
    let choices = as_recognised(&table);
    let shown = preview(&clerk, &choices).await;
    assert_eq!(
        (
            shown.counts.changed,
            shown.counts.filled,
            shown.counts.differing
        ),
        (1, 1, 1)
    );
    run(&clerk, &choices, false).await.unwrap();

    let member = async || {
        let door = GetDoor {
            dwelling: find(&clerk, "1-1-101").await[0].door.unwrap(),
        };
        let door = clerk.client.get_door(door).await.unwrap();
        door.households[0].members[0].clone()
    };
    let says = async |name: &str| {
        let fields = member().await.fields;
        let field = fields
            .into_iter()
            .find(|it| it.field.as_str() == name)
            .unwrap();
        (field.value, field.imported)
    };
    assert_eq!(says("work").await, (FieldValue::from("木匠"), true));
    assert_eq!(says("phone").await.0, FieldValue::from("138****0001"));

    hand_in(&clerk, text.as_bytes()).await.unwrap();
    let choices = ImportChoices {
        replace: true,
        ..choices
    };
    run(&clerk, &choices, false).await.unwrap();
    assert_eq!(says("phone").await, (FieldValue::from("139****0009"), true));
    assert_eq!(
        member().await.disputed,
        [],
        "whoever replaces knew what stood there"
    );
}

#[tokio::test]
async fn a_row_with_a_number_alone_fills_in_the_person_wherever_they_live() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();

    let done = import(&clerk, "公民身份号码,民族\n110101199003070011,汉族\n")
        .await
        .unwrap();
    let moved = "小区,楼号,房号,姓名,身份证号\n柳林里,7,302,田甲,110101199003070011\n";
    let table = hand_in(&clerk, moved.as_bytes()).await.unwrap();
    let kept = preview(&clerk, &as_recognised(&table)).await;
    let choices = ImportChoices {
        replace: true,
        ..as_recognised(&table)
    };
    run(&clerk, &choices, false).await.unwrap();

    assert_eq!((done.counts.changed, done.counts.filled), (1, 1));
    assert_eq!(
        (kept.counts.differing, kept.counts.changed),
        (1, 0),
        "who moved is told"
    );
    assert_eq!(find(&clerk, "tj").await[0].place, "柳林里 7-302");
    let unknown = wrong(
        &clerk,
        "公民身份号码,民族\n440524188001010014,汉族\n11010519491231002X,汉族\n",
    )
    .await;
    assert!(unknown.iter().all(|(row, ..)| *row == 3), "{unknown:?}");
}

#[tokio::test]
async fn who_stood_twice_is_known_by_each_name_behind_both_doors() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();
    let new_and_differing = async |door: &str, name: &str| {
        let table = format!("小区,楼号,单元,房号,姓名\n{door},{name}\n");
        let counts = previewed(&clerk, &table).await;
        assert_eq!(counts.rows, 1);
        (counts.residents, counts.differing)
    };
    let (there, here) = ("柳林里,7,,301", "杏花苑,1幢,1单元,101");
    assert_eq!(new_and_differing(there, "朱长庚").await, (0, 0));
    assert_eq!(new_and_differing(here, "朱长庚").await, (1, 0));

    let merge = MergeResidents {
        survivor: find(&clerk, "欧阳小云").await[0].id,
        ends: find(&clerk, "朱长庚").await[0].id,
        take: Vec::new(),
    };
    clerk.client.merge_residents(merge).await.unwrap();

    assert_eq!(new_and_differing(here, "欧阳小云").await, (0, 0));
    assert_eq!(
        new_and_differing(here, "朱长庚").await,
        (0, 1),
        "known, by another name"
    );
    assert_eq!(
        new_and_differing(there, "朱长庚").await,
        (0, 2),
        "known, by another name and as somebody who lives elsewhere"
    );
    assert_eq!(
        new_and_differing(there, "欧阳小云").await,
        (1, 0),
        "nobody of that name ever stood there"
    );
}

#[tokio::test]
async fn a_number_says_birth_and_sex_of_whoever_has_no_such_columns() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();
    let born = async |door: &str, name: &str| {
        let dwelling = find(&clerk, door).await[0].door.unwrap();
        let door = clerk.client.get_door(GetDoor { dwelling }).await.unwrap();
        let mut members = door.households.into_iter().flat_map(|it| it.members);
        let fields = members.find(|it| it.title == name).unwrap().fields;
        let says = |field: &str| {
            let found = fields.iter().find(|it| it.field.as_str() == field);
            let value = found.map(|it| it.value.text().unwrap_or_default().to_owned());
            value.unwrap_or_default()
        };
        [says("birth"), says("sex")]
    };

    assert_eq!(born("1-1-201", "沈一帆").await, ["1880-01-01", "1"]);
    assert_eq!(
        born("1-1-101", "欧阳小云").await,
        ["1991-05-06", "2"],
        "as her cells say"
    );

    let head = "网格,小区,楼号,单元,房号,姓名,身份证号,出生日期\n";
    let row = |rest: &str| format!("{head}杏花01网格,杏花苑,1幢,1,201,韩半夏,{rest}\n");
    let other = "329901198001030020";
    let told = ImportWrong::Value {
        wrong: Wrong::IdOtherBirth,
    };
    for rest in [format!("{other},"), format!("{other},1980-01-02")] {
        let wrong = wrong(&clerk, &row(&rest)).await;
        assert_eq!(
            wrong,
            [(2, "birth".to_owned(), told.clone())],
            "she was born a day before what the number says"
        );
    }
    let done = import(&clerk, &row("329901198001020025,")).await.unwrap();
    assert_eq!(
        (done.counts.changed, done.counts.residents),
        (1, 0),
        "it is her number"
    );
}

#[tokio::test]
async fn what_is_wrong_is_told_by_row_and_field() {
    let clerk = Tablet::of(city::clerk()).await;
    let head = "网格,小区,楼号,单元,房号,户号,关系,姓名,身份证号,电话,性别,出生日期\n";
    let value = |wrong| ImportWrong::Value { wrong };
    let first = "杏花01网格,杏花苑,1幢,1,101,,户主,田甲,110101199003070011,,,";
    for (rows, told) in [
        (
            "杏花01网格,杏花苑,1幢,1,101,,,甲,110101199003070012,,,",
            (2, "id_no", value(Wrong::IdChecksum)),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,,甲,1.10101E+17,,,",
            (2, "id_no", ImportWrong::DigitsLost),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,,甲,,12345,,",
            (2, "phone", value(Wrong::NotAPhone)),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,,甲,,,,2026-09-26",
            (2, "birth", value(Wrong::InFuture)),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,,甲,,,,2026-02-30",
            (2, "birth", value(Wrong::NotADay)),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,,甲,110101199003070011,,女,",
            (2, "sex", value(Wrong::IdOtherSex)),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,,甲,,,男女,",
            (2, "sex", value(Wrong::NotOffered)),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,,#N/A,,,,",
            (2, "name", ImportWrong::FailedFormula),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,101,,户主,,,13800000001,,",
            (2, "name", value(Wrong::Missing)),
        ),
        (
            "杏花01网格,杏花苑,1幢,1,,,,甲,,,,",
            (2, "room", value(Wrong::Missing)),
        ),
        (
            "杏花01网格,,1幢,1,101,,,甲,,,,",
            (2, "compound", value(Wrong::Missing)),
        ),
        (
            "天边网格,杏花苑,1幢,1,101,,,甲,,,,",
            (2, "grid", ImportWrong::NoSuchGrid),
        ),
        (
            ",杏花苑,1幢,1,101,,,甲,,,,",
            (2, "grid", ImportWrong::NoGrid),
        ),
        (
            &format!("{first}\n杏花01网格,杏花苑,1幢,1,101,,户主,乙,,,,"),
            (3, "relation", ImportWrong::TwoHeads),
        ),
        (
            &format!("{first}\n杏花01网格,杏花苑,1幢,1,102,,,乙,110101199003070011,,,"),
            (3, "id_no", ImportWrong::SamePerson { row: 2 }),
        ),
        (
            &format!("{first}\n柳林02网格,杏花苑,1幢,1,102,,,乙,,,,"),
            (3, "grid", ImportWrong::Unlike { row: 2 }),
        ),
        (
            &format!("{first}\n,杏花苑,1幢,1,102,,,乙,,,,\n,杏花苑,1幢,1,102,,,乙,,,,"),
            (4, "name", ImportWrong::SamePerson { row: 3 }),
        ),
        (
            &format!(
                "{first}\n,杏花苑,1幢,1,102,A,,乙,,,,\n,杏花苑,1幢,1,102,B,,丙,,,,\n,杏花苑,1幢,1,102,,,丁,,,,"
            ),
            (5, "hukou_no", ImportWrong::WhichHousehold),
        ),
    ] {
        let found = wrong(&clerk, &format!("{head}{rows}\n")).await;
        let (row, field, why) = told;
        assert_eq!(found, [(row, field.to_owned(), why)], "{rows}");
    }
    assert_eq!(queued(&clerk).await, 0);
}

#[tokio::test]
async fn a_second_head_beside_one_of_the_register_and_another_grid_are_told() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();

    let found = wrong(
        &clerk,
        "网格,小区,楼号,单元,房号,关系,姓名\n\
         ,杏花苑,1幢,1,101,户主,新来\n\
         柳林02网格,杏花苑,1幢,1,101,,后来\n\
         ,杏花苑,1幢,1,201,,又来\n",
    )
    .await;

    assert_eq!(
        found,
        [
            (2, "relation".to_owned(), ImportWrong::TwoHeads),
            (3, "grid".to_owned(), ImportWrong::OtherGrid),
            (4, "hukou_no".to_owned(), ImportWrong::WhichHousehold),
        ]
    );
}

#[tokio::test]
async fn nothing_is_written_while_a_row_is_wrong_unless_it_is_left_out() {
    let clerk = Tablet::of(city::clerk()).await;
    let text = TABLE.replace("13800000002", "138000");
    let table = hand_in(&clerk, text.as_bytes()).await.unwrap();
    let choices = as_recognised(&table);

    let shown = preview(&clerk, &choices).await;
    let refused = run(&clerk, &choices, false).await;

    assert_eq!((shown.mistakes, shown.wrong_rows), (1, 1));
    assert!(shown.first[1].wrong && !shown.first[0].wrong);
    assert_eq!(
        code(refused),
        Code::Import {
            why: ImportTrouble::Mistakes
        }
    );
    assert_eq!(queued(&clerk).await, 0);
    assert_eq!(find(&clerk, "tj").await, []);

    let done = run(&clerk, &choices, true).await.unwrap();
    assert_eq!((done.counts.residents, done.left_out), (4, 1));
    assert_eq!(find(&clerk, "ouyang").await, []);
}

#[tokio::test]
async fn a_door_that_only_a_wrong_row_speaks_of_is_not_entered() {
    let clerk = Tablet::of(city::clerk()).await;
    let text = "网格,小区,楼号,房号,姓名,电话\n\
                杏花01网格,杏花苑,1幢,101,甲,1\n杏花01网格,杏花苑,2幢,101,乙,\n";

    let table = hand_in(&clerk, text.as_bytes()).await.unwrap();
    let done = run(&clerk, &as_recognised(&table), true).await.unwrap();

    assert_eq!((done.counts.buildings, done.counts.dwellings), (1, 1));
    let list = clerk
        .client
        .list_buildings(ListBuildings::default())
        .await
        .unwrap();
    assert_eq!(list.buildings[0].name, "2幢");
}

/// So many rows, five to a door.
fn many(rows: u32) -> String {
    let mut text = "小区,楼号,单元,房号,关系,姓名,出生日期,电话\n".to_owned();
    for at in 0..rows {
        let door = at / 5;
        let relation = if at % 5 == 0 { "户主" } else { "其他" };
        let row = format!(
            "桃源里,{}幢,{}单元,{},{relation},田{at}甲,1980-01-{:02},1380000{at:04}\n",
            door / 200 + 1,
            door / 100 % 2 + 1,
            door % 100 + 101,
            at % 28 + 1
        );
        text.push_str(&row);
    }
    text
}

async fn hand_in_many(tablet: &Tablet, rows: u32) -> ImportChoices {
    let table = hand_in(tablet, many(rows).as_bytes()).await.unwrap();
    ImportChoices {
        grid: Some(GridCode::from(city::HOME)),
        ..as_recognised(&table)
    }
}

#[tokio::test]
async fn what_an_import_shows_is_what_folding_all_of_it_shows() {
    let clerk = Tablet::of(city::clerk()).await;
    import(&clerk, TABLE).await.unwrap();
    let choices = hand_in_many(&clerk, 600).await;
    run(&clerk, &choices, false).await.unwrap();

    let written = testing::register_rows(&clerk.client).await.unwrap();
    testing::refold_all(&clerk.client).await.unwrap();
    let folded = testing::register_rows(&clerk.client).await.unwrap();

    assert!(written.len() > 600);
    assert_eq!(written, folded);
}

#[tokio::test]
async fn a_disk_that_fills_up_in_the_middle_leaves_nothing_and_the_table_is_still_there() {
    let clerk = Tablet::of(city::clerk()).await;
    let choices = hand_in_many(&clerk, 2_000).await;
    testing::fill_disk(&clerk.client, true).await.unwrap();

    let refused = run(&clerk, &choices, false).await;

    assert_eq!(code(refused), Code::DiskFull);
    assert_eq!(queued(&clerk).await, 0);
    assert_eq!(
        testing::register_rows(&clerk.client).await.unwrap(),
        BTreeSet::<String>::new()
    );
    testing::fill_disk(&clerk.client, false).await.unwrap();
    let done = run(&clerk, &choices, false).await.unwrap();
    assert_eq!(done.counts.residents, 2_000);
    let ops = testing::queued(&clerk.client).await.unwrap();
    assert!(
        ops.iter().map(|op| op.dev_seq).eq(1..=ops.len() as u64),
        "no gap is left"
    );
}

#[tokio::test]
async fn a_table_is_for_clerks_and_is_gone_when_it_was_taken_over_or_dropped() {
    let worker = Tablet::of(city::worker()).await;
    let why = ImportTrouble::NotYourRole;
    assert_eq!(
        code(hand_in(&worker, TABLE.as_bytes()).await),
        Code::Import { why }
    );

    let clerk = Tablet::of(city::clerk()).await;
    let table = hand_in(&clerk, TABLE.as_bytes()).await.unwrap();
    clerk.client.drop_import(DropImport {}).await.unwrap();
    let choices = as_recognised(&table);
    assert_eq!(code(run(&clerk, &choices, false).await), Code::NotFound);
    import(&clerk, TABLE).await.unwrap();
    assert_eq!(code(run(&clerk, &choices, false).await), Code::NotFound);
    let progress = clerk.client.get_import_progress(GetImportProgress {}).await;
    assert_eq!(progress.unwrap().stage, None);
}

#[tokio::test]
async fn what_is_no_table_is_refused_by_what_it_is() {
    let clerk = Tablet::of(city::clerk()).await;
    for (bytes, why) in [
        (&b"\xFF\xD8\xFF\xE0\0\x10JFIF"[..], ImportTrouble::NoTable),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            ImportTrouble::OldWorkbook,
        ),
        (b"PK\x03\x04 nothing", ImportTrouble::Damaged),
        ("姓名,电话\n".as_bytes(), ImportTrouble::Empty),
        (b"a,b\n\"1,2\n", ImportTrouble::OpenQuote { row: 2 }),
    ] {
        assert_eq!(
            code(hand_in(&clerk, bytes).await),
            Code::Import { why },
            "{bytes:?}"
        );
    }
    let large = PutImportChunk {
        upload: "large".to_owned(),
        offset: 0,
        total: IMPORT_BYTES_MAX + 1,
        data: BASE64_STANDARD.encode("x"),
    };
    let refused = clerk.client.put_import_chunk(large).await;
    let why = ImportTrouble::TooLarge;
    assert_eq!(
        code(refused),
        Code::Import { why },
        "before its bytes travel"
    );
}

#[tokio::test]
async fn columns_can_be_chosen_anew_and_a_field_is_filled_by_one_column_only() {
    let clerk = Tablet::of(city::clerk()).await;
    let text = "院子,栋,号,称呼,电话,手机\n杏花苑,1,101,田甲,,13800000001\n";
    let table = hand_in(&clerk, text.as_bytes()).await.unwrap();
    let fields: Vec<_> = table.columns.iter().map(|it| it.field.is_some()).collect();
    assert_eq!(
        fields,
        [false, true, false, false, true, false],
        "what is not recognised is told"
    );
    let mut choices = ImportChoices {
        grid: Some(GridCode::from(city::HOME)),
        ..as_recognised(&table)
    };
    let field = |kind, name: &str| {
        let field = name.into();
        Some(shared::ipc::ImportField { kind, field })
    };
    choices.columns[0] = field(EntryKind::Building, "compound");
    choices.columns[2] = field(EntryKind::Dwelling, "room");
    choices.columns[3] = field(EntryKind::Resident, "name");
    choices.columns[5] = field(EntryKind::Resident, "phone");
    let refused = run(&clerk, &choices, false).await;
    let why = ImportTrouble::TwiceFilled;
    assert_eq!(code(refused), Code::Import { why });

    choices.columns[4] = None;
    let shown = preview(&clerk, &choices).await;
    run(&clerk, &choices, false).await.unwrap();

    let shown = serde_json::to_string(&shown.first).unwrap();
    assert!(
        shown.contains("138****0001") && !shown.contains("13800000001"),
        "{shown}"
    );
    let hit = find(&clerk, "tj").await.remove(0);
    assert_eq!(hit.place, "杏花苑 1-101");
    let building = find(&clerk, "杏花").await[0].building.unwrap();
    let view = clerk
        .client
        .get_building(GetBuilding { building })
        .await
        .unwrap();
    assert_eq!(view.units[0].floors[0].doors[0].residents, 1);
}

#[tokio::test]
async fn what_is_wrong_quotes_nobody_and_is_saved_beside_what_was_saved_before() {
    let clerk = Tablet::of(city::clerk()).await;
    let text =
        "网格,小区,楼号,房号,姓名,身份证号\n杏花01网格,杏花苑,1幢,101,田秘密,110101199003070012\n";
    let table = hand_in(&clerk, text.as_bytes()).await.unwrap();
    preview(&clerk, &as_recognised(&table)).await;
    let list = ListImportMistakes {
        offset: 0,
        limit: 9,
    };
    let told = clerk.client.list_import_mistakes(list).await.unwrap();

    let told_text = serde_json::to_string(&told).unwrap();
    assert_eq!(
        (told.total, told.mistakes[0].header.as_str()),
        (1, "身份证号")
    );
    assert!(!told_text.contains("秘密") && !told_text.contains("1101011990"));

    let save = || {
        clerk.client.save_import_mistakes(SaveImportMistakes {
            text: "行,列\n".into(),
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("new");
    std::fs::write(&files, "no folder").unwrap();
    clerk.client.keep_files_in(files.clone());
    let why = ImportTrouble::NotSaved;
    assert_eq!(code(save().await), Code::Import { why });
    std::fs::remove_file(&files).unwrap();
    let (first, second) = (save().await.unwrap().path, save().await.unwrap().path);
    assert_ne!(first, second);
    assert_eq!(std::fs::read_to_string(first).unwrap(), "\u{feff}行,列\n");
}
