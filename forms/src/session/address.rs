//! The name of an answer, that stays the same whatever is added and removed beside it: names with
//! slashes between, an instance of a repeat with its key, as `household/member[3]/age`.

use super::tree::{InstanceId, Tree};
use crate::{Program, program::NodeId};

/// The address of an instance; the form itself has the empty one.
pub(super) fn address(program: &Program, tree: &Tree, instance: InstanceId) -> String {
    let mut parts = Vec::new();
    let mut at = instance;
    while let Some(parent) = tree[at].parent {
        let node = &program.nodes[tree[at].node];
        parts.push(if node.is_repeat() {
            format!("{}[{}]", node.name, tree[at].key)
        } else {
            node.name.clone()
        });
        at = parent;
    }
    parts.reverse();
    parts.join("/")
}

/// What an address leads to: an instance, or the last part of it is a repeat's name without a key.
pub(super) enum Found {
    Instance(InstanceId),
    Repeat(InstanceId, NodeId),
}

/// Follows an address.
pub(super) fn find(program: &Program, tree: &Tree, address: &str) -> Option<Found> {
    let mut at = InstanceId::ROOT;
    let mut parts = address
        .split('/')
        .filter(|part| !part.is_empty())
        .peekable();
    while let Some(part) = parts.next() {
        let (name, key) = parse(part)?;
        let children = &program.nodes[tree[at].node].children;
        let node = *children
            .iter()
            .find(|child| program.nodes[**child].name == name)?;
        let kids = tree.kids(at, program.nodes[node].slot);
        at = match key {
            None if program.nodes[node].is_repeat() => {
                return parts.peek().is_none().then_some(Found::Repeat(at, node));
            }
            None => *kids.first()?,
            Some(key) => *kids.iter().find(|kid| tree[**kid].key == key)?,
        };
    }
    Some(Found::Instance(at))
}

/// A part of an address: a name, and a key if it has one.
pub(super) fn parse(part: &str) -> Option<(&str, Option<u32>)> {
    match part
        .strip_suffix(']')
        .and_then(|part| part.rsplit_once('['))
    {
        Some((name, key)) => Some((name, Some(key.parse().ok()?))),
        None => Some((part, None)),
    }
}
