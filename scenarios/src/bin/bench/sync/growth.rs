//! Whether a hub that has seen a million cases is slower with a hundred edits than one that has seen
//! ten thousand.

use anyhow::Result;
use serde_json::{Map, Value, json};
use shared::{DocRef, Scope};

use super::lean::{self, Lean};

const SMALL: u32 = 10_000;
const LARGE: u32 = 1_000_000;

/// Cases are brought in by so many, so that they need not all be in memory.
const PART: u32 = 20_000;

/// Edits in one go, of cases from all over.
const EDITS: usize = 100;

/// So often; the mean counts. Every second or third push also moves the log into the database, and takes
/// twice as long: a median falls to one side or the other by chance.
const TIMES: usize = 21;

/// A hub with this many cases, and some of them.
struct Grown {
    _stand: scenarios::link::Stand,
    device: Lean,
    some: Vec<(DocRef, Scope)>,
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
pub(super) async fn measure() -> Result<Map<String, Value>> {
    let (mut small, mut large) = (grown(SMALL).await?, grown(LARGE).await?);
    let (mut at_small, mut at_large) = (Vec::new(), Vec::new());
    // In turns, so that neighbours disturb both alike.
    for _ in 0..TIMES {
        at_small.push(edits(&mut small).await?);
        at_large.push(edits(&mut large).await?);
    }
    let (at_small, at_large) = (mean(&at_small), mean(&at_large));
    println!(
        "{EDITS} edits: {:.1} ms at a hub with {SMALL} cases, {:.1} ms with {LARGE}",
        at_small * 1e3,
        at_large * 1e3
    );
    let mut figures = Map::new();
    figures.insert("growth_ratio".to_owned(), json!(at_large / at_small));
    Ok(figures)
}

async fn grown(cases: u32) -> Result<Grown> {
    let stand = super::stand().await?;
    let mut device = Lean::enrol(&stand, stand.address(), "w-0101").await?;
    let every = usize::try_from(cases)? / (EDITS * TIMES);
    let mut some = Vec::new();
    for _ in 0..cases / PART.min(cases) {
        let ops = device.reports(PART.min(cases))?;
        some.extend(lean::targets(&ops)?.into_iter().step_by(every.max(1)));
        device.push(ops).await?;
    }
    Ok(Grown {
        _stand: stand,
        device,
        some,
    })
}

/// Seconds for edits of cases that were not edited before.
async fn edits(grown: &mut Grown) -> Result<f64> {
    // From both ends and the middle: what was written last is not all in the cache's favour.
    let left = grown.some.len();
    let of = (0..EDITS).map(|nth| nth * left / EDITS);
    let mut chosen: Vec<_> = of.rev().map(|at| grown.some.swap_remove(at)).collect();
    chosen.reverse();
    let ops = grown.device.supplements(&chosen)?;
    let begun = super::now();
    grown.device.push(ops).await?;
    Ok(begun.elapsed().as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people to read")]
fn mean(seconds: &[f64]) -> f64 {
    seconds.iter().sum::<f64>() / seconds.len() as f64
}
