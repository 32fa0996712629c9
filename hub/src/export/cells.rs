//! Tables, and records as one: one row a record, one column a question, and where it is from in every
//! row.

use std::collections::BTreeMap;

use forms::definition::{Kind, without_places};
use shared::{DocRef, record::Record, register::mask};

use super::{Mark, gather::Gathered, questions};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// What its rows are.
    pub(super) of: &'static str,
    /// What the columns are called.
    pub(super) header: Vec<String>,
    /// As many cells as there are columns in each.
    pub(super) rows: Vec<Vec<Cell>>,
}

const BEFORE: [&str; 8] = [
    "记录编号",
    "完成时间",
    "填写人",
    "网格",
    "对象编号",
    "对象",
    "住址",
    "已被更正",
];

/// The columns that say where a row is from.
pub(super) const AFTER: [&str; 2] = ["导出人", "导出时间"];

/// What stands in them.
pub(super) fn after(mark: &Mark) -> [Cell; 2] {
    [mark.by.to_string(), mark.moment(mark.at)].map(Cell::Text)
}

/// Makes it. `numbers`: what is shown masked stands there whole.
pub(super) fn table(gathered: &Gathered, numbers: bool, mark: &Mark) -> Table {
    let asked = questions::all(&gathered.form);
    // By the place of the question in the form, then by place in repeats.
    let mut columns: BTreeMap<(usize, Vec<u32>, String), String> = BTreeMap::new();
    for (_, record) in &gathered.records {
        for given in &record.filled.values {
            let plain = without_places(&given.address);
            let (place, label) = asked.get(&plain).map_or_else(
                || (usize::MAX, given.address.clone()),
                |asked| (asked.place, asked.label.clone()),
            );
            let places = places(&given.address);
            let label = places
                .iter()
                .fold(label, |label, place| format!("{label} [{place}]"));
            columns
                .entry((place, places, given.address.clone()))
                .or_insert(label);
        }
    }
    let addresses: BTreeMap<&str, usize> = columns
        .keys()
        .enumerate()
        .map(|(at, (_, _, address))| (address.as_str(), BEFORE.len() + at))
        .collect();
    let header = BEFORE.map(str::to_owned).into_iter();
    let header = header.chain(columns.values().cloned());
    let header: Vec<String> = header.chain(AFTER.map(str::to_owned)).collect();
    let rows = gathered.records.iter().map(|(id, record)| {
        let mut row = before(gathered, id.to_string(), record, mark);
        row.resize(header.len() - AFTER.len(), Cell::Text(String::new()));
        for given in &record.filled.values {
            let asked = asked.get(&without_places(&given.address));
            let place = addresses.get(given.address.as_str());
            if let Some(cell) = place.and_then(|at| row.get_mut(*at)) {
                *cell = said(gathered, asked, &given.value, numbers);
            }
        }
        row.extend(after(mark));
        row
    });
    Table {
        of: "记录",
        rows: rows.collect(),
        header,
    }
}

fn before(gathered: &Gathered, id: String, record: &Record, mark: &Mark) -> Vec<Cell> {
    let filled = &record.filled;
    let subject = filled.subject.as_ref();
    let corrected = gathered
        .corrected
        .iter()
        .any(|corrected| corrected.to_string() == id);
    let said = [
        id,
        mark.moment(filled.finished_at),
        record.recorded.author.staff.to_string(),
        filled.grid.to_string(),
        subject.map(|it| it.id.to_string()).unwrap_or_default(),
        subject.map(|it| gathered.name(it)).unwrap_or_default(),
        subject.map(|it| gathered.address(it)).unwrap_or_default(),
        if corrected { "是" } else { "" }.to_owned(),
    ];
    said.into_iter().map(Cell::Text).collect()
}

fn said(gathered: &Gathered, asked: Option<&questions::Asked>, value: &str, numbers: bool) -> Cell {
    let Some(asked) = asked else {
        return Cell::Text(value.to_owned());
    };
    if asked.masked && !numbers {
        return Cell::Text(mask(value));
    }
    match asked.kind {
        Kind::Integer | Kind::Decimal | Kind::Range => match value.parse() {
            Ok(number) => Cell::Number(number),
            Err(_) => Cell::Text(value.to_owned()),
        },
        kind if kind.has_choices() => {
            let labels = value
                .split_whitespace()
                .map(|name| called(gathered, asked, name));
            Cell::Text(labels.collect::<Vec<_>>().join("、"))
        }
        _ => Cell::Text(value.to_owned()),
    }
}

/// What a choice is called; one that neither the form nor the register knows goes by its name.
fn called(gathered: &Gathered, asked: &questions::Asked, choice: &str) -> String {
    let entry = asked.entries.zip(choice.parse().ok());
    let entry = entry.and_then(|(kind, id)| gathered.called(&DocRef::entry(kind, id)));
    entry.unwrap_or_else(|| asked.said(choice).to_owned())
}

/// The places in repeats that an address names.
fn places(address: &str) -> Vec<u32> {
    let parts = address.split('[').skip(1);
    let numbers = parts.filter_map(|part| part.split(']').next()?.parse().ok());
    numbers.collect()
}
