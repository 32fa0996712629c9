//! `enrolment_codes`: one-time codes, kept as hashes.

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use shared::{DeviceId, StaffId};

use super::{convert::At, devices, staff};
use crate::{
    secret::Hash,
    store::{
        EnrolRefusal, Enrolling, NewCode, NoCode, Session, StoreError,
        codes::{Code, REMEMBER_MS},
    },
};

pub(super) fn add(tx: &Transaction<'_>, code: &NewCode) -> Result<Result<(), NoCode>, StoreError> {
    match staff::find(tx, &code.staff)? {
        None => return Ok(Err(NoCode::NoSuchStaff)),
        Some((_, true)) => return Ok(Err(NoCode::Revoked)),
        Some((_, false)) => {}
    }
    tx.prepare_cached(
        "DELETE FROM enrolment_codes
          WHERE expires_at < :forget",
    )?
    .execute(named_params! { ":forget": At(code.now.plus_ms(-REMEMBER_MS)) })?;
    tx.prepare_cached(
        "INSERT INTO enrolment_codes (hash, staff, expires_at)
         VALUES (:hash, :staff, :expires_at)",
    )?
    .execute(named_params! {
        ":hash": code.hash,
        ":staff": code.staff.as_str(),
        ":expires_at": At(code.expires_at),
    })?;
    Ok(Ok(()))
}

/// Trades a code for a device.
pub(super) fn redeem(
    tx: &Transaction<'_>,
    request: &Enrolling,
) -> Result<Result<Session, EnrolRefusal>, StoreError> {
    let Some(code) = find(tx, &request.code)? else {
        return Ok(Err(EnrolRefusal::Unknown));
    };
    if let Err(refusal) = code.may_be_used(request) {
        return Ok(Err(refusal));
    }
    if matches!(staff::find(tx, &code.staff)?, None | Some((_, true))) {
        return Ok(Err(EnrolRefusal::Revoked));
    }
    // A device id is no secret. With somebody else's id one could use up their sequence numbers.
    if devices::owner(tx, request.device)?.is_some_and(|owner| owner != code.staff) {
        return Ok(Err(EnrolRefusal::DeviceTaken));
    }
    devices::put(tx, request, &code.staff)?;
    fault::point("hub/enrol: device known, code not used up");
    tx.prepare_cached(
        "UPDATE enrolment_codes
            SET used_at = coalesce(used_at, :now), used_by = :device
          WHERE hash = :hash",
    )?
    .execute(named_params! {
        ":hash": request.code,
        ":now": At(request.now),
        ":device": request.device.as_bytes(),
    })?;
    let session = devices::session(tx, &request.token)?;
    session.map(Ok).ok_or(StoreError::OutOfRange)
}

fn find(db: &Connection, hash: &Hash) -> Result<Option<Code>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT staff, expires_at, used_at, used_by
               FROM enrolment_codes
              WHERE hash = :hash",
        )?
        .query_row(named_params! { ":hash": hash }, |row| {
            let used_at = row.get::<_, Option<At>>("used_at")?;
            let used_by = row.get::<_, Option<[u8; 16]>>("used_by")?;
            Ok(Code {
                staff: StaffId(row.get("staff")?),
                expires_at: row.get::<_, At>("expires_at")?.0,
                used: used_at
                    .zip(used_by)
                    .map(|(at, by)| (at.0, DeviceId::from_bytes(by))),
            })
        })
        .optional()?)
}
