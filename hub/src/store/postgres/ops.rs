//! `ops`: the op log. A row is what a person did; none is ever deleted. What became of it is the
//! hub's own word: only the operator's retry of a quarantined one changes that.

use deadpool_postgres::{GenericClient, Transaction};
use shared::{DeviceId, DocRef, Kind, OpId, Outcome, Timestamp, hub_api::FirstSent};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    convert::{signed, unsigned},
    statement::{all, run},
};
use crate::store::{
    StoreError,
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
pub(super) async fn look_up(
    db: &impl GenericClient,
    device: DeviceId,
    wanted: &LookUp<'_>,
) -> Result<Vec<Logged>, StoreError> {
    let mut rows = Vec::new();
    if !wanted.dev_seqs.is_empty() {
        let dev_seqs = wanted.dev_seqs.iter().map(|dev_seq| signed(*dev_seq));
        let dev_seqs = dev_seqs.collect::<Result<Vec<_>, _>>()?;
        rows.extend(at(db, device, &dev_seqs).await?);
    }
    if !wanted.op_ids.is_empty() {
        let ids: Vec<_> = wanted.op_ids.iter().map(|id| id.0).collect();
        rows.extend(by_id(db, &ids).await?);
    }
    if !wanted.unnamed.is_empty() {
        let payloads: Vec<_> = wanted.unnamed.iter().copied().collect();
        rows.extend(unnamed(db, device, &payloads).await?);
    }
    rows.iter().map(read).collect()
}

/// Adds a batch. An id that another identity of the device logged in this very moment collides,
/// and the batch is taken in anew.
pub(super) async fn append(
    tx: &Transaction<'_>,
    sender: Sender<'_>,
    entries: &[Entry<'_>],
) -> Result<(), StoreError> {
    let count = entries.len();
    if count == 0 {
        return Ok(());
    }
    let mut dev_seqs = Vec::with_capacity(count);
    let mut op_ids = Vec::with_capacity(count);
    let mut repeated = Vec::with_capacity(count);
    let (mut kinds, mut ids) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut payloads = Vec::with_capacity(count);
    let (mut outcomes, mut revs) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut quarantined = Vec::with_capacity(count);
    for entry in entries {
        let target = entry.incoming.target.as_ref();
        dev_seqs.push(signed(entry.dev_seq)?);
        op_ids.push(entry.incoming.op_id.map(|id| id.0));
        repeated.push(entry.repeated);
        kinds.push(target.map(|target| target.kind.as_str()));
        ids.push(target.map(|target| target.id));
        payloads.push(entry.payload);
        outcomes.push(to_json(&entry.outcome)?);
        revs.push(signed(entry.rev)?);
        quarantined.push(entry.is_quarantined());
    }
    run(
        tx,
        "INSERT INTO ops (device, dev_seq, op_id, repeated, kind, id, payload, sent, received_at,
                          outcome, rev, quarantined)
         SELECT $1, dev_seq, op_id, repeated, kind, id, payload, $2, $3, outcome, rev, quarantined
           FROM unnest($4::BIGINT[], $5::UUID[], $6::BOOL[], $7::TEXT[], $8::UUID[], $9::TEXT[],
                       $10::TEXT[], $11::BIGINT[], $12::BOOL[])
             AS entry (dev_seq, op_id, repeated, kind, id, payload, outcome, rev, quarantined)",
        &[
            &sender.device.0,
            &sender.sent,
            &sender.received_at.as_ms(),
            &dev_seqs,
            &op_ids,
            &repeated,
            &kinds,
            &ids,
            &payloads,
            &outcomes,
            &revs,
            &quarantined,
        ],
    )
    .await?;
    Ok(())
}

/// Another outcome for this operation, and for its repetitions by other identities of the device.
pub(super) async fn set_outcome(
    tx: &Transaction<'_>,
    (device, dev_seq): (DeviceId, u64),
    outcome: &Outcome,
    rev: u64,
) -> Result<(), StoreError> {
    run(
        tx,
        "UPDATE ops
            SET outcome = $3, rev = $4, quarantined = $5
          WHERE (device = $1 AND dev_seq = $2)
             OR op_id = (SELECT op_id FROM ops WHERE device = $1 AND dev_seq = $2)",
        &[
            &device.0,
            &signed(dev_seq)?,
            &to_json(outcome)?,
            &signed(rev)?,
            &is_quarantined(outcome),
        ],
    )
    .await?;
    Ok(())
}

/// What stands at these places of a device's sequence.
async fn at(
    db: &impl GenericClient,
    device: DeviceId,
    dev_seqs: &[i64],
) -> Result<Vec<Row>, StoreError> {
    all(
        db,
        "SELECT device, dev_seq, op_id, kind, id, payload, outcome, rev, sent,
                received_at
           FROM ops
          WHERE device = $1 AND dev_seq = ANY($2)",
        &[&device.0, &dev_seqs],
    )
    .await
}

/// The first time each of these operations was logged.
async fn by_id(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<Row>, StoreError> {
    all(
        db,
        "SELECT device, dev_seq, op_id, kind, id, payload, outcome, rev, sent,
                received_at
           FROM ops
          WHERE op_id = ANY($1) AND op_id IS NOT NULL AND NOT repeated",
        &[&ids],
    )
    .await
}

/// Operations without a readable id that this device sent before, letter by letter.
async fn unnamed(
    db: &impl GenericClient,
    device: DeviceId,
    payloads: &[&str],
) -> Result<Vec<Row>, StoreError> {
    all(
        db,
        "SELECT DISTINCT ON (payload) device, dev_seq, op_id, kind, id, payload, outcome, rev, sent,
                received_at
           FROM ops
          WHERE device = $1 AND op_id IS NULL AND payload = ANY($2)
          ORDER BY payload, dev_seq",
        &[&device.0, &payloads],
    )
    .await
}

fn read(row: &Row) -> Result<Logged, StoreError> {
    let kind: Option<String> = row.try_get("kind")?;
    let id: Option<Uuid> = row.try_get("id")?;
    Ok(Logged {
        device: DeviceId(row.try_get("device")?),
        dev_seq: unsigned(row, "dev_seq")?,
        op_id: row.try_get::<_, Option<Uuid>>("op_id")?.map(OpId),
        target: kind.map(Kind).zip(id).map(|(kind, id)| DocRef { kind, id }),
        payload: row.try_get("payload")?,
        outcome: from_json("outcome", row.try_get("outcome")?)?,
        rev: unsigned(row, "rev")?,
        first: FirstSent {
            sent: from_json("sent", row.try_get("sent")?)?,
            received_at: Timestamp::from_ms(row.try_get("received_at")?),
        },
    })
}
