//! The short run: examples, what failed once, then damage by a seed.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

use crate::{
    chance::Chance,
    measure::Bound,
    target::{Target, found},
};

/// How long a run is, and where it begins. `None`: as the target says, and the usual seed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting {
    /// Damaged inputs.
    pub runs: Option<u64>,
    /// The first seed; each input has the next.
    pub seed: Option<u64>,
}

impl Setting {
    /// As the environment says: `GRIDWALKER_FUZZ_RUNS`, `GRIDWALKER_FUZZ_SEED`.
    #[must_use]
    pub fn of_environment() -> Self {
        let number = |name| std::env::var(name).ok()?.parse().ok();
        Self {
            runs: number("GRIDWALKER_FUZZ_RUNS"),
            seed: number("GRIDWALKER_FUZZ_SEED"),
        }
    }
}

/// Memory is counted for the whole process, so one target plays at a time, from before its first
/// example is made.
static ONE: Mutex<()> = Mutex::new(());

/// Plays a target; says what an input cost at the most. Panics with the seed, or the name of the
/// example, that shows a mistake.
pub fn play(target: &Target, setting: Setting) -> String {
    let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runs = setting.runs.unwrap_or(target.runs);
    let seed = setting.seed.unwrap_or(20_261_125);
    let mut ready = target.ready();
    let examples = ready.examples().to_vec();
    let mut most = Bound { ms: 0, bytes: 0 };
    let mut take = |input: &[u8], name: &str| {
        let taken = catch_unwind(AssertUnwindSafe(|| ready.take(input)));
        let head = String::from_utf8_lossy(&input[..input.len().min(400)]);
        let cost = taken.unwrap_or_else(|_shown| panic!("{name} fails: {head}"));
        most.ms = most.ms.max(cost.ms);
        most.bytes = most.bytes.max(cost.bytes);
    };
    for (number, input) in examples.iter().enumerate() {
        take(input, &format!("example {number}"));
    }
    for (name, input) in found(target.name) {
        take(&input, &format!("found/{}/{name}", target.name));
    }
    for run in 0..runs {
        let this = seed.wrapping_add(run);
        let mut chance = Chance::of(this);
        let mut input = examples[chance.next(examples.len())].clone();
        chance.damage(&mut input);
        let name = format!("GRIDWALKER_FUZZ_SEED={this} GRIDWALKER_FUZZ_RUNS=1");
        take(&input, &name);
    }
    format!("most: {most:?}, permitted: {:?}", ready.bound())
}
