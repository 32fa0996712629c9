//! `photos`, `photo_refs`: uploads, and which documents show which photos.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use shared::{DeviceId, Digest, DocRef, Timestamp};

use super::convert::{At, Unsigned};
use crate::store::{Creation, Session, StoreError, Upload, json::to_json};

/// Begins an upload, or finds it; an unfinished one of another length starts anew.
pub(super) fn create(tx: &Transaction<'_>, creation: &Creation) -> Result<Upload, StoreError> {
    if let Some(upload) = find(tx, creation.digest)?
        && (upload.complete || upload.length == creation.length)
    {
        return Ok(upload);
    }
    tx.prepare_cached(
        "INSERT INTO photos (digest, length, \"offset\", device, staff, created_at, updated_at)
         VALUES (:digest, :length, 0, :device, :staff, :now, :now)
             ON CONFLICT (digest) DO UPDATE
            SET length = excluded.length, \"offset\" = 0, device = excluded.device,
                staff = excluded.staff, created_at = excluded.created_at,
                updated_at = excluded.updated_at",
    )?
    .execute(named_params! {
        ":digest": creation.digest.as_bytes(),
        ":length": Unsigned(creation.length),
        ":device": creation.device.as_bytes(),
        ":staff": creation.staff.as_str(),
        ":now": At(creation.now),
    })?;
    Ok(Upload {
        digest: creation.digest,
        length: creation.length,
        offset: 0,
        updated_at: creation.now,
        complete: false,
        new: true,
    })
}

pub(super) fn find(db: &Connection, digest: Digest) -> Result<Option<Upload>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT length, \"offset\", updated_at, complete_at
               FROM photos
              WHERE digest = :digest",
        )?
        .query_row(named_params! { ":digest": digest.as_bytes() }, |row| {
            Ok(Upload {
                digest,
                length: row.get::<_, Unsigned>("length")?.0,
                offset: row.get::<_, Unsigned>("offset")?.0,
                updated_at: row.get::<_, At>("updated_at")?.0,
                complete: row.get::<_, Option<At>>("complete_at")?.is_some(),
                new: false,
            })
        })
        .optional()?)
}

pub(super) fn set_offset(
    tx: &Transaction<'_>,
    digest: Digest,
    offset: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE photos
            SET \"offset\" = :offset, updated_at = :now
          WHERE digest = :digest AND complete_at IS NULL",
    )?
    .execute(named_params! {
        ":digest": digest.as_bytes(),
        ":offset": Unsigned(offset),
        ":now": At(now),
    })?;
    Ok(())
}

pub(super) fn complete(
    tx: &Transaction<'_>,
    digest: Digest,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE photos
            SET \"offset\" = length, updated_at = :now, complete_at = :now
          WHERE digest = :digest",
    )?
    .execute(named_params! { ":digest": digest.as_bytes(), ":now": At(now) })?;
    Ok(())
}

/// Forgets unfinished uploads; what the devices still have can be begun anew.
pub(super) fn expire(tx: &Transaction<'_>, before: Timestamp) -> Result<Vec<Digest>, StoreError> {
    let mut delete = tx.prepare_cached(
        "DELETE FROM photos
          WHERE complete_at IS NULL AND updated_at < :before
      RETURNING digest",
    )?;
    let rows = delete.query_map(named_params! { ":before": At(before) }, |row| row.get(0))?;
    Ok(rows
        .map(|digest| digest.map(Digest::from_bytes))
        .collect::<Result<_, _>>()?)
}

pub(super) fn bytes_since(
    db: &Connection,
    device: DeviceId,
    since: Timestamp,
) -> Result<u64, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT coalesce(sum(length), 0)
               FROM photos
              WHERE device = :device AND created_at >= :since",
        )?
        .query_row(
            named_params! { ":device": device.as_bytes(), ":since": At(since) },
            |row| row.get::<_, Unsigned>(0),
        )?
        .0)
}

/// Documents show these photos.
pub(super) fn refer(
    tx: &Transaction<'_>,
    photos: &BTreeSet<(Digest, DocRef)>,
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO photo_refs (digest, kind, id)
         VALUES (:digest, :kind, :id)
             ON CONFLICT DO NOTHING",
    )?;
    for (digest, target) in photos {
        insert.execute(named_params! {
            ":digest": digest.as_bytes(),
            ":kind": target.kind.as_str(),
            ":id": target.id.as_bytes(),
        })?;
    }
    Ok(())
}

pub(super) fn may_see(
    db: &Connection,
    session: &Session,
    digest: Digest,
) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT 1
               FROM photos
              WHERE digest = :digest AND staff = :staff
              UNION ALL
             SELECT 1
               FROM photo_refs AS r
               JOIN docs AS d ON d.kind = r.kind AND d.id = r.id
               JOIN places AS p ON p.doc = d.no AND p.has_left = 0 AND p.deleted = 0
              WHERE r.digest = :digest
                AND (SELECT scope FROM feed_heads WHERE no = p.feed)
                    IN (SELECT value FROM json_each(:scopes))
              LIMIT 1",
        )?
        .exists(named_params! {
            ":digest": digest.as_bytes(),
            ":staff": session.staff.id.as_str(),
            ":scopes": to_json(&session.scopes())?,
        })?)
}
