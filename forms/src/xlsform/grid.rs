//! A sheet whose first row says what its columns are.

use std::collections::BTreeMap;

use super::{
    Sheet, Told,
    columns::heading,
    mistake::{Mistake, What},
};
use crate::{definition::Words, program::near};

/// A sheet with headings.
pub(super) struct Grid {
    pub(super) name: String,
    pub(super) header_row: u32,
    columns: Vec<Column>,
    rows: Vec<(u32, Vec<String>)>,
}

struct Column {
    name: String,
    language: String,
    written: String,
    is_known: bool,
}

/// A row of a grid.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) grid: &'a Grid,
    pub(super) number: u32,
    cells: &'a [String],
}

impl Grid {
    pub(super) fn of(sheet: &Sheet, known: &[&str], told: &mut Told) -> Self {
        let mut rows = sheet.rows.iter();
        let (header_row, headings) = rows.next().cloned().unwrap_or((1, Vec::new()));
        let mut grid = Self {
            name: sheet.name.clone(),
            header_row,
            columns: Vec::new(),
            rows: rows.cloned().collect(),
        };
        for written in headings {
            let (name, language) = heading(&written, known);
            let is_known = known.contains(&name.as_str());
            let is_twice = !name.is_empty()
                && grid
                    .columns
                    .iter()
                    .any(|other| (&other.name, &other.language) == (&name, &language));
            grid.columns.push(Column {
                name: name.clone(),
                language,
                written: written.clone(),
                is_known,
            });
            if is_twice {
                told.mistake(Mistake::at(&grid, header_row, &written, What::ColumnTwice));
            }
            // The columns of choices are for filters, whatever they are called.
            if !is_known && !name.is_empty() && sheet.name != "choices" {
                let near = near(&name, known.iter().copied());
                told.warning(Mistake::at(
                    &grid,
                    header_row,
                    &written,
                    What::UnknownColumn { near },
                ));
            }
        }
        grid
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(number, cells)| Line {
            grid: self,
            number: *number,
            cells,
        })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// The heading of a column as its author wrote it.
    pub(super) fn written(&self, name: &str) -> String {
        let column = self.columns.iter().find(|column| column.name == name);
        column
            .map_or(name, |column| column.written.as_str())
            .to_owned()
    }

    /// The languages of its columns, in order.
    pub(super) fn languages(&self) -> impl Iterator<Item = String> + '_ {
        let languages = self
            .columns
            .iter()
            .filter(|column| column.is_known)
            .map(|column| column.language.clone());
        languages.filter(|language| !language.is_empty())
    }

    /// The columns that are the author's own, and known ones under `names`, with their languages.
    pub(super) fn kept_columns(&self, names: &[&str]) -> Vec<(usize, String)> {
        let columns = self.columns.iter().enumerate();
        columns
            .filter(|(_, column)| {
                !column.name.is_empty()
                    && (!column.is_known || names.contains(&column.name.as_str()))
            })
            .map(|(at, column)| {
                let name = &column.name;
                let language = &column.language;
                (
                    at,
                    if language.is_empty() {
                        name.clone()
                    } else {
                        format!("{name}::{language}")
                    },
                )
            })
            .collect()
    }
}

impl<'a> Line<'a> {
    /// What stands in a column; nothing if it is not there or empty.
    pub(super) fn cell(&self, name: &str) -> Option<&'a str> {
        let columns = self.grid.columns.iter().enumerate();
        let mut of_name = columns.filter(|(_, column)| column.name == name);
        of_name.find_map(|(at, _)| self.at(at))
    }

    /// What stands in a column by its number.
    pub(super) fn at(&self, column: usize) -> Option<&'a str> {
        self.cells
            .get(column)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// What the columns of one name say in each language.
    pub(super) fn words(&self, name: &str) -> Words {
        let mut words = BTreeMap::new();
        for (at, column) in self.grid.columns.iter().enumerate() {
            if column.name == name
                && let Some(text) = self.at(at)
            {
                words.insert(column.language.clone(), text.to_owned());
            }
        }
        Words(words)
    }

    /// An expression: quotes that a word processor bent are straightened.
    pub(super) fn expression(&self, name: &str) -> Option<String> {
        let straight = |letter| match letter {
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            '\u{a0}' => ' ',
            letter => letter,
        };
        self.cell(name)
            .map(|text| text.chars().map(straight).collect())
    }

    /// A condition: an expression, or yes or no; no is the same as nothing.
    pub(super) fn condition(&self, name: &str) -> Option<String> {
        let text = self.expression(name)?;
        match text.to_lowercase().as_str() {
            "yes" | "true" | "true()" | "是" => Some("true()".to_owned()),
            "no" | "false" | "false()" | "否" => None,
            _ => Some(text),
        }
    }

    pub(super) fn mistake(&self, column: &str, what: What) -> Mistake {
        Mistake::at(self.grid, self.number, column, what)
    }
}
