//! The rows of `ops` that could not be applied, for the operator: listed without what a person
//! wrote, shown and decided again only with a line in `op_audit`.

use deadpool_postgres::{GenericClient, Transaction};
use serde_json::Value;
use shared::{DeviceId, OpId, Outcome, StaffId, Timestamp, time::Observed};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    convert::{at, signed, unsigned},
    devices, judge, op_audit, ops,
    statement::{all, find as find_row, one},
};
use crate::{
    push::Incoming,
    store::{
        Audited, Deed, OpName, QuarantineLine, StoreError,
        json::from_json,
        judge::{Judge, Needed, Settled},
        quarantine::what,
    },
};

/// The place of an operation in the log.
type Place = (DeviceId, u64);

/// All that are in quarantine, oldest first.
pub(super) async fn list(db: &impl GenericClient) -> Result<Vec<QuarantineLine>, StoreError> {
    let rows = all(
        db,
        "SELECT o.op_id, o.device, o.dev_seq, d.staff, o.kind, o.outcome, o.received_at, o.payload
           FROM ops AS o
           JOIN devices AS d ON d.id = o.device
          WHERE o.quarantined AND NOT o.repeated
          ORDER BY o.received_at, o.device, o.dev_seq",
        &[],
    )
    .await?;
    rows.iter().map(read).collect()
}

/// One that is in quarantine or was, with what the operator did with it.
pub(super) async fn find(
    db: &impl GenericClient,
    name: OpName,
) -> Result<Option<(QuarantineLine, Vec<Audited>)>, StoreError> {
    let Some(line) = line(db, name).await? else {
        return Ok(None);
    };
    let audit = op_audit::of(db, (line.device, line.dev_seq)).await?;
    Ok((line.why().is_some() || !audit.is_empty()).then_some((line, audit)))
}

/// What it says, as it came; that it was looked at is put down.
pub(super) async fn content(
    tx: &Transaction<'_>,
    name: OpName,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let Some((line, _)) = find(tx, name).await? else {
        return Ok(None);
    };
    let place = (line.device, line.dev_seq);
    let looked_at = Audited {
        at: now,
        deed: Deed::ContentShown,
        before: line.outcome.clone(),
        after: line.outcome,
    };
    op_audit::append(tx, place, &looked_at).await?;
    Ok(Some(lock(tx, place).await?.0))
}

/// Decides it again as if it came now, for the person as they stand now or stood then; its times stay.
/// `None`: no such operation is in quarantine.
pub(super) async fn retry(
    tx: &Transaction<'_>,
    name: OpName,
    max_bytes: usize,
    now: Timestamp,
) -> Result<Option<Outcome>, StoreError> {
    let Some(line) = line(tx, name).await? else {
        return Ok(None);
    };
    let place = (line.device, line.dev_seq);
    let (payload, sent) = lock(tx, place).await?;
    // Looked at once more: another operator may have retried it while this one waited.
    let line = self::line(tx, name).await?;
    let Some(line) = line.filter(|line| line.why().is_some()) else {
        return Ok(None);
    };
    let Some(session) = devices::session_of(tx, line.device).await? else {
        return Ok(None);
    };
    let incoming = Incoming::read(payload, max_bytes);
    let known = judge::lock(
        tx,
        &Needed::by(&session.staff.id, [&incoming]),
        line.received_at,
    )
    .await?;
    let sent = from_json::<Observed>("clock", &sent)?;
    let mut judge = Judge::new(&session, &sent, line.received_at, known);
    let Settled { outcome, rev, .. } = judge.settle(&incoming)?;
    judge::write(tx, &judge.effects(), now).await?;
    ops::set_outcome(tx, place, &outcome, rev).await?;
    let retried = Audited {
        at: now,
        deed: Deed::Retried,
        before: line.outcome,
        after: outcome.clone(),
    };
    op_audit::append(tx, place, &retried).await?;
    Ok(Some(outcome))
}

async fn line(db: &impl GenericClient, name: OpName) -> Result<Option<QuarantineLine>, StoreError> {
    let (op_id, device, dev_seq) = match name {
        OpName::Id(id) => (Some(id.0), None, None),
        OpName::At { device, dev_seq } => {
            let dev_seq = i64::try_from(dev_seq).unwrap_or(i64::MAX);
            (None, Some(device.0), Some(dev_seq))
        }
    };
    let row = find_row(
        db,
        "SELECT o.op_id, o.device, o.dev_seq, d.staff, o.kind, o.outcome, o.received_at, o.payload
           FROM ops AS o
           JOIN devices AS d ON d.id = o.device
          WHERE NOT o.repeated
            AND (o.op_id = $1 OR (o.device = $2 AND o.dev_seq = $3))",
        &[&op_id, &device, &dev_seq],
    )
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// The operation as it came, and how the device's clocks stood; for one operator at a time.
async fn lock(
    tx: &Transaction<'_>,
    (device, dev_seq): Place,
) -> Result<(String, String), StoreError> {
    let row = one(
        tx,
        "SELECT payload, sent
           FROM ops
          WHERE device = $1 AND dev_seq = $2
            FOR NO KEY UPDATE",
        &[&device.0, &signed(dev_seq)?],
    )
    .await?;
    Ok((row.try_get("payload")?, row.try_get("sent")?))
}

fn read(row: &Row) -> Result<QuarantineLine, StoreError> {
    // Read here and not by the database: its JSON functions refuse \u0000, which a broken device
    // may well send.
    let payload: Value = from_json("operation", row.try_get("payload")?)?;
    let verb = payload.pointer("/action/do").and_then(Value::as_str);
    Ok(QuarantineLine {
        op_id: row.try_get::<_, Option<Uuid>>("op_id")?.map(OpId),
        device: DeviceId(row.try_get("device")?),
        dev_seq: unsigned(row, "dev_seq")?,
        staff: StaffId(row.try_get("staff")?),
        kind: what(row.try_get("kind")?, verb.map(str::to_owned)),
        outcome: from_json("outcome", row.try_get("outcome")?)?,
        received_at: at(row, "received_at")?,
    })
}
