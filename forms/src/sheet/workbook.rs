//! Cells out of a workbook's bytes. It comes from anybody, so nothing in it is believed: how large
//! it is when unpacked is found out by unpacking it, and a cell far away makes no large sheet.

use std::{
    borrow::Cow,
    io::{self, Cursor, Read as _},
};

use calamine::{DataRef, Reader as _, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::{Limits, NoTable};
use crate::{
    civil::Moment,
    xpath::number::{text_of, truncated},
};

/// Why bytes are no workbook.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refused {
    /// More bytes than it may have.
    TooLarge,
    /// It unpacks to more than it may have.
    Unpacks,
    /// Not an .xlsx file, or a damaged one.
    NoWorkbook,
    /// A sheet can't be read.
    Sheet,
    /// A sheet has more rows or columns than it may have.
    SheetTooLarge,
}

/// A workbook that is not larger than it may be.
pub(crate) type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Opens a workbook.
pub(crate) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Workbook<'a>, Refused> {
    if bytes.len() > limits.bytes {
        return Err(Refused::TooLarge);
    }
    unpacks(bytes, limits.unpacked_bytes)?;
    calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_no_workbook| Refused::NoWorkbook)
}

/// Unpacks every part and counts; what a part says of its own size proves nothing.
fn unpacks(bytes: &[u8], bytes_max: u64) -> Result<(), Refused> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_no_zip| Refused::NoWorkbook)?;
    let mut left = bytes_max;
    for part in 0..archive.len() {
        let part = archive
            .by_index(part)
            .map_err(|_damaged| Refused::NoWorkbook)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink())
            .map_err(|_damaged| Refused::NoWorkbook)?;
        left = left.checked_sub(read).ok_or(Refused::Unpacks)?;
    }
    Ok(())
}

/// Tells every cell of a sheet that says anything: its row and column from 0, and what it says.
pub(crate) fn each_cell(
    workbook: &mut Workbook<'_>,
    sheet: &str,
    limits: &Limits,
    says: impl Fn(&DataRef<'_>) -> Cow<'static, str>,
    mut tell: impl FnMut(u32, u32, &str),
) -> Result<(), Refused> {
    let mut cells = workbook
        .worksheet_cells_reader(sheet)
        .map_err(|_damaged| Refused::Sheet)?;
    while let Some(cell) = cells.next_cell().map_err(|_damaged| Refused::Sheet)? {
        let (row, column) = cell.get_position();
        let said = match cell.get_value() {
            DataRef::String(text) => text.trim(),
            DataRef::SharedString(text) => text.trim(),
            other => &*says(other),
        };
        if said.is_empty() {
            continue;
        }
        if row >= limits.rows || column >= limits.columns {
            return Err(Refused::SheetTooLarge);
        }
        tell(row, column, said);
    }
    Ok(())
}

/// What a cell says that is no text.
pub(crate) fn said(value: &DataRef<'_>) -> Cow<'static, str> {
    match value {
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => text_of(*number).into(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.into(),
        DataRef::DateTime(date) => date_text(date.as_f64()).into(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone().into(),
        DataRef::String(_) | DataRef::SharedString(_) | DataRef::Error(_) | DataRef::Empty => {
            "".into()
        }
    }
}

/// The same, but nothing is made to look right that is not: of a number with more than 15 digits a
/// spreadsheet has lost the last ones, and so it is written with an exponent, as spreadsheets show
/// it; a formula that failed says so.
fn said_as_shown(value: &DataRef<'_>) -> Cow<'static, str> {
    const DIGITS_LOST_FROM: f64 = 1e15;
    match value {
        DataRef::Float(number) if number.abs() >= DIGITS_LOST_FROM => format!("{number:E}").into(),
        DataRef::Int(number) if number.unsigned_abs() >= 1_000_000_000_000_000 => {
            format!("{number:E}").into()
        }
        DataRef::Error(error) => error.to_string().into(),
        other => said(other),
    }
}

/// Spreadsheets count days from the end of 1899.
fn date_text(days: f64) -> String {
    const BEFORE_1970: f64 = 25_569.0;
    let local_ms = truncated(((days - BEFORE_1970) * 86_400_000.0).round());
    let at = Moment {
        local_ms,
        offset_minutes: 0,
    };
    if days.fract() == 0.0 {
        at.date_text()
    } else {
        at.text()
    }
}

/// A sheet written out with tabs between its cells.
pub(super) struct Written {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) rows: Vec<(u32, u32)>,
}

/// Writes out the first sheet on which anything stands; one that people see comes before hidden ones.
pub(super) fn written(bytes: &[u8], limits: &Limits) -> Result<Written, NoTable> {
    let mut workbook = open(bytes, limits)?;
    let mut sheets = workbook.sheets_metadata().to_vec();
    sheets.sort_by_key(|sheet| sheet.visible != SheetVisible::Visible);
    for sheet in sheets {
        let mut out = Written {
            name: sheet.name,
            text: String::new(),
            rows: Vec::new(),
        };
        let name = out.name.clone();
        let mut at = (u32::MAX, 0);
        each_cell(
            &mut workbook,
            &name,
            limits,
            said_as_shown,
            |row, column, said| {
                if at.0 != row {
                    if !out.text.is_empty() {
                        out.text.push('\n');
                    }
                    let start = u32::try_from(out.text.len()).unwrap_or(u32::MAX);
                    out.rows.push((start, row + 1));
                    at = (row, 0);
                }
                while at.1 < column {
                    out.text.push('\t');
                    at.1 += 1;
                }
                push_cell(&mut out.text, said);
            },
        )?;
        if out.text.len() > u32::MAX as usize {
            return Err(NoTable::TooLarge);
        }
        if !out.rows.is_empty() {
            return Ok(out);
        }
    }
    Err(NoTable::Empty)
}

fn push_cell(text: &mut String, said: &str) {
    if !said.contains(['\t', '\n', '\r']) && !said.starts_with('"') {
        text.push_str(said);
        return;
    }
    text.push('"');
    text.push_str(&said.replace('"', "\"\""));
    text.push('"');
}
