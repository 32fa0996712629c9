//! Reads whole tables for [`crate::audit`].

use std::collections::BTreeSet;

use rusqlite::{Connection, Row};
use shared::{Digest, Doc, DocRef, Kind, OpId, Scope, case::State};
use uuid::Uuid;

use super::{
    folded::{OTHERS, REGISTER, rows_of},
    value::{json, rows, unsigned},
};
use crate::{
    audit::{Entry, File, Holdings, Pulled, Standing},
    error::Result,
};

/// The outbox in its order.
pub(crate) fn outbox(db: &Connection) -> Result<Vec<Entry>> {
    rows(
        db,
        "SELECT dev_seq, op_id, target_kind AS kind, target_id AS id, state = 'queued' AS queued
           FROM outbox
          ORDER BY dev_seq",
        [],
        |row| {
            Ok(Entry {
                dev_seq: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
                op_id: OpId::from_bytes(row.get(1)?),
                target: DocRef {
                    kind: Kind(row.get(2)?),
                    id: Uuid::from_bytes(row.get(3)?),
                },
                queued: row.get(4)?,
            })
        },
    )
}

/// Everything that came from the hub, and what is shown of it.
pub(crate) fn holdings(db: &Connection) -> Result<Holdings> {
    Ok(Holdings {
        feeds: rows(
            db,
            "SELECT scope, head IS NOT NULL AS at_end, count, sum FROM feeds ORDER BY scope",
            [],
            |row| {
                Ok(Pulled {
                    scope: Scope(row.get("scope")?),
                    at_end: row.get("at_end")?,
                    count: row.get::<_, i64>("count")?.cast_unsigned(),
                    sum: row.get::<_, i64>("sum")?.cast_unsigned(),
                })
            },
        )?,
        standings: rows(
            db,
            "SELECT s.scope, s.kind, s.id, coalesce(m.rev, 0) AS rev
               FROM mirror_scopes AS s
               LEFT JOIN mirror AS m ON m.kind = s.kind AND m.id = s.id
              ORDER BY s.scope, s.kind, s.id",
            [],
            |row| {
                Ok(Standing {
                    scope: row.get("scope")?,
                    target: target(row)?,
                    rev: unsigned(row, "rev")?,
                })
            },
        )?,
        docs: rows(
            db,
            "SELECT kind, id, rev, body FROM mirror ORDER BY kind, id",
            [],
            |row| {
                Ok(Doc {
                    target: target(row)?,
                    rev: unsigned(row, "rev")?,
                    body: json(row, "body")?,
                })
            },
        )?,
        shown: shown(db)?,
        files: rows(
            db,
            "SELECT digest, own, here, at_hub, refused IS NOT NULL AS refused, case_id,
                    next_attempt_at
               FROM files
              ORDER BY digest",
            [],
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

/// The state in which lists show each case.
pub(crate) fn shown(db: &Connection) -> Result<Vec<(DocRef, State)>> {
    rows(db, "SELECT id, state FROM cases ORDER BY id", [], |row| {
        let id = shared::CaseId::from_bytes(row.get("id")?);
        let place: u8 = row.get("state")?;
        let state = State::ALL.get(usize::from(place)).copied();
        Ok((
            DocRef::case(id),
            state.ok_or(rusqlite::Error::InvalidQuery)?,
        ))
    })
}

/// Rows that are there and would not be if `fold` had written all of them just now, and the other way
/// round. Leaves everything as it was.
pub(crate) fn shown_otherwise(
    tx: &Connection,
    fold: impl FnOnce(&Connection) -> Result<()>,
) -> Result<Vec<String>> {
    let stands = everything(tx)?;
    tx.execute_batch(
        "SAVEPOINT anew;
         DELETE FROM case_numbers;
         DELETE FROM case_photos;
         DELETE FROM case_words;
         DELETE FROM cases;
         DELETE FROM alike;
         DELETE FROM alike_found;
         DELETE FROM alike_keys;
         DELETE FROM not_alike;
         DELETE FROM entry_found;
         DELETE FROM entry_keys;
         DELETE FROM entries;
         DELETE FROM there;
         DELETE FROM visits;
         DELETE FROM records;",
    )?;
    fold(tx)?;
    let anew = everything(tx)?;
    tx.execute_batch("ROLLBACK TO anew; RELEASE anew;")?;
    let only_now = stands.difference(&anew).map(|row| format!("is {row}"));
    let only_anew = anew
        .difference(&stands)
        .map(|row| format!("would be {row}"));
    Ok(only_now.chain(only_anew).collect())
}

fn everything(db: &Connection) -> Result<BTreeSet<String>> {
    let mut all = rows_of(db, REGISTER)?;
    all.extend(rows_of(db, OTHERS)?);
    Ok(all)
}

/// Whether every page is whole and every index fits its table.
pub(crate) fn is_sound(db: &Connection) -> Result<bool> {
    let verdict: String = db.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    Ok(verdict == "ok")
}

fn target(row: &Row<'_>) -> rusqlite::Result<DocRef> {
    Ok(DocRef {
        kind: Kind(row.get("kind")?),
        id: Uuid::from_bytes(row.get("id")?),
    })
}
