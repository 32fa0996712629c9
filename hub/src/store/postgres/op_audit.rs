//! `op_audit`: what the operator did with operations. Only added to.

use deadpool_postgres::{GenericClient, Transaction};
use shared::DeviceId;
use tokio_postgres::Row;

use super::{
    convert::{at, signed},
    statement::{all, run},
};
use crate::store::{
    Audited, Deed, StoreError,
    json::{from_json, to_json},
};

pub(super) async fn append(
    tx: &Transaction<'_>,
    (device, dev_seq): (DeviceId, u64),
    entry: &Audited,
) -> Result<(), StoreError> {
    let deed = match entry.deed {
        Deed::ContentShown => "content_shown",
        Deed::Retried => "retried",
    };
    run(
        tx,
        "INSERT INTO op_audit (at, device, dev_seq, deed, before, after)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            &entry.at.as_ms(),
            &device.0,
            &signed(dev_seq)?,
            &deed,
            &to_json(&entry.before)?,
            &to_json(&entry.after)?,
        ],
    )
    .await?;
    Ok(())
}

/// What was done with an operation, oldest first.
pub(super) async fn of(
    db: &impl GenericClient,
    (device, dev_seq): (DeviceId, u64),
) -> Result<Vec<Audited>, StoreError> {
    let rows = all(
        db,
        "SELECT at, deed, before, after
           FROM op_audit
          WHERE device = $1 AND dev_seq = $2
          ORDER BY id",
        &[&device.0, &signed(dev_seq)?],
    )
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Audited, StoreError> {
    let deed = match row.try_get("deed")? {
        "retried" => Deed::Retried,
        _ => Deed::ContentShown,
    };
    Ok(Audited {
        at: at(row, "at")?,
        deed,
        before: from_json("outcome", row.try_get("before")?)?,
        after: from_json("outcome", row.try_get("after")?)?,
    })
}
