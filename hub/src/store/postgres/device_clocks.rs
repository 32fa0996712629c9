//! `device_clocks`: what each device's clocks said last.

use deadpool_postgres::GenericClient;
use shared::{DeviceId, Timestamp, time::Observed};
use tokio_postgres::Row;

use super::{
    convert::{at, maybe_at},
    statement::run,
};
use crate::store::{
    ClockReading, StoreError,
    types::{CLOCKS_GOOD_FOR_MS, CLOCKS_STEADY_MS},
};

/// In place of what they said before; a round without news writes nothing.
pub(super) async fn put(
    db: &impl GenericClient,
    device: DeviceId,
    clocks: &Observed,
    now: Timestamp,
) -> Result<(), StoreError> {
    run(
        db,
        "INSERT INTO device_clocks AS c (device, at, skew_ms, wall, mono, boot)
         VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (device) DO UPDATE
            SET at = excluded.at, skew_ms = excluded.skew_ms, wall = excluded.wall,
                mono = excluded.mono, boot = excluded.boot
          WHERE c.boot <> excluded.boot
             OR abs(excluded.skew_ms::NUMERIC - c.skew_ms) > $7::BIGINT
             OR excluded.at < c.at
             OR excluded.at >= c.at + $8::BIGINT",
        &[
            &device.0,
            &now.as_ms(),
            &clocks.wall.since_ms(now),
            &clocks.wall.as_ms(),
            &clocks.mono,
            &clocks.boot,
            &CLOCKS_STEADY_MS,
            &CLOCKS_GOOD_FOR_MS,
        ],
    )
    .await?;
    Ok(())
}

/// The reading of a device in a row that may have none.
pub(super) fn reading(row: &Row) -> Result<Option<ClockReading>, StoreError> {
    let Some(measured_at) = maybe_at(row, "at")? else {
        return Ok(None);
    };
    Ok(Some(ClockReading {
        at: measured_at,
        skew_ms: row.try_get("skew_ms")?,
        clocks: Observed {
            wall: at(row, "wall")?,
            mono: row.try_get("mono")?,
            boot: row.try_get("boot")?,
        },
    }))
}
