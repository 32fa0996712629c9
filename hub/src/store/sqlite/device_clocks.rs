//! `device_clocks`: what each device's clocks said last.

use rusqlite::{Row, Transaction, named_params};
use shared::{DeviceId, Timestamp, time::Observed};

use super::convert::At;
use crate::store::{
    ClockReading, StoreError,
    types::{CLOCKS_GOOD_FOR_MS, CLOCKS_STEADY_MS},
};

/// In place of what they said before; a round without news writes nothing.
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
                mono = excluded.mono, boot = excluded.boot
          WHERE boot <> excluded.boot
             OR abs(excluded.skew_ms - 1.0 * skew_ms) > :steady_ms
             OR excluded.at < at
             OR excluded.at >= at + :for_ms",
    )?
    .execute(named_params! {
        ":device": device.as_bytes(),
        ":at": At(now),
        ":skew_ms": clocks.wall.since_ms(now),
        ":wall": At(clocks.wall),
        ":mono": clocks.mono,
        ":boot": clocks.boot,
        ":steady_ms": CLOCKS_STEADY_MS,
        ":for_ms": CLOCKS_GOOD_FOR_MS,
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
