//! `staff`, `staff_grids`: people, and the grids they may see.

use deadpool_postgres::{GenericClient, Transaction};
use shared::{GridCode, StaffId, Timestamp, hub_api::StaffCard, pack::StaffEntry};
use tokio_postgres::Row;

use super::{
    convert::{maybe_at, unsigned},
    former_assignments,
    statement::{all, find, run},
};
use crate::store::{
    StaffLine, StoreError,
    assignment::Assignment,
    json::{from_json, to_json},
};

/// Takes in a person as a pack names them. How they were assigned before, if otherwise, is kept with
/// its time. A revoked one stays revoked.
pub(super) async fn put(
    tx: &Transaction<'_>,
    entry: &StaffEntry,
    grids: &[GridCode],
    now: Timestamp,
) -> Result<(), StoreError> {
    let before = assignment(tx, &entry.id).await?;
    if let Some(ended) = before.filter(|it| *it != Assignment::of(entry, grids)) {
        former_assignments::append(tx, &entry.id, &ended, now).await?;
    }
    let id = entry.id.as_str();
    run(
        tx,
        "INSERT INTO staff (id, name, name_en, badge_no, roles, permissions)
         VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, name_en = excluded.name_en,
                badge_no = excluded.badge_no, roles = excluded.roles,
                permissions = excluded.permissions",
        &[
            &id,
            &entry.name,
            &entry.name_en,
            &entry.badge_no,
            &to_json(&entry.roles)?,
            &to_json(&entry.permissions)?,
        ],
    )
    .await?;
    run(
        tx,
        "DELETE FROM staff_grids
          WHERE staff = $1",
        &[&id],
    )
    .await?;
    let grids: Vec<_> = grids.iter().map(GridCode::as_str).collect();
    run(
        tx,
        "INSERT INTO staff_grids (staff, grid)
         SELECT $1, unnest($2::TEXT[])",
        &[&id, &grids],
    )
    .await?;
    Ok(())
}

/// How this person is assigned now; `None` when there is no such person.
async fn assignment(
    db: &impl GenericClient,
    id: &StaffId,
) -> Result<Option<Assignment>, StoreError> {
    let row = find(
        db,
        "SELECT roles, permissions,
                ARRAY(SELECT grid FROM staff_grids
                       WHERE staff_grids.staff = staff.id ORDER BY grid) AS grids
           FROM staff
          WHERE id = $1",
        &[&id.as_str()],
    )
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let grids: Vec<String> = row.try_get("grids")?;
    Ok(Some(Assignment {
        grids: grids.into_iter().map(GridCode).collect(),
        roles: from_json("roles", row.try_get("roles")?)?,
        permissions: from_json("permissions", row.try_get("permissions")?)?,
    }))
}

/// Whether this person's access was taken away; `None` when there is no such person.
pub(super) async fn is_revoked(
    db: &impl GenericClient,
    id: &StaffId,
) -> Result<Option<bool>, StoreError> {
    let row = find(
        db,
        "SELECT revoked_at IS NOT NULL AS revoked
           FROM staff
          WHERE id = $1",
        &[&id.as_str()],
    )
    .await?;
    Ok(row.map(|row| row.try_get("revoked")).transpose()?)
}

/// A person's card, and whether they were revoked.
pub(super) fn card(row: &Row) -> Result<(StaffCard, bool), StoreError> {
    let grids: Vec<String> = row.try_get("grids")?;
    let card = StaffCard {
        id: StaffId(row.try_get("id")?),
        name: row.try_get("name")?,
        name_en: row.try_get("name_en")?,
        badge_no: row.try_get("badge_no")?,
        roles: from_json("roles", row.try_get("roles")?)?,
        grids: grids.into_iter().map(GridCode).collect(),
        permissions: from_json("permissions", row.try_get("permissions")?)?,
    };
    Ok((card, maybe_at(row, "revoked_at")?.is_some()))
}

pub(super) async fn list(db: &impl GenericClient) -> Result<Vec<StaffLine>, StoreError> {
    let rows = all(
        db,
        "SELECT id, roles, permissions, revoked_at,
                (SELECT count(*) FROM staff_grids WHERE staff_grids.staff = staff.id) AS grids,
                (SELECT count(*) FROM devices
                  WHERE devices.staff = staff.id AND devices.revoked_at IS NULL) AS devices
           FROM staff
          ORDER BY id",
        &[],
    )
    .await?;
    rows.iter()
        .map(|row| {
            Ok(StaffLine {
                id: StaffId(row.try_get("id")?),
                roles: from_json("roles", row.try_get("roles")?)?,
                permissions: from_json("permissions", row.try_get("permissions")?)?,
                grids: unsigned(row, "grids")?,
                devices: unsigned(row, "devices")?,
                revoked_at: maybe_at(row, "revoked_at")?,
            })
        })
        .collect()
}

/// Takes access away; `false` when there is no such person. The first revocation's time stays.
pub(super) async fn revoke(
    db: &impl GenericClient,
    id: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = run(
        db,
        "UPDATE staff
            SET revoked_at = coalesce(revoked_at, $2)
          WHERE id = $1",
        &[&id.as_str(), &now.as_ms()],
    )
    .await?;
    Ok(changed > 0)
}
