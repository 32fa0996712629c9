//! Many rows of two columns at once: beginning and ending a statement for each costs more than writing it.

use rusqlite::{Connection, Statement, ToSql};

use crate::error::Result;

/// Rows a statement writes. More make it no faster.
const AT_ONCE: usize = 128;

/// Whoever gathers rows to write them in between should have so many.
pub(super) const PIECE: usize = 32 * AT_ONCE;

/// Inserts pairs `into` a table, named with its two columns: `table (one, other)`. In the order of the
/// table's key it costs least.
pub(super) fn insert<A: ToSql, B: ToSql>(
    tx: &Connection,
    into: &str,
    mut pairs: impl ExactSizeIterator<Item = (A, B)>,
) -> Result<()> {
    let statement = |rows: usize| {
        let values = vec!["(?, ?)"; rows].join(", ");
        tx.prepare(&format!("INSERT INTO {into} VALUES {values}"))
    };
    if pairs.len() >= AT_ONCE {
        let mut many = statement(AT_ONCE)?;
        while pairs.len() >= AT_ONCE {
            bind(&mut many, pairs.by_ref().take(AT_ONCE))?;
            many.raw_execute()?;
        }
    }
    if pairs.len() > 0 {
        let mut rest = statement(pairs.len())?;
        bind(&mut rest, pairs)?;
        rest.raw_execute()?;
    }
    Ok(())
}

fn bind<A: ToSql, B: ToSql>(
    statement: &mut Statement<'_>,
    pairs: impl Iterator<Item = (A, B)>,
) -> Result<()> {
    let mut at = 1;
    for (one, other) in pairs {
        statement.raw_bind_parameter(at, one)?;
        statement.raw_bind_parameter(at + 1, other)?;
        at += 2;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
}
