//! `case_numbers`: which case a number that people have in their hands belongs to. Written by folding
//! only.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};
use shared::CaseId;

use super::value::rows;
use crate::error::Result;

/// A case, and the number it was found by.
#[derive(Debug)]
pub(crate) struct Numbered {
    /// The case.
    pub(crate) id: CaseId,
    /// As it is kept: in small letters.
    pub(crate) number: String,
}

/// Writes the numbers of a case that is in `cases`; most changes leave them as they are.
pub(crate) fn put(tx: &Connection, id: CaseId, numbers: &BTreeSet<String>) -> Result<()> {
    let before = of(tx, id)?;
    let mut delete = tx.prepare_cached(
        "DELETE FROM case_numbers
          WHERE number = :number
            AND case_rowid = (SELECT rowid FROM cases WHERE id = :id)",
    )?;
    for number in before.difference(numbers) {
        delete.execute(named_params! { ":number": number, ":id": id.as_bytes() })?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO case_numbers (number, case_rowid)
         SELECT :number, rowid
           FROM cases
          WHERE id = :id",
    )?;
    for number in numbers.difference(&before) {
        insert.execute(named_params! { ":number": number, ":id": id.as_bytes() })?;
    }
    Ok(())
}

/// The numbers of a case.
fn of(db: &Connection, id: CaseId) -> Result<BTreeSet<String>> {
    let numbers = rows(
        db,
        "SELECT number
           FROM case_numbers
          WHERE case_rowid = (SELECT rowid FROM cases WHERE id = :id)",
        named_params! { ":id": id.as_bytes() },
        |row| row.get("number"),
    )?;
    Ok(numbers.into_iter().collect())
}

/// Cases one of whose numbers begins so, the last number first.
pub(crate) fn beginning(db: &Connection, with: &str, limit: u32) -> Result<Vec<Numbered>> {
    rows(
        db,
        "SELECT id, number
           FROM case_numbers
           JOIN cases ON cases.rowid = case_rowid
          WHERE number >= :from
            AND number < :to
          ORDER BY number DESC
          LIMIT :limit",
        named_params! {
            ":from": with,
            ":to": format!("{with}\u{10FFFF}"),
            ":limit": limit,
        },
        |row| {
            Ok(Numbered {
                id: CaseId::from_bytes(row.get("id")?),
                number: row.get("number")?,
            })
        },
    )
}
