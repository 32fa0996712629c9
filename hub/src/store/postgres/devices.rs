//! `devices`: tablets and desktops that were enrolled. A token is kept only as its hash.

use deadpool_postgres::{GenericClient, Transaction};
use shared::{DeviceId, StaffId, Timestamp};
use tokio_postgres::Row;

use super::{
    convert::{at, maybe_at, signed, unsigned},
    device_clocks, staff,
    statement::{all, find, one, run},
};
use crate::{
    secret::Hash,
    store::{DeviceLine, Enrolling, Renewing, Session, StoreError},
};

/// Enrols a device, or gives a known one a new token; `false` when it is somebody else's. That is
/// looked at while writing, because another process may enrol the same id at the same time.
pub(super) async fn put(
    tx: &Transaction<'_>,
    request: &Enrolling,
    owner: &StaffId,
) -> Result<bool, StoreError> {
    let written = run(
        tx,
        "INSERT INTO devices (id, staff, token_hash, name, app_version, enrolled_at)
         VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE
            SET token_hash = excluded.token_hash, name = excluded.name,
                app_version = excluded.app_version, enrolled_at = excluded.enrolled_at,
                revoked_at = NULL
          WHERE devices.staff = excluded.staff",
        &[
            &request.device.0,
            &owner.as_str(),
            &request.token.as_slice(),
            &request.name,
            &request.app_version,
            &request.now.as_ms(),
        ],
    )
    .await?;
    Ok(written > 0)
}

/// A new identity beside the old one; `false` when its id is in use.
pub(super) async fn renew(tx: &Transaction<'_>, request: &Renewing) -> Result<bool, StoreError> {
    let written = run(
        tx,
        "INSERT INTO devices (id, staff, token_hash, name, app_version, enrolled_at)
         SELECT $1, staff, $3, name, app_version, $4
           FROM devices
          WHERE id = $2
             ON CONFLICT (id) DO UPDATE
            SET token_hash = excluded.token_hash
          WHERE devices.staff = excluded.staff
            AND devices.last_dev_seq = 0
            AND devices.revoked_at IS NULL",
        &[
            &request.device.0,
            &request.from.0,
            &request.token.as_slice(),
            &request.now.as_ms(),
        ],
    )
    .await?;
    Ok(written > 0)
}

/// A device with its person, whichever device it is.
macro_rules! session {
    () => {
        "SELECT d.id AS device, d.last_dev_seq, d.revoked_at AS device_revoked_at,
                s.id, s.name, s.name_en, s.badge_no, s.roles, s.permissions, s.revoked_at,
                ARRAY(SELECT g.grid FROM staff_grids AS g
                       WHERE g.staff = s.id ORDER BY g.grid) AS grids
           FROM devices AS d
           JOIN staff AS s ON s.id = d.staff
          "
    };
}

/// Whose token this is.
pub(super) async fn session(
    db: &impl GenericClient,
    token: &Hash,
) -> Result<Option<Session>, StoreError> {
    let row = find(
        db,
        concat!(session!(), "WHERE d.token_hash = $1"),
        &[&token.as_slice()],
    )
    .await?;
    row.map(|row| read_session(&row)).transpose()
}

/// A device and its person, as of now.
pub(super) async fn session_of(
    db: &impl GenericClient,
    device: DeviceId,
) -> Result<Option<Session>, StoreError> {
    let row = find(db, concat!(session!(), "WHERE d.id = $1"), &[&device.0]).await?;
    row.map(|row| read_session(&row)).transpose()
}

/// The highest `dev_seq`, and the right to go on from there: until the transaction ends.
pub(super) async fn lock_last_dev_seq(
    tx: &Transaction<'_>,
    id: DeviceId,
) -> Result<u64, StoreError> {
    let row = one(
        tx,
        "SELECT last_dev_seq
           FROM devices
          WHERE id = $1
            FOR NO KEY UPDATE",
        &[&id.0],
    )
    .await?;
    unsigned(&row, "last_dev_seq")
}

pub(super) async fn pushed(
    tx: &Transaction<'_>,
    id: DeviceId,
    last_dev_seq: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    run(
        tx,
        "UPDATE devices
            SET last_dev_seq = $2, pushed_at = $3
          WHERE id = $1",
        &[&id.0, &signed(last_dev_seq)?, &now.as_ms()],
    )
    .await?;
    Ok(())
}

pub(super) async fn list(db: &impl GenericClient) -> Result<Vec<DeviceLine>, StoreError> {
    let rows = all(
        db,
        "SELECT d.id, d.staff, d.name, d.app_version, d.enrolled_at, d.pushed_at, d.revoked_at,
                d.last_dev_seq, c.at, c.skew_ms, c.wall, c.mono, c.boot
           FROM devices AS d
           LEFT JOIN device_clocks AS c ON c.device = d.id
          ORDER BY d.enrolled_at, d.id",
        &[],
    )
    .await?;
    rows.iter().map(line).collect()
}

/// Takes access away; `false` when there is no such device.
pub(super) async fn revoke(
    db: &impl GenericClient,
    id: DeviceId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = run(
        db,
        "UPDATE devices
            SET revoked_at = coalesce(revoked_at, $2)
          WHERE id = $1",
        &[&id.0, &now.as_ms()],
    )
    .await?;
    Ok(changed > 0)
}

fn read_session(row: &Row) -> Result<Session, StoreError> {
    let (staff, staff_revoked) = staff::card(row)?;
    let device_revoked = maybe_at(row, "device_revoked_at")?.is_some();
    Ok(Session {
        device: DeviceId(row.try_get("device")?),
        last_dev_seq: unsigned(row, "last_dev_seq")?,
        revoked: device_revoked || staff_revoked,
        staff,
    })
}

fn line(row: &Row) -> Result<DeviceLine, StoreError> {
    Ok(DeviceLine {
        id: DeviceId(row.try_get("id")?),
        staff: StaffId(row.try_get("staff")?),
        name: row.try_get("name")?,
        app_version: row.try_get("app_version")?,
        enrolled_at: at(row, "enrolled_at")?,
        pushed_at: maybe_at(row, "pushed_at")?,
        revoked_at: maybe_at(row, "revoked_at")?,
        last_dev_seq: unsigned(row, "last_dev_seq")?,
        clock: device_clocks::reading(row)?,
    })
}
