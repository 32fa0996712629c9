//! `devices`: tablets and desktops that were enrolled. A token is kept only as its hash.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};
use shared::{DeviceId, StaffId, Timestamp};

use super::{
    convert::{At, Unsigned},
    device_clocks, staff,
};
use crate::{
    secret::Hash,
    store::{DeviceLine, Enrolling, Renewing, Session, StoreError},
};

/// Enrols a device, or gives a known one a new token.
pub(super) fn put(
    tx: &Transaction<'_>,
    request: &Enrolling,
    owner: &StaffId,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO devices (id, staff, token_hash, name, app_version, enrolled_at)
         VALUES (:id, :staff, :token_hash, :name, :app_version, :now)
             ON CONFLICT (id) DO UPDATE
            SET token_hash = excluded.token_hash, name = excluded.name,
                app_version = excluded.app_version, enrolled_at = excluded.enrolled_at,
                revoked_at = NULL",
    )?
    .execute(named_params! {
        ":id": request.device.as_bytes(),
        ":staff": owner.as_str(),
        ":token_hash": request.token,
        ":name": request.name,
        ":app_version": request.app_version,
        ":now": At(request.now),
    })?;
    Ok(())
}

/// A new identity beside the old one; `false` when its id is in use.
pub(super) fn renew(tx: &Transaction<'_>, request: &Renewing) -> Result<bool, StoreError> {
    let written = tx
        .prepare_cached(
            "INSERT INTO devices (id, staff, token_hash, name, app_version, enrolled_at)
             SELECT :id, staff, :token_hash, name, app_version, :now
               FROM devices
              WHERE id = :from
                 ON CONFLICT (id) DO UPDATE
                SET token_hash = excluded.token_hash
              WHERE devices.staff = excluded.staff
                AND devices.last_dev_seq = 0
                AND devices.revoked_at IS NULL",
        )?
        .execute(named_params! {
            ":id": request.device.as_bytes(),
            ":from": request.from.as_bytes(),
            ":token_hash": request.token,
            ":now": At(request.now),
        })?;
    Ok(written > 0)
}

/// Whose device this is, if it was ever enrolled.
pub(super) fn owner(db: &Connection, id: DeviceId) -> Result<Option<StaffId>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT staff
               FROM devices
              WHERE id = :id",
        )?
        .query_row(named_params! { ":id": id.as_bytes() }, |row| row.get(0))
        .optional()?
        .map(StaffId))
}

/// Whose token this is.
pub(super) fn session(db: &Connection, token: &Hash) -> Result<Option<Session>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT id
               FROM devices
              WHERE token_hash = :token_hash",
        )?
        .query_row(named_params! { ":token_hash": token }, |row| row.get(0))
        .optional()?;
    match found.map(DeviceId::from_bytes) {
        Some(device) => session_of(db, device),
        None => Ok(None),
    }
}

/// A device and its person, as of now.
pub(super) fn session_of(db: &Connection, device: DeviceId) -> Result<Option<Session>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT staff, revoked_at, last_dev_seq
               FROM devices
              WHERE id = :id",
        )?
        .query_row(named_params! { ":id": device.as_bytes() }, |row| {
            Ok((
                StaffId(row.get("staff")?),
                row.get::<_, Option<At>>("revoked_at")?.is_some(),
                row.get::<_, Unsigned>("last_dev_seq")?.0,
            ))
        })
        .optional()?;
    let Some((owner, revoked, last_dev_seq)) = found else {
        return Ok(None);
    };
    let found = staff::find(db, &owner)?;
    Ok(found.map(|(staff, staff_revoked)| Session {
        device,
        last_dev_seq,
        revoked: revoked || staff_revoked,
        staff,
    }))
}

pub(super) fn last_dev_seq(db: &Connection, id: DeviceId) -> Result<u64, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT last_dev_seq
               FROM devices
              WHERE id = :id",
        )?
        .query_row(named_params! { ":id": id.as_bytes() }, |row| {
            row.get::<_, Unsigned>(0)
        })?
        .0)
}

pub(super) fn pushed(
    tx: &Transaction<'_>,
    id: DeviceId,
    last_dev_seq: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE devices
            SET last_dev_seq = :last_dev_seq, pushed_at = :now
          WHERE id = :id",
    )?
    .execute(named_params! {
        ":id": id.as_bytes(),
        ":last_dev_seq": Unsigned(last_dev_seq),
        ":now": At(now),
    })?;
    Ok(())
}

pub(super) fn list(db: &Connection) -> Result<Vec<DeviceLine>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT d.id, d.staff, d.name, d.app_version, d.enrolled_at, d.pushed_at, d.revoked_at,
                d.last_dev_seq, c.at, c.skew_ms, c.wall, c.mono, c.boot
           FROM devices AS d
           LEFT JOIN device_clocks AS c ON c.device = d.id
          ORDER BY d.enrolled_at, d.id",
    )?;
    let rows = select.query_map([], line_from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn line_from_row(row: &Row<'_>) -> rusqlite::Result<DeviceLine> {
    Ok(DeviceLine {
        id: DeviceId::from_bytes(row.get("id")?),
        staff: StaffId(row.get("staff")?),
        name: row.get("name")?,
        app_version: row.get("app_version")?,
        enrolled_at: row.get::<_, At>("enrolled_at")?.0,
        pushed_at: row.get::<_, Option<At>>("pushed_at")?.map(|at| at.0),
        revoked_at: row.get::<_, Option<At>>("revoked_at")?.map(|at| at.0),
        last_dev_seq: row.get::<_, Unsigned>("last_dev_seq")?.0,
        clock: device_clocks::reading(row)?,
    })
}

/// Takes access away; `false` when there is no such device.
pub(super) fn revoke(
    tx: &Transaction<'_>,
    id: DeviceId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE devices
                SET revoked_at = coalesce(revoked_at, :now)
              WHERE id = :id",
        )?
        .execute(named_params! { ":id": id.as_bytes(), ":now": At(now) })?;
    Ok(changed > 0)
}
