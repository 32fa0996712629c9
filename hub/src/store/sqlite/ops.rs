//! `ops`: the op log. A row is what a person did; none is ever deleted. What became of it is the
//! hub's own word: only the operator's retry of a quarantined one changes that.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};
use shared::{DeviceId, DocRef, Kind, OpId, Outcome, Timestamp};
use uuid::Uuid;

use super::convert::{At, Unsigned, from_json, to_json};
use crate::{push::Incoming, store::StoreError};

/// What the log says about an operation.
#[derive(Debug)]
pub(super) struct Logged {
    pub(super) device: DeviceId,
    pub(super) op_id: Option<OpId>,
    pub(super) target: Option<DocRef>,
    pub(super) payload: String,
    pub(super) outcome: Outcome,
    pub(super) rev: u64,
}

/// A row to write.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) device: DeviceId,
    pub(super) dev_seq: u64,
    pub(super) incoming: &'a Incoming,
    pub(super) repeated: bool,
    pub(super) sent: &'a str,
    pub(super) received_at: Timestamp,
    pub(super) outcome: &'a Outcome,
    pub(super) rev: u64,
}

pub(super) fn append(tx: &Transaction<'_>, entry: &Entry<'_>) -> Result<(), StoreError> {
    let target = entry.incoming.target.as_ref();
    tx.prepare_cached(
        "INSERT INTO ops (device, dev_seq, op_id, repeated, kind, id, payload, sent, received_at,
                          outcome, rev, quarantined)
         VALUES (:device, :dev_seq, :op_id, :repeated, :kind, :id, :payload, :sent, :received_at,
                 :outcome, :rev, :quarantined)",
    )?
    .execute(named_params! {
        ":device": entry.device.as_bytes(),
        ":dev_seq": Unsigned(entry.dev_seq),
        ":op_id": entry.incoming.op_id.as_ref().map(OpId::as_bytes),
        ":repeated": entry.repeated,
        ":kind": target.map(|target| target.kind.as_str()),
        ":id": target.map(|target| target.id.as_bytes()),
        ":payload": entry.incoming.payload,
        ":sent": entry.sent,
        ":received_at": At(entry.received_at),
        ":outcome": to_json(entry.outcome)?,
        ":rev": Unsigned(entry.rev),
        ":quarantined": matches!(entry.outcome, Outcome::Quarantined { .. }),
    })?;
    Ok(())
}

/// What stands at this place of a device's sequence.
pub(super) fn at(
    db: &Connection,
    device: DeviceId,
    dev_seq: u64,
) -> Result<Option<Logged>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT device, op_id, kind, id, payload, outcome, rev
               FROM ops
              WHERE device = :device AND dev_seq = :dev_seq",
        )?
        .query_row(
            named_params! { ":device": device.as_bytes(), ":dev_seq": Unsigned(dev_seq) },
            from_row,
        )
        .optional()?;
    row.map(finish).transpose()
}

/// The first time an operation with this id was logged.
pub(super) fn find(db: &Connection, op_id: OpId) -> Result<Option<Logged>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT device, op_id, kind, id, payload, outcome, rev
               FROM ops
              WHERE op_id = :op_id AND repeated = 0",
        )?
        .query_row(named_params! { ":op_id": op_id.as_bytes() }, from_row)
        .optional()?;
    row.map(finish).transpose()
}

/// An operation without a readable id that this device sent before, letter by letter.
pub(super) fn find_unnamed(
    db: &Connection,
    device: DeviceId,
    payload: &str,
) -> Result<Option<Logged>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT device, op_id, kind, id, payload, outcome, rev
               FROM ops
              WHERE device = :device AND op_id IS NULL AND payload = :payload
              LIMIT 1",
        )?
        .query_row(
            named_params! { ":device": device.as_bytes(), ":payload": payload },
            from_row,
        )
        .optional()?;
    row.map(finish).transpose()
}

/// Only with the bug planted: the first operation that says the same about the same thing.
pub(super) fn same_words(
    db: &Connection,
    device: DeviceId,
    incoming: &Incoming,
) -> Result<Option<Logged>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT device, op_id, kind, id, payload, outcome, rev
               FROM ops
              WHERE device = :device
                AND id = :id
                AND payload -> 'action' = :payload -> 'action'
              LIMIT 1",
        )?
        .query_row(
            named_params! {
                ":device": device.as_bytes(),
                ":id": incoming.target.as_ref().map(|target| target.id.as_bytes()),
                ":payload": incoming.payload,
            },
            from_row,
        )
        .optional()?;
    row.map(finish).transpose()
}

/// Another outcome for this operation, and for its repetitions by other identities of the device.
pub(super) fn set_outcome(
    tx: &Transaction<'_>,
    (device, dev_seq): (DeviceId, u64),
    outcome: &Outcome,
    rev: u64,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE ops
            SET outcome = :outcome, rev = :rev, quarantined = :quarantined
          WHERE (device = :device AND dev_seq = :dev_seq)
             OR op_id = (SELECT op_id FROM ops WHERE device = :device AND dev_seq = :dev_seq)",
    )?
    .execute(named_params! {
        ":device": device.as_bytes(),
        ":dev_seq": Unsigned(dev_seq),
        ":outcome": to_json(outcome)?,
        ":rev": Unsigned(rev),
        ":quarantined": matches!(outcome, Outcome::Quarantined { .. }),
    })?;
    Ok(())
}

type Raw = (Logged, String);

fn from_row(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let kind = row.get::<_, Option<String>>("kind")?;
    let id = row.get::<_, Option<[u8; 16]>>("id")?;
    let logged = Logged {
        device: DeviceId::from_bytes(row.get("device")?),
        op_id: row
            .get::<_, Option<[u8; 16]>>("op_id")?
            .map(OpId::from_bytes),
        target: kind.zip(id).map(|(kind, id)| DocRef {
            kind: Kind(kind),
            id: Uuid::from_bytes(id),
        }),
        payload: row.get("payload")?,
        outcome: Outcome::RetryLater,
        rev: row.get::<_, Unsigned>("rev")?.0,
    };
    Ok((logged, row.get("outcome")?))
}

fn finish((logged, outcome): Raw) -> Result<Logged, StoreError> {
    Ok(Logged {
        outcome: from_json("outcome", &outcome)?,
        ..logged
    })
}
