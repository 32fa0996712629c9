//! Writes the forms as workbooks, which both sides begin from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rust_xlsxwriter::Workbook;

use crate::Day;

pub(crate) fn write(folder: &Path, days: &[Day]) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for day in days {
        let mut workbook = Workbook::new();
        for (name, rows) in [("survey", &day.survey), ("choices", &day.choices)] {
            if rows.is_empty() {
                continue;
            }
            let sheet = workbook.add_worksheet().set_name(name).unwrap();
            for (row, cells) in (0..).zip(rows) {
                for (column, cell) in (0..).zip(cells) {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
        let path = folder.join(day.name).with_extension("xlsx");
        fs::write(&path, workbook.save_to_buffer().unwrap()).unwrap();
        paths.push(path);
    }
    paths
}
