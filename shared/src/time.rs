//! Moments, as milliseconds since 1970-01-01T00:00:00Z. Nothing here reads a clock.

use serde::{Deserialize, Serialize};

/// A moment in milliseconds since the Unix epoch (UTC).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// This moment moved by `ms`; it stops at the ends of the range instead of wrapping.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This many days of 24 hours later; earlier when negative.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_ms(days.saturating_mul(24 * 60 * 60 * 1_000))
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    pub const fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A device's clock that differs by more than this from the hub's is wrong: its person and the hub's
/// operator are told. Nothing is refused for it.
pub const CLOCK_OFF_MS: i64 = 5 * 60 * 1_000;

/// When something was observed, as the device's clocks told it. The wall clock can be wrong or
/// set back; the monotonic one can't, but it starts anew with every boot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Observed {
    /// The device's wall clock.
    pub wall: Timestamp,
    /// Milliseconds of the device's monotonic clock.
    pub mono: i64,
    /// Which boot `mono` belongs to.
    pub boot: String,
}

impl Observed {
    /// The moment in the hub's time, given that the device's clocks stood at `sent` when the hub's
    /// clock stood at `received`.
    ///
    /// Within one boot the monotonic age is exact; across boots the wall clock's offset at sending
    /// is the best there is. Never later than `received`.
    #[must_use]
    pub fn corrected(&self, sent: &Self, received: Timestamp) -> Timestamp {
        received.plus_ms(self.age_ms(sent).max(0).saturating_neg())
    }

    /// Whether these clocks stood before those at `sent`, as they must have. Where not, the wall
    /// clock was set back in between, and when that was nobody can tell.
    #[must_use]
    pub fn is_before(&self, sent: &Self) -> bool {
        self.age_ms(sent) >= 0
    }

    fn age_ms(&self, sent: &Self) -> i64 {
        if self.boot == sent.boot && self.mono <= sent.mono {
            return sent.mono.saturating_sub(self.mono);
        }
        sent.wall.since_ms(self.wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: i64, mono: i64, boot: &str) -> Observed {
        Observed {
            wall: Timestamp::from_ms(wall),
            mono,
            boot: boot.to_owned(),
        }
    }

    #[test]
    fn a_wrong_wall_clock_is_corrected_by_the_monotonic_one() {
        let observed = at(0, 5_000, "b1");
        let sent = at(0, 65_000, "b1");

        assert_eq!(
            observed.corrected(&sent, Timestamp::from_ms(1_000_000)),
            Timestamp::from_ms(940_000)
        );
    }

    #[test]
    fn after_a_reboot_the_wall_clock_offset_is_used() {
        let observed = at(10_000, 900_000, "b1");
        let sent = at(70_000, 100, "b2");

        assert_eq!(
            observed.corrected(&sent, Timestamp::from_ms(1_000_000)),
            Timestamp::from_ms(940_000)
        );
    }

    #[test]
    fn a_clock_that_was_set_back_in_between_does_not_tell_when_it_was() {
        let sent = at(70_000, 100, "b2");

        assert!(at(70_000, 900_000, "b1").is_before(&sent));
        assert!(!at(70_001, 0, "b1").is_before(&sent));
        assert!(at(99_999, 100, "b2").is_before(&sent), "mono is never set");
    }

    #[test]
    fn nothing_is_observed_after_it_was_received() {
        let sent = at(0, 100, "b1");

        for observed in [at(99_999, 200, "b1"), at(99_999, 0, "b0")] {
            assert!(
                observed.corrected(&sent, Timestamp::from_ms(1_000)) <= Timestamp::from_ms(1_000)
            );
        }
    }
}
