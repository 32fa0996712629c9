//! What goes from other tables when documents are erased: the content of operations, and photos that
//! nothing else shows, whose digests stand in `erased_photos` until their bytes are gone, too.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, named_params};
use shared::{Digest, OpId};

use super::judge;
use crate::store::{Erasures, StoreError, json::to_json, judge::Erased, log::ERASED};

/// Erases documents for the hub itself; gives how many.
pub(super) fn erase(tx: &Transaction<'_>, erasures: &Erasures) -> Result<u64, StoreError> {
    let known = judge::read(tx, erasures.needed(), erasures.now)?;
    let (count, effects) = erasures.decide(known)?;
    judge::write(tx, &effects, erasures.now)?;
    Ok(count)
}

/// These documents were erased.
pub(super) fn put(tx: &Transaction<'_>, erased: &Erased) -> Result<(), StoreError> {
    let ids: BTreeSet<String> = erased
        .targets
        .iter()
        .map(|target| target.id.to_string())
        .collect();
    let plain: BTreeSet<String> = erased
        .targets
        .iter()
        .map(|it| hex::encode_upper(it.id))
        .collect();
    forget_content(tx, &ids, &plain, &erased.by)?;
    let mut photos = erased.photos.clone();
    photos.extend(hide_photos(tx, &plain)?);
    photos
        .iter()
        .try_for_each(|digest| forget_photo(tx, *digest))
}

/// One look through the log for all of them. What was kept aside because it could not be applied may
/// be about them, too.
fn forget_content(
    tx: &Transaction<'_>,
    ids: &BTreeSet<String>,
    plain: &BTreeSet<String>,
    by: &BTreeSet<OpId>,
) -> Result<(), StoreError> {
    let by: BTreeSet<String> = by
        .iter()
        .map(|it| hex::encode_upper(it.as_bytes()))
        .collect();
    tx.prepare_cached(
        "UPDATE ops
            SET payload = :erased, quarantined = 0
          WHERE (hex(id) IN (SELECT value FROM json_each(:plain))
                 OR (quarantined = 1
                     AND kind = 'record'
                     AND EXISTS (SELECT 1 FROM json_each(:ids) WHERE instr(payload, value) > 0)))
            AND (op_id IS NULL OR hex(op_id) NOT IN (SELECT value FROM json_each(:by)))",
    )?
    .execute(named_params! {
        ":erased": ERASED,
        ":plain": to_json(plain)?,
        ":ids": to_json(ids)?,
        ":by": to_json(&by)?,
    })?;
    Ok(())
}

/// The documents show no photos any more; gives those they showed.
fn hide_photos(tx: &Transaction<'_>, plain: &BTreeSet<String>) -> Result<Vec<Digest>, StoreError> {
    let mut delete = tx.prepare_cached(
        "DELETE FROM photo_refs
          WHERE hex(id) IN (SELECT value FROM json_each(:plain))
      RETURNING digest",
    )?;
    let rows = delete.query_map(named_params! { ":plain": to_json(plain)? }, |row| {
        row.get(0)
    })?;
    Ok(rows
        .map(|digest| digest.map(Digest::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// The photo goes, unless a document shows it.
fn forget_photo(tx: &Transaction<'_>, digest: Digest) -> Result<(), StoreError> {
    let gone = tx
        .prepare_cached(
            "DELETE FROM photos
              WHERE digest = :digest
                AND NOT EXISTS (SELECT 1 FROM photo_refs WHERE digest = :digest)",
        )?
        .execute(named_params! { ":digest": digest.as_bytes() })?;
    if gone > 0 {
        tx.prepare_cached(
            "INSERT INTO erased_photos (digest)
             VALUES (:digest)
                 ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! { ":digest": digest.as_bytes() })?;
    }
    Ok(())
}

/// Photos whose bytes are still to be removed.
pub(super) fn photos(db: &Connection) -> Result<Vec<Digest>, StoreError> {
    let mut select = db.prepare_cached("SELECT digest FROM erased_photos ORDER BY digest")?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows
        .map(|digest| digest.map(Digest::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// Its bytes are gone, or needed again.
pub(super) fn forget(tx: &Transaction<'_>, digest: Digest) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM erased_photos WHERE digest = :digest")?
        .execute(named_params! { ":digest": digest.as_bytes() })?;
    Ok(())
}
