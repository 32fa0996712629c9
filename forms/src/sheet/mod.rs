//! A table as spreadsheets write it: rows of cells, out of CSV in the encodings and with the
//! separators of this country, or out of a workbook. It comes from anybody: what it is is found out
//! by reading it, whatever it is called, and how large it may be is said by who reads.

mod csv;
mod decode;
pub(crate) mod workbook;

use std::borrow::Cow;

pub(crate) use csv::{OpenQuote, Reader};
pub use decode::Encoding;
use workbook::Refused;

/// How large a file may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of a workbook when it is unpacked.
    pub unpacked_bytes: u64,
    /// Rows of a sheet.
    pub rows: u32,
    /// Columns of a sheet.
    pub columns: u32,
}

/// Why bytes are no table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoTable {
    /// More bytes than it may have.
    #[error("more bytes than a table may have")]
    TooLarge,
    /// A workbook that unpacks to far more than it may have.
    #[error("more bytes than a workbook may have when unpacked")]
    Unpacks,
    /// More rows or columns than it may have.
    #[error("more rows or columns than a table may have")]
    TooManyCells,
    /// A workbook of the format before 2007, or one with a password: both begin alike.
    #[error("a workbook of the old format, or one with a password")]
    OldWorkbook,
    /// A workbook that is damaged.
    #[error("a damaged workbook")]
    Damaged,
    /// Text in no encoding that is known, or no text at all.
    #[error("neither text nor a workbook")]
    NoText,
    /// A quote that never ends.
    #[error("row {row}: a quote is opened and never closed")]
    OpenQuote {
        /// Where it begins.
        row: u32,
    },
    /// Nothing stands in it.
    #[error("nothing stands in it")]
    Empty,
}

impl From<Refused> for NoTable {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooLarge => Self::TooLarge,
            Refused::Unpacks => Self::Unpacks,
            Refused::NoWorkbook | Refused::Sheet => Self::Damaged,
            Refused::SheetTooLarge => Self::TooManyCells,
        }
    }
}

/// What kind of file it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Text with separators.
    Csv(Encoding),
    /// A workbook.
    Xlsx,
}

/// A table. It is kept as one text with separators, whatever the file was, and taken apart row by
/// row: so a large one is in memory once, not once more cell by cell.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    format: Format,
    name: String,
    text: String,
    separator: u8,
    /// Each row that says anything: where it begins in the text, and its number in the file, from 1.
    rows: Vec<(u32, u32)>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What stands in it is personal, mostly.
        f.debug_struct("Sheet")
            .field("format", &self.format)
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

impl Sheet {
    /// Reads a file. Of a workbook the first sheet on which anything stands.
    pub fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Self, NoTable> {
        if bytes.len() > limits.bytes {
            return Err(NoTable::TooLarge);
        }
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(NoTable::OldWorkbook);
        }
        let sheet = if bytes.starts_with(b"PK") {
            let written = workbook::written(&bytes, limits)?;
            drop(bytes);
            Self {
                format: Format::Xlsx,
                name: written.name,
                text: written.text,
                separator: b'\t',
                rows: written.rows,
            }
        } else {
            let (text, encoding) = decode::text(bytes)?;
            let separator = csv::separator(&text);
            let rows = csv::rows(&text, separator, limits)?;
            Self {
                format: Format::Csv(encoding),
                name: String::new(),
                text,
                separator,
                rows,
            }
        };
        if sheet.rows.is_empty() {
            return Err(NoTable::Empty);
        }
        Ok(sheet)
    }

    /// What kind of file it was.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// What the sheet of a workbook is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rows say anything.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number in the file, from 1, of the `at`th row that says anything.
    #[must_use]
    pub fn number(&self, at: usize) -> u32 {
        self.rows.get(at).map_or(0, |(_, number)| *number)
    }

    /// The cells of the `at`th row that says anything, without the blanks around them, into `cells`.
    pub fn row<'a>(&'a self, at: usize, cells: &mut Vec<Cow<'a, str>>) {
        cells.clear();
        let Some((start, number)) = self.rows.get(at) else {
            return;
        };
        let rest = self.text.get(*start as usize..).unwrap_or_default();
        let mut reader = Reader::new(rest, self.separator, *number as usize);
        // Every quote was seen to be closed when the file was read.
        drop(reader.row(cells));
        for cell in cells {
            trim(cell);
        }
    }
}

/// Spreadsheets put blanks of all kinds around what people paste.
fn trim(cell: &mut Cow<'_, str>) {
    let is_blank = |it: char| it.is_whitespace() || it == '\u{feff}' || it == '\u{200b}';
    match cell {
        Cow::Borrowed(text) => *text = text.trim_matches(is_blank),
        Cow::Owned(text) => *text = text.trim_matches(is_blank).to_owned(),
    }
}

#[cfg(test)]
mod tests;
