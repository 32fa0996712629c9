//! Which rows say what, for one column of a table. Made when it is first asked for.

use std::{
    borrow::Cow,
    hash::{BuildHasher as _, RandomState},
    sync::OnceLock,
};

use super::{Column, Row, Table};
use crate::xpath::number::number_of;

/// Rows by what a column says, and by which number that is. Each half is made when it is needed;
/// fifty thousand rows take some milliseconds.
#[derive(Clone, Default, Debug)]
pub(super) struct Index {
    hasher: RandomState,
    by_text: OnceLock<Sorted>,
    by_number: OnceLock<Sorted>,
}

/// Rows in the order of their keys, and those of one key in the order of the table.
#[derive(Clone, Debug)]
struct Sorted {
    keys: Vec<u64>,
    rows: Vec<Row>,
}

impl Sorted {
    fn of(pairs: impl Iterator<Item = (u64, Row)>) -> Self {
        let mut pairs: Vec<(u64, Row)> = pairs.collect();
        pairs.sort_unstable();
        let (keys, rows) = pairs.into_iter().unzip();
        Self { keys, rows }
    }

    fn rows(&self, key: u64) -> &[Row] {
        let begins = self.keys.partition_point(|other| *other < key);
        let ends = self.keys.partition_point(|other| *other <= key);
        self.rows.get(begins..ends).unwrap_or_default()
    }
}

impl Index {
    /// The rows that say exactly this. Should two texts have one hash, which nobody will live to
    /// see, they are told apart by looking.
    pub(super) fn by_text(&self, table: &Table, column: Column, text: &str) -> Cow<'_, [Row]> {
        let sorted = self.by_text.get_or_init(|| {
            let hash = |row| self.hasher.hash_one(table.cell(row, column));
            Sorted::of(table.rows().map(|row| (hash(row), row)))
        });
        let rows = sorted.rows(self.hasher.hash_one(text));
        let says = |row: &Row| table.cell(*row, column) == text;
        if rows.iter().all(says) {
            return Cow::Borrowed(rows);
        }
        Cow::Owned(rows.iter().copied().filter(says).collect())
    }

    /// The rows that are this number.
    pub(super) fn by_number(&self, table: &Table, column: Column, number: f64) -> &[Row] {
        let sorted = self.by_number.get_or_init(|| {
            let numbers = table
                .rows()
                .map(|row| (number_of(table.cell(row, column)), row));
            Sorted::of(
                numbers
                    .filter(|(number, _)| !number.is_nan())
                    .map(|(number, row)| (key(number), row)),
            )
        });
        sorted.rows(key(number))
    }
}

/// The same for 0 and -0, which are equal.
fn key(number: f64) -> u64 {
    (number + 0.0).to_bits()
}
