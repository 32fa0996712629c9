//! What comes from outside, damaged: an answer or a typed error, never a panic, and neither time nor
//! memory out of proportion. A run is reproduced by its seed, which is printed with the input that
//! failed. `GRIDWALKER_FUZZ_RUNS` and `GRIDWALKER_FUZZ_SEED` make a long run of it (`cargo xtask
//! fuzz`).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod chance;
mod decoders;
mod doors;
mod measure;
mod photo_pieces;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chance::Chance;
use measure::measured;

/// The messages of docs/protocol.md are where the damage begins.
const PROTOCOL: &str = include_str!("../../../docs/protocol.md");

/// Memory is counted for the whole process, so one test runs at a time, from before its first example
/// is made.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one input may cost, in a developer's build on a busy machine.
#[derive(Debug, Clone, Copy)]
struct Bound {
    ms: u128,
    /// At the most at once, of Rust's memory.
    bytes: usize,
}

#[expect(clippy::print_stdout, reason = "figures for whoever looks")]
fn report(line: &str) {
    println!("{line}");
}

fn setting(name: &str, otherwise: u64) -> u64 {
    let value = std::env::var(name).ok().and_then(|text| text.parse().ok());
    value.unwrap_or(otherwise)
}

/// Gives the inputs to `decode` as they are, then damaged ones.
fn fuzz(runs: u64, corpus: &[Vec<u8>], bound: Bound, decode: impl Fn(&[u8])) {
    let runs = setting("GRIDWALKER_FUZZ_RUNS", runs);
    let seed = setting("GRIDWALKER_FUZZ_SEED", 20_261_125);
    let mut most = Bound { ms: 0, bytes: 0 };
    let mut try_one = |input: &[u8], name: &str| {
        let mut whole = true;
        let cost = measured(|| whole = catch_unwind(AssertUnwindSafe(|| decode(input))).is_ok());
        let head = String::from_utf8_lossy(&input[..input.len().min(400)]);
        assert!(whole, "{name} fails: {head}");
        assert!(
            cost.ms <= bound.ms && cost.bytes <= bound.bytes,
            "{name} costs {cost:?}, more than {bound:?}: {head}"
        );
        most.ms = most.ms.max(cost.ms);
        most.bytes = most.bytes.max(cost.bytes);
    };
    for (number, input) in corpus.iter().enumerate() {
        try_one(input, &format!("example {number}"));
    }
    for run in 0..runs {
        let this = seed.wrapping_add(run);
        let mut chance = Chance(this.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut input = corpus[chance.next(corpus.len())].clone();
        chance.damage(&mut input);
        let name = format!("GRIDWALKER_FUZZ_SEED={this} GRIDWALKER_FUZZ_RUNS=1");
        try_one(&input, &name);
    }
    report(&format!("most: {most:?}, permitted: {bound:?}"));
}

fn examples() -> Vec<Vec<u8>> {
    let blocks = PROTOCOL.split("```json ").skip(1);
    let texts = blocks.filter_map(|block| block.split_once('\n')?.1.split("```").next());
    let all: Vec<_> = texts.map(|text| text.as_bytes().to_vec()).collect();
    assert!(all.len() > 10, "the examples are found");
    all
}
