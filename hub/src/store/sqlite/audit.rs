//! Reads whole tables for [`crate::audit`], after every step of a schedule: columns are taken by their
//! place, which is found sooner than a name.

use std::path::Path;

use rusqlite::{Connection, Row};
use shared::{DeviceId, Digest, Doc, DocRef, Kind, OpId, Scope};
use uuid::Uuid;

use super::{connection, convert::Unsigned, docs};
use crate::{
    audit::{FeedRow, Head, LogRow, PhotoRow},
    store::{StoreError, json::from_json},
};

/// The tables, over a connection that only reads.
#[derive(Debug)]
pub(crate) struct Tables {
    db: Connection,
    version: i64,
}

impl Tables {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            db: connection::open_reader(path)?,
            version: -1,
        })
    }

    pub(crate) fn have_changed(&mut self) -> Result<bool, StoreError> {
        let version = self
            .db
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        let before = std::mem::replace(&mut self.version, version);
        Ok(before != version)
    }

    pub(crate) fn log(&self) -> Result<Vec<LogRow>, StoreError> {
        let rows = self.all(
            "SELECT device, dev_seq, op_id, repeated, kind, id, outcome, rev
               FROM ops
              ORDER BY device, dev_seq",
            |row| {
                let kind: Option<String> = row.get(4)?;
                let id: Option<[u8; 16]> = row.get(5)?;
                let logged = LogRow {
                    device: DeviceId::from_bytes(row.get(0)?),
                    dev_seq: row.get::<_, Unsigned>(1)?.0,
                    op_id: row.get::<_, Option<[u8; 16]>>(2)?.map(OpId::from_bytes),
                    repeated: row.get(3)?,
                    target: kind.zip(id).map(|(kind, id)| DocRef {
                        kind: Kind(kind),
                        id: Uuid::from_bytes(id),
                    }),
                    outcome: shared::Outcome::RetryLater,
                    rev: row.get::<_, Unsigned>(7)?.0,
                };
                Ok((logged, row.get::<_, String>(6)?))
            },
        )?;
        rows.into_iter()
            .map(|(logged, outcome)| {
                Ok(LogRow {
                    outcome: from_json("outcome", &outcome)?,
                    ..logged
                })
            })
            .collect()
    }

    pub(crate) fn payloads(&self) -> Result<Vec<String>, StoreError> {
        self.all("SELECT payload FROM ops ORDER BY device, dev_seq", |row| {
            row.get("payload")
        })
    }

    pub(crate) fn last_dev_seqs(&self) -> Result<Vec<(DeviceId, u64)>, StoreError> {
        self.all("SELECT id, last_dev_seq FROM devices ORDER BY id", |row| {
            let last: Unsigned = row.get("last_dev_seq")?;
            Ok((DeviceId::from_bytes(row.get("id")?), last.0))
        })
    }

    pub(crate) fn feeds(&self) -> Result<Vec<FeedRow>, StoreError> {
        self.all(
            "SELECT scope, kind, id, seq, rev, has_left, deleted FROM feeds ORDER BY scope, seq",
            |row| {
                Ok(FeedRow {
                    scope: Scope(row.get(0)?),
                    target: target(row, 1)?,
                    seq: row.get::<_, Unsigned>(3)?.0,
                    rev: row.get::<_, Unsigned>(4)?.0,
                    has_left: row.get(5)?,
                    deleted: row.get(6)?,
                })
            },
        )
    }

    pub(crate) fn heads(&self) -> Result<Vec<Head>, StoreError> {
        self.all(
            "SELECT scope, seq, count, sum, horizon FROM feed_heads ORDER BY scope",
            |row| {
                Ok(Head {
                    scope: Scope(row.get(0)?),
                    seq: row.get::<_, Unsigned>(1)?.0,
                    count: row.get::<_, Unsigned>(2)?.0,
                    sum: row.get::<_, i64>(3)?.cast_unsigned(),
                    horizon: row.get::<_, Unsigned>(4)?.0,
                })
            },
        )
    }

    pub(crate) fn revisions(&self) -> Result<Vec<(DocRef, u64)>, StoreError> {
        self.all("SELECT kind, id, rev FROM docs ORDER BY kind, id", |row| {
            Ok((target(row, 0)?, row.get::<_, Unsigned>(2)?.0))
        })
    }

    pub(crate) fn doc(&self, target: &DocRef) -> Result<Option<Doc>, StoreError> {
        docs::find(&self.db, target)
    }

    pub(crate) fn docs(&self) -> Result<Vec<Doc>, StoreError> {
        let rows = self.all(
            "SELECT kind, id, rev, body FROM docs ORDER BY kind, id",
            |row| {
                Ok((
                    target(row, 0)?,
                    row.get::<_, Unsigned>(2)?.0,
                    row.get::<_, String>(3)?,
                ))
            },
        )?;
        rows.into_iter()
            .map(|(target, rev, body)| docs::read(target, rev, &body))
            .collect()
    }

    pub(crate) fn photos(&self) -> Result<Vec<PhotoRow>, StoreError> {
        self.all(
            "SELECT digest, length, \"offset\", complete_at IS NOT NULL AS complete
               FROM photos
              ORDER BY digest",
            |row| {
                Ok(PhotoRow {
                    digest: Digest::from_bytes(row.get("digest")?),
                    length: row.get::<_, Unsigned>("length")?.0,
                    offset: row.get::<_, Unsigned>("offset")?.0,
                    complete: row.get("complete")?,
                })
            },
        )
    }

    pub(crate) fn are_sound(&self) -> Result<bool, StoreError> {
        let verdict: String = self
            .db
            .pragma_query_value(None, "integrity_check", |row| row.get(0))?;
        Ok(verdict == "ok")
    }

    fn all<T>(
        &self,
        sql: &str,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| read(row))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// A document by its kind, which stands in this column, and its id, in the next.
fn target(row: &Row<'_>, at: usize) -> rusqlite::Result<DocRef> {
    Ok(DocRef {
        kind: Kind(row.get(at)?),
        id: Uuid::from_bytes(row.get(at + 1)?),
    })
}
