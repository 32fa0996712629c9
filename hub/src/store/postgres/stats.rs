//! Figures over all tables, for the operator.

use deadpool_postgres::Transaction;

use super::{
    convert::unsigned,
    statement::{all, one},
};
use crate::store::{FeedStats, Stats, StoreError};

pub(super) async fn stats(tx: &Transaction<'_>) -> Result<Stats, StoreError> {
    let row = one(
        tx,
        "SELECT (SELECT count(*) FROM ops) AS ops,
                (SELECT count(*) FROM ops WHERE quarantined AND NOT repeated) AS quarantined,
                (SELECT count(*) FROM docs) AS docs,
                (SELECT count(*) FROM devices WHERE revoked_at IS NULL) AS devices,
                (SELECT count(*) FROM photos WHERE complete_at IS NOT NULL) AS complete,
                (SELECT count(*) FROM photos WHERE complete_at IS NULL) AS unfinished,
                (SELECT coalesce(sum(length), 0)::BIGINT FROM photos
                  WHERE complete_at IS NOT NULL) AS bytes",
        &[],
    )
    .await?;
    let feeds = all(
        tx,
        "SELECT split_part(scope, ':', 1) AS kind, count(*) AS feeds, sum(seq)::BIGINT AS seq
           FROM feed_heads
          GROUP BY 1
          ORDER BY 1",
        &[],
    )
    .await?;
    let feeds = feeds.iter().map(|row| {
        Ok(FeedStats {
            kind: row.try_get("kind")?,
            feeds: unsigned(row, "feeds")?,
            seq: unsigned(row, "seq")?,
        })
    });
    Ok(Stats {
        ops: unsigned(&row, "ops")?,
        quarantined: unsigned(&row, "quarantined")?,
        docs: unsigned(&row, "docs")?,
        devices: unsigned(&row, "devices")?,
        photos_complete: unsigned(&row, "complete")?,
        photos_unfinished: unsigned(&row, "unfinished")?,
        photo_bytes: unsigned(&row, "bytes")?,
        feeds: feeds.collect::<Result<_, StoreError>>()?,
    })
}
