//! Which rows say what, for one column of a table. Made when it is first asked for.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
};

use super::{Column, Row, Table};
use crate::xpath::number::number_of;

/// Rows by the hash of their text, and by their number where they are one.
#[derive(Clone, Debug)]
pub(super) struct Index {
    hasher: RandomState,
    by_hash: HashMap<u64, Vec<Vec<Row>>>,
    by_number: HashMap<u64, Vec<Row>>,
}

impl Index {
    pub(super) fn of(table: &Table, column: Column) -> Self {
        let mut index = Self {
            hasher: RandomState::new(),
            by_hash: HashMap::with_capacity(table.len()),
            by_number: HashMap::new(),
        };
        for row in table.rows() {
            let text = table.cell(row, column);
            let groups = index
                .by_hash
                .entry(index.hasher.hash_one(text))
                .or_default();
            // Two texts of one hash are kept apart, each in a group of its own.
            match groups
                .iter_mut()
                .find(|rows| says(table, column, rows, text))
            {
                Some(rows) => rows.push(row),
                None => groups.push(vec![row]),
            }
            let number = number_of(text);
            if !number.is_nan() {
                index.by_number.entry(key(number)).or_default().push(row);
            }
        }
        index
    }

    pub(super) fn by_text(&self, table: &Table, column: Column, text: &str) -> &[Row] {
        let groups = self.by_hash.get(&self.hasher.hash_one(text));
        let rows = groups.and_then(|all| all.iter().find(|rows| says(table, column, rows, text)));
        rows.map_or(&[], Vec::as_slice)
    }

    pub(super) fn by_number(&self, number: f64) -> &[Row] {
        self.by_number.get(&key(number)).map_or(&[], Vec::as_slice)
    }
}

fn says(table: &Table, column: Column, rows: &[Row], text: &str) -> bool {
    rows.first()
        .is_some_and(|row| table.cell(*row, column) == text)
}

/// The same for 0 and -0, which are equal.
fn key(number: f64) -> u64 {
    (number + 0.0).to_bits()
}
