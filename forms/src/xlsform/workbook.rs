//! A workbook out of its bytes. It comes from anybody, so nothing in it is believed: how large it
//! is when unpacked is found out by unpacking it, and a cell far away makes no large sheet.

use std::io::{self, Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};
use zip::ZipArchive;

use crate::{
    civil::Moment,
    xpath::number::{text_of, truncated},
};

/// How large a workbook may be.
const BYTES_MAX: usize = 50 << 20;
/// How large it may be when it is unpacked.
const UNPACKED_BYTES_MAX: u64 = 200 << 20;
/// The sheets of a form; a workbook may have others for its author alone.
const SHEETS: [&str; 4] = ["survey", "choices", "settings", "entities"];
/// How many rows and columns a sheet may have.
const ROWS_MAX: u32 = 200_000;
const COLUMNS_MAX: u32 = 400;

/// Why bytes are no workbook.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    /// More bytes than a form can have.
    #[error("larger than {} MB", BYTES_MAX >> 20)]
    TooLarge,
    /// It unpacks to far more than a form can have.
    #[error("larger than {} MB when unpacked", UNPACKED_BYTES_MAX >> 20)]
    Unpacks,
    /// Not an .xlsx file, or a damaged one.
    #[error("not an .xlsx workbook")]
    NoWorkbook,
    /// A sheet can't be read.
    #[error("the sheet {0:?} is damaged")]
    Sheet(String),
    /// A sheet has more rows or columns than a form can have.
    #[error("the sheet {0:?} is too large")]
    SheetTooLarge(String),
}

/// A workbook.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Book {
    /// The sheets of a form that it has.
    pub sheets: Vec<Sheet>,
}

/// A sheet.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Sheet {
    /// As it is called, in small letters.
    pub name: String,
    /// Each row with its number, from 1, as far as it says anything.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Book {
    /// A sheet by its name.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }
}

/// Reads a workbook.
pub fn read(bytes: &[u8]) -> Result<Book, Unreadable> {
    if bytes.len() > BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    unpacks(bytes)?;
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|_no_workbook| Unreadable::NoWorkbook)?;
    let mut book = Book::default();
    for written in workbook.sheet_names() {
        let name = written.trim().to_lowercase();
        if SHEETS.contains(&name.as_str()) && book.sheet(&name).is_none() {
            book.sheets.push(sheet(&mut workbook, &written, name)?);
        }
    }
    Ok(book)
}

/// Unpacks every part and counts; what a part says of its own size proves nothing.
fn unpacks(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_no_zip| Unreadable::NoWorkbook)?;
    let mut left = UNPACKED_BYTES_MAX;
    for part in 0..archive.len() {
        let part = archive
            .by_index(part)
            .map_err(|_damaged| Unreadable::NoWorkbook)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink())
            .map_err(|_damaged| Unreadable::NoWorkbook)?;
        left = left.checked_sub(read).ok_or(Unreadable::Unpacks)?;
    }
    Ok(())
}

fn sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    written: &str,
    name: String,
) -> Result<Sheet, Unreadable> {
    let damaged = || Unreadable::Sheet(name.clone());
    let mut cells = workbook
        .worksheet_cells_reader(written)
        .map_err(|_damaged| damaged())?;
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_damaged| damaged())? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if row >= ROWS_MAX || column >= COLUMNS_MAX {
            return Err(Unreadable::SheetTooLarge(name));
        }
        if rows.last().is_none_or(|(number, _)| *number != row + 1) {
            rows.push((row + 1, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            let column = column as usize;
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                *cell = text;
            }
        }
    }
    Ok(Sheet { name, rows })
}

/// What a cell says, without the spaces around it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => text_of(*number),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(date) => date_text(date.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
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
