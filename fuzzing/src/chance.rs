//! Chance from a seed, and what it does to bytes.

pub(crate) struct Chance(u64);

impl Chance {
    /// Seeds that follow each other have nothing in common.
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.next(256)).unwrap()
    }

    /// One to eight wounds: bits, bytes, cuts, repeats, words that mean something to parsers.
    pub(crate) fn damage(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: [&[u8]; 9] = [
            b"null",
            b"-1",
            b"1e999",
            b"[[[[[[[[",
            b"\"\\u0000\"",
            b"{}",
            b"\xff\xd8",
            b"\xff\xff",
            b"18446744073709551615",
        ];
        for _ in 0..=self.next(8) {
            let at = self.next(bytes.len());
            if bytes.is_empty() {
                bytes.push(self.byte());
                continue;
            }
            match self.next(6) {
                0 => bytes[at] ^= 1 << self.next(8),
                1 => bytes[at] = self.byte(),
                2 => bytes.truncate(at),
                3 => bytes.insert(at, self.byte()),
                4 => {
                    let end = (at + self.next(64)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    let to = self.next(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => {
                    let word = TELLING[self.next(TELLING.len())];
                    let end = (at + word.len()).min(bytes.len());
                    bytes.splice(at..end, word.iter().copied());
                }
            }
        }
    }
}
