//! `exports`: which files were made, for whom and why. Only added to.

use rusqlite::{Connection, Row, Transaction, named_params};
use shared::{DeviceId, StaffId};

use super::convert::{At, Unsigned};
use crate::store::{
    Exported, StoreError,
    exports::{format, of, written},
};

pub(super) fn append(tx: &Transaction<'_>, exported: &Exported) -> Result<(), StoreError> {
    let [form, first_day, last_day] = written(&exported.of);
    tx.prepare_cached(
        "INSERT INTO exports (at, device, staff, form, format, first_day, last_day, numbers, reason,
                              grids, records)
         VALUES (:at, :device, :staff, :form, :format, :first_day, :last_day, :numbers, :reason,
                 :grids, :records)",
    )?
    .execute(named_params! {
        ":at": At(exported.at),
        ":device": exported.device.as_bytes(),
        ":staff": exported.staff.as_str(),
        ":form": form,
        ":format": exported.format.as_str(),
        ":first_day": first_day,
        ":last_day": last_day,
        ":numbers": exported.numbers,
        ":reason": exported.reason,
        ":grids": Unsigned(exported.grids),
        ":records": Unsigned(exported.records),
    })?;
    Ok(())
}

/// All of them, oldest first.
pub(super) fn all(db: &Connection) -> Result<Vec<Exported>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT at, device, staff, form, format, first_day, last_day, numbers, reason, grids, records
           FROM exports
          ORDER BY at, rowid",
    )?;
    let rows = select.query_map([], |row| Ok(from_row(row)))?;
    rows.map(|row| row?).collect()
}

fn from_row(row: &Row<'_>) -> Result<Exported, StoreError> {
    let kind: String = row.get("format")?;
    Ok(Exported {
        at: row.get::<_, At>("at")?.0,
        device: DeviceId::from_bytes(row.get("device")?),
        staff: StaffId(row.get("staff")?),
        of: of([
            row.get("form")?,
            row.get("first_day")?,
            row.get("last_day")?,
        ]),
        format: format(&kind)?,
        numbers: row.get("numbers")?,
        reason: row.get("reason")?,
        grids: row.get::<_, Unsigned>("grids")?.0,
        records: row.get::<_, Unsigned>("records")?.0,
    })
}
