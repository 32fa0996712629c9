//! `former_assignments`: how people were assigned before a pack changed it. Rows are only added.

use deadpool_postgres::{GenericClient, Transaction};
use shared::{StaffId, Timestamp};
use tokio_postgres::Row;

use super::{
    convert::{at, maybe_at},
    statement::{all, run},
};
use crate::store::{
    StoreError,
    assignment::{Assignment, Former},
    json::{from_json, to_json},
};

/// An assignment ends now; it began when the one before it ended.
pub(super) async fn append(
    tx: &Transaction<'_>,
    staff: &StaffId,
    ended: &Assignment,
    now: Timestamp,
) -> Result<(), StoreError> {
    run(
        tx,
        "INSERT INTO former_assignments
                (staff, since_at, until_at, grids, roles, permissions, with_device)
         VALUES ($1,
                 (SELECT max(until_at) FROM former_assignments WHERE staff = $1),
                 $2, $3, $4, $5,
                 EXISTS (SELECT 1 FROM devices WHERE devices.staff = $1))
             ON CONFLICT (staff, until_at) DO NOTHING",
        &[
            &staff.as_str(),
            &now.as_ms(),
            &to_json(&ended.grids)?,
            &to_json(&ended.roles)?,
            &to_json(&ended.permissions)?,
        ],
    )
    .await?;
    Ok(())
}

/// Those of this person that ended after `oldest` and under which something can have been done, the
/// last first.
pub(super) async fn of(
    db: &impl GenericClient,
    staff: &StaffId,
    oldest: Timestamp,
) -> Result<Vec<Former>, StoreError> {
    let rows = all(
        db,
        "SELECT since_at, until_at, grids, roles, permissions
           FROM former_assignments
          WHERE staff = $1
            AND until_at > $2
            AND with_device
          ORDER BY until_at DESC",
        &[&staff.as_str(), &oldest.as_ms()],
    )
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Former, StoreError> {
    Ok(Former {
        assignment: Assignment {
            grids: from_json("grids", row.try_get("grids")?)?,
            roles: from_json("roles", row.try_get("roles")?)?,
            permissions: from_json("permissions", row.try_get("permissions")?)?,
        },
        since: maybe_at(row, "since_at")?,
        until: at(row, "until_at")?,
    })
}
