//! Photos that documents show and that did not come, over `photo_refs`, `photos` and the log.

use rusqlite::{Connection, Row};
use shared::{DeviceId, Digest, DocRef, Kind, StaffId};
use uuid::Uuid;

use super::convert::{At, Unsigned};
use crate::store::{MissingPhoto, StoreError};

/// All of them, by when the hub heard of them first.
pub(super) fn all(db: &Connection) -> Result<Vec<MissingPhoto>, StoreError> {
    // What a merged case brought to another is named by no operation of that one: it is told once.
    // Only what is missing is looked for in the log, which has no index by what an operation says.
    let mut select = db.prepare_cached(
        "WITH missing AS MATERIALIZED (
             SELECT r.digest, lower(hex(r.digest)) AS name, r.kind, r.id, p.length, p.\"offset\"
               FROM photo_refs AS r
               LEFT JOIN photos AS p ON p.digest = r.digest
              WHERE p.complete_at IS NULL
                AND EXISTS (SELECT 1
                              FROM feeds AS f
                             WHERE f.kind = r.kind AND f.id = r.id
                               AND f.has_left = 0 AND f.deleted = 0))
         SELECT m.digest, m.kind, m.id, m.length, m.\"offset\", o.device, d.staff,
                min(o.received_at) AS since,
                (SELECT body ->> '$.known.case_no'
                   FROM docs
                  WHERE kind = m.kind AND id = m.id) AS case_no
           FROM missing AS m
           JOIN ops AS o ON o.kind = m.kind AND o.id = m.id AND o.repeated = 0
                        AND instr(o.payload, m.name) > 0
           JOIN devices AS d ON d.id = o.device
          GROUP BY m.digest, m.kind, m.id
          ORDER BY since, m.digest",
    )?;
    let rows = select.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<MissingPhoto> {
    let length: Option<Unsigned> = row.get("length")?;
    let offset: Option<Unsigned> = row.get("offset")?;
    Ok(MissingPhoto {
        digest: Digest::from_bytes(row.get("digest")?),
        target: DocRef {
            kind: Kind(row.get("kind")?),
            id: Uuid::from_bytes(row.get("id")?),
        },
        case_no: row.get("case_no")?,
        device: DeviceId::from_bytes(row.get("device")?),
        staff: StaffId(row.get("staff")?),
        since: row.get::<_, At>("since")?.0,
        come: offset
            .zip(length)
            .map(|(offset, length)| (offset.0, length.0)),
    })
}
