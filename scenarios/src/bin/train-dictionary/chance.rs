//! Chance that is the same each time, so that a dictionary can be trained again.

/// `SplitMix64` (Steele, Lea, Flood 2014).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`.
    pub(crate) const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True in so many of a hundred.
    pub(crate) const fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_be_bytes()[0])
    }

    /// Decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.below(10).to_string()).collect()
    }

    /// Chinese words nobody said: characters U+4E00 to U+6DFF, drawn alone.
    pub(crate) fn words(&mut self, count: u64) -> String {
        (0..count)
            .filter_map(|_| u32::try_from(0x4e00 + self.below(0x2000)).ok())
            .filter_map(char::from_u32)
            .collect()
    }

    /// A Latin word nobody said.
    pub(crate) fn letters(&mut self, count: u64) -> String {
        (0..count)
            .filter_map(|_| char::from_digit(10 + u32::try_from(self.below(26)).ok()?, 36))
            .collect()
    }

    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(of.len()).unwrap_or(1).max(1);
        of.get(usize::try_from(self.below(count)).unwrap_or(0))
    }
}
