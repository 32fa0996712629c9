//! A list that forms look things up in: choices, a CSV file, the register. A look-up by what one
//! column equals costs the same whether the list has ten rows or fifty thousand.

mod csv;
mod index;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use csv::{CsvError, read as read_csv};
use index::Index;

use crate::arena::{Id as _, id};

id! {
    /// A row of a table.
    pub Row
}
id! {
    /// A column of a table.
    pub Column
}

/// Rows of text under names. It doesn't change once it is made.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
#[serde(from = "Plain", into = "Plain")]
pub struct Table {
    columns: Vec<String>,
    /// All cells, row after row, one after the other.
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<u32>,
    indexes: Vec<Index>,
}

/// How a table is written down.
#[derive(Serialize, Deserialize)]
struct Plain {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with these columns.
    #[must_use]
    pub fn new(columns: Vec<String>) -> Self {
        Self {
            indexes: columns.iter().map(|_| Index::default()).collect(),
            columns,
            text: String::new(),
            ends: Vec::new(),
        }
    }

    /// Adds a row. Cells that are missing are empty, those beyond the last column are left out.
    pub fn push<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let mut cells = cells.into_iter();
        for _ in 0..self.columns.len() {
            if let Some(cell) = cells.next() {
                self.text.push_str(cell.as_ref());
            }
            self.ends
                .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        for index in &mut self.indexes {
            *index = Index::default();
        }
    }

    /// The same rows with these columns; one that is not there is empty.
    pub(crate) fn with_columns(self, names: &[String]) -> Self {
        if self.columns == names {
            return self;
        }
        let mut table = Self::new(names.to_vec());
        let columns: Vec<Option<Column>> = names.iter().map(|name| self.column(name)).collect();
        for row in self.rows() {
            let cells = columns.iter();
            table.push(cells.map(|column| column.map_or("", |column| self.cell(row, column))));
        }
        table
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<Column> {
        self.columns
            .iter()
            .position(|column| column == name)
            .map(Column::of)
    }

    /// All rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row> + use<> {
        (0..self.len()).map(Row::of)
    }

    /// What stands in a cell.
    #[must_use]
    pub fn cell(&self, row: Row, column: Column) -> &str {
        let at = row.index() * self.columns.len() + column.index();
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.text.get(start..end(at)).unwrap_or_default()
    }

    /// The rows in which a column says exactly this.
    #[must_use]
    pub fn rows_with(&self, column: Column, text: &str) -> Cow<'_, [Row]> {
        let index = self.indexes.get(column.index());
        index.map_or(Cow::Borrowed(&[]), |index| {
            index.by_text(self, column, text)
        })
    }

    /// The rows in which a column is this number.
    #[must_use]
    pub fn rows_with_number(&self, column: Column, number: f64) -> &[Row] {
        let index = self.indexes.get(column.index());
        index.map_or(&[], |index| index.by_number(self, column, number))
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        (&self.columns, &self.text, &self.ends) == (&other.columns, &other.text, &other.ends)
    }
}

impl From<Plain> for Table {
    fn from(plain: Plain) -> Self {
        let mut table = Self::new(plain.columns);
        for row in plain.rows {
            table.push(row);
        }
        table
    }
}

impl From<Table> for Plain {
    fn from(table: Table) -> Self {
        let cells = |row: Row| {
            let columns = (0..table.columns.len()).map(Column::of);
            columns
                .map(|column| table.cell(row, column).to_owned())
                .collect()
        };
        Self {
            rows: table.rows().map(cells).collect(),
            columns: table.columns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::arena::Id as _;

    fn streets() -> Table {
        let mut table = Table::new(vec!["name".into(), "town".into(), "houses".into()]);
        table.push(["s1", "东", "07"]);
        table.push(["s2", "西", "7"]);
        table.push(["s3", "东"]);
        table
    }

    #[test]
    fn a_look_up_finds_the_rows_a_walk_would_find() {
        let table = streets();
        for name in table.columns().to_vec() {
            let Some(column) = table.column(&name) else {
                panic!("{name}");
            };
            for text in ["东", "西", "s2", "7", "07", "", "nowhere"] {
                let walked: Vec<_> = table
                    .rows()
                    .filter(|row| table.cell(*row, column) == text)
                    .collect();
                assert_eq!(table.rows_with(column, text), walked, "{name} = {text:?}");
            }
        }
        let houses = table
            .column("houses")
            .map(|column| table.rows_with_number(column, 7.0));
        assert_eq!(houses.map(<[_]>::len), Some(2), "07 and 7 are one number");
    }

    #[test]
    fn a_row_added_after_a_look_up_is_found() {
        let mut table = streets();
        let Some(town) = table.column("town") else {
            panic!("town");
        };
        assert_eq!(table.rows_with(town, "南").len(), 0);

        table.push(["s4", "南", "1"]);

        assert_eq!(
            table
                .rows_with(town, "南")
                .iter()
                .map(|row| row.index())
                .collect::<Vec<_>>(),
            [3]
        );
    }
}
