//! How much to send at once: as much as the link carries. All-or-nothing transfers never finish
//! on a link that is cut every few kilobytes, so sizes shrink on failure and grow on success.
//!
//! On a link that breaks every so often there is a best size: each break loses about half of what
//! is under way, and each request costs something beside what it carries. With `d` that gets
//! through between two breaks and a cost of `c`, sizes of `s` waste `s/2 + c·d/s`, which is least at
//! `s = √(2·c·d)`.

use std::time::Duration;

/// Faster than this, and the next one may be larger. Slower, and it may run into the idle
/// timeout: a body can't be seen leaving, only its answer arriving.
const GROW_WITHIN: Duration = Duration::from_secs(5);

/// Slower than this, and the next one is smaller though it succeeded.
const SHRINK_BEYOND: Duration = Duration::from_secs(20);

/// Where a request costs so much that the best size were most of what gets through between two
/// breaks, hardly any would: no larger than this part of it.
const PARTS_OF_A_RUN: usize = 4;

/// After so many runs without a break the link counts as a better one.
const FORGIVEN_AFTER_RUNS: usize = 4;

/// A size that follows the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    size: usize,
    min: usize,
    max: usize,
    /// What a request costs beside what it carries, in the same unit.
    cost: usize,
    /// How much got through since the last break.
    run: usize,
    broken: Option<Broken>,
}

/// What the last break says of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Broken {
    /// How much gets through between two breaks, as far as one can tell.
    between: usize,
    /// Larger than this would lose too much at each break.
    most: usize,
    /// Forgotten once so much got through without another break.
    forgiven_after: usize,
}

impl Pace {
    /// Begins with `start`, and stays between `min` and `max`; each request costs as much as `cost`.
    pub const fn new(start: usize, min: usize, max: usize, cost: usize) -> Self {
        Self {
            size: start,
            min,
            max,
            cost,
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
        let between = match self.broken {
            // Breaks come early and late: one alone says little.
            Some(before) if self.run > 0 => before.between.midpoint(run),
            // But this much is too much.
            _ => run,
        };
        self.broken = Some(self.broken_every(between));
        self.run = 0;
        self.shrink(sent);
        self.keep_below_most();
    }

    /// Something else broke, of the same unit, while it went over the same link.
    pub fn learn(&mut self, other: &Self) {
        if let Some(broken) = other.broken {
            self.run = 0;
            self.broken = Some(self.broken_every(broken.between));
            self.keep_below_most();
        }
    }

    fn broken_every(&self, between: usize) -> Broken {
        let doubled = between.saturating_mul(self.cost).saturating_mul(2);
        Broken {
            between,
            most: doubled.isqrt().min(between / PARTS_OF_A_RUN).max(self.min),
            forgiven_after: between.saturating_mul(FORGIVEN_AFTER_RUNS),
        }
    }

    fn keep_below_most(&mut self) {
        if let Some(broken) = self.broken {
            self.size = self.size.min(broken.most);
        }
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

    /// What a request costs in these tests.
    const COST: usize = 1;

    /// What goes over a link that breaks every `every` until so much arrived.
    fn over_a_link_cut_every(every: usize, pace: &mut Pace, all: usize) -> usize {
        let (mut sent, mut arrived, mut left) = (0, 0, every);
        while arrived < all {
            let size = pace.size();
            let with_cost = size + COST;
            sent += with_cost.min(left);
            if with_cost <= left {
                left -= with_cost;
                arrived += size;
                pace.succeeded(size, AT_ONCE);
            } else {
                left = every;
                pace.failed(size);
            }
        }
        sent
    }

    #[test]
    fn it_doubles_on_a_good_link_up_to_the_largest() {
        let mut pace = Pace::new(32, 4, 256, COST);

        for expected in [64, 128, 256, 256] {
            pace.succeeded(pace.size(), AT_ONCE);
            assert_eq!(pace.size(), expected, "doubles up to the largest");
        }
    }

    #[test]
    fn it_shrinks_on_a_bad_link_down_to_the_smallest() {
        let mut pace = Pace::new(1_024, 4, 1_024, COST);

        for expected in [45, 9, 4, 4] {
            pace.failed(pace.size());
            assert_eq!(pace.size(), expected, "shrinks down to the smallest");
        }
        assert!(pace.is_smallest(), "there is nothing smaller to try");
    }

    #[test]
    fn a_break_after_much_got_through_only_halves() {
        let mut pace = Pace::new(256, 1, 256, COST);
        for _ in 0..40 {
            pace.succeeded(256, AT_ONCE);
        }

        pace.failed(256);

        assert_eq!(pace.size(), 128, "such a break is rare");
    }

    #[test]
    fn a_half_empty_batch_that_failed_is_halved_itself() {
        let mut pace = Pace::new(256, 1, 256, COST);
        pace.succeeded(256, AT_ONCE);

        pace.failed(40);

        assert_eq!(
            pace.size(),
            20,
            "sending the same forty again would change nothing"
        );
    }

    #[test]
    fn a_link_cut_again_and_again_costs_little_more_than_with_the_best_size() {
        for every in [64, 256, 1_024, 4_096] {
            let all = every * 50;
            let mut pace = Pace::new(64, 1, 1_024, COST);
            over_a_link_cut_every(every, &mut pace, all);

            let wasted = over_a_link_cut_every(every, &mut pace, all) - all;

            // The best is a part of √(2·c/d) of everything; half as much again is good enough.
            let best_squared = all * all / every * 2 * COST;
            assert!(
                wasted * wasted * 4 <= best_squared * 9,
                "cut every {every}: {wasted} wasted for {all}"
            );
        }
    }

    #[test]
    fn however_much_a_request_costs_several_get_through_between_two_breaks() {
        let mut pace = Pace::new(64, 1, 256, 1_000);

        pace.failed(64);

        assert_eq!(pace.size(), 16, "a quarter, and not √(2·1000·64)");
    }

    #[test]
    fn what_broke_for_one_is_known_to_the_other_until_it_is_forgiven() {
        let mut push = Pace::new(32, 1, 256, COST);
        for _ in 0..4 {
            push.succeeded(push.size(), AT_ONCE);
        }
        let mut chunk = Pace::new(1_024, 16, 1_024, COST);
        chunk.learn(&push);
        assert_eq!(chunk.size(), 1_024, "nothing broke so far");

        push.failed(256);
        chunk.learn(&push);

        assert_eq!(chunk.size(), 38, "the best for 736 between two breaks");
        for _ in 0..100 {
            chunk.succeeded(chunk.size(), AT_ONCE);
        }
        assert_eq!(chunk.size(), 1_024, "it may have been the only break");
    }

    #[test]
    fn a_link_that_got_better_is_used_again() {
        let mut pace = Pace::new(64, 1, 256, COST);
        pace.failed(64);

        for _ in 0..64 {
            pace.succeeded(pace.size(), AT_ONCE);
        }

        assert_eq!(pace.size(), 256, "links get better, too");
    }

    #[test]
    fn a_slow_success_does_not_grow() {
        let mut pace = Pace::new(32, 4, 256, COST);

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
        let mut pace = Pace::new(32, 4, 256, COST);

        pace.succeeded(8, AT_ONCE);

        assert_eq!(pace.size(), 32);
    }

    #[test]
    fn the_hubs_limits_win_even_when_they_are_odd() {
        let mut pace = Pace::new(64, 16, 1_024, COST);

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
