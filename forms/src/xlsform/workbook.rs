//! The sheets of a form out of a workbook's bytes.

use calamine::Reader as _;

use crate::sheet::{
    Limits,
    workbook::{self, Refused, Workbook},
};

/// How large a workbook may be.
const LIMITS: Limits = Limits {
    bytes: 50 << 20,
    unpacked_bytes: 200 << 20,
    rows: 200_000,
    columns: 400,
};
/// The sheets of a form; a workbook may have others for its author alone.
const SHEETS: [&str; 4] = ["survey", "choices", "settings", "entities"];

/// Why bytes are no workbook.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    /// More bytes than a form can have.
    #[error("larger than {} MB", LIMITS.bytes >> 20)]
    TooLarge,
    /// It unpacks to far more than a form can have.
    #[error("larger than {} MB when unpacked", LIMITS.unpacked_bytes >> 20)]
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
    let mut workbook = workbook::open(bytes, &LIMITS).map_err(|refused| sort(refused, ""))?;
    let mut book = Book::default();
    for written in workbook.sheet_names() {
        let name = written.trim().to_lowercase();
        if SHEETS.contains(&name.as_str()) && book.sheet(&name).is_none() {
            book.sheets.push(sheet(&mut workbook, &written, name)?);
        }
    }
    Ok(book)
}

fn sort(refused: Refused, sheet: &str) -> Unreadable {
    match refused {
        Refused::TooLarge => Unreadable::TooLarge,
        Refused::Unpacks => Unreadable::Unpacks,
        Refused::NoWorkbook => Unreadable::NoWorkbook,
        Refused::Sheet => Unreadable::Sheet(sheet.to_owned()),
        Refused::SheetTooLarge => Unreadable::SheetTooLarge(sheet.to_owned()),
    }
}

fn sheet(workbook: &mut Workbook<'_>, written: &str, name: String) -> Result<Sheet, Unreadable> {
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    let add = |row: u32, column: u32, text: &str| {
        if rows.last().is_none_or(|(number, _)| *number != row + 1) {
            rows.push((row + 1, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            let column = column as usize;
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                text.clone_into(cell);
            }
        }
    };
    workbook::each_cell(workbook, written, &LIMITS, workbook::said, add)
        .map_err(|refused| sort(refused, &name))?;
    Ok(Sheet { name, rows })
}
