//! The register of a community as a table: so many rows, the same every time. Names and numbers are
//! invented, as in [`register`](super::register).

use std::ops::Range;

use super::register::{family, id_number};

/// Residents of a door, doors of a floor and floors of a unit, units of a building.
const OF_DOOR: u32 = 5;
const OF_UNIT: u32 = 4 * 18;
const UNITS: u32 = 3;

/// The row with the names of the columns.
pub const HEADER: &str = "小区,楼号,单元,楼层,房号,与户主关系,姓名,公民身份号码,联系电话,性别,出生日期,民族,人口类别,户籍地址,备注";

/// A table of these residents, as CSV.
pub fn csv(rows: Range<u32>) -> String {
    let mut text = String::with_capacity(rows.len() * 130);
    text.push_str(HEADER);
    text.push('\n');
    for at in rows {
        text.push_str(&cells(at).join(","));
        text.push('\n');
    }
    text
}

/// The name of the `at`th resident: of some forty thousand names.
pub fn name(at: u32) -> String {
    const GIVEN: &str = "一三小满春生秋白木兰帆半夏子墨长庚含章南星见山听雨归舟明月清风云禾川竹青禹知微言若安然景行思远书文君如松柏石泉林野晨曦";
    let given = |number: u32| {
        let count = GIVEN.chars().count();
        GIVEN.chars().nth(number as usize % count).unwrap_or('一')
    };
    let (one, other) = (at * 7 + at / 12, at / 3 + at / 700);
    let family = read_otherwise(at).map_or_else(|| family(at), |(family, _)| family);
    format!("{family}{}{}", given(one), given(other))
}

/// Of the `at`th resident the surname, if it is one of those that are read otherwise than their characters
/// mostly are, or written with ü; and how it is typed.
pub fn read_otherwise(at: u32) -> Option<(&'static str, &'static str)> {
    const SURNAMES: [(&str, &str); 8] = [
        ("曾", "zeng"),
        ("单", "shan"),
        ("翟", "zhai"),
        ("仇", "qiu"),
        ("解", "xie"),
        ("尉迟", "yuchi"),
        ("吕", "lv"),
        ("吕", "lu"),
    ];
    const ONE_IN: u32 = 97;
    let which = usize::try_from(at / ONE_IN).ok()? % SURNAMES.len();
    let is_one = at.is_multiple_of(ONE_IN);
    SURNAMES.get(which).copied().filter(|_| is_one)
}

/// The door of the `at`th resident, as people say it.
pub fn door_of(at: u32) -> String {
    let (building, unit, _, room) = door(at);
    format!("{building}-{unit}-{room}")
}

fn door(at: u32) -> (u32, u32, u32, String) {
    let door = at / OF_DOOR;
    let building = door / (OF_UNIT * UNITS) + 1;
    let unit = door / OF_UNIT % UNITS + 1;
    let floor = door % OF_UNIT / 4 + 1;
    (building, unit, floor, format!("{floor}0{}", door % 4 + 1))
}

/// The cells of the `at`th row.
pub fn cells(at: u32) -> [String; 15] {
    let (building, unit, floor, room) = door(at);
    let birth = format!(
        "{}-{:02}-{:02}",
        1_930 + at / 8_400 % 80,
        at / 700 % 12 + 1,
        at / 25 % 28 + 1
    );
    let male = at.is_multiple_of(2);
    let relation = ["户主", "配偶", "子", "女", "父母"];
    let relation = relation
        .get((at % OF_DOOR) as usize)
        .copied()
        .unwrap_or("其他");
    let kind = if at.is_multiple_of(7) {
        "流动"
    } else {
        "户籍"
    };
    let note = if at.is_multiple_of(11) {
        "晚上在家"
    } else {
        ""
    };
    [
        "云水雅苑".to_owned(),
        format!("{building}幢"),
        format!("{unit}单元"),
        floor.to_string(),
        room,
        relation.to_owned(),
        name(at),
        id_number(&birth, at, male),
        format!("138{at:08}"),
        if male { "男" } else { "女" }.to_owned(),
        birth,
        "汉族".to_owned(),
        kind.to_owned(),
        format!("样例区杏花路{}号", at % 300 + 1),
        note.to_owned(),
    ]
}
