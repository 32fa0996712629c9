//! Decoders of what comes from outside, given damaged input: an answer or a typed error, never a
//! panic. A run is reproduced by its seed, which is printed with the input that failed.
//! `GRIDWALKER_FUZZ_RUNS` and `GRIDWALKER_FUZZ_SEED` make a long run of it (`cargo xtask fuzz`).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use scenarios::world::street_photo;
use shared::{
    Doc, Op,
    hub_api::{Enrolled, HelloAnswer, PullAnswer, Push, PushAnswer},
};

/// The messages of docs/protocol.md are where the damage begins.
const PROTOCOL: &str = include_str!("../../docs/protocol.md");

struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.next(256)).unwrap()
    }

    /// One to eight wounds: bits, bytes, cuts, repeats, words that mean something to parsers.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
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

fn setting(name: &str, otherwise: u64) -> u64 {
    let value = std::env::var(name).ok().and_then(|text| text.parse().ok());
    value.unwrap_or(otherwise)
}

fn fuzz(runs: u64, corpus: &[Vec<u8>], decode: impl Fn(&[u8])) {
    let runs = setting("GRIDWALKER_FUZZ_RUNS", runs);
    let seed = setting("GRIDWALKER_FUZZ_SEED", 20_261_125);
    for run in 0..runs {
        let this = seed.wrapping_add(run);
        let mut chance = Chance(this.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut input = corpus[chance.next(corpus.len())].clone();
        chance.damage(&mut input);
        if catch_unwind(AssertUnwindSafe(|| decode(&input))).is_err() {
            let head = &input[..input.len().min(400)];
            panic!(
                "GRIDWALKER_FUZZ_SEED={this} GRIDWALKER_FUZZ_RUNS=1 panics: {}",
                String::from_utf8_lossy(head)
            );
        }
    }
}

fn examples() -> Vec<Vec<u8>> {
    let blocks = PROTOCOL.split("```json ").skip(1);
    let texts = blocks.filter_map(|block| block.split_once('\n')?.1.split("```").next());
    let all: Vec<_> = texts.map(|text| text.as_bytes().to_vec()).collect();
    assert!(all.len() > 10, "the examples are found");
    all
}

#[test]
fn messages_of_the_protocol() {
    fuzz(20_000, &examples(), |bytes| {
        let _hello = serde_json::from_slice::<HelloAnswer>(bytes);
        let _enrolled = serde_json::from_slice::<Enrolled>(bytes);
        let _pushed = serde_json::from_slice::<PushAnswer>(bytes);
        if let Ok(page) = serde_json::from_slice::<PullAnswer>(bytes) {
            let _text = format!("{page:?}");
        }
        if let Ok(push) = serde_json::from_slice::<Push>(bytes) {
            for op in push.ops {
                drop(hub::push::Incoming::read(op.to_string(), 262_144));
            }
        }
        if let (Ok(op), Ok(doc)) = (
            serde_json::from_slice::<Op>(bytes),
            serde_json::from_slice::<Doc>(bytes),
        ) {
            drop(shared::apply(
                Some(&doc),
                &op,
                &shared::apply::Stamp::Device,
            ));
        }
    });
}

#[test]
fn operations_that_can_be_read_can_be_applied() {
    fuzz(20_000, &examples(), |bytes| {
        let ops = match serde_json::from_slice::<Push>(bytes) {
            Ok(push) => push.ops,
            Err(_) => serde_json::from_slice(bytes).into_iter().collect(),
        };
        let mut doc = None;
        for op in ops {
            if let Ok(op) = serde_json::from_value::<Op>(op) {
                let applied = shared::apply(doc.as_ref(), &op, &shared::apply::Stamp::Device);
                doc = applied.doc.or(doc);
            }
        }
    });
}

#[test]
fn city_packs() {
    let city = scenarios::sample_city::sample_city().unwrap();
    let text = scenarios::sample_city::to_text(&city).unwrap();
    fuzz(20, &[text.into_bytes()], |bytes| {
        drop(shared::pack::parse(bytes));
    });
}

#[test]
fn photos() {
    let mut exif = street_photo(2, 64, 48);
    let block =
        b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    exif.splice(2..2, block.iter().copied());
    fuzz(2_000, &[street_photo(1, 96, 64), exif], |bytes| {
        drop(client::photo::prepare(bytes));
    });
}
