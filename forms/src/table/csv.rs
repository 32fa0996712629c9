//! Reads a list from CSV (RFC 4180), as spreadsheets of this country write it: with or without a
//! byte order mark, commas only. A file in GBK is refused by name rather than shown as rubbish.

use encoding_rs::GBK;

use super::Table;
use crate::sheet::{OpenQuote, Reader};

/// Why a file is no list.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CsvError {
    /// Not UTF-8. Spreadsheets write GBK unless asked for "CSV UTF-8".
    #[error("line {line}: not UTF-8{}", if *.looks_like_gbk { "; it looks like GBK" } else { "" })]
    NotUtf8 {
        /// Where the first bytes stand that can't be read.
        line: usize,
        /// Whether all of it can be read as GBK.
        looks_like_gbk: bool,
    },
    /// It begins with the mark of UTF-16.
    #[error("UTF-16; save it as UTF-8")]
    Utf16,
    /// There is not even a line with names of columns.
    #[error("the file is empty")]
    Empty,
    /// Two columns of one name, or one without.
    #[error("line 1: the column {name:?} has no name of its own")]
    Column {
        /// What it is called.
        name: String,
    },
    /// A quote that never ends.
    #[error("line {line}: a quote is opened and never closed")]
    OpenQuote {
        /// Where it begins.
        line: usize,
    },
    /// A row with more cells than there are columns.
    #[error("line {line}: {cells} cells, but {columns} columns")]
    TooManyCells {
        /// Where it begins.
        line: usize,
        /// How many it has.
        cells: usize,
        /// How many it may have.
        columns: usize,
    },
}

impl From<OpenQuote> for CsvError {
    fn from(open: OpenQuote) -> Self {
        Self::OpenQuote { line: open.line }
    }
}

/// Reads a whole file; its first line names the columns.
pub fn read(bytes: &[u8]) -> Result<Table, CsvError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(CsvError::Utf16);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        CsvError::NotUtf8 {
            line: before.split(|byte| *byte == b'\n').count(),
            looks_like_gbk: !GBK.decode_without_bom_handling(bytes).1,
        }
    })?;
    let mut reader = Reader::new(text, b',', 1);
    let mut cells = Vec::new();
    if !reader.row(&mut cells)? {
        return Err(CsvError::Empty);
    }
    let columns: Vec<String> = cells.iter().map(|name| name.trim().to_owned()).collect();
    for (at, name) in columns.iter().enumerate() {
        if name.is_empty() || columns.iter().take(at).any(|other| other == name) {
            return Err(CsvError::Column { name: name.clone() });
        }
    }
    let mut table = Table::new(columns);
    loop {
        if !reader.row(&mut cells)? {
            return Ok(table);
        }
        let line = reader.began;
        let columns = table.columns().len();
        if cells.len() > columns && cells.iter().skip(columns).any(|cell| !cell.is_empty()) {
            return Err(CsvError::TooManyCells {
                line,
                cells: cells.len(),
                columns,
            });
        }
        table.push(&cells);
    }
}

#[cfg(test)]
mod tests {
    use super::{CsvError, read};
    use crate::Table;

    fn cells(table: &Table) -> Vec<Vec<String>> {
        let columns = || table.columns().iter().filter_map(|name| table.column(name));
        table
            .rows()
            .map(|row| {
                columns()
                    .map(|column| table.cell(row, column).to_owned())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn quotes_line_ends_and_a_mark_at_the_beginning_are_read() {
        let file = "\u{feff}name,label\r\na,\"one, \"\"two\"\"\nthree\"\r\n\r\nb,\r\nc";

        let table = read(file.as_bytes()).unwrap();

        assert_eq!(
            table.columns(),
            ["name", "label"],
            "the mark is no part of a name"
        );
        assert_eq!(
            cells(&table),
            [["a", "one, \"two\"\nthree"], ["b", ""], ["c", ""]]
        );
    }

    #[test]
    fn a_file_in_gbk_is_refused_by_its_name_and_line() {
        let (bytes, _, _) = encoding_rs::GBK.encode("name,label\na,ok\nb,东街道\n");

        assert_eq!(
            read(&bytes),
            Err(CsvError::NotUtf8 {
                line: 3,
                looks_like_gbk: true
            })
        );
        assert_eq!(
            read(b"name\n\xff\xff"),
            Err(CsvError::NotUtf8 {
                line: 2,
                looks_like_gbk: false
            })
        );
        assert_eq!(read(b"\xff\xfen\0"), Err(CsvError::Utf16));
    }

    #[test]
    fn what_is_wrong_with_a_list_is_told_with_its_line() {
        assert_eq!(read(b""), Err(CsvError::Empty));
        assert_eq!(read(b"a,a\n"), Err(CsvError::Column { name: "a".into() }));
        assert_eq!(read(b"a\n\n\"b\nc"), Err(CsvError::OpenQuote { line: 3 }));
        assert_eq!(
            read(b"a,b\n1,2\n\"x\ny\",2\n1,2,3\n"),
            Err(CsvError::TooManyCells {
                line: 5,
                cells: 3,
                columns: 2
            })
        );
    }
}
