//! How much to send at once: as much as the link carries. All-or-nothing transfers never finish
//! on a link that is cut every few kilobytes, so sizes shrink on failure and grow on success.

use std::time::Duration;

/// Faster than this, and the next one may be larger. Slower, and it may run into the idle
/// timeout: a body can't be seen leaving, only its answer arriving.
const GROW_WITHIN: Duration = Duration::from_secs(5);

/// Slower than this, and the next one is smaller though it succeeded.
const SHRINK_BEYOND: Duration = Duration::from_secs(20);

/// After this many successes in a row, a size that failed once is tried again.
const FORGIVEN_AFTER: u32 = 16;

/// A size that follows the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    size: usize,
    min: usize,
    max: usize,
    /// The smallest size that failed lately: growing into it again would waste what is sent.
    failed_at: Option<usize>,
    successes: u32,
}

impl Pace {
    /// Begins with `start`, and stays between `min` and `max`.
    pub const fn new(start: usize, min: usize, max: usize) -> Self {
        Self {
            size: start,
            min,
            max,
            failed_at: None,
            successes: 0,
        }
    }

    /// How much to send now.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Whether it can't shrink any more.
    pub const fn is_smallest(&self) -> bool {
        self.size <= self.min
    }

    /// It arrived, `within` this time.
    pub fn succeeded(&mut self, within: Duration) {
        if within > SHRINK_BEYOND {
            self.shrink(self.size);
            return;
        }
        self.successes = self.successes.saturating_add(1);
        if self.successes >= FORGIVEN_AFTER {
            self.failed_at = None;
        }
        let larger = self.size.saturating_mul(2).min(self.max);
        if within <= GROW_WITHIN && self.failed_at.is_none_or(|failed| larger < failed) {
            self.size = larger;
        }
    }

    /// `sent` did not arrive; it may have been less than [`Pace::size`].
    pub fn failed(&mut self, sent: usize) {
        self.failed_at = Some(sent.min(self.size));
        self.successes = 0;
        self.shrink(sent);
    }

    /// Half of `sent` next, for another reason than the link.
    pub fn shrink(&mut self, sent: usize) {
        self.size = (sent.min(self.size) / 2).max(self.min);
    }

    /// The hub says what it takes.
    pub fn keep_within(&mut self, min: usize, max: usize) {
        self.min = min.min(max).max(1);
        self.max = max.max(self.min);
        self.size = self.size.clamp(self.min, self.max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::from_millis(50);

    #[test]
    fn it_doubles_on_a_good_link_up_to_the_largest() {
        let mut pace = Pace::new(32, 4, 256);

        for expected in [64, 128, 256, 256] {
            pace.succeeded(AT_ONCE);
            assert_eq!(pace.size(), expected, "doubles up to the largest");
        }
    }

    #[test]
    fn it_halves_on_a_bad_link_down_to_the_smallest() {
        let mut pace = Pace::new(32, 4, 256);

        for expected in [16, 8, 4, 4] {
            pace.failed(pace.size());
            assert_eq!(pace.size(), expected, "halves down to the smallest");
        }
        assert!(pace.is_smallest(), "there is nothing smaller to try");
    }

    #[test]
    fn a_half_empty_batch_that_failed_is_halved_itself() {
        let mut pace = Pace::new(256, 1, 256);

        pace.failed(40);

        assert_eq!(
            pace.size(),
            20,
            "sending the same forty again would change nothing"
        );
    }

    #[test]
    fn a_size_that_failed_is_not_tried_again_before_it_is_forgiven() {
        let mut pace = Pace::new(64, 1, 256);
        pace.failed(64);

        let sizes: Vec<_> = (0..17)
            .map(|_| {
                pace.succeeded(AT_ONCE);
                pace.size()
            })
            .collect();

        assert_eq!(
            sizes[..15],
            [32; 15],
            "a link cut every 64 would be cut again"
        );
        assert_eq!(sizes[15..], [64, 128], "links get better, too");
    }

    #[test]
    fn a_slow_success_does_not_grow() {
        let mut pace = Pace::new(32, 4, 256);

        pace.succeeded(Duration::from_secs(10));
        assert_eq!(
            pace.size(),
            32,
            "ten seconds is as much as one wants to lose"
        );
        pace.succeeded(Duration::from_secs(25));
        assert_eq!(
            pace.size(),
            16,
            "the next one must not run into the idle timeout"
        );
    }

    #[test]
    fn the_hubs_limits_win_even_when_they_are_odd() {
        let mut pace = Pace::new(64, 16, 1_024);

        pace.keep_within(100, 50);

        assert_eq!(pace.size(), 50, "never more than the hub takes");
        pace.keep_within(0, 0);
        assert_eq!(
            pace.size(),
            1,
            "and never nothing, or it would send for ever"
        );
    }
}
