//! In which order values are computed, and what a change makes necessary. Worked out once for the
//! form; sessions only follow it.

use std::collections::{BTreeMap, BTreeSet};

use super::{NodeId, Problem, circle, node::Node};
use crate::arena::Arena;

/// That an expression uses a value: of `node`, found from the ancestor `around` of the question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Use {
    pub(crate) node: NodeId,
    pub(crate) around: NodeId,
}

/// What can be computed of a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Aspect {
    /// Whether it is asked.
    Relevant,
    /// How many instances a repeat has.
    Count,
    /// What it says.
    Value,
    /// Whether the choice that was made is still offered. It only ever takes answers away, so
    /// two questions may each leave out what the other has.
    Offer,
}

/// One thing to compute.
pub(crate) type Task = (NodeId, Aspect);

/// What must be computed anew in the instances of a question when a value changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Dependent {
    pub(crate) task: Task,
    /// Only what stands in the same instance of this.
    pub(crate) around: NodeId,
}

/// The order of a form.
#[derive(Debug, Default)]
pub(crate) struct Order {
    ranks: BTreeMap<Task, u32>,
    dependents: BTreeMap<NodeId, Vec<Dependent>>,
}

impl Order {
    /// Orders what is to be computed, given which values each task uses.
    pub(crate) fn of(
        nodes: &Arena<NodeId, Node>,
        uses: &BTreeMap<Task, Vec<Use>>,
    ) -> Result<Self, Vec<Problem>> {
        let mut order = Self::default();
        let mut before: BTreeMap<Task, BTreeSet<Task>> = BTreeMap::new();
        for (id, node) in nodes.iter() {
            let relevant = before.entry((id, Aspect::Relevant)).or_default();
            if let Some(parent) = node.parent {
                relevant.insert((parent, Aspect::Relevant));
                if nodes[parent].is_repeat() {
                    relevant.insert((parent, Aspect::Count));
                }
            }
            before.entry((id, Aspect::Value)).or_default();
            before.entry((id, Aspect::Count)).or_default();
        }
        for (task, uses) in uses {
            for used in uses {
                let dependents = order.dependents.entry(used.node).or_default();
                dependents.push(Dependent {
                    task: *task,
                    around: used.around,
                });
                if task.1 != Aspect::Offer {
                    let first = before.entry(*task).or_default();
                    first.insert((used.node, Aspect::Value));
                    first.insert((used.node, Aspect::Relevant));
                    first.insert((used.node, Aspect::Count));
                }
            }
        }
        for dependents in order.dependents.values_mut() {
            dependents.sort_unstable();
            dependents.dedup();
        }
        order.ranks = circle::ranks(nodes, before)?;
        Ok(order)
    }

    /// Smaller comes first.
    pub(crate) fn rank(&self, task: Task) -> u32 {
        self.ranks.get(&task).copied().unwrap_or(u32::MAX)
    }

    /// What uses the value of a node.
    pub(crate) fn dependents(&self, node: NodeId) -> &[Dependent] {
        self.dependents.get(&node).map_or(&[], Vec::as_slice)
    }
}
