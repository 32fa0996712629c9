//! `exports`: which files were made, for whom and why. Only added to.

use deadpool_postgres::GenericClient;
use shared::{DeviceId, StaffId};
use tokio_postgres::Row;

use super::{
    convert::{at, signed, unsigned},
    statement::{all as every, run},
};
use crate::store::{
    Exported, StoreError,
    exports::{format, of, written},
};

pub(super) async fn append(db: &impl GenericClient, exported: &Exported) -> Result<(), StoreError> {
    let [form, first_day, last_day] = written(&exported.of);
    run(
        db,
        "INSERT INTO exports (at, device, staff, form, format, first_day, last_day, numbers, reason,
                              grids, records)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &exported.at.as_ms(),
            &exported.device.0,
            &exported.staff.as_str(),
            &form,
            &exported.format.as_str(),
            &first_day,
            &last_day,
            &exported.numbers,
            &exported.reason,
            &signed(exported.grids)?,
            &signed(exported.records)?,
        ],
    )
    .await?;
    Ok(())
}

/// All of them, oldest first.
pub(super) async fn all(db: &impl GenericClient) -> Result<Vec<Exported>, StoreError> {
    let rows = every(
        db,
        "SELECT at, device, staff, form, format, first_day, last_day, numbers, reason, grids, records
           FROM exports
          ORDER BY at, ctid",
        &[],
    )
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Exported, StoreError> {
    Ok(Exported {
        at: at(row, "at")?,
        device: DeviceId(row.try_get("device")?),
        staff: StaffId(row.try_get("staff")?),
        of: of([
            row.try_get("form")?,
            row.try_get("first_day")?,
            row.try_get("last_day")?,
        ]),
        format: format(row.try_get("format")?)?,
        numbers: row.try_get("numbers")?,
        reason: row.try_get("reason")?,
        grids: unsigned(row, "grids")?,
        records: unsigned(row, "records")?,
    })
}
