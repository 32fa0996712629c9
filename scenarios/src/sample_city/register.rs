//! A sample of the register: buildings of a grid with who lives in them, made the same way every time.
//! Names are invented; identity numbers have a right check digit and a division that no place has.

use anyhow::Result;
use client::Client;
use shared::{
    EntryId, FieldName, GridCode, Position,
    ipc::EnterEntry,
    register::{EntryKind, FieldValue, Fields, schema::POSITION},
};

use super::sample_city;

const FAMILY: [&str; 12] = [
    "张", "欧阳", "李", "王", "赵", "钱", "沈", "韩", "杨", "朱", "秦", "尤",
];
const GIVEN: [&str; 14] = [
    "三", "小满", "春生", "秋白", "木兰", "一帆", "半夏", "子墨", "长庚", "含章", "南星", "见山",
    "听雨", "归舟",
];

/// How many residents [`enter`] makes in each building.
const UNITS: u32 = 2;
const FLOORS: u32 = 6;
const ROOMS: u32 = 2;

/// What was entered.
#[derive(Debug, Clone, Default)]
pub struct Entered {
    /// Buildings, in order.
    pub buildings: Vec<EntryId>,
    /// Dwellings, in order.
    pub dwellings: Vec<EntryId>,
    /// Households, in order.
    pub households: Vec<EntryId>,
    /// Residents, in order.
    pub residents: Vec<EntryId>,
}

/// Enters buildings of a grid as a person would.
pub async fn enter(client: &Client, grid: &GridCode, buildings: u32) -> Result<Entered> {
    let mut entered = Entered::default();
    let mut person = 0;
    for building in 1..=buildings {
        let floors = FieldValue::Number(FLOORS.into());
        let mut fields = set(&[
            ("grid", grid.as_str()),
            ("compound", "云水雅苑"),
            ("name", &format!("{building}幢")),
            ("use", "housing"),
        ]);
        fields.insert("floors".into(), Some(floors));
        let place = position(grid, building)?.map(FieldValue::Point);
        fields.insert(POSITION.into(), place);
        let of = add(client, EntryKind::Building, fields).await?;
        entered.buildings.push(of);
        for door in 0..UNITS * FLOORS * ROOMS {
            let (unit, floor) = (door / (FLOORS * ROOMS) + 1, door / ROOMS % FLOORS + 1);
            let room = format!("{floor}0{}", door % ROOMS + 1);
            let is_vacant = door % 11 == 10;
            let mut fields = set(&[
                ("building", &of.to_string()),
                ("unit", &format!("{unit}单元")),
                ("room", &room),
                ("use", if is_vacant { "vacant" } else { "owner" }),
            ]);
            fields.insert("floor".into(), Some(FieldValue::Number(floor.into())));
            let dwelling = add(client, EntryKind::Dwelling, fields).await?;
            entered.dwellings.push(dwelling);
            if is_vacant {
                continue;
            }
            let fields = set(&[("dwelling", &dwelling.to_string())]);
            let household = add(client, EntryKind::Household, fields).await?;
            entered.households.push(household);
            for member in 0..=(door % 3) {
                let fields = resident(household, member, person);
                entered
                    .residents
                    .push(add(client, EntryKind::Resident, fields).await?);
                person += 1;
            }
        }
    }
    Ok(entered)
}

/// Where the `building`th stands: in its grid, one beside the other. `None`: the grid is none of the sample
/// city's.
pub fn position(grid: &GridCode, building: u32) -> Result<Option<Position>> {
    /// About two hundred metres.
    const APART: f64 = 0.002;
    let city = sample_city()?;
    let grid = city.grids.iter().find(|it| it.code == *grid);
    let first = grid.and_then(|it| it.addresses.first());
    let position = first.map(|it| it.position);
    let beside = |it: Position| Position::new(it.lng() + APART * f64::from(building - 1), it.lat());
    Ok(position.map(beside).transpose()?)
}

/// The `number`th invented person, the `member`th of a household.
fn resident(household: EntryId, member: u32, number: u32) -> Fields {
    let at = |number: u32, of: &[&'static str]| {
        let index = usize::try_from(number).unwrap_or_default() % of.len();
        of.get(index).copied().unwrap_or_default()
    };
    let name = name_of(number);
    let year = if member == 2 {
        2015
    } else {
        1938 + number % 60
    };
    let birth = format!("{year}-{:02}-{:02}", number % 12 + 1, number % 27 + 1);
    let male = number.is_multiple_of(2);
    let mut fields = set(&[
        ("household", &household.to_string()),
        ("name", &name),
        ("relation", at(member, &["head", "1", "2"])),
        ("id_no", &id_number(&birth, number, male)),
        ("sex", if male { "1" } else { "2" }),
        ("birth", &birth),
        ("phone", &format!("1380000{:04}", 1_000 + number)),
    ]);
    if year < 1946 {
        fields.insert("care:aged".into(), Some(FieldValue::Flag(true)));
    }
    fields
}

/// The name of the `number`th invented person.
pub(super) fn name_of(number: u32) -> String {
    format!(
        "{}{}",
        family(number),
        one_of(&GIVEN, number * 5 + number / 12)
    )
}

/// A family name.
pub(super) fn family(number: u32) -> &'static str {
    one_of(&FAMILY, number)
}

fn one_of(all: &[&'static str], number: u32) -> &'static str {
    let index = usize::try_from(number).unwrap_or_default() % all.len();
    all.get(index).copied().unwrap_or_default()
}

/// A number that is right by its check digit (GB 11643) and nobody's: no division begins with 99.
pub(super) fn id_number(birth: &str, number: u32, male: bool) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &str = "10X98765432";
    let digits: String = birth.chars().filter(char::is_ascii_digit).collect();
    let sequence = number % 400 * 2 + u32::from(male);
    // The days of birth of a table begin again after so many.
    let county = number / 672_000 + 1;
    let head = format!("9901{county:02}{digits}{sequence:03}");
    let values = head.chars().filter_map(|it| it.to_digit(10));
    let sum: u32 = WEIGHTS.iter().zip(values).map(|(w, v)| w * v).sum();
    let check = usize::try_from(sum % 11).ok();
    let check = check.and_then(|at| CHECKS.chars().nth(at));
    format!("{head}{}", check.unwrap_or('0'))
}

/// Fields of texts.
pub fn set(pairs: &[(&str, &str)]) -> Fields {
    let pairs = pairs.iter();
    pairs
        .map(|(name, text)| (FieldName::from(*name), Some(FieldValue::from(*text))))
        .collect()
}

/// Enters one thing.
pub async fn add(client: &Client, kind: EntryKind, set: Fields) -> Result<EntryId> {
    Ok(client.enter_entry(EnterEntry { kind, set }).await?.id)
}
