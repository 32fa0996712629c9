//! The two clocks of the machine; nothing else here reads one.
#![expect(
    clippy::disallowed_methods,
    reason = "a device has clocks, and this stands for one"
)]

use std::{
    sync::LazyLock,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

/// Milliseconds of a clock that nobody sets. It begins at an hour, so that something can have
/// happened before.
pub(crate) fn mono_ms() -> i64 {
    3_600_000 + i64::try_from(BEGAN.elapsed().as_millis()).unwrap_or(0)
}
