//! Puts tasks in an order in which each comes after what it needs, or names a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    NodeId, Part, Place, Problem, What,
    node::Node,
    order::{Aspect, Task},
};
use crate::arena::{Arena, Id as _};

/// A number for each task, smaller for what comes first.
pub(super) fn ranks(
    nodes: &Arena<NodeId, Node>,
    mut before: BTreeMap<Task, BTreeSet<Task>>,
) -> Result<BTreeMap<Task, u32>, Vec<Problem>> {
    let mut after: BTreeMap<Task, Vec<Task>> = BTreeMap::new();
    for (task, needs) in &before {
        for need in needs {
            after.entry(*need).or_default().push(*task);
        }
    }
    let is_free = |(_, needs): &(&Task, &BTreeSet<Task>)| needs.is_empty();
    let mut free: BTreeSet<Task> = before
        .iter()
        .filter(is_free)
        .map(|(task, _)| *task)
        .collect();
    let mut ranks = BTreeMap::new();
    while let Some(task) = free.pop_first() {
        before.remove(&task);
        ranks.insert(task, u32::try_from(ranks.len()).unwrap_or(u32::MAX));
        for next in after.get(&task).into_iter().flatten() {
            if let Some(needs) = before.get_mut(next) {
                needs.remove(&task);
                if needs.is_empty() {
                    free.insert(*next);
                }
            }
        }
    }
    match before.keys().next() {
        None => Ok(ranks),
        Some(_) => Err(circles(nodes, &before)),
    }
}

/// Each circle once, told at the item where it is met first.
fn circles(nodes: &Arena<NodeId, Node>, left: &BTreeMap<Task, BTreeSet<Task>>) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for start in left.keys() {
        let mut way: Vec<Task> = Vec::new();
        let mut at = *start;
        // Everything left needs something left, so this comes back to where it was.
        while !seen.contains(&at) && !way.contains(&at) {
            way.push(at);
            let next = left
                .get(&at)
                .and_then(|needs| needs.iter().find(|need| left.contains_key(need)));
            match next {
                Some(next) => at = *next,
                None => break,
            }
        }
        let begins = way.iter().position(|task| *task == at);
        if let Some(circle) = begins.and_then(|begins| way.get(begins..)) {
            problems.push(problem(nodes, circle));
        }
        seen.extend(way);
    }
    problems
}

fn problem(nodes: &Arena<NodeId, Node>, circle: &[Task]) -> Problem {
    let first = circle
        .iter()
        .min()
        .copied()
        .unwrap_or((NodeId::ROOT, Aspect::Value));
    let mut names: Vec<String> = Vec::new();
    for (node, _) in circle {
        let name = &nodes[*node].name;
        if names.last() != Some(name) {
            names.push(name.clone());
        }
    }
    if let Some(name) = names.first().cloned()
        && (names.len() == 1 || names.last() != Some(&name))
    {
        names.push(name);
    }
    Problem {
        place: Place {
            item: first.0.index().checked_sub(1),
            part: match first.1 {
                Aspect::Relevant => Part::Relevant,
                Aspect::Count => Part::Count,
                Aspect::Value => Part::Calculate,
                Aspect::Offer => Part::Filter,
            },
        },
        what: What::Circle(names),
    }
}
