//! Huffman codes of a JPEG scan: the bit reader and the tables.
//!
//! Nearly all the time a photo takes is spent here, so the common case is one table look-up: code,
//! run of zeros and value in one go. The reader never fails half-way; past the end of the data it
//! hands out zeros and remembers it, and [`Bits::overrun`] is asked at the end of each row.

use shared::PhotoError;

use super::idct::PLACES;

/// Bits looked up at once. 11 keeps two AC tables in the first-level cache.
const FAST: u32 = 11;
const FAST_ENTRIES: usize = 1 << FAST;
/// The run that the end-of-block code stands for: past every coefficient, so the loop ends.
const END_OF_BLOCK: u32 = 128;

/// The entropy-coded bytes of one scan, as bits.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, left-aligned.
    window: u64,
    /// How many bits of the window are valid.
    left: u32,
    /// Zero bits made up after the data ended.
    padded: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            window: 0,
            left: 0,
            padded: 0,
        }
    }

    /// Whether bits were read that the file does not have.
    pub(super) fn overrun(&self) -> bool {
        self.padded > self.left
    }

    /// Why a code made no sense: at the end of the data because there should be more of it.
    pub(super) fn why(&self) -> PhotoError {
        if self.padded > 0 {
            PhotoError::Truncated
        } else {
            PhotoError::Damaged
        }
    }

    /// What follows the scan, from the next marker on that isn't a restart.
    pub(super) fn rest(&mut self) -> Option<&'a [u8]> {
        loop {
            if !matches!(self.next_marker()?, 0xD0..=0xD7) {
                return self.bytes.get(self.at.checked_sub(2)?..);
            }
        }
    }

    /// Skips to the next marker, and past it, and says which one it was.
    pub(super) fn next_marker(&mut self) -> Option<u8> {
        self.window = 0;
        self.left = 0;
        self.padded = 0;
        loop {
            let pair = self.bytes.get(self.at..)?.first_chunk::<2>()?;
            match *pair {
                [0xFF, marker] if marker != 0 && marker != 0xFF => {
                    self.at += 2;
                    return Some(marker);
                }
                _ => self.at += 1,
            }
        }
    }

    /// At least 56 bits in the window.
    #[inline]
    fn refill(&mut self) {
        if let Some(next) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let next = u64::from_be_bytes(*next);
            if !has_ff(next) {
                self.window |= next >> self.left;
                self.at += ((63 - self.left) / 8) as usize;
                self.left |= 0b11_1000; // 56 and what is over a whole byte
                return;
            }
        }
        self.refill_bytewise();
    }

    /// The same near an 0xFF, which is either data (when a zero follows) or the end of it.
    #[cold]
    fn refill_bytewise(&mut self) {
        while self.left <= 56 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.at += 2;
                    0xFF
                }
                (Some(0xFF), Some(0xFF)) => {
                    self.at += 1;
                    continue;
                }
                (Some(0xFF) | None, _) => {
                    self.padded = self.padded.saturating_add(8);
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.window |= u64::from(byte) << (56 - self.left);
            self.left += 8;
        }
    }

    #[inline]
    fn skip(&mut self, count: u32) {
        self.window <<= count;
        self.left -= count;
    }

    /// `count` bits as JPEG's signed values (T.81 figure F.12); `count` ≤ 15.
    #[inline]
    fn signed(&mut self, count: u32) -> i16 {
        if count == 0 {
            return 0;
        }
        let value = low_bits(self.window >> (64 - count));
        self.skip(count);
        extend(value, count)
    }
}

/// Whether one of the eight bytes is 0xFF.
#[inline]
fn has_ff(word: u64) -> bool {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    (!word).wrapping_sub(LOW) & word & HIGH != 0
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "at most 15 bits matter")]
fn low_bits(bits: u64) -> i16 {
    (bits as u16).cast_signed()
}

#[inline]
fn upper_half(word: u32) -> i16 {
    ((word >> 16) as u16).cast_signed()
}

#[inline]
fn extend(value: i16, bits: u32) -> i16 {
    // T.81 table F.1 without 2^bits, which 15 bits would overflow.
    if value < 1 << (bits - 1) {
        value + (-1 << bits) + 1
    } else {
        value
    }
}

/// One Huffman table, ready for look-up.
pub(super) struct Table {
    /// By the next [`FAST`] bits: value in the upper half, run in the second byte, bits used in
    /// the lowest. Zero where the code, or code and value, are longer.
    whole: Box<[u32; FAST_ENTRIES]>,
    /// By the next [`FAST`] bits: symbol in the second byte, code length in the lowest; or zero.
    codes: Box<[u16; FAST_ENTRIES]>,
    /// For codes of each length: one more than the largest, left-aligned in 16 bits.
    limits: [u32; 17],
    /// What to add to a code of each length to get its place among the values.
    offsets: [i32; 17],
    values: [u8; 256],
}

impl Table {
    /// From the counts per length and the values of a DHT segment.
    pub(super) fn new(counts: [u8; 16], symbols: &[u8]) -> Result<Self, PhotoError> {
        let mut table = Self {
            whole: boxed(),
            codes: boxed(),
            limits: [0; 17],
            offsets: [0; 17],
            values: [0; 256],
        };
        table
            .values
            .get_mut(..symbols.len())
            .ok_or(PhotoError::Damaged)?
            .copy_from_slice(symbols);

        let mut code = 0_u32;
        let mut place = 0_u32;
        let mut remaining = symbols.iter();
        for ((length, count), (limit, offset)) in (1_u32..)
            .zip(counts)
            .zip(table.limits.iter_mut().zip(&mut table.offsets).skip(1))
        {
            *offset = i32::try_from(place).unwrap_or(0) - i32::try_from(code).unwrap_or(0);
            for _ in 0..count {
                let symbol = *remaining.next().ok_or(PhotoError::Damaged)?;
                if code >= 1 << length {
                    return Err(PhotoError::Damaged);
                }
                if length <= FAST {
                    let entry = u16::from(symbol) << 8 | u16::try_from(length).unwrap_or(0);
                    let first = usize::try_from(code << (FAST - length)).unwrap_or(0);
                    let entries = table
                        .codes
                        .iter_mut()
                        .skip(first)
                        .take(1 << (FAST - length));
                    entries.for_each(|slot| *slot = entry);
                }
                code += 1;
                place += 1;
            }
            *limit = code << (16 - length);
            code <<= 1;
        }
        table.join_values();
        Ok(table)
    }

    /// Fills `whole`: where code and value fit into [`FAST`] bits, both at once.
    fn join_values(&mut self) {
        for ((ahead, whole), code) in (0_u32..).zip(self.whole.iter_mut()).zip(self.codes.iter()) {
            let (length, symbol) = (u32::from(code & 0xFF), u32::from(code >> 8));
            let (run, bits) = (symbol >> 4, symbol & 15);
            if length == 0 || length + bits > FAST {
                continue;
            }
            *whole = match (run, bits) {
                (0, 0) => END_OF_BLOCK << 8 | length,
                (_, 0) => run << 8 | length, // 15: sixteen zeros; others do not occur
                _ => {
                    let value = (ahead >> (FAST - length - bits)) & ((1 << bits) - 1);
                    let value = extend(i16::try_from(value).unwrap_or(0), bits);
                    u32::from(value.cast_unsigned()) << 16 | run << 8 | (length + bits)
                }
            };
        }
    }

    /// The next symbol, however long its code is.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "FAST bits index FAST_ENTRIES entries"
    )]
    fn symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let code = self.codes[(bits.window >> (64 - FAST)) as usize];
        if code != 0 {
            bits.skip(u32::from(code & 0xFF));
            return u8::try_from(code >> 8).ok();
        }
        self.long_symbol(bits)
    }

    #[cold]
    fn long_symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let ahead = u32::try_from(bits.window >> 48).ok()?;
        let lengths = (1_u32..).zip(self.limits.iter().zip(&self.offsets).skip(1));
        let (length, (_, offset)) = lengths
            .into_iter()
            .find(|(_, (limit, _))| ahead < **limit)?;
        bits.skip(length);
        let place = i32::try_from(ahead >> (16 - length)).ok()? + offset;
        self.values.get(usize::try_from(place).ok()?).copied()
    }

    /// The difference of a DC coefficient to the one before.
    #[inline]
    pub(super) fn dc_difference(&self, bits: &mut Bits<'_>) -> Result<i16, PhotoError> {
        if bits.left < 32 {
            bits.refill();
        }
        match self.symbol(bits) {
            Some(count @ 0..=11) => Ok(bits.signed(u32::from(count))),
            _ => Err(bits.why()),
        }
    }

    /// Reads the 63 AC coefficients of a block.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "masks keep the indices inside the arrays"
    )]
    pub(super) fn ac_block(
        &self,
        bits: &mut Bits<'_>,
        block: &mut [i16; 128],
    ) -> Result<(), PhotoError> {
        let mut k = 1_u32;
        while k < 64 {
            if bits.left < 32 {
                bits.refill();
            }
            let whole = self.whole[(bits.window >> (64 - FAST)) as usize];
            let value = if whole == 0 {
                let symbol = self.symbol(bits).ok_or_else(|| bits.why())?;
                let run = u32::from(symbol >> 4);
                k += if symbol == 0 { END_OF_BLOCK } else { run };
                bits.signed(u32::from(symbol & 15))
            } else {
                bits.skip(whole & 0xFF);
                k += (whole >> 8) & 0xFF;
                upper_half(whole)
            };
            block[usize::from(PLACES[(k & 255) as usize] & 127)] = value;
            k += 1;
        }
        // A block ends with its 64th coefficient or with the end-of-block code, nowhere else.
        if (65..=END_OF_BLOCK).contains(&k) {
            Err(bits.why())
        } else {
            Ok(())
        }
    }
}

fn boxed<T: Default + Copy, const N: usize>() -> Box<[T; N]> {
    Box::new([T::default(); N])
}
