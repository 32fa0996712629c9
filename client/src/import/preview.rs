//! What a table is, and how its first rows are understood, for whoever decides.

use std::borrow::Cow;

use forms::sheet::{Encoding, Format, Sheet};
use shared::{
    ipc::{
        ImportCell, ImportColumn, ImportFormat, ImportMistake, ImportMistakes, ImportRow,
        ImportTable, ListImportMistakes,
    },
    register::{
        FieldValue, schema,
        words::{CARE, LAT, LNG, Table},
    },
};

use super::{
    Held, names,
    plan::Plan,
    rows::{Found, Reading},
};
use crate::views::register::guarded;

/// The names of the columns stand within so many rows: above them stands what the table is about.
pub(super) const HEADER_WITHIN: u32 = 12;
/// Rows that are shown.
const FIRST_ROWS: usize = 8;
/// Mistakes of one window.
const WINDOW_MAX: u32 = 500;

/// What a table is, and which row has the names of its columns: what its rows are about, and of the first
/// rows the one, so that most are recognised. `None`: nothing stands below it.
pub(super) fn table(sheet: &Sheet) -> Option<(usize, ImportTable)> {
    let mut cells: Vec<Cow<'_, str>> = Vec::new();
    let within = sheet.len().min(HEADER_WITHIN as usize);
    let mut best = (0, Table::default(), 0);
    for at in 0..within {
        sheet.row(at, &mut cells);
        for of in Table::ALL {
            let known = cells
                .iter()
                .filter(|cell| names::recognised(of, cell).is_some());
            let found = known.count();
            if found > best.2 {
                best = (at, of, found);
            }
        }
    }
    let (header, of, _) = best;
    sheet.row(header, &mut cells);
    let recognise = |of| {
        let targets = names::recognise(of, cells.iter().map(|cell| &**cell));
        let fields = targets.into_iter().map(|it| it.map(names::Target::field));
        fields.collect::<Vec<_>>()
    };
    let other = Table::ALL.into_iter().find(|it| *it != of);
    let fields = recognise(of)
        .into_iter()
        .zip(recognise(other.unwrap_or(of)));
    let columns = cells
        .iter()
        .zip(fields)
        .map(|(cell, (field, otherwise))| ImportColumn {
            header: cell.split_whitespace().collect::<Vec<_>>().join(" "),
            field,
            otherwise,
        });
    let rows = sheet
        .len()
        .checked_sub(header + 1)
        .filter(|rows| *rows > 0)?;
    let table = ImportTable {
        of,
        format: match sheet.format() {
            Format::Xlsx => ImportFormat::Xlsx,
            Format::Csv(Encoding::Utf8) => ImportFormat::Utf8,
            Format::Csv(Encoding::Utf16) => ImportFormat::Utf16,
            Format::Csv(Encoding::Gb18030) => ImportFormat::Gb18030,
        },
        sheet: sheet.name().to_owned(),
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
        header_row: sheet.number(header),
        columns: columns.collect(),
    };
    Some((header, table))
}

/// The first rows as they are understood; numbers masked, as everywhere.
pub(super) fn first_rows(held: &Held, reading: &Reading<'_>, plan: &Plan) -> Vec<ImportRow> {
    let mut cells = Vec::new();
    let rows = held.header + 1..held.sheet.len().min(held.header + 1 + FIRST_ROWS);
    let rows = rows.map(|at| {
        let said = reading.row(&held.sheet, at, &mut cells);
        let shown = reading
            .targets
            .iter()
            .flatten()
            .filter(|it| it.name != CARE);
        let shown = shown.map(|target| {
            let fields = said.fields(target.kind);
            let value = match (target.name, fields.get(schema::POSITION)) {
                (schema::GRID, _) => said.grid.as_ref().map(|grid| grid.as_str().into()),
                (LNG, Some(Some(FieldValue::Point(at)))) => {
                    Some(FieldValue::Text(at.lng().to_string()))
                }
                (LAT, Some(Some(FieldValue::Point(at)))) => {
                    Some(FieldValue::Text(at.lat().to_string()))
                }
                (name, _) => fields.get(name).and_then(Clone::clone),
            };
            let is_masked = schema::find(target.kind, target.name).is_some_and(|it| it.is_masked());
            ImportCell {
                field: target.field(),
                value: value.map(|value| guarded(value, is_masked)),
            }
        });
        ImportRow {
            row: said.row,
            cells: shown.collect(),
            wrong: plan
                .found
                .iter()
                .take_while(|it| it.row <= said.row)
                .any(|it| it.row == said.row),
        }
    });
    rows.collect()
}

/// A window of what is wrong.
pub(super) fn window(held: &Held, found: &[Found], args: ListImportMistakes) -> ImportMistakes {
    let from = found.iter().skip(args.offset as usize);
    let window = from.take(args.limit.min(WINDOW_MAX) as usize);
    let mistakes = window.map(|it| ImportMistake {
        row: it.row,
        header: it
            .column
            .and_then(|at| held.headers.get(at))
            .cloned()
            .unwrap_or_default(),
        field: names::field(it.kind, it.field),
        why: it.why.clone(),
    });
    ImportMistakes {
        total: u32::try_from(found.len()).unwrap_or(u32::MAX),
        mistakes: mistakes.collect(),
    }
}
