//! Forgets what stands in feeds only to say that it is gone, and remembers how far that went. All
//! heads are locked first, in the order of everybody, so that no place is given meanwhile.

use deadpool_postgres::Transaction;
use shared::Timestamp;

use super::statement::{all, run};
use crate::store::{Pruned, StoreError};

/// Markers of documents to which nothing happened since `before`.
pub(super) async fn prune(tx: &Transaction<'_>, before: Timestamp) -> Result<Pruned, StoreError> {
    all(
        tx,
        "SELECT scope
           FROM feed_heads
          ORDER BY scope
            FOR NO KEY UPDATE",
        &[],
    )
    .await?;
    let feeds = run(
        tx,
        "UPDATE feed_heads AS h
            SET horizon = old.seq
           FROM (SELECT f.scope, max(f.seq) AS seq
                   FROM feeds AS f
                   JOIN docs AS d ON d.kind = f.kind AND d.id = f.id
                  WHERE (f.has_left OR f.deleted)
                    AND d.changed_at < $1
                  GROUP BY f.scope) AS old
          WHERE h.scope = old.scope
            AND h.horizon < old.seq",
        &[&before.as_ms()],
    )
    .await?;
    let places = run(
        tx,
        "DELETE FROM feeds AS f
          USING docs AS d
          WHERE d.kind = f.kind
            AND d.id = f.id
            AND (f.has_left OR f.deleted)
            AND d.changed_at < $1",
        &[&before.as_ms()],
    )
    .await?;
    Ok(Pruned { places, feeds })
}
