//! Random order that can be had again (ODK XForms, `randomize`): Fisher and Yates' shuffle with
//! the generator of Park and Miller.

use super::at;
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::{count, truncated, whole},
};

const MODULUS: i64 = 2_147_483_647;

/// ODK XForms, `randomize`.
pub(super) fn randomize(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let nodes = scope.nodes(at(arguments, 0), "randomize")?;
    let seed = match arguments.get(1) {
        Some(seed) => scope.number(seed)?,
        None => (scope.world.random() * whole(MODULUS)).floor(),
    };
    Ok(Value::Nodes(shuffled(nodes, seed)))
}

/// The same things in an order that follows from the seed.
pub(crate) fn shuffled<T: Clone>(things: Vec<T>, seed: f64) -> Vec<T> {
    let mut state = truncated(seed) % MODULUS;
    if state <= 0 {
        state += MODULUS - 1;
    }
    let mut order: Vec<T> = Vec::with_capacity(things.len());
    for (place, thing) in things.into_iter().enumerate() {
        state = state * 16_807 % MODULUS;
        let chance = whole(state - 1) / whole(MODULUS - 1);
        let other = usize::try_from(truncated(chance * count(place + 1))).unwrap_or_default();
        // "Inside-out": the one at `other` moves to the end, the new one takes its place.
        match order.get(other).cloned() {
            Some(moved) => {
                order.push(moved);
                if let Some(slot) = order.get_mut(other) {
                    *slot = thing;
                }
            }
            None => order.push(thing),
        }
    }
    order
}
