//! A table as CSV (RFC 4180): UTF-8 with a byte order mark, so that spreadsheets read Chinese, and with
//! cells that no spreadsheet takes for a formula.

use super::cells::{Cell, Table};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes it.
pub(super) fn write(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(table.header.iter().map(|it| guarded(it)))?;
    for row in &table.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => guarded(text),
            Cell::Number(number) => number.to_string(),
        });
        writer.write_record(cells)?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// What a spreadsheet would take for a formula begins with an apostrophe, which makes it a text (OWASP,
/// CSV injection).
fn guarded(text: &str) -> String {
    let dangerous =
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if dangerous && text.parse::<f64>().is_err() {
        return format!("'{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_person_wrote_becomes_a_formula() {
        for text in ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"] {
            assert_eq!(guarded(text), format!("'{text}"), "{text:?}");
        }
        for text in ["-5", "+8613800000000", "3幢", "", "a=b"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let table = Table {
            of: "记录",
            header: vec!["姓名".to_owned(), "说明".to_owned()],
            rows: vec![vec![
                Cell::Text("田,甲".to_owned()),
                Cell::Text("两\n行 \"引号\"".to_owned()),
            ]],
        };
        let written = String::from_utf8(write(&table).unwrap()).unwrap();
        assert_eq!(
            written,
            "\u{feff}姓名,说明\r\n\"田,甲\",\"两\n行 \"\"引号\"\"\"\r\n"
        );
    }
}
