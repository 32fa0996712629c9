//! Forms as people write them, for stories that need one of their own.

use anyhow::Result;
use rust_xlsxwriter::Workbook;

/// Rows of a sheet.
pub type Rows<'a> = &'a [&'a [&'a str]];

/// A workbook of these sheets, each with its name.
pub fn workbook(sheets: &[(&str, Rows<'_>)]) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name)?;
        for (row, cells) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*cells) {
                sheet.write(row, column, *text)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}
