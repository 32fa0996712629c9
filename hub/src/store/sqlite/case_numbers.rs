//! `case_numbers`: the last number given away on each local day.

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use shared::Timestamp;

use super::{convert::Unsigned, meta};
use crate::store::{StoreError, case_numbers::CaseNumbers};

/// The numbers of the day of `at`.
pub(super) fn of_day(db: &Connection, at: Timestamp) -> Result<CaseNumbers, StoreError> {
    let city = meta::find(db, "city_code")?;
    let offset = meta::find(db, "utc_offset_minutes")?;
    let mut numbers = CaseNumbers::of_day(city, offset.as_deref(), at);
    let last = db
        .prepare_cached(
            "SELECT last
               FROM case_numbers
              WHERE day = :day",
        )?
        .query_row(named_params! { ":day": numbers.day }, |row| {
            row.get::<_, Unsigned>(0)
        })
        .optional()?;
    numbers.last = last.map_or(0, |last| last.0);
    Ok(numbers)
}

/// Keeps what was given away.
pub(super) fn put(tx: &Transaction<'_>, numbers: &CaseNumbers) -> Result<(), StoreError> {
    if !numbers.taken {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO case_numbers (day, last)
         VALUES (:day, :last)
             ON CONFLICT (day) DO UPDATE SET last = excluded.last",
    )?
    .execute(named_params! { ":day": numbers.day, ":last": Unsigned(numbers.last) })?;
    Ok(())
}
