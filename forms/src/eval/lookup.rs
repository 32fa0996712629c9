//! Finds rows in a list. The first condition that an index can answer is asked first.

use super::{Fault, Scope, Spot, Value, path::is_kept};
use crate::{
    Table,
    program::{
        ListId,
        expr::{Filter, Lookup},
    },
    table::{Column, Row},
    xpath::number::number_of,
};

impl Scope<'_> {
    pub(super) fn look_up(&self, lookup: &Lookup) -> Result<Vec<Spot>, Fault> {
        let rows = self.rows(lookup.list, &lookup.filters)?;
        let spot = |row| match lookup.column {
            Some(column) => Spot::Cell(lookup.list, row, column),
            None => Spot::Row(lookup.list, row),
        };
        Ok(rows.into_iter().map(spot).collect())
    }

    /// The rows for which all conditions hold, in order.
    pub(crate) fn rows(&self, list: ListId, filters: &[Filter]) -> Result<Vec<Row>, Fault> {
        let table = &self.program.lists[list].table;
        let (mut rows, rest) = match filters.split_first() {
            Some((Filter::Equal(column, wanted), rest)) => {
                (indexed(self, table, *column, &self.eval(wanted)?), rest)
            }
            _ => (table.rows().collect(), filters),
        };
        for filter in rest {
            rows = self.rows_holding(list, rows, filter)?;
        }
        Ok(rows)
    }

    fn rows_holding(
        &self,
        list: ListId,
        rows: Vec<Row>,
        filter: &Filter,
    ) -> Result<Vec<Row>, Fault> {
        let table = &self.program.lists[list].table;
        match filter {
            Filter::Equal(column, wanted) => {
                let wanted = self.eval(wanted)?;
                Ok(rows
                    .into_iter()
                    .filter(|row| self.equals(table.cell(*row, *column), &wanted))
                    .collect())
            }
            Filter::Holds(predicate) => {
                let size = rows.len();
                let mut held = Vec::new();
                for (position, row) in (1..).zip(rows) {
                    let value = self
                        .at(Spot::Row(list, row), position, size)
                        .eval(predicate)?;
                    if is_kept(&value, position) {
                        held.push(row);
                    }
                }
                Ok(held)
            }
        }
    }

    /// A cell against what it should be (XPath 1.0 §3.4, a node on one side).
    #[expect(clippy::float_cmp, reason = "XPath compares numbers exactly")]
    fn equals(&self, cell: &str, wanted: &Value) -> bool {
        match wanted {
            Value::Text(text) => cell == text,
            Value::Number(number) => number_of(cell) == *number,
            Value::Truth(truth) => *truth,
            Value::Nodes(nodes) => nodes.iter().any(|node| self.says(*node) == cell),
        }
    }
}

/// The same by the index of the column.
fn indexed(scope: &Scope<'_>, table: &Table, column: Column, wanted: &Value) -> Vec<Row> {
    match wanted {
        Value::Text(text) => table.rows_with(column, text).to_vec(),
        Value::Number(number) => table.rows_with_number(column, *number).to_vec(),
        Value::Truth(true) => table.rows().collect(),
        Value::Truth(false) => Vec::new(),
        Value::Nodes(nodes) => {
            let mut rows: Vec<Row> = Vec::new();
            for node in nodes {
                rows.extend_from_slice(&table.rows_with(column, scope.says(*node)));
            }
            if nodes.len() > 1 {
                rows.sort_unstable();
                rows.dedup();
            }
            rows
        }
    }
}
