//! Forgets what stands in feeds only to say that it is gone, and remembers how far that went.

use fault::Bug;
use rusqlite::{Transaction, named_params};
use shared::Timestamp;

use super::convert::At;
use crate::store::{Pruned, StoreError};

/// Markers of documents to which nothing happened since `before`.
pub(super) fn prune(tx: &Transaction<'_>, before: Timestamp) -> Result<Pruned, StoreError> {
    let feeds = if fault::planted(Bug::PruneWithoutHorizon) {
        0
    } else {
        move_horizons(tx, before)?
    };
    let places = tx
        .prepare_cached(
            "DELETE FROM places
              WHERE (has_left = 1 OR deleted = 1)
                AND EXISTS (SELECT 1
                              FROM docs AS d
                             WHERE d.no = places.doc
                               AND d.changed_at < :before)",
        )?
        .execute(named_params! { ":before": At(before) })?;
    Ok(Pruned {
        places: u64::try_from(places).unwrap_or(u64::MAX),
        feeds: u64::try_from(feeds).unwrap_or(u64::MAX),
    })
}

fn move_horizons(tx: &Transaction<'_>, before: Timestamp) -> Result<usize, StoreError> {
    let moved = tx
        .prepare_cached(
            "UPDATE feed_heads
                SET horizon = old.seq
               FROM (SELECT p.feed, max(p.seq) AS seq
                       FROM places AS p
                       JOIN docs AS d ON d.no = p.doc
                      WHERE (p.has_left = 1 OR p.deleted = 1)
                        AND d.changed_at < :before
                      GROUP BY p.feed) AS old
              WHERE feed_heads.no = old.feed
                AND feed_heads.horizon < old.seq",
        )?
        .execute(named_params! { ":before": At(before) })?;
    Ok(moved)
}
