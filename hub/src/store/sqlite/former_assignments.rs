//! `former_assignments`: how people were assigned before a pack changed it. Rows are only added.

use rusqlite::{Connection, Row, Transaction, named_params};
use shared::{StaffId, Timestamp};

use super::convert::At;
use crate::store::{
    StoreError,
    assignment::{Assignment, Former},
    json::{from_json, to_json},
};

/// An assignment ends now; it began when the one before it ended.
pub(super) fn append(
    tx: &Transaction<'_>,
    staff: &StaffId,
    ended: &Assignment,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO former_assignments
                (staff, since_at, until_at, grids, roles, permissions, with_device)
         VALUES (:staff,
                 (SELECT max(until_at) FROM former_assignments WHERE staff = :staff),
                 :now, :grids, :roles, :permissions,
                 EXISTS (SELECT 1 FROM devices WHERE devices.staff = :staff))
             ON CONFLICT (staff, until_at) DO NOTHING",
    )?
    .execute(named_params! {
        ":staff": staff.as_str(),
        ":now": At(now),
        ":grids": to_json(&ended.grids)?,
        ":roles": to_json(&ended.roles)?,
        ":permissions": to_json(&ended.permissions)?,
    })?;
    Ok(())
}

/// Those of this person that ended after `oldest` and under which something can have been done, the
/// last first.
pub(super) fn of(
    db: &Connection,
    staff: &StaffId,
    oldest: Timestamp,
) -> Result<Vec<Former>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT since_at, until_at, grids, roles, permissions
           FROM former_assignments
          WHERE staff = :staff
            AND until_at > :oldest
            AND with_device = 1
          ORDER BY until_at DESC",
    )?;
    let mut rows =
        select.query(named_params! { ":staff": staff.as_str(), ":oldest": At(oldest) })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Former, StoreError> {
    Ok(Former {
        assignment: Assignment {
            grids: from_json("grids", &row.get::<_, String>("grids")?)?,
            roles: from_json("roles", &row.get::<_, String>("roles")?)?,
            permissions: from_json("permissions", &row.get::<_, String>("permissions")?)?,
        },
        since: row.get::<_, Option<At>>("since_at")?.map(|at| at.0),
        until: row.get::<_, At>("until_at")?.0,
    })
}
