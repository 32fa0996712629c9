//! Which photos belong to which case, and which of them this device must deliver.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};
use shared::{CaseId, Digest, PhotoRef, ipc::Stuck};

use crate::error::Result;

/// How far the photos of a case have travelled that this device must deliver.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Delivered {
    /// Photos.
    pub(crate) photos: u32,
    /// Of them, whole at the hub.
    pub(crate) at_hub: u32,
    /// Bytes still to send, thumbnails included.
    pub(crate) bytes_left: u64,
    /// Why one of them does not move on.
    pub(crate) stuck: Option<Stuck>,
}

/// The case has these photos; `own` says which this device must deliver.
pub(crate) fn put(
    tx: &Connection,
    case: CaseId,
    photos: &[&PhotoRef],
    own: impl Fn(&PhotoRef) -> bool,
) -> Result<()> {
    let wanted: BTreeSet<Place> = photos
        .iter()
        .map(|photo| {
            (
                *photo.digest.as_bytes(),
                *photo.thumb.as_bytes(),
                own(photo),
            )
        })
        .collect();
    if places(tx, case)? == wanted {
        return Ok(());
    }
    forget(tx, case)?;
    let mut statement = tx.prepare_cached(
        "INSERT INTO case_photos (case_id, digest, thumb, own)
              VALUES (:case_id, :digest, :thumb, :own)",
    )?;
    for (digest, thumb, own) in wanted {
        statement.execute(named_params! {
            ":case_id": case.as_bytes(),
            ":digest": digest,
            ":thumb": thumb,
            ":own": own,
        })?;
    }
    Ok(())
}

/// A photo's digest, its thumbnail's, and whether this device must deliver them.
type Place = ([u8; 32], [u8; 32], bool);

fn places(db: &Connection, case: CaseId) -> Result<BTreeSet<Place>> {
    let mut statement = db.prepare_cached(
        "SELECT digest, thumb, own
           FROM case_photos
          WHERE case_id = :case_id",
    )?;
    let places = statement
        .query_map(named_params! { ":case_id": case.as_bytes() }, |row| {
            Ok((row.get("digest")?, row.get("thumb")?, row.get("own")?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(places)
}

/// Digests of the photos of a case, and of their thumbnails.
pub(crate) fn digests(db: &Connection, case: CaseId) -> Result<BTreeSet<Digest>> {
    let places = places(db, case)?.into_iter();
    Ok(places
        .flat_map(|(digest, thumb, _)| [digest, thumb].map(Digest::from_bytes))
        .collect())
}

/// The cases, and whatever else has photos, that show a photo with this file, or this thumbnail.
pub(crate) fn shown_in(db: &Connection, file: Digest) -> Result<Vec<CaseId>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT case_id
           FROM case_photos
          WHERE digest = :file
             OR thumb = :file",
    )?;
    let things = statement
        .query_map(named_params! { ":file": file.as_bytes() }, |row| {
            Ok(CaseId::from_bytes(row.get("case_id")?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(things)
}

/// The case left this device.
pub(crate) fn forget(tx: &Connection, case: CaseId) -> Result<()> {
    tx.prepare_cached("DELETE FROM case_photos WHERE case_id = :case_id")?
        .execute(named_params! { ":case_id": case.as_bytes() })?;
    Ok(())
}

/// How far the own photos of a case have travelled.
pub(crate) fn delivered(db: &Connection, case: CaseId) -> Result<Delivered> {
    let delivered = db
        .prepare_cached(
            "SELECT count(*)                                       AS photos,
                    coalesce(sum(photo.at_hub), 0)                 AS at_hub,
                    coalesce(sum((1 - photo.at_hub) * max(photo.bytes - photo.sent, 0)
                               + (1 - thumb.at_hub) * max(thumb.bytes - thumb.sent, 0)
                                 -- A small picture is its own thumbnail, and one file.
                                 * (thumb.digest <> photo.digest)), 0)
                                                                   AS bytes_left,
                    coalesce(max(photo.refused), max(thumb.refused)) AS refused
               FROM case_photos
               JOIN files AS photo ON photo.digest = case_photos.digest
               JOIN files AS thumb ON thumb.digest = case_photos.thumb
              WHERE case_photos.case_id = :case_id
                AND case_photos.own = 1",
        )?
        .query_row(named_params! { ":case_id": case.as_bytes() }, |row| {
            let refused: Option<String> = row.get("refused")?;
            Ok(Delivered {
                photos: row.get("photos")?,
                at_hub: row.get("at_hub")?,
                bytes_left: u64::try_from(row.get::<_, i64>("bytes_left")?).unwrap_or(0),
                stuck: refused.map(|json| serde_json::from_str(&json).unwrap_or(Stuck::PhotoFile)),
            })
        })?;
    Ok(delivered)
}
