//! Figures over all tables, for the operator.

use deadpool_postgres::Transaction;
use shared::time::CLOCK_OFF_MS;

use super::{
    convert::unsigned,
    statement::{all, one},
};
use crate::store::{FeedStats, Soundness, Stats, StoreError};

pub(super) async fn stats(tx: &Transaction<'_>) -> Result<Stats, StoreError> {
    let row = one(
        tx,
        "SELECT (SELECT count(*) FROM ops) AS ops,
                (SELECT count(*) FROM ops WHERE quarantined AND NOT repeated) AS quarantined,
                (SELECT count(*) FROM docs) AS docs,
                (SELECT count(*) FROM devices WHERE revoked_at IS NULL) AS devices,
                (SELECT count(*)
                   FROM devices AS d
                   JOIN device_clocks AS c ON c.device = d.id
                  WHERE d.revoked_at IS NULL
                    AND c.skew_ms NOT BETWEEN -$1::BIGINT AND $1::BIGINT) AS devices_clock_off,
                (SELECT count(*) FROM photos WHERE complete_at IS NOT NULL) AS complete,
                (SELECT count(*) FROM photos WHERE complete_at IS NULL) AS unfinished,
                (SELECT count(DISTINCT r.digest)
                   FROM photo_refs AS r
                   LEFT JOIN photos AS p ON p.digest = r.digest
                  WHERE p.complete_at IS NULL
                    AND EXISTS (SELECT 1
                                  FROM feeds AS f
                                 WHERE f.kind = r.kind AND f.id = r.id
                                   AND NOT f.has_left AND NOT f.deleted)) AS missing,
                (SELECT coalesce(sum(length), 0)::BIGINT FROM photos
                  WHERE complete_at IS NOT NULL) AS bytes",
        &[&CLOCK_OFF_MS],
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
        devices_clock_off: unsigned(&row, "devices_clock_off")?,
        photos_complete: unsigned(&row, "complete")?,
        photos_unfinished: unsigned(&row, "unfinished")?,
        photos_missing: unsigned(&row, "missing")?,
        photo_bytes: unsigned(&row, "bytes")?,
        feeds: feeds.collect::<Result<_, StoreError>>()?,
    })
}

/// Whether the server would notice a page that is not as it was written.
pub(super) async fn checksums(tx: &Transaction<'_>) -> Result<Soundness, StoreError> {
    let row = one(
        tx,
        "SELECT current_setting('data_checksums') AS checksums",
        &[],
    )
    .await?;
    let mut found = Soundness::default();
    if row
        .try_get::<_, String>("checksums")
        .is_ok_and(|it| it != "on")
    {
        let said = "the PostgreSQL server keeps no checksums of its pages (initdb --data-checksums, or pg_checksums --enable while it is stopped)";
        found.doubtful.push(said.to_owned());
    }
    Ok(found)
}
