//! `staff`, `staff_grids`: people, and the grids they may see.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};
use shared::{GridCode, StaffId, Timestamp, hub_api::StaffCard, pack::StaffEntry};

use super::{
    convert::{At, Unsigned},
    former_assignments,
};
use crate::store::{
    StaffLine, StoreError,
    assignment::Assignment,
    json::{from_json, to_json},
};

/// Takes in a person as a pack names them. How they were assigned before, if otherwise, is kept with
/// its time. A revoked one stays revoked.
pub(super) fn put(
    tx: &Transaction<'_>,
    entry: &StaffEntry,
    grids: &[GridCode],
    now: Timestamp,
) -> Result<(), StoreError> {
    let before = assignment(tx, &entry.id)?;
    if let Some(ended) = before.filter(|it| *it != Assignment::of(entry, grids)) {
        former_assignments::append(tx, &entry.id, &ended, now)?;
    }
    tx.prepare_cached(
        "INSERT INTO staff (id, name, name_en, badge_no, roles, permissions)
         VALUES (:id, :name, :name_en, :badge_no, :roles, :permissions)
             ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, name_en = excluded.name_en,
                badge_no = excluded.badge_no, roles = excluded.roles,
                permissions = excluded.permissions",
    )?
    .execute(named_params! {
        ":id": entry.id.as_str(),
        ":name": entry.name,
        ":name_en": entry.name_en,
        ":badge_no": entry.badge_no,
        ":roles": to_json(&entry.roles)?,
        ":permissions": to_json(&entry.permissions)?,
    })?;
    tx.prepare_cached(
        "DELETE FROM staff_grids
          WHERE staff = :staff",
    )?
    .execute(named_params! { ":staff": entry.id.as_str() })?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO staff_grids (staff, grid)
         VALUES (:staff, :grid)",
    )?;
    for grid in grids {
        insert.execute(named_params! { ":staff": entry.id.as_str(), ":grid": grid.as_str() })?;
    }
    Ok(())
}

/// How this person is assigned now; `None` when there is no such person.
fn assignment(db: &Connection, id: &StaffId) -> Result<Option<Assignment>, StoreError> {
    let card = find(db, id)?.map(|(card, _)| card);
    Ok(card.map(|card| Assignment {
        grids: card.grids,
        roles: card.roles,
        permissions: card.permissions,
    }))
}

/// A person's card, and whether they were revoked.
pub(super) fn find(db: &Connection, id: &StaffId) -> Result<Option<(StaffCard, bool)>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT id, name, name_en, badge_no, roles, permissions, revoked_at
               FROM staff
              WHERE id = :id",
        )?
        .query_row(named_params! { ":id": id.as_str() }, card_from_row)
        .optional()?;
    let Some((mut card, [roles, permissions], revoked)) = found else {
        return Ok(None);
    };
    card.roles = from_json("roles", &roles)?;
    card.permissions = from_json("permissions", &permissions)?;
    card.grids = grids(db, id)?;
    Ok(Some((card, revoked)))
}

fn card_from_row(row: &Row<'_>) -> rusqlite::Result<(StaffCard, [String; 2], bool)> {
    let card = StaffCard {
        id: StaffId(row.get("id")?),
        name: row.get("name")?,
        name_en: row.get("name_en")?,
        badge_no: row.get("badge_no")?,
        roles: Vec::new(),
        grids: Vec::new(),
        permissions: BTreeSet::new(),
    };
    let revoked = row.get::<_, Option<At>>("revoked_at")?.is_some();
    Ok((card, [row.get("roles")?, row.get("permissions")?], revoked))
}

fn grids(db: &Connection, id: &StaffId) -> Result<Vec<GridCode>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT grid
           FROM staff_grids
          WHERE staff = :staff
          ORDER BY grid",
    )?;
    let rows = select.query_map(named_params! { ":staff": id.as_str() }, |row| row.get(0))?;
    Ok(rows
        .map(|grid| grid.map(GridCode))
        .collect::<Result<_, _>>()?)
}

pub(super) fn list(db: &Connection) -> Result<Vec<StaffLine>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT id, roles, permissions, revoked_at,
                (SELECT count(*) FROM staff_grids WHERE staff_grids.staff = staff.id) AS grids,
                (SELECT count(*) FROM devices
                  WHERE devices.staff = staff.id AND devices.revoked_at IS NULL) AS devices
           FROM staff
          ORDER BY id",
    )?;
    let mut lines = Vec::new();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        lines.push(StaffLine {
            id: StaffId(row.get("id")?),
            roles: from_json("roles", &row.get::<_, String>("roles")?)?,
            permissions: from_json("permissions", &row.get::<_, String>("permissions")?)?,
            grids: row.get::<_, Unsigned>("grids")?.0,
            devices: row.get::<_, Unsigned>("devices")?.0,
            revoked_at: row.get::<_, Option<At>>("revoked_at")?.map(|at| at.0),
        });
    }
    Ok(lines)
}

/// Takes access away; `false` when there is no such person. The first revocation's time stays.
pub(super) fn revoke(
    tx: &Transaction<'_>,
    id: &StaffId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE staff
                SET revoked_at = coalesce(revoked_at, :now)
              WHERE id = :id",
        )?
        .execute(named_params! { ":id": id.as_str(), ":now": At(now) })?;
    Ok(changed > 0)
}
