//! The outbox: everything this device has done, in its own order. A row is user data: the hub's
//! confirmation is written beside it, and it stays, for the ledger and for a hub that lost its
//! database; but for what its author is not permitted to know any more ([`forget_words`]), and of what
//! was erased, where only its place stays.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, Row, ToSql, named_params, params};
use shared::{Action, DocRef, Kind, Op, OpId, Outcome, Scope, Timestamp};
use uuid::Uuid;

mod told;

pub(crate) use told::{
    count_queued, refused_as_erased, register_aside, register_waiting, stuck_outcome, waits_for,
};

use super::{
    many::{self, Wide, WideRows},
    value::{json, json_or_null, signed, to_json, unsigned},
};
use crate::error::Result;

/// An operation the hub doesn't have, exactly as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Queued {
    /// Its place in the own sequence.
    pub(crate) dev_seq: u64,
    /// Which operation.
    pub(crate) op_id: OpId,
    /// What it is about.
    pub(crate) target: DocRef,
    /// The operation as JSON.
    pub(crate) json: String,
}

impl Queued {
    /// An operation written out.
    pub(crate) fn of(op: &Op) -> Result<Self> {
        Ok(Self {
            dev_seq: op.dev_seq,
            op_id: op.op_id,
            target: op.target.clone(),
            json: to_json(op)?,
        })
    }
}

/// An operation and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// The operation.
    pub(crate) op: Op,
    /// What the hub said; `None` until it has.
    pub(crate) outcome: Option<Outcome>,
    /// The hub doesn't have it, or not any more.
    pub(crate) queued: bool,
}

/// Queues an operation.
pub(crate) fn add(tx: &Connection, op: &Op) -> Result<()> {
    many::insert_one(tx, &(Queued::of(op)?, op.observed_at.wall))
}

/// Queues operations that are written out already, each with when it was observed, many at once.
pub(crate) type Adding<'t> = WideRows<'t, (Queued, Timestamp)>;

impl Wide for (Queued, Timestamp) {
    const INTO: &'static str = "outbox (dev_seq, op_id, target_kind, target_id, op, observed_at)";

    fn values<R>(&self, write: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        let (op, observed_at) = self;
        write(params![
            signed(op.dev_seq),
            op.op_id.as_bytes(),
            op.target.kind.as_str(),
            op.target.id.as_bytes(),
            op.json,
            observed_at.as_ms(),
        ])
    }
}

/// Whether this operation stands here.
pub(crate) fn contains(db: &Connection, op_id: OpId) -> Result<bool> {
    let there = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE op_id = :op_id)")?
        .query_row(named_params! { ":op_id": op_id.as_bytes() }, |row| {
            row.get(0)
        })?;
    Ok(there)
}

/// What was done with a document on this device, in its order, whoever had the device then.
pub(crate) fn of_target(db: &Connection, target: &DocRef) -> Result<Vec<Done>> {
    let statement = db.prepare_cached(
        "SELECT op, outcome, state = 'queued' AS queued
           FROM outbox
          WHERE target_kind = :kind
            AND target_id = :id
          ORDER BY dev_seq",
    )?;
    all_of(statement, target)
}

/// What whoever has the device now has done with a document on it, in their order.
pub(crate) fn own_of_target(db: &Connection, target: &DocRef) -> Result<Vec<Done>> {
    let statement = db.prepare_cached(
        "SELECT op, outcome, state = 'queued' AS queued
           FROM outbox
          WHERE target_kind = :kind
            AND target_id = :id
            AND ifnull(op ->> '$.author.staff' = (SELECT id FROM at_work), TRUE)
          ORDER BY dev_seq",
    )?;
    all_of(statement, target)
}

fn all_of(mut statement: CachedStatement<'_>, target: &DocRef) -> Result<Vec<Done>> {
    let done = statement
        .query_map(
            named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() },
            |row| {
                Ok(Done {
                    op: json(row, "op")?,
                    // An outcome of a newer version is still an outcome.
                    outcome: json_or_null(row, "outcome").unwrap_or(None),
                    queued: row.get("queued")?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(done)
}

/// All documents this device has done something with.
pub(crate) fn targets(db: &Connection) -> Result<Vec<DocRef>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT target_kind, target_id
           FROM outbox",
    )?;
    let targets = statement
        .query_map([], target_from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(targets)
}

/// The documents of a kind this device has done something with.
pub(crate) fn targets_of(db: &Connection, kind: &Kind) -> Result<Vec<DocRef>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT target_kind, target_id
           FROM outbox
          WHERE target_kind = :kind",
    )?;
    let targets = statement
        .query_map(named_params! { ":kind": kind.as_str() }, target_from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(targets)
}

/// Of operations on documents of a kind that the hub has and that belong to none of these feeds: what
/// they said goes off the device. Each keeps its place in the sequence, and its id, by which the hub
/// knows it.
pub(crate) fn forget_words(tx: &Connection, kind: &Kind, held: &BTreeSet<Scope>) -> Result<()> {
    let done: Vec<Op> = tx
        .prepare_cached(
            "SELECT op
               FROM outbox
              WHERE target_kind = :kind
                AND state = 'acked'",
        )?
        .query_map(named_params! { ":kind": kind.as_str() }, |row| {
            json(row, "op")
        })?
        .collect::<rusqlite::Result<_>>()?;
    for mut op in done {
        let set = match &mut op.action {
            Action::Enter(entering) => &mut entering.set,
            Action::Change(changing) => &mut changing.set,
            _ => continue,
        };
        if held.contains(&op.scope) || set.is_empty() {
            continue;
        }
        set.clear();
        rewrite(tx, &op)?;
    }
    Ok(())
}

/// Operations the hub doesn't have, behind a place in the own sequence.
pub(crate) fn queued_after(db: &Connection, after: u64, limit: u32) -> Result<Vec<Queued>> {
    let mut statement = db.prepare_cached(
        "SELECT dev_seq, op_id, target_kind, target_id, op
           FROM outbox
          WHERE state = 'queued'
            AND dev_seq > :after
          ORDER BY dev_seq
          LIMIT :limit",
    )?;
    let queued = statement
        .query_map(
            named_params! { ":after": signed(after), ":limit": limit },
            |row| {
                Ok(Queued {
                    dev_seq: unsigned(row, "dev_seq")?,
                    op_id: OpId::from_bytes(row.get("op_id")?),
                    target: target_from_row(row)?,
                    json: row.get("op")?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(queued)
}

/// Whether anything is queued behind a place in the own sequence.
pub(crate) fn any_queued_after(db: &Connection, after: u64) -> Result<bool> {
    let any = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'queued' AND dev_seq > :after)",
        )?
        .query_row(named_params! { ":after": signed(after) }, |row| row.get(0))?;
    Ok(any)
}

/// The hub has the operation; this became of it.
pub(crate) fn confirm(
    tx: &Connection,
    op_id: OpId,
    outcome: &Outcome,
    at: Timestamp,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE outbox
            SET state = 'acked', outcome = :outcome, acked_at = :at
          WHERE op_id = :op_id",
    )?
    .execute(named_params! {
        ":op_id": op_id.as_bytes(),
        ":outcome": to_json(outcome)?,
        ":at": at.as_ms(),
    })?;
    Ok(())
}

/// The hub decided again about an operation that it has; this became of it.
pub(crate) fn decided_again(tx: &Connection, op_id: OpId, outcome: &Outcome) -> Result<()> {
    tx.prepare_cached("UPDATE outbox SET outcome = :outcome WHERE op_id = :op_id")?
        .execute(named_params! {
            ":op_id": op_id.as_bytes(),
            ":outcome": to_json(outcome)?,
        })?;
    Ok(())
}

/// The operation says something else from now on, in its place and under its id.
pub(crate) fn rewrite(tx: &Connection, op: &Op) -> Result<()> {
    tx.prepare_cached("UPDATE outbox SET op = :op WHERE op_id = :op_id")?
        .execute(named_params! { ":op_id": op.op_id.as_bytes(), ":op": to_json(op)? })?;
    Ok(())
}

/// The hub's document lacks an operation it had confirmed: it waits again.
pub(crate) fn requeue(tx: &Connection, op_id: OpId) -> Result<()> {
    tx.prepare_cached(
        "UPDATE outbox
            SET state = 'queued', outcome = NULL, acked_at = NULL
          WHERE op_id = :op_id",
    )?
    .execute(named_params! { ":op_id": op_id.as_bytes() })?;
    Ok(())
}

/// The hub lost what it had confirmed behind a place in the sequence: it waits again. Says how
/// many operations that are.
pub(crate) fn requeue_after(tx: &Connection, after: u64) -> Result<usize> {
    let again = tx
        .prepare_cached(
            "UPDATE outbox
                SET state = 'queued', outcome = NULL, acked_at = NULL
              WHERE state = 'acked'
                AND dev_seq > :after",
        )?
        .execute(named_params! { ":after": signed(after) })?;
    Ok(again)
}

fn target_from_row(row: &Row<'_>) -> rusqlite::Result<DocRef> {
    Ok(DocRef {
        kind: Kind(row.get("target_kind")?),
        id: Uuid::from_bytes(row.get("target_id")?),
    })
}
