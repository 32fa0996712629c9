//! `enrolment_codes`: one-time codes, kept as hashes.

use deadpool_postgres::Transaction;
use shared::{DeviceId, StaffId};

use super::{
    convert::{at, maybe_at},
    devices, staff,
    statement::{find, run},
};
use crate::{
    secret::Hash,
    store::{
        EnrolRefusal, Enrolling, NewCode, NoCode, Session, StoreError,
        codes::{Code, REMEMBER_MS},
    },
};

pub(super) async fn add(
    tx: &Transaction<'_>,
    code: &NewCode,
) -> Result<Result<(), NoCode>, StoreError> {
    match staff::is_revoked(tx, &code.staff).await? {
        None => return Ok(Err(NoCode::NoSuchStaff)),
        Some(true) => return Ok(Err(NoCode::Revoked)),
        Some(false) => {}
    }
    run(
        tx,
        "DELETE FROM enrolment_codes
          WHERE expires_at < $1",
        &[&code.now.plus_ms(-REMEMBER_MS).as_ms()],
    )
    .await?;
    run(
        tx,
        "INSERT INTO enrolment_codes (hash, staff, expires_at)
         VALUES ($1, $2, $3)",
        &[
            &code.hash.as_slice(),
            &code.staff.as_str(),
            &code.expires_at.as_ms(),
        ],
    )
    .await?;
    Ok(Ok(()))
}

/// Trades a code for a device.
pub(super) async fn redeem(
    tx: &Transaction<'_>,
    request: &Enrolling,
) -> Result<Result<Session, EnrolRefusal>, StoreError> {
    let Some(code) = lock(tx, &request.code).await? else {
        return Ok(Err(EnrolRefusal::Unknown));
    };
    if let Err(refusal) = code.may_be_used(request) {
        return Ok(Err(refusal));
    }
    if staff::is_revoked(tx, &code.staff).await? != Some(false) {
        return Ok(Err(EnrolRefusal::Revoked));
    }
    // A device id is no secret. With somebody else's id one could use up their sequence numbers.
    if !devices::put(tx, request, &code.staff).await? {
        return Ok(Err(EnrolRefusal::DeviceTaken));
    }
    run(
        tx,
        "UPDATE enrolment_codes
            SET used_at = coalesce(used_at, $2), used_by = $3
          WHERE hash = $1",
        &[
            &request.code.as_slice(),
            &request.now.as_ms(),
            &request.device.0,
        ],
    )
    .await?;
    let session = devices::session(tx, &request.token).await?;
    session.map(Ok).ok_or(StoreError::OutOfRange)
}

/// The code, for one request at a time: the next one sees that it was used.
async fn lock(tx: &Transaction<'_>, hash: &Hash) -> Result<Option<Code>, StoreError> {
    let row = find(
        tx,
        "SELECT staff, expires_at, used_at, used_by
           FROM enrolment_codes
          WHERE hash = $1
            FOR NO KEY UPDATE",
        &[&hash.as_slice()],
    )
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let used_by = row.try_get::<_, Option<_>>("used_by")?.map(DeviceId);
    Ok(Some(Code {
        staff: StaffId(row.try_get("staff")?),
        expires_at: at(&row, "expires_at")?,
        used: maybe_at(&row, "used_at")?.zip(used_by),
    }))
}
