//! `device_clocks`: what each device's clocks said last.

use rusqlite::{Row, Transaction, named_params};
use shared::{DeviceId, Timestamp, time::Observed};

use super::convert::At;
use crate::store::{ClockReading, StoreError};

/// In place of what they said before.
pub(super) fn put(
    tx: &Transaction<'_>,
    device: DeviceId,
    clocks: &Observed,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO device_clocks (device, at, skew_ms, wall, mono, boot)
         VALUES (:device, :at, :skew_ms, :wall, :mono, :boot)
             ON CONFLICT (device) DO UPDATE
            SET at = excluded.at, skew_ms = excluded.skew_ms, wall = excluded.wall,
                mono = excluded.mono, boot = excluded.boot",
    )?
    .execute(named_params! {
        ":device": device.as_bytes(),
        ":at": At(now),
        ":skew_ms": clocks.wall.since_ms(now),
        ":wall": At(clocks.wall),
        ":mono": clocks.mono,
        ":boot": clocks.boot,
    })?;
    Ok(())
}

/// The reading of a device in a row that may have none.
pub(super) fn reading(row: &Row<'_>) -> rusqlite::Result<Option<ClockReading>> {
    let Some(At(at)) = row.get("at")? else {
        return Ok(None);
    };
    Ok(Some(ClockReading {
        at,
        skew_ms: row.get("skew_ms")?,
        clocks: Observed {
            wall: row.get::<_, At>("wall")?.0,
            mono: row.get("mono")?,
            boot: row.get("boot")?,
        },
    }))
}
