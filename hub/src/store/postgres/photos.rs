//! `photos`, `photo_refs`: uploads, and which documents show which photos.

use std::collections::BTreeSet;

use deadpool_postgres::{GenericClient, Transaction};
use shared::{DeviceId, Digest, DocRef, Scope, Timestamp};

use super::{
    convert::{at, digest, maybe_at, signed, unsigned},
    docs,
    statement::{all, find as find_row, one, run},
};
use crate::store::{Creation, Session, StoreError, Upload};

/// Begins an upload, or finds it; an unfinished one of another length starts anew.
pub(super) async fn create(
    tx: &Transaction<'_>,
    creation: &Creation,
) -> Result<Upload, StoreError> {
    if let Some(upload) = find(tx, creation.digest).await?
        && (upload.complete || upload.length == creation.length)
    {
        return Ok(upload);
    }
    let begun = run(
        tx,
        "INSERT INTO photos (digest, length, \"offset\", device, staff, created_at, updated_at)
         VALUES ($1, $2, 0, $3, $4, $5, $5)
             ON CONFLICT (digest) DO UPDATE
            SET length = excluded.length, \"offset\" = 0, device = excluded.device,
                staff = excluded.staff, created_at = excluded.created_at,
                updated_at = excluded.updated_at
          WHERE photos.complete_at IS NULL",
        &[
            &creation.digest.as_bytes().as_slice(),
            &signed(creation.length)?,
            &creation.device.0,
            &creation.staff.as_str(),
            &creation.now.as_ms(),
        ],
    )
    .await?;
    if begun == 0 {
        // Another process completed it since it was looked for.
        let whole = find(tx, creation.digest).await?;
        return whole.ok_or(StoreError::OutOfRange);
    }
    Ok(Upload {
        digest: creation.digest,
        length: creation.length,
        offset: 0,
        updated_at: creation.now,
        complete: false,
        new: true,
    })
}

pub(super) async fn find(
    db: &impl GenericClient,
    digest: Digest,
) -> Result<Option<Upload>, StoreError> {
    let row = find_row(
        db,
        "SELECT length, \"offset\", updated_at, complete_at
           FROM photos
          WHERE digest = $1",
        &[&digest.as_bytes().as_slice()],
    )
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Upload {
        digest,
        length: unsigned(&row, "length")?,
        offset: unsigned(&row, "offset")?,
        updated_at: at(&row, "updated_at")?,
        complete: maybe_at(&row, "complete_at")?.is_some(),
        new: false,
    }))
}

pub(super) async fn set_offset(
    db: &impl GenericClient,
    digest: Digest,
    offset: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    run(
        db,
        "UPDATE photos
            SET \"offset\" = $2, updated_at = $3
          WHERE digest = $1 AND complete_at IS NULL",
        &[
            &digest.as_bytes().as_slice(),
            &signed(offset)?,
            &now.as_ms(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn complete(
    db: &impl GenericClient,
    digest: Digest,
    now: Timestamp,
) -> Result<(), StoreError> {
    run(
        db,
        "UPDATE photos
            SET \"offset\" = length, updated_at = $2, complete_at = $2
          WHERE digest = $1",
        &[&digest.as_bytes().as_slice(), &now.as_ms()],
    )
    .await?;
    Ok(())
}

/// Forgets unfinished uploads; what the devices still have can be begun anew.
pub(super) async fn expire(
    db: &impl GenericClient,
    before: Timestamp,
) -> Result<Vec<Digest>, StoreError> {
    let rows = all(
        db,
        "DELETE FROM photos
          WHERE complete_at IS NULL AND updated_at < $1
      RETURNING digest",
        &[&before.as_ms()],
    )
    .await?;
    rows.iter().map(|row| digest(row, "digest")).collect()
}

pub(super) async fn bytes_since(
    db: &impl GenericClient,
    device: DeviceId,
    since: Timestamp,
) -> Result<u64, StoreError> {
    let row = one(
        db,
        "SELECT coalesce(sum(length), 0)::BIGINT AS bytes
           FROM photos
          WHERE device = $1 AND created_at >= $2",
        &[&device.0, &since.as_ms()],
    )
    .await?;
    unsigned(&row, "bytes")
}

/// Documents show these photos.
pub(super) async fn refer(
    tx: &Transaction<'_>,
    photos: &BTreeSet<(Digest, DocRef)>,
) -> Result<(), StoreError> {
    if photos.is_empty() {
        return Ok(());
    }
    let digests: Vec<_> = photos
        .iter()
        .map(|(digest, _)| digest.as_bytes().as_slice())
        .collect();
    let (kinds, ids) = docs::columns(photos.iter().map(|(_, target)| target));
    run(
        tx,
        "INSERT INTO photo_refs (digest, kind, id)
         SELECT digest, kind, id
           FROM unnest($1::BYTEA[], $2::TEXT[], $3::UUID[]) AS shown (digest, kind, id)
             ON CONFLICT DO NOTHING",
        &[&digests, &kinds, &ids],
    )
    .await?;
    Ok(())
}

pub(super) async fn may_see(
    db: &impl GenericClient,
    session: &Session,
    digest: Digest,
) -> Result<bool, StoreError> {
    let scopes = session.scopes();
    let scopes: Vec<_> = scopes.iter().map(Scope::as_str).collect();
    let row = one(
        db,
        "SELECT EXISTS (SELECT 1
                          FROM photos
                         WHERE digest = $1 AND staff = $2)
             OR EXISTS (SELECT 1
                          FROM photo_refs AS r
                          JOIN feeds AS f ON f.kind = r.kind AND f.id = r.id AND NOT f.has_left
                                        AND NOT f.deleted
                         WHERE r.digest = $1 AND f.scope = ANY($3::TEXT[])) AS may_see",
        &[
            &digest.as_bytes().as_slice(),
            &session.staff.id.as_str(),
            &scopes,
        ],
    )
    .await?;
    Ok(row.try_get("may_see")?)
}
