//! A table for spreadsheets, and on a sheet of its own where it is from. Made in memory: what writes rows
//! to a file of its own first would leave people's data in the folder for temporary files.

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use shared::{
    hub_api::export::{Export, ExportOf},
    register::words::Table as RegisterTable,
};

use super::{
    Mark,
    cells::{Cell, Table},
};

/// The longest text a cell of a spreadsheet holds, in characters.
const TEXT_MAX: usize = 32_767;

/// Writes it.
pub(super) fn write(table: &Table, wanted: &Export, mark: &Mark) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    // Text whatever it begins with: an identity number is no number, and nothing is a formula.
    let words = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name(table.of)?;
    for (column, name) in (0_u16..).zip(&table.header) {
        sheet.write_string_with_format(0, column, short(name), &bold)?;
    }
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string_with_format(row, column, short(text), &words)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let about = book.add_worksheet();
    about.set_name("说明")?;
    let lines = about_it(wanted, table.rows.len(), mark);
    for (row, (name, value)) in (0_u32..).zip(lines) {
        about.write_string_with_format(row, 0, name, &bold)?;
        about.write_string_with_format(row, 1, short(&value), &words)?;
    }
    book.save_to_buffer()
}

/// What the file is, and why it was made.
fn about_it(wanted: &Export, rows: usize, mark: &Mark) -> Vec<(&'static str, String)> {
    let mut lines = match &wanted.of {
        ExportOf::Register { what } => match what.table() {
            RegisterTable::Residents => vec![
                ("内容", "居民名册".to_owned()),
                ("范围", "在住人员，不含已搬离、去世".to_owned()),
            ],
            RegisterTable::Places => vec![("内容", "单位场所名册".to_owned())],
        },
        ExportOf::Records { form, from, until } => {
            vec![
                ("表单", form.clone()),
                ("日期", format!("{from} – {until}")),
            ]
        }
    };
    let numbers = if wanted.numbers {
        "完整"
    } else {
        "隐去中间"
    };
    lines.extend([
        ("条数", rows.to_string()),
        ("导出人", mark.by.to_string()),
        ("导出时间", mark.moment(mark.at)),
        ("用途", wanted.reason.clone()),
        ("号码", numbers.to_owned()),
    ]);
    lines
}

fn short(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}
