//! The rows of `ops` that could not be applied, for the operator: listed without what a person
//! wrote, shown and decided again only with a line in `op_audit`.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};
use shared::{DeviceId, OpId, Outcome, StaffId, Timestamp, time::Observed};

use super::{
    convert::{At, Unsigned},
    devices, judge, op_audit, ops,
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
pub(super) fn list(db: &Connection) -> Result<Vec<QuarantineLine>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT o.op_id, o.device, o.dev_seq, d.staff, o.kind, o.outcome, o.received_at,
                CAST(o.payload ->> '$.action.do' AS TEXT) AS verb
           FROM ops AS o
           JOIN devices AS d ON d.id = o.device
          WHERE o.quarantined = 1 AND o.repeated = 0
          ORDER BY o.received_at, o.device, o.dev_seq",
    )?;
    let rows = select.query_map([], line_from_row)?;
    rows.map(|row| finish(row?)).collect()
}

/// One that is in quarantine or was, with what the operator did with it.
pub(super) fn find(
    db: &Connection,
    name: OpName,
) -> Result<Option<(QuarantineLine, Vec<Audited>)>, StoreError> {
    let Some(line) = line(db, name)? else {
        return Ok(None);
    };
    let audit = op_audit::of(db, (line.device, line.dev_seq))?;
    Ok((line.why().is_some() || !audit.is_empty()).then_some((line, audit)))
}

/// What it says, as it came; that it was looked at is put down.
pub(super) fn content(
    tx: &Transaction<'_>,
    name: OpName,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let Some((line, _)) = find(tx, name)? else {
        return Ok(None);
    };
    let place = (line.device, line.dev_seq);
    let looked_at = Audited {
        at: now,
        deed: Deed::ContentShown,
        before: line.outcome.clone(),
        after: line.outcome,
    };
    op_audit::append(tx, place, &looked_at)?;
    Ok(Some(received(tx, place)?.0))
}

/// Decides it again as if it came now, for the person as they stand now or stood then; its times stay.
/// `None`: no such operation is in quarantine.
pub(super) fn retry(
    tx: &Transaction<'_>,
    name: OpName,
    max_bytes: usize,
    now: Timestamp,
) -> Result<Option<Outcome>, StoreError> {
    let Some(line) = line(tx, name)?.filter(|line| line.why().is_some()) else {
        return Ok(None);
    };
    let place = (line.device, line.dev_seq);
    let Some(session) = devices::session_of(tx, line.device)? else {
        return Ok(None);
    };
    let (payload, sent) = received(tx, place)?;
    let incoming = Incoming::read(payload, max_bytes);
    let known = judge::read(
        tx,
        Needed::by(&session.staff.id, [&incoming]),
        line.received_at,
    )?;
    let sent = from_json::<Observed>("clock", &sent)?;
    let mut judge = Judge::new(&session, &sent, line.received_at, known);
    let Settled { outcome, rev, .. } = judge.settle(&incoming)?;
    judge::write(tx, &judge.effects(), now)?;
    ops::set_outcome(tx, place, &outcome, rev)?;
    let retried = Audited {
        at: now,
        deed: Deed::Retried,
        before: line.outcome,
        after: outcome.clone(),
    };
    op_audit::append(tx, place, &retried)?;
    Ok(Some(outcome))
}

fn line(db: &Connection, name: OpName) -> Result<Option<QuarantineLine>, StoreError> {
    let (op_id, place) = match name {
        OpName::Id(id) => (Some(id), None),
        OpName::At { device, dev_seq } => (None, Some((device, dev_seq))),
    };
    let row = db
        .prepare_cached(
            "SELECT o.op_id, o.device, o.dev_seq, d.staff, o.kind, o.outcome, o.received_at,
                    CAST(o.payload ->> '$.action.do' AS TEXT) AS verb
               FROM ops AS o
               JOIN devices AS d ON d.id = o.device
              WHERE o.repeated = 0
                AND (o.op_id = :op_id OR (o.device = :device AND o.dev_seq = :dev_seq))",
        )?
        .query_row(
            named_params! {
                ":op_id": op_id.as_ref().map(OpId::as_bytes),
                ":device": place.as_ref().map(|(device, _)| device.as_bytes()),
                ":dev_seq": place.map(|(_, dev_seq)| Unsigned(dev_seq)),
            },
            line_from_row,
        )
        .optional()?;
    row.map(finish).transpose()
}

/// The operation as it came, and how the device's clocks stood.
fn received(db: &Connection, (device, dev_seq): Place) -> Result<(String, String), StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT payload, sent
               FROM ops
              WHERE device = :device AND dev_seq = :dev_seq",
        )?
        .query_row(
            named_params! { ":device": device.as_bytes(), ":dev_seq": Unsigned(dev_seq) },
            |row| Ok((row.get("payload")?, row.get("sent")?)),
        )?)
}

type Raw = (QuarantineLine, String);

fn line_from_row(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let line = QuarantineLine {
        op_id: row
            .get::<_, Option<[u8; 16]>>("op_id")?
            .map(OpId::from_bytes),
        device: DeviceId::from_bytes(row.get("device")?),
        dev_seq: row.get::<_, Unsigned>("dev_seq")?.0,
        staff: StaffId(row.get("staff")?),
        kind: what(row.get("kind")?, row.get("verb")?),
        outcome: Outcome::RetryLater,
        received_at: row.get::<_, At>("received_at")?.0,
    };
    Ok((line, row.get("outcome")?))
}

fn finish((line, outcome): Raw) -> Result<QuarantineLine, StoreError> {
    Ok(QuarantineLine {
        outcome: from_json("outcome", &outcome)?,
        ..line
    })
}
