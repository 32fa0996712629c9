//! Somebody is moved to another grid: what they did before in the old one counts, and is not theirs to
//! see any more. The operator does it, so this is made last.

use serde_json::{Value, json};

use crate::{
    answer::at,
    check::{Check, Verdict, holds, same},
    device::took_effect,
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 1] = [Check::new(
    "scopes-15",
    "6.15",
    "what somebody did in their grid before they were moved takes effect, and is not shown to them",
    done_before,
)
.by_operator()];

fn done_before(stage: &Stage) -> Verdict {
    let stranger = stage.stranger()?;
    let set = json!({ "grid": stranger.grid(), "compound": "水岸", "name": "1幢" });
    let mut op = stranger.op(&wire::new_id(), json!({ "do": "enter", "set": set }));
    if let Some(kind) = op.pointer_mut("/target/kind") {
        *kind = json!("building");
    }
    stage.moves_the_stranger()?;

    let first = stranger.push_one(&op)?;
    took_effect(&first)?;
    let again = stranger.push_one(&op)?;
    let outcome = |result| at(result, "outcome").clone();
    same("outcome of a replay", &outcome(&first), &outcome(&again))?;
    for result in [&first, &again] {
        let shown = ["doc", "brief"].map(|it| at(result, it));
        let is_silent = shown.into_iter().all(Value::is_null);
        holds(is_silent, "a result without the document", result)?;
    }
    let old = stranger.try_pull(&stranger.grid_feed(), "", 10)?;
    old.refuses(403, "forbidden")
}
