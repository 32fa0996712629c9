//! `op_audit`: what the operator did with operations. Only added to.

use rusqlite::{Connection, Row, Transaction, named_params};
use shared::{DeviceId, Timestamp};

use super::convert::{At, Unsigned};
use crate::store::{
    Audited, Deed, StoreError,
    json::{from_json, to_json},
};

pub(super) fn append(
    tx: &Transaction<'_>,
    (device, dev_seq): (DeviceId, u64),
    entry: &Audited,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO op_audit (at, device, dev_seq, deed, before, after)
         VALUES (:at, :device, :dev_seq, :deed, :before, :after)",
    )?
    .execute(named_params! {
        ":at": At(entry.at),
        ":device": device.as_bytes(),
        ":dev_seq": Unsigned(dev_seq),
        ":deed": match entry.deed {
            Deed::ContentShown => "content_shown",
            Deed::Retried => "retried",
        },
        ":before": to_json(&entry.before)?,
        ":after": to_json(&entry.after)?,
    })?;
    Ok(())
}

/// What was done with an operation, oldest first.
pub(super) fn of(
    db: &Connection,
    (device, dev_seq): (DeviceId, u64),
) -> Result<Vec<Audited>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT at, deed, before, after
           FROM op_audit
          WHERE device = :device AND dev_seq = :dev_seq
          ORDER BY id",
    )?;
    let rows = select.query_map(
        named_params! { ":device": device.as_bytes(), ":dev_seq": Unsigned(dev_seq) },
        from_row,
    )?;
    rows.map(|row| {
        let (at, deed, before, after) = row?;
        Ok(Audited {
            at,
            deed,
            before: from_json("outcome", &before)?,
            after: from_json("outcome", &after)?,
        })
    })
    .collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(Timestamp, Deed, String, String)> {
    let deed = match row.get_ref("deed")?.as_str()? {
        "retried" => Deed::Retried,
        _ => Deed::ContentShown,
    };
    let at = row.get::<_, At>("at")?.0;
    Ok((at, deed, row.get("before")?, row.get("after")?))
}
