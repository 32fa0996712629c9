//! How much to send at once: as much as the link carries. All-or-nothing transfers never finish
//! on a link that is cut every few kilobytes, so sizes shrink on failure and grow on success.

use std::time::Duration;

/// Faster than this, and the next one may be larger. Slower, and it may run into the idle
/// timeout: a body can't be seen leaving, only its answer arriving.
const GROW_WITHIN: Duration = Duration::from_secs(5);

/// Slower than this, and the next one is smaller though it succeeded.
const SHRINK_BEYOND: Duration = Duration::from_secs(20);

/// On a link that breaks every so often, half of what is under way is lost each time. Kept to this
/// part of what gets through between two breaks, that is a sixteenth of everything.
const PARTS_OF_A_RUN: usize = 8;

/// After so many runs without a break the link counts as a better one.
const FORGIVEN_AFTER_RUNS: usize = 4;

/// A size that follows the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    size: usize,
    min: usize,
    max: usize,
    /// How much got through since the last break.
    run: usize,
    broken: Option<Broken>,
}

/// What the last break says of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Broken {
    /// Larger than this would lose too much at each break.
    most: usize,
    /// Forgotten once so much got through without another break.
    forgiven_after: usize,
}

impl Pace {
    /// Begins with `start`, and stays between `min` and `max`.
    pub const fn new(start: usize, min: usize, max: usize) -> Self {
        Self {
            size: start,
            min,
            max,
            run: 0,
            broken: None,
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

    /// So much arrived, `within` this time.
    pub fn succeeded(&mut self, sent: usize, within: Duration) {
        self.run = self.run.saturating_add(sent);
        if self
            .broken
            .is_some_and(|broken| self.run >= broken.forgiven_after)
        {
            self.broken = None;
        }
        // Less, because little waited, says nothing about more.
        if sent < self.size / 2 {
            return;
        }
        if within > SHRINK_BEYOND {
            self.shrink(self.size);
        } else if within <= GROW_WITHIN {
            let most = self.broken.map_or(self.max, |broken| broken.most);
            let larger = self.size.saturating_mul(2).min(most).min(self.max);
            self.size = self.size.max(larger);
        }
    }

    /// The link broke while `sent` was under way; it may have been less than [`Pace::size`].
    pub fn failed(&mut self, sent: usize) {
        let run = self.run.saturating_add(sent);
        let most = (run / PARTS_OF_A_RUN).max(self.min);
        self.broken = Some(Broken {
            most,
            forgiven_after: run.saturating_mul(FORGIVEN_AFTER_RUNS),
        });
        self.run = 0;
        self.shrink(sent);
        self.size = self.size.min(most);
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

    /// What is sent at once over a link that breaks every `every`, in the order it is sent.
    fn over_a_link_cut_every(every: usize, pace: &mut Pace, times: usize) -> (usize, usize) {
        let (mut sent, mut arrived, mut left) = (0, 0, every);
        for _ in 0..times {
            let size = pace.size();
            sent += size.min(left);
            if size <= left {
                left -= size;
                arrived += size;
                pace.succeeded(size, AT_ONCE);
            } else {
                left = every;
                pace.failed(size);
            }
        }
        (sent, arrived)
    }

    #[test]
    fn it_doubles_on_a_good_link_up_to_the_largest() {
        let mut pace = Pace::new(32, 4, 256);

        for expected in [64, 128, 256, 256] {
            pace.succeeded(pace.size(), AT_ONCE);
            assert_eq!(pace.size(), expected, "doubles up to the largest");
        }
    }

    #[test]
    fn it_shrinks_on_a_bad_link_down_to_the_smallest() {
        let mut pace = Pace::new(1_024, 4, 1_024);

        for expected in [128, 16, 4, 4] {
            pace.failed(pace.size());
            assert_eq!(pace.size(), expected, "shrinks down to the smallest");
        }
        assert!(pace.is_smallest(), "there is nothing smaller to try");
    }

    #[test]
    fn a_break_after_much_got_through_only_halves() {
        let mut pace = Pace::new(256, 1, 256);
        for _ in 0..40 {
            pace.succeeded(256, AT_ONCE);
        }

        pace.failed(256);

        assert_eq!(pace.size(), 128, "such a break is rare");
    }

    #[test]
    fn a_half_empty_batch_that_failed_is_halved_itself() {
        let mut pace = Pace::new(256, 1, 256);
        pace.succeeded(256, AT_ONCE);

        pace.failed(40);

        assert_eq!(
            pace.size(),
            20,
            "sending the same forty again would change nothing"
        );
    }

    #[test]
    fn a_link_cut_again_and_again_loses_a_tenth_at_most() {
        for kilobytes in [256, 1_024, 4_096] {
            let mut pace = Pace::new(64, 1, 1_024);
            over_a_link_cut_every(kilobytes, &mut pace, 200);

            let (sent, arrived) = over_a_link_cut_every(kilobytes, &mut pace, 2_000);

            assert!(
                sent * 10 <= arrived * 11,
                "cut every {kilobytes}: {arrived} of {sent} arrived"
            );
        }
    }

    #[test]
    fn a_link_that_got_better_is_used_again() {
        let mut pace = Pace::new(64, 1, 256);
        pace.failed(64);

        for _ in 0..64 {
            pace.succeeded(pace.size(), AT_ONCE);
        }

        assert_eq!(pace.size(), 256, "links get better, too");
    }

    #[test]
    fn a_slow_success_does_not_grow() {
        let mut pace = Pace::new(32, 4, 256);

        pace.succeeded(32, Duration::from_secs(10));
        assert_eq!(
            pace.size(),
            32,
            "ten seconds is as much as one wants to lose"
        );
        pace.succeeded(32, Duration::from_secs(25));
        assert_eq!(
            pace.size(),
            16,
            "the next one must not run into the idle timeout"
        );
    }

    #[test]
    fn little_that_arrives_says_nothing_about_more() {
        let mut pace = Pace::new(32, 4, 256);

        pace.succeeded(8, AT_ONCE);

        assert_eq!(pace.size(), 32);
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
