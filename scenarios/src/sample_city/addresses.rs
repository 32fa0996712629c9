//! Doors and buildings of a grid. Roads run through the whole district, so a road has the same
//! name and rising numbers in every grid it passes; each estate lies in one grid.

use shared::pack::Address;

use super::{
    SampleCityError,
    layout::{Block, at, count, noise},
    pinyin::{pinyin, proper_name},
};

/// From north to south.
const ROADS: [&str; 7] = ["栖云", "文峰", "观荷", "望汀", "梧桐", "柳岸", "南屏"];
/// From west to east.
const AVENUES: [&str; 4] = ["西汀", "青石", "银杏", "东汀"];
/// Three in each row.
const LANES: [&str; 18] = [
    "桂香", "竹篮", "磨坊", "砚池", "灯笼", "木樨", "井亭", "书院", "药铺", "糖坊", "染坊", "船坞",
    "钟楼", "石榴", "槐荫", "织锦", "铜铃", "枕溪",
];
const ESTATES: [&str; 18] = [
    "桂花", "玉兰", "海棠", "紫藤", "芙蓉", "丁香", "茉莉", "紫薇", "百合", "腊梅", "月季", "樱花",
    "松涛", "听雨", "清溪", "明月", "和风", "春晓",
];
/// The second word of an estate's name, with its English.
const ESTATE_KINDS: [(&str, &str); 4] = [
    ("苑", "Court"),
    ("新村", "New Village"),
    ("家园", "Homes"),
    ("公寓", "Apartments"),
];

/// Metres between a border and the doors along it.
const SETBACK: i32 = 24;
/// Metres between a corner and the first door.
const CORNER: i32 = 42;
/// Metres of road for one house number on a side.
const PER_NUMBER: i32 = 18;

/// The addresses of a grid. `index` counts grids row by row.
pub(super) fn addresses(block: &Block, index: usize) -> Result<Vec<Address>, SampleCityError> {
    let mut found = Vec::new();
    let (row, column) = (block.row, block.column);

    let north = street(&ROADS, row, "路")?;
    for x in doors(block.west, block.east, 6 + index % 3, 3) {
        // South of its road: even numbers.
        found.push(door(&north, house_number(x, 2), x, block.north + SETBACK)?);
    }
    let south = street(&ROADS, row + 1, "路")?;
    for x in doors(block.west, block.east, 5 + index % 4, 4) {
        found.push(door(&south, house_number(x, 1), x, block.south - SETBACK)?);
    }

    // Blocks of even columns lie between an avenue in their west and a lane in their east.
    let lane_is_east = column.is_multiple_of(2);
    if (row + column) % 3 == 1 {
        let avenue = street(&AVENUES, column.div_ceil(2), "路")?;
        let (x, parity) = if lane_is_east {
            (block.west + SETBACK, 2)
        } else {
            (block.east - SETBACK, 1)
        };
        for y in doors(block.north, block.south, 4, 5) {
            found.push(door(&avenue, house_number(y, parity), x, y)?);
        }
    } else {
        let lane = street(&LANES, row * 3 + column / 2, "巷")?;
        let (x, parity) = if lane_is_east {
            (block.east - SETBACK, 1)
        } else {
            (block.west + SETBACK, 2)
        };
        for y in doors(block.north, block.south, 4, 6) {
            found.push(door(&lane, house_number(y - block.north, parity), x, y)?);
        }
    }

    let middle = i32::midpoint(block.west, block.east);
    if index % 4 == 3 {
        found.extend(estate(block, index * 2, block.west, middle)?);
        found.extend(estate(block, index * 2 + 1, middle, block.east)?);
    } else {
        found.extend(estate(block, index * 2, block.west, block.east)?);
    }
    Ok(found)
}

/// A street's Chinese and English name.
struct Street {
    name: String,
    name_en: String,
}

fn street(table: &[&str], index: usize, kind: &str) -> Result<Street, SampleCityError> {
    let name = table
        .get(index)
        .ok_or(SampleCityError::TableTooShort("streets"))?;
    let kind_en = if kind == "巷" { "Lane" } else { "Road" };
    Ok(Street {
        name: format!("{name}{kind}"),
        name_en: format!("{} {kind_en}", proper_name(name)?),
    })
}

/// Where `how_many` doors stand along a side from `from` to `to`.
fn doors(from: i32, to: i32, how_many: usize, seed: i32) -> Vec<i32> {
    let (first, last) = (from + CORNER, to - CORNER);
    let gaps = count(how_many.saturating_sub(1)).max(1);
    (0..count(how_many))
        .map(|i| first + (last - first) * i / gaps + noise(&[seed, from, to, i], 4))
        .collect()
}

/// The number of a house `along` metres from the street's beginning; `parity` is 1 or 2.
fn house_number(along: i32, parity: i32) -> i32 {
    along / PER_NUMBER * 2 + parity
}

fn door(street: &Street, number: i32, x: i32, y: i32) -> Result<Address, SampleCityError> {
    let text = format!("{}{number}号", street.name);
    Ok(Address {
        street: street.name.clone(),
        text_en: format!("{number} {}", street.name_en),
        pinyin: pinyin(&text)?,
        position: at(x, y)?,
        text,
    })
}

/// The buildings of an estate that fills the block's inside from `west` to `east`.
fn estate(
    block: &Block,
    index: usize,
    west: i32,
    east: i32,
) -> Result<Vec<Address>, SampleCityError> {
    let short = SampleCityError::TableTooShort("estates");
    let turn = index / ESTATES.len();
    let (Some(name), Some((kind, kind_en))) = (
        ESTATES.get(index % ESTATES.len()),
        ESTATE_KINDS.get((index + turn) % ESTATE_KINDS.len()),
    ) else {
        return Err(short);
    };
    let estate = format!("{name}{kind}");
    let estate_en = format!("{} {kind_en}", proper_name(name)?);
    // Doors stand along the block's borders, none along the fence between two estates.
    let margin = CORNER + SETBACK;
    let beside = |edge| if edge { margin } else { SETBACK };
    let from = west + beside(west == block.west);
    let to = east - beside(east == block.east);
    let columns = ((to - from) / 60 + 1).clamp(1, 3);
    let depth = block.south - block.north - 2 * margin;
    let rows = (depth / 55 + 1).clamp(2, 4);
    let mut buildings = Vec::new();
    for place in 0..columns * rows {
        let (row, column) = (place / columns, place % columns);
        let x = from + (to - from) * (2 * column + 1) / (2 * columns);
        let y = block.north + margin + depth * (2 * row + 1) / (2 * rows);
        let number = place + 1;
        let text = format!("{estate}{number}幢");
        buildings.push(Address {
            street: estate.clone(),
            text_en: format!("Building {number}, {estate_en}"),
            pinyin: pinyin(&text)?,
            position: at(x, y)?,
            text,
        });
    }
    Ok(buildings)
}
