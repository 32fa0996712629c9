//! What goes from other tables when documents are erased: the content of operations, and photos that
//! nothing else shows, whose digests stand in `erased_photos` until their bytes are gone, too.

use deadpool_postgres::{GenericClient, Transaction};
use shared::Digest;
use uuid::Uuid;

use super::{
    convert::digest,
    judge,
    statement::{all, run},
};
use crate::store::{Erasures, StoreError, judge::Erased, log::ERASED};

/// Erases documents for the hub itself; gives how many.
pub(super) async fn erase(tx: &Transaction<'_>, erasures: &Erasures) -> Result<u64, StoreError> {
    let known = judge::lock(tx, &erasures.needed(), erasures.now).await?;
    let (count, effects) = erasures.decide(known)?;
    judge::write(tx, &effects, erasures.now).await?;
    Ok(count)
}

/// These documents were erased.
pub(super) async fn put(tx: &Transaction<'_>, erased: &Erased) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = erased.targets.iter().map(|target| target.id).collect();
    forget_content(tx, &ids, erased).await?;
    let mut photos = erased.photos.clone();
    photos.extend(hide_photos(tx, &ids).await?);
    let photos: Vec<_> = photos.iter().map(|it| it.as_bytes().as_slice()).collect();
    run(
        tx,
        "WITH gone AS (
           DELETE FROM photos AS p
            WHERE p.digest = ANY($1)
              AND NOT EXISTS (SELECT 1 FROM photo_refs AS r WHERE r.digest = p.digest)
        RETURNING p.digest
         )
         INSERT INTO erased_photos (digest)
         SELECT digest FROM gone
             ON CONFLICT DO NOTHING",
        &[&photos],
    )
    .await?;
    Ok(())
}

/// One look through the log for all of them. What was kept aside because it could not be applied may
/// be about them, too.
async fn forget_content(
    tx: &Transaction<'_>,
    ids: &[Uuid],
    erased: &Erased,
) -> Result<(), StoreError> {
    let named: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let by: Vec<Uuid> = erased.by.iter().map(|it| it.0).collect();
    run(
        tx,
        "UPDATE ops
            SET payload = $1, quarantined = FALSE
          WHERE (id = ANY($2)
                 OR (quarantined
                     AND kind = 'record'
                     AND EXISTS (SELECT 1
                                   FROM unnest($3::TEXT[]) AS named (id)
                                  WHERE strpos(ops.payload, named.id) > 0)))
            AND (op_id IS NULL OR op_id <> ALL($4))",
        &[&ERASED, &ids, &named, &by],
    )
    .await?;
    Ok(())
}

/// The documents show no photos any more; gives those they showed.
async fn hide_photos(tx: &Transaction<'_>, ids: &[Uuid]) -> Result<Vec<Digest>, StoreError> {
    let rows = all(
        tx,
        "DELETE FROM photo_refs
          WHERE id = ANY($1)
      RETURNING digest",
        &[&ids],
    )
    .await?;
    rows.iter().map(|row| digest(row, "digest")).collect()
}

/// Photos whose bytes are still to be removed.
pub(super) async fn photos(db: &impl GenericClient) -> Result<Vec<Digest>, StoreError> {
    let rows = all(db, "SELECT digest FROM erased_photos ORDER BY digest", &[]).await?;
    rows.iter().map(|row| digest(row, "digest")).collect()
}

/// Its bytes are gone, or needed again.
pub(super) async fn forget(db: &impl GenericClient, digest: Digest) -> Result<(), StoreError> {
    run(
        db,
        "DELETE FROM erased_photos WHERE digest = $1",
        &[&digest.as_bytes().as_slice()],
    )
    .await?;
    Ok(())
}
