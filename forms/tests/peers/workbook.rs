//! Writes the workbooks of the cases, as a spreadsheet would.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rust_xlsxwriter::Workbook;

use crate::Case;

pub(crate) fn write(folder: &Path, cases: &[Case]) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let mut workbook = Workbook::new();
        for (name, text) in [("survey", &case.survey), ("choices", &case.choices)] {
            if text.is_empty() {
                continue;
            }
            let sheet = workbook.add_worksheet().set_name(name).unwrap();
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            for (row, line) in (0..).zip(lines) {
                for (column, cell) in (0..).zip(format!("{line} ").split("| ")) {
                    sheet.write_string(row, column, cell.trim()).unwrap();
                }
            }
        }
        let path = folder.join(format!("case{number}.xlsx"));
        fs::write(&path, workbook.save_to_buffer().unwrap()).unwrap();
        paths.push(path);
    }
    paths
}
