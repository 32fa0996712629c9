//! Walks a path through the answers. What is not asked is not there.

use super::{Fault, Scope, Spot, Value};
use crate::{
    program::expr::{Expr, Path, Step},
    session::tree::{InstanceId, Kid},
    xpath::number::count,
};

impl Scope<'_> {
    pub(super) fn walk(&self, path: &Path) -> Result<Vec<Spot>, Fault> {
        let Some(begin) = self.begin(path.from) else {
            return Ok(Vec::new());
        };
        // Most paths lead from one node to one node; only a repeat or brackets need a list.
        let mut at = begin;
        let mut steps = path.steps.as_slice();
        while let Some((step, rest)) = steps.split_first() {
            let Some(next) = self.only(at, step) else {
                break;
            };
            (at, steps) = (next, rest);
        }
        let mut many = vec![at];
        for step in steps {
            many = self.step(&many, step)?;
        }
        let is_asked = |instance: &InstanceId| self.tree[*instance].is_relevant;
        Ok(many
            .into_iter()
            .filter(is_asked)
            .map(Spot::Instance)
            .collect())
    }

    /// The one node a step leads to, if it can only be one.
    fn only(&self, at: InstanceId, step: &Step) -> Option<InstanceId> {
        match step {
            Step::Up => self.tree[at].parent,
            Step::Down { to, predicates } if predicates.is_empty() => {
                let [node] = to.as_slice() else { return None };
                match self.tree.kid(at, self.program.nodes[*node].slot)? {
                    Kid::One(instance) => Some(*instance),
                    Kid::Many { .. } => None,
                }
            }
            Step::Down { .. } => None,
        }
    }

    fn step(&self, from: &[InstanceId], step: &Step) -> Result<Vec<InstanceId>, Fault> {
        let mut found = Vec::new();
        match step {
            Step::Up => {
                for instance in from {
                    let parent = self.tree[*instance].parent;
                    found.extend(parent.filter(|parent| found.last() != Some(parent)));
                }
            }
            Step::Down { to, predicates } => {
                for instance in from {
                    for node in to {
                        let slot = self.program.nodes[*node].slot;
                        let mut kids = match self.tree.kid(*instance, slot) {
                            Some(Kid::One(kid)) => vec![*kid],
                            Some(Kid::Many { kids, .. }) => kids.clone(),
                            None => Vec::new(),
                        };
                        for predicate in predicates {
                            kids = self.holding(kids, predicate)?;
                        }
                        found.extend(kids);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Those for which brackets hold; a number in brackets is a place.
    fn holding(&self, kids: Vec<InstanceId>, predicate: &Expr) -> Result<Vec<InstanceId>, Fault> {
        let asked: Vec<_> = kids
            .into_iter()
            .filter(|kid| self.tree[*kid].is_relevant)
            .collect();
        let size = asked.len();
        let mut held = Vec::new();
        for (position, kid) in (1..).zip(asked) {
            let value = self
                .at(Spot::Instance(kid), position, size)
                .eval(predicate)?;
            if is_kept(&value, position) {
                held.push(kid);
            }
        }
        Ok(held)
    }
}

/// Whether brackets with this value keep what stands at this place (XPath 1.0 §2.4).
#[expect(clippy::float_cmp, reason = "places are whole numbers")]
pub(super) fn is_kept(value: &Value, position: usize) -> bool {
    match value {
        Value::Number(number) => *number == count(position),
        other => other.truth(),
    }
}
