//! `case_numbers`: 案件编号, one counter per local day.

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use shared::{Timestamp, deadline};

use super::{convert::Unsigned, meta};
use crate::store::StoreError;

/// A number that may be given to a case.
#[derive(Debug)]
pub(super) struct CaseNumber {
    day: String,
    number: u64,
    /// For example `320699-20261124-0007`.
    pub(super) text: String,
}

/// The next number; it counts only once [`take`]n.
pub(super) fn next(db: &Connection, now: Timestamp) -> Result<CaseNumber, StoreError> {
    let city = meta::find(db, "city_code")?.unwrap_or_else(|| "000000".to_owned());
    let offset = meta::find(db, "utc_offset_minutes")?;
    let offset = offset.and_then(|text| text.parse().ok()).unwrap_or(480);
    let day = deadline::local(offset, now).map_or_else(
        || "00000000".to_owned(),
        |local| {
            let month = u8::from(local.month());
            format!("{:04}{month:02}{:02}", local.year(), local.day())
        },
    );
    let last = db
        .prepare_cached(
            "SELECT last
               FROM case_numbers
              WHERE day = :day",
        )?
        .query_row(named_params! { ":day": day }, |row| {
            row.get::<_, Unsigned>(0)
        })
        .optional()?;
    let number = last.map_or(0, |last| last.0) + 1;
    Ok(CaseNumber {
        text: format!("{city}-{day}-{number:04}"),
        day,
        number,
    })
}

/// The number was given away.
pub(super) fn take(tx: &Transaction<'_>, number: &CaseNumber) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO case_numbers (day, last)
         VALUES (:day, :last)
             ON CONFLICT (day) DO UPDATE SET last = excluded.last",
    )?
    .execute(named_params! { ":day": number.day, ":last": Unsigned(number.number) })?;
    Ok(())
}
