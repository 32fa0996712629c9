//! Many rows at once: beginning and ending a statement for each costs more than writing it.

use rusqlite::{Connection, Statement, ToSql};

use crate::error::Result;

/// Rows a statement writes, or keys it asks for. More make it no faster.
pub(super) const AT_ONCE: usize = 128;

/// Whoever gathers rows to write them in between should have so many.
pub(super) const PIECE: usize = 32 * AT_ONCE;

/// Inserts rows of a few values each `into` a table, named with its columns: `table (one, other)`. In the
/// order of the table's key it costs least.
pub(super) fn insert<T: Narrow>(
    tx: &Connection,
    into: &str,
    mut rows: impl ExactSizeIterator<Item = T>,
) -> Result<()> {
    if rows.len() >= AT_ONCE {
        let mut many = inserting(tx, into, AT_ONCE)?;
        while rows.len() >= AT_ONCE {
            bind(&mut many, rows.by_ref().take(AT_ONCE))?;
            many.raw_execute()?;
        }
    }
    if rows.len() > 0 {
        let mut rest = inserting(tx, into, rows.len())?;
        bind(&mut rest, rows)?;
        rest.raw_execute()?;
    }
    Ok(())
}

/// A row of a table with few columns, as it is written.
pub(crate) trait Narrow {
    /// Binds its values to a statement, the first to the parameter after `at`. Gives the last one's.
    fn bind(&self, statement: &mut Statement<'_>, at: usize) -> rusqlite::Result<usize>;
}

impl<A: ToSql, B: ToSql> Narrow for (A, B) {
    fn bind(&self, statement: &mut Statement<'_>, at: usize) -> rusqlite::Result<usize> {
        statement.raw_bind_parameter(at + 1, &self.0)?;
        statement.raw_bind_parameter(at + 2, &self.1)?;
        Ok(at + 2)
    }
}

impl<A: ToSql, B: ToSql, C: ToSql> Narrow for (A, B, C) {
    fn bind(&self, statement: &mut Statement<'_>, at: usize) -> rusqlite::Result<usize> {
        statement.raw_bind_parameter(at + 1, &self.0)?;
        statement.raw_bind_parameter(at + 2, &self.1)?;
        statement.raw_bind_parameter(at + 3, &self.2)?;
        Ok(at + 3)
    }
}

/// A statement for so many rows `into` a table, which is named with its columns. One that fails leaves the
/// rows before where they are, for whoever it fails for gives up the whole transaction: else `SQLite` would
/// keep a copy of each page that a statement changes.
fn inserting<'t>(tx: &'t Connection, into: &str, rows: usize) -> Result<Statement<'t>> {
    Ok(tx.prepare(&words("INSERT OR FAIL", into, rows))?)
}

fn words(insert: &str, into: &str, rows: usize) -> String {
    let columns = into.matches(',').count() + 1;
    let row = vec!["?"; columns].join(", ");
    let values = vec![format!("({row})"); rows].join(", ");
    format!("{insert} INTO {into} VALUES {values}")
}

/// Rows that a statement writes, of many columns.
const WIDE_AT_ONCE: usize = 32;

/// A row of a table with many columns, as it is written.
pub(crate) trait Wide {
    /// The table with its columns, as [`insert`] names it.
    const INTO: &'static str;

    /// Gives the values, in this order, to `write`.
    fn values<R>(&self, write: impl FnOnce(&[&dyn ToSql]) -> R) -> R;
}

/// Rows on their way into a table, some at once. What was not [finished](WideRows::finish) is not all
/// there.
pub(crate) struct WideRows<'t, T> {
    tx: &'t Connection,
    many: Statement<'t>,
    waiting: Vec<T>,
}

impl<'t, T: Wide> WideRows<'t, T> {
    /// None yet.
    pub(crate) fn of(tx: &'t Connection) -> Result<Self> {
        Ok(Self {
            tx,
            many: inserting(tx, T::INTO, WIDE_AT_ONCE)?,
            waiting: Vec::with_capacity(WIDE_AT_ONCE),
        })
    }

    /// One more.
    pub(crate) fn add(&mut self, row: T) -> Result<()> {
        self.waiting.push(row);
        if self.waiting.len() == WIDE_AT_ONCE {
            write_wide(&mut self.many, &self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }

    /// Writes those that wait for others.
    pub(crate) fn finish(self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut rest = inserting(self.tx, T::INTO, self.waiting.len())?;
        write_wide(&mut rest, &self.waiting)
    }
}

/// Writes one row.
pub(super) fn insert_one<T: Wide>(tx: &Connection, row: &T) -> Result<()> {
    let mut one = tx.prepare_cached(&words("INSERT", T::INTO, 1))?;
    row.values(|values| one.execute(values))?;
    Ok(())
}

fn write_wide<T: Wide>(statement: &mut Statement<'_>, rows: &[T]) -> Result<()> {
    let mut at = 0;
    for row in rows {
        row.values(|values| {
            values.iter().try_for_each(|value| {
                at += 1;
                statement.raw_bind_parameter(at, value)
            })
        })?;
    }
    statement.raw_execute()?;
    Ok(())
}

fn bind<T: Narrow>(statement: &mut Statement<'_>, mut rows: impl Iterator<Item = T>) -> Result<()> {
    rows.try_fold(0, |at, row| row.bind(statement, at))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::params;

    use super::*;

    #[test]
    fn every_pair_is_written_once_however_many_there_are() {
        for count in [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE] {
            let db = Connection::open_in_memory().unwrap();
            db.execute_batch("CREATE TABLE pairs (one INTEGER, other TEXT)")
                .unwrap();
            let numbers = 0..u32::try_from(count).unwrap();
            let pairs: Vec<(u32, String)> = numbers.map(|it| (it, it.to_string())).collect();

            insert(
                &db,
                "pairs (one, other)",
                pairs.iter().map(|(one, other)| (one, other)),
            )
            .unwrap();

            let mut statement = db
                .prepare("SELECT one, other FROM pairs ORDER BY rowid")
                .unwrap();
            let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
            let found: Vec<(u32, String)> = found.unwrap().map(|it| it.unwrap()).collect();
            assert_eq!(found, pairs, "{count} pairs");
        }
    }

    struct Row(u32);

    impl Wide for Row {
        const INTO: &'static str = "triples (one, twice, text)";

        fn values<R>(&self, write: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
            write(params![self.0, 2 * self.0, self.0.to_string()])
        }
    }

    #[test]
    fn every_wide_row_is_written_once_in_its_order_however_many_there_are() {
        for count in [0, 1, WIDE_AT_ONCE - 1, WIDE_AT_ONCE, 2 * WIDE_AT_ONCE + 1] {
            let db = Connection::open_in_memory().unwrap();
            db.execute_batch("CREATE TABLE triples (one INTEGER, twice INTEGER, text TEXT)")
                .unwrap();
            let numbers = 0..u32::try_from(count).unwrap();

            let mut rows = WideRows::of(&db).unwrap();
            for number in numbers.clone() {
                rows.add(Row(number)).unwrap();
            }
            rows.finish().unwrap();

            let mut statement = db
                .prepare("SELECT one, twice, text FROM triples ORDER BY rowid")
                .unwrap();
            let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            let found: Vec<(u32, u32, String)> = found.unwrap().map(|it| it.unwrap()).collect();
            let all: Vec<_> = numbers.map(|it| (it, 2 * it, it.to_string())).collect();
            assert_eq!(found, all, "{count} rows");
        }
    }
}
