//! Photos that documents show and that did not come, over `photo_refs`, `photos` and the log.

use deadpool_postgres::GenericClient;
use shared::{DeviceId, DocRef, Kind, StaffId};
use tokio_postgres::Row;

use super::{
    convert::{at, digest},
    statement::all as every,
};
use crate::store::{MissingPhoto, StoreError};

/// All of them, by when the hub heard of them first.
pub(super) async fn all(db: &impl GenericClient) -> Result<Vec<MissingPhoto>, StoreError> {
    // What a merged case brought to another is named by no operation of that one: it is told once.
    // Only what is missing is looked for in the log, which has no index by what an operation says.
    let rows = every(
        db,
        "WITH missing AS MATERIALIZED (
             SELECT r.digest, encode(r.digest, 'hex') AS name, r.kind, r.id, p.length, p.\"offset\"
               FROM photo_refs AS r
               LEFT JOIN photos AS p ON p.digest = r.digest
              WHERE p.complete_at IS NULL
                AND EXISTS (SELECT 1
                              FROM feeds AS f
                             WHERE f.kind = r.kind AND f.id = r.id
                               AND NOT f.has_left AND NOT f.deleted)),
         named AS (
             SELECT DISTINCT ON (m.digest, m.kind, m.id)
                    m.digest, m.kind, m.id, m.length, m.\"offset\", o.device, d.staff,
                    o.received_at AS since
               FROM missing AS m
               JOIN ops AS o ON o.kind = m.kind AND o.id = m.id AND NOT o.repeated
                            AND strpos(o.payload, m.name) > 0
               JOIN devices AS d ON d.id = o.device
              ORDER BY m.digest, m.kind, m.id, o.received_at)
         SELECT n.*, c.body::JSON -> 'known' ->> 'case_no' AS case_no
           FROM named AS n
           LEFT JOIN docs AS c ON c.kind = n.kind AND c.id = n.id
          ORDER BY n.since, n.digest",
        &[],
    )
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<MissingPhoto, StoreError> {
    let number = |column| -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = row.try_get(column)?;
        let number = number.map(u64::try_from).transpose();
        number.map_err(|_is_negative| StoreError::OutOfRange)
    };
    Ok(MissingPhoto {
        digest: digest(row, "digest")?,
        target: DocRef {
            kind: Kind(row.try_get("kind")?),
            id: row.try_get("id")?,
        },
        case_no: row.try_get("case_no")?,
        device: DeviceId(row.try_get("device")?),
        staff: StaffId(row.try_get("staff")?),
        since: at(row, "since")?,
        come: number("offset")?.zip(number("length")?),
    })
}
