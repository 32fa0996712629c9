//! Chance that follows from a seed; all that schedules of faults have. In every build, so that its tests
//! run with the others.

/// Dice that always fall the same way.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of this seed.
    pub fn new(seed: u64) -> Self {
        // The seed itself as the state, or a multiple of the step, would make every seed's numbers
        // those of the next one, a throw later: one long schedule played again and again.
        Self(mixed(seed ^ 0x6a09_e667_f3bc_c908))
    }

    /// The next number (`SplitMix64`).
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % end).unwrap_or(0)
    }

    /// A count below `end`.
    pub fn few(&mut self, end: u32) -> u32 {
        u32::try_from(self.roll() % u64::from(end.max(1))).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low))
            .unwrap_or(0)
            .saturating_add(1);
        let part = i64::try_from(self.roll() % span).unwrap_or(0);
        low.saturating_add(part)
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// The finaliser of `SplitMix64`.
fn mixed(state: u64) -> u64 {
    let mut mixed = state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_seed_plays_another_ones_numbers_a_little_later() {
        let numbers = |seed| {
            let mut dice = Dice::new(seed);
            (0..500).map(|_| dice.roll()).collect::<Vec<_>>()
        };
        let all: Vec<u64> = (0..50).flat_map(numbers).collect();
        let distinct: std::collections::BTreeSet<u64> = all.iter().copied().collect();

        assert_eq!(distinct.len(), all.len());
    }
}
