//! Reads whole tables for [`crate::audit`].

use rusqlite::{Connection, Row};
use shared::{Digest, Doc, DocRef, Kind, OpId, Scope, case::State};
use uuid::Uuid;

use super::value::{json, unsigned};
use crate::{
    audit::{Entry, File, Holdings, Pulled, Standing},
    error::Result,
};

/// The outbox in its order.
pub(crate) fn outbox(db: &Connection) -> Result<Vec<Entry>> {
    let mut statement = db.prepare_cached(
        "SELECT dev_seq, op_id, target_kind AS kind, target_id AS id, state = 'queued' AS queued
           FROM outbox
          ORDER BY dev_seq",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Entry {
            dev_seq: unsigned(row, "dev_seq")?,
            op_id: OpId::from_bytes(row.get("op_id")?),
            target: target(row)?,
            queued: row.get("queued")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Everything that came from the hub, and what is shown of it.
pub(crate) fn holdings(db: &Connection) -> Result<Holdings> {
    Ok(Holdings {
        feeds: all(
            db,
            "SELECT scope, head IS NOT NULL AS at_end, count, sum FROM feeds ORDER BY scope",
            |row| {
                Ok(Pulled {
                    scope: Scope(row.get("scope")?),
                    at_end: row.get("at_end")?,
                    count: row.get::<_, i64>("count")?.cast_unsigned(),
                    sum: row.get::<_, i64>("sum")?.cast_unsigned(),
                })
            },
        )?,
        standings: all(
            db,
            "SELECT s.scope, s.kind, s.id, coalesce(m.rev, 0) AS rev
               FROM mirror_scopes AS s
               LEFT JOIN mirror AS m ON m.kind = s.kind AND m.id = s.id
              ORDER BY s.scope, s.kind, s.id",
            |row| {
                Ok(Standing {
                    scope: row.get("scope")?,
                    target: target(row)?,
                    rev: unsigned(row, "rev")?,
                })
            },
        )?,
        docs: all(
            db,
            "SELECT kind, id, rev, body FROM mirror ORDER BY kind, id",
            |row| {
                Ok(Doc {
                    target: target(row)?,
                    rev: unsigned(row, "rev")?,
                    body: json(row, "body")?,
                })
            },
        )?,
        shown: all(db, "SELECT id, state FROM cases ORDER BY id", |row| {
            let id = shared::CaseId::from_bytes(row.get("id")?);
            let place: u8 = row.get("state")?;
            let state = State::ALL.get(usize::from(place)).copied();
            Ok((
                DocRef::case(id),
                state.ok_or(rusqlite::Error::InvalidQuery)?,
            ))
        })?,
        files: all(
            db,
            "SELECT digest, own, here, at_hub, refused IS NOT NULL AS refused, case_id,
                    next_attempt_at
               FROM files
              ORDER BY digest",
            |row| {
                Ok(File {
                    digest: Digest::from_bytes(row.get("digest")?),
                    own: row.get("own")?,
                    here: row.get("here")?,
                    at_hub: row.get("at_hub")?,
                    refused: row.get("refused")?,
                    case: shared::CaseId::from_bytes(row.get("case_id")?),
                    not_before: row.get("next_attempt_at")?,
                })
            },
        )?,
    })
}

/// Whether every page is whole and every index fits its table.
pub(crate) fn is_sound(db: &Connection) -> Result<bool> {
    let verdict: String = db.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    Ok(verdict == "ok")
}

fn all<T>(
    db: &Connection,
    sql: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| read(row))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn target(row: &Row<'_>) -> rusqlite::Result<DocRef> {
    Ok(DocRef {
        kind: Kind(row.get("kind")?),
        id: Uuid::from_bytes(row.get("id")?),
    })
}
