//! Figures over all tables, for the operator.

use rusqlite::{Connection, named_params};
use shared::time::CLOCK_OFF_MS;

use super::convert::Unsigned;
use crate::store::{FeedStats, Stats, StoreError};

pub(super) fn stats(db: &Connection) -> Result<Stats, StoreError> {
    let mut stats = db
        .prepare_cached(
            "SELECT (SELECT count(*) FROM ops) AS ops,
                    (SELECT count(*) FROM ops
                      WHERE quarantined = 1 AND repeated = 0) AS quarantined,
                    (SELECT count(*) FROM docs) AS docs,
                    (SELECT count(*) FROM devices WHERE revoked_at IS NULL) AS devices,
                    (SELECT count(*)
                       FROM devices AS d
                       JOIN device_clocks AS c ON c.device = d.id
                      WHERE d.revoked_at IS NULL
                        AND c.skew_ms NOT BETWEEN -:off_ms AND :off_ms) AS devices_clock_off,
                    (SELECT count(*) FROM photos WHERE complete_at IS NOT NULL) AS complete,
                    (SELECT count(*) FROM photos WHERE complete_at IS NULL) AS unfinished,
                    (SELECT count(DISTINCT r.digest)
                       FROM photo_refs AS r
                       LEFT JOIN photos AS p ON p.digest = r.digest
                      WHERE p.complete_at IS NULL
                        AND EXISTS (SELECT 1
                                      FROM feeds AS f
                                     WHERE f.kind = r.kind AND f.id = r.id
                                       AND f.has_left = 0 AND f.deleted = 0)) AS missing,
                    (SELECT coalesce(sum(length), 0) FROM photos
                      WHERE complete_at IS NOT NULL) AS bytes",
        )?
        .query_row(named_params! { ":off_ms": CLOCK_OFF_MS }, |row| {
            Ok(Stats {
                ops: row.get::<_, Unsigned>("ops")?.0,
                quarantined: row.get::<_, Unsigned>("quarantined")?.0,
                docs: row.get::<_, Unsigned>("docs")?.0,
                devices: row.get::<_, Unsigned>("devices")?.0,
                devices_clock_off: row.get::<_, Unsigned>("devices_clock_off")?.0,
                photos_complete: row.get::<_, Unsigned>("complete")?.0,
                photos_unfinished: row.get::<_, Unsigned>("unfinished")?.0,
                photos_missing: row.get::<_, Unsigned>("missing")?.0,
                photo_bytes: row.get::<_, Unsigned>("bytes")?.0,
                feeds: Vec::new(),
            })
        })?;
    let mut select = db.prepare_cached(
        "SELECT CASE instr(scope, ':') WHEN 0 THEN scope
                ELSE substr(scope, 1, instr(scope, ':') - 1) END AS kind,
                count(*) AS feeds, sum(seq) AS seq
           FROM feed_heads
          GROUP BY 1
          ORDER BY 1",
    )?;
    let rows = select.query_map([], |row| {
        Ok(FeedStats {
            kind: row.get("kind")?,
            feeds: row.get::<_, Unsigned>("feeds")?.0,
            seq: row.get::<_, Unsigned>("seq")?.0,
        })
    })?;
    stats.feeds = rows.collect::<Result<_, _>>()?;
    Ok(stats)
}
