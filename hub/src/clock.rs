//! The only place of the hub that reads the system's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use shared::Timestamp;

/// The moment it is, by the system's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock everybody else is handed"
)]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
