//! How long to wait after a failure: full jitter, so that a street of tablets coming back from
//! a dead zone doesn't knock on the hub in step. Pure: the random number is passed in.

use std::time::Duration;

/// The first wait is somewhere below this.
pub(super) const BASE: Duration = Duration::from_secs(1);

/// No wait is longer than this, unless the hub asks for it.
pub(super) const CAP: Duration = Duration::from_mins(5);

/// Counts failures in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts one more failure and says how long to wait: a random part of a window that doubles
    /// from [`BASE`] to [`CAP`], but never less than the hub asked for.
    pub fn after_failure(&mut self, random: u64, hub_asked: Option<Duration>) -> Duration {
        let window = 2_u32
            .checked_pow(self.failures)
            .map_or(CAP, |factor| BASE.saturating_mul(factor))
            .min(CAP);
        self.failures = self.failures.saturating_add(1);
        let window_ms = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
        let jittered = Duration::from_millis(random % window_ms.saturating_add(1));
        jittered.max(hub_asked.unwrap_or_default())
    }

    /// Forgets the failures: something succeeded, or the world changed (a person asked, the
    /// network came back).
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest wait the window allows: `random % (window + 1)` is largest at `window` itself.
    fn longest(backoff: &mut Backoff, window_ms: u64) -> Duration {
        backoff.after_failure(window_ms, None)
    }

    #[test]
    fn the_window_doubles_up_to_the_cap() {
        let mut backoff = Backoff::default();

        for window_s in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let window = Duration::from_secs(window_s);
            assert_eq!(
                longest(&mut backoff, window_s * 1_000),
                window,
                "a window of {window_s} s contains its own end"
            );
        }
    }

    #[test]
    fn every_wait_stays_inside_its_window() {
        for random in [0, 1, 999, 1_000, 1_001, u64::MAX / 2, u64::MAX] {
            let mut backoff = Backoff::default();
            for failure in 0..100_u32 {
                let wait = backoff.after_failure(random, None);
                let window = BASE.saturating_mul(2_u32.saturating_pow(failure)).min(CAP);
                assert!(
                    wait <= window,
                    "{random} after {failure} failures waits {wait:?}"
                );
            }
        }
    }

    #[test]
    fn what_the_hub_asked_for_is_the_floor_even_above_the_cap() {
        let mut backoff = Backoff::default();

        let wait = backoff.after_failure(0, Some(Duration::from_mins(15)));

        assert_eq!(
            wait,
            Duration::from_mins(15),
            "Retry-After is a floor, not a hint"
        );
    }

    #[test]
    fn a_reset_begins_with_the_first_window_again() {
        let mut backoff = Backoff::default();
        for _ in 0..20 {
            backoff.after_failure(7, None);
        }

        backoff.reset();

        assert!(
            backoff.after_failure(u64::MAX, None) <= BASE,
            "the next wait is a first one"
        );
    }
}
