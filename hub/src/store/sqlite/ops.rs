//! `ops`: the op log. A row is what a person did; none is ever deleted. What became of it is the
//! hub's own word: only the operator's retry of a quarantined one changes that.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};
use shared::{
    DeviceId, DocRef, Kind, OpId, Outcome, Timestamp, hub_api::FirstSent, time::Observed,
};
use uuid::Uuid;

use super::convert::{At, Unsigned};
use crate::store::{
    Batch, StoreError,
    desk::LookUp,
    json::{from_json, to_json},
    log::{Entry, Logged, is_quarantined},
};

/// Where a batch comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    pub(super) device: DeviceId,
    /// How its clocks stood when it sent, as JSON.
    pub(super) sent: &'a str,
    pub(super) received_at: Timestamp,
}

/// What the log knows of a batch.
pub(super) fn look_up(
    db: &Connection,
    device: DeviceId,
    wanted: &LookUp<'_>,
) -> Result<Vec<Logged>, StoreError> {
    let mut found = Vec::new();
    for dev_seq in &wanted.dev_seqs {
        found.extend(at(db, device, *dev_seq)?);
    }
    for op_id in &wanted.op_ids {
        found.extend(find(db, *op_id)?);
    }
    for payload in &wanted.unnamed {
        found.extend(find_unnamed(db, device, payload)?);
    }
    Ok(found)
}

pub(super) fn append(
    tx: &Transaction<'_>,
    sender: Sender<'_>,
    entries: &[Entry<'_>],
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO ops (device, dev_seq, op_id, repeated, kind, id, payload, sent, received_at,
                          outcome, rev, quarantined)
         VALUES (:device, :dev_seq, :op_id, :repeated, :kind, :id, :payload, :sent, :received_at,
                 :outcome, :rev, :quarantined)",
    )?;
    for entry in entries {
        let target = entry.incoming.target.as_ref();
        insert.execute(named_params! {
            ":device": sender.device.as_bytes(),
            ":dev_seq": Unsigned(entry.dev_seq),
            ":op_id": entry.incoming.op_id.as_ref().map(OpId::as_bytes),
            ":repeated": entry.repeated,
            ":kind": target.map(|target| target.kind.as_str()),
            ":id": target.map(|target| target.id.as_bytes()),
            ":payload": entry.payload,
            ":sent": sender.sent,
            ":received_at": At(sender.received_at),
            ":outcome": to_json(&entry.outcome)?,
            ":rev": Unsigned(entry.rev),
            ":quarantined": entry.is_quarantined(),
        })?;
        fault::point("hub/push: in the log, no effect yet");
    }
    Ok(())
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
        ":quarantined": is_quarantined(outcome),
    })?;
    Ok(())
}

/// What stands at this place of a device's sequence.
fn at(db: &Connection, device: DeviceId, dev_seq: u64) -> Result<Option<Logged>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT device, dev_seq, op_id, kind, id, payload, outcome, rev, sent, received_at
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
fn find(db: &Connection, op_id: OpId) -> Result<Option<Logged>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT device, dev_seq, op_id, kind, id, payload, outcome, rev, sent, received_at
               FROM ops
              WHERE op_id = :op_id AND repeated = 0",
        )?
        .query_row(named_params! { ":op_id": op_id.as_bytes() }, from_row)
        .optional()?;
    row.map(finish).transpose()
}

/// An operation without a readable id that this device sent before, letter by letter.
fn find_unnamed(
    db: &Connection,
    device: DeviceId,
    payload: &str,
) -> Result<Option<Logged>, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT device, dev_seq, op_id, kind, id, payload, outcome, rev, sent, received_at
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

/// Only with the bug planted: for each operation of the batch the first of this device that says
/// the same about the same thing, under the id of the new one.
pub(super) fn same_words(
    db: &Connection,
    device: DeviceId,
    batch: &Batch,
) -> Result<Vec<Logged>, StoreError> {
    let mut same = Vec::new();
    for incoming in &batch.ops {
        let row = db
            .prepare_cached(
                "SELECT device, dev_seq, op_id, kind, id, payload, outcome, rev, sent, received_at
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
        if let Some(logged) = row.map(finish).transpose()? {
            same.push(Logged {
                op_id: incoming.op_id,
                ..logged
            });
        }
    }
    Ok(same)
}

/// With what is still JSON: the outcome, and how the clocks stood.
type Raw = (Logged, [String; 2]);

fn from_row(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let kind = row.get::<_, Option<String>>("kind")?;
    let id = row.get::<_, Option<[u8; 16]>>("id")?;
    let logged = Logged {
        device: DeviceId::from_bytes(row.get("device")?),
        dev_seq: row.get::<_, Unsigned>("dev_seq")?.0,
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
        first: FirstSent {
            sent: Observed::default(),
            received_at: row.get::<_, At>("received_at")?.0,
        },
    };
    Ok((logged, [row.get("outcome")?, row.get("sent")?]))
}

fn finish((mut logged, [outcome, sent]): Raw) -> Result<Logged, StoreError> {
    logged.outcome = from_json("outcome", &outcome)?;
    logged.first.sent = from_json("sent", &sent)?;
    Ok(logged)
}
