//! `case_numbers`: the last number given away on each local day.

use deadpool_postgres::Transaction;
use shared::Timestamp;

use super::{
    convert::{signed, unsigned},
    meta,
    statement::{one, run},
};
use crate::store::{StoreError, case_numbers::CaseNumbers};

/// The numbers of the day of `at`. Where one may be given away, the day is locked: the number must
/// be nobody else's, and none may be left out.
pub(super) async fn of_day(
    tx: &Transaction<'_>,
    at: Timestamp,
    opens_cases: bool,
) -> Result<CaseNumbers, StoreError> {
    let city = meta::find(tx, "city_code").await?;
    let offset = meta::find(tx, "utc_offset_minutes").await?;
    let mut numbers = CaseNumbers::of_day(city, offset.as_deref(), at);
    if opens_cases {
        numbers.last = lock(tx, &numbers.day).await?;
    }
    Ok(numbers)
}

/// The last number of a day, locked.
async fn lock(tx: &Transaction<'_>, day: &str) -> Result<u64, StoreError> {
    run(
        tx,
        "INSERT INTO case_numbers (day, last)
         VALUES ($1, 0)
             ON CONFLICT (day) DO NOTHING",
        &[&day],
    )
    .await?;
    let row = one(
        tx,
        "SELECT last
           FROM case_numbers
          WHERE day = $1
            FOR NO KEY UPDATE",
        &[&day],
    )
    .await?;
    unsigned(&row, "last")
}

/// Keeps what was given away.
pub(super) async fn put(tx: &Transaction<'_>, numbers: &CaseNumbers) -> Result<(), StoreError> {
    if !numbers.taken {
        return Ok(());
    }
    run(
        tx,
        "UPDATE case_numbers
            SET last = $2
          WHERE day = $1",
        &[&numbers.day, &signed(numbers.last)?],
    )
    .await?;
    Ok(())
}
