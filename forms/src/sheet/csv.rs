//! Rows and cells of a text with separators (RFC 4180).

use std::borrow::Cow;

use super::{Limits, NoTable};

/// What may stand between cells.
const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];

/// A quote that never ends.
#[derive(Debug)]
pub(crate) struct OpenQuote {
    /// The line where it begins, from 1.
    pub(crate) line: usize,
}

/// Reads row by row.
pub(crate) struct Reader<'a> {
    rest: &'a str,
    separator: u8,
    line: usize,
    /// The line in which the last row began.
    pub(crate) began: usize,
    /// Bytes that were left there.
    began_left: usize,
}

impl<'a> Reader<'a> {
    /// Begins in this line.
    pub(crate) fn new(text: &'a str, separator: u8, line: usize) -> Self {
        Self {
            rest: text,
            separator,
            line,
            began: line,
            began_left: text.len(),
        }
    }

    /// Reads the next row that is not blank; `false` at the end.
    pub(crate) fn row(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<bool, OpenQuote> {
        loop {
            if self.rest.is_empty() {
                return Ok(false);
            }
            cells.clear();
            self.began = self.line;
            self.began_left = self.rest.len();
            while self.cell(cells)? {}
            if cells.iter().any(|cell| !cell.is_empty()) {
                return Ok(true);
            }
        }
    }

    /// Reads a cell; `false` when it was the last of its row.
    fn cell(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<bool, OpenQuote> {
        let quoted = self.quoted()?;
        let separator = self.separator;
        let ends = |byte: &u8| *byte == separator || *byte == b'\n';
        let end = self.rest.bytes().position(|byte| ends(&byte));
        let end = end.unwrap_or(self.rest.len());
        let (text, after) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let goes_on = after.as_bytes().first() == Some(&separator);
        let text = if goes_on {
            text
        } else {
            text.strip_suffix('\r').unwrap_or(text)
        };
        cells.push(match quoted {
            None => Cow::Borrowed(text),
            Some(quoted) if text.is_empty() => quoted,
            Some(quoted) => Cow::Owned(quoted.into_owned() + text),
        });
        if !goes_on {
            self.line += usize::from(!after.is_empty());
        }
        self.rest = after.get(1..).unwrap_or_default();
        Ok(goes_on)
    }

    /// What stands in quotes, if a quote is next; two quotes in it are one.
    fn quoted(&mut self) -> Result<Option<Cow<'a, str>>, OpenQuote> {
        // Almost no cell begins with one: a byte is looked at sooner than a text.
        if self.rest.as_bytes().first() != Some(&b'"') {
            return Ok(None);
        }
        let began = self.line;
        self.rest = self.rest.get(1..).unwrap_or_default();
        let mut cell: Option<Cow<'a, str>> = None;
        loop {
            let (text, after) = self.rest.split_once('"').ok_or(OpenQuote { line: began })?;
            self.line += text.bytes().filter(|byte| *byte == b'\n').count();
            let so_far = match cell {
                None => Cow::Borrowed(text),
                Some(cell) => Cow::Owned(cell.into_owned() + text),
            };
            self.rest = after;
            let Some(rest) = after.strip_prefix('"') else {
                return Ok(Some(so_far));
            };
            cell = Some(Cow::Owned(so_far.into_owned() + "\""));
            self.rest = rest;
        }
    }
}

/// What stands between the cells of a text: what there is most of, outside quotes, in its beginning.
pub(super) fn separator(text: &str) -> u8 {
    const LINES: usize = 20;
    let mut counts = [0_usize; SEPARATORS.len()];
    let (mut quoted, mut lines) = (false, 0);
    for byte in text.bytes() {
        quoted ^= byte == b'"';
        if quoted {
            continue;
        }
        lines += usize::from(byte == b'\n');
        if lines >= LINES {
            break;
        }
        for (separator, count) in SEPARATORS.iter().zip(&mut counts) {
            *count += usize::from(byte == *separator);
        }
    }
    let all = SEPARATORS.into_iter().zip(counts).rev();
    all.max_by_key(|(_, count)| *count)
        .map_or(b',', |(separator, _)| separator)
}

/// Where each row begins that says anything, and its line.
pub(super) fn rows(text: &str, separator: u8, limits: &Limits) -> Result<Vec<(u32, u32)>, NoTable> {
    let number = |it: usize| u32::try_from(it).map_err(|_too_large| NoTable::TooLarge);
    let mut reader = Reader::new(text, separator, 1);
    let (mut cells, mut rows) = (Vec::new(), Vec::new());
    loop {
        let more = reader.row(&mut cells).map_err(|open| NoTable::OpenQuote {
            row: u32::try_from(open.line).unwrap_or(u32::MAX),
        })?;
        if !more {
            return Ok(rows);
        }
        let blank = cells.iter().all(|cell| cell.trim().is_empty());
        if blank {
            continue;
        }
        let start = text.len() - reader.began_left;
        let last = cells.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
        if number(last)? >= limits.columns || number(rows.len())? >= limits.rows {
            return Err(NoTable::TooManyCells);
        }
        rows.push((number(start)?, number(reader.began)?));
    }
}
