//! The answers, in the shape of the form: one instance for each node, any number for each repeat.

use crate::{
    Program,
    arena::{Arena, id},
    program::NodeId,
};

id! {
    /// A node with an answer, or a group or repeat that holds answers.
    pub(crate) InstanceId
}

impl InstanceId {
    /// The instance that holds all others.
    pub(crate) const ROOT: Self = Self(0);
}

/// All instances of a session. What is removed stays, but nothing leads to it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tree {
    instances: Arena<InstanceId, Instance>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts that change one without another"
)]
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) node: NodeId,
    pub(crate) parent: Option<InstanceId>,
    kids: Vec<Kid>,
    pub(crate) value: String,
    /// Whether its own conditions hold.
    pub(crate) may_be_asked: bool,
    /// Whether they hold for it and all around it.
    pub(crate) is_relevant: bool,
    /// Its place among its like, from 1.
    pub(crate) position: usize,
    /// Names it among its like for ever, whatever is removed before it.
    pub(crate) key: u32,
    /// More than `repeat_count` asks for now: kept, not asked.
    pub(crate) is_spare: bool,
    /// Taken away, or inside of what was.
    pub(crate) is_gone: bool,
}

/// What stands in one slot of a group.
#[derive(Clone, Debug)]
pub(crate) enum Kid {
    One(InstanceId),
    Many {
        kids: Vec<InstanceId>,
        next_key: u32,
    },
}

impl std::ops::Index<InstanceId> for Tree {
    type Output = Instance;

    fn index(&self, id: InstanceId) -> &Instance {
        &self.instances[id]
    }
}

impl std::ops::IndexMut<InstanceId> for Tree {
    fn index_mut(&mut self, id: InstanceId) -> &mut Instance {
        &mut self.instances[id]
    }
}

impl Tree {
    /// An empty tree of this form; repeats have no instances.
    pub(crate) fn new(program: &Program) -> Self {
        let mut tree = Self::default();
        tree.grow(program, NodeId::ROOT, None, 0, 1);
        tree
    }

    fn grow(
        &mut self,
        program: &Program,
        node: NodeId,
        parent: Option<InstanceId>,
        key: u32,
        position: usize,
    ) -> InstanceId {
        let id = self.instances.push(Instance {
            node,
            parent,
            kids: Vec::new(),
            value: String::new(),
            may_be_asked: true,
            is_relevant: true,
            position,
            key,
            is_spare: false,
            is_gone: false,
        });
        let mut kids = Vec::with_capacity(program.nodes[node].children.len());
        for child in &program.nodes[node].children {
            kids.push(if program.nodes[*child].is_repeat() {
                Kid::Many {
                    kids: Vec::new(),
                    next_key: 1,
                }
            } else {
                Kid::One(self.grow(program, *child, Some(id), 0, 1))
            });
        }
        self.instances[id].kids = kids;
        id
    }

    /// What stands in a slot.
    pub(crate) fn kid(&self, of: InstanceId, slot: usize) -> Option<&Kid> {
        self.instances[of].kids.get(slot)
    }

    /// The instances in a slot, whether there can be one or many.
    pub(crate) fn kids(&self, of: InstanceId, slot: usize) -> &[InstanceId] {
        match self.kid(of, slot) {
            Some(Kid::One(kid)) => std::slice::from_ref(kid),
            Some(Kid::Many { kids, .. }) => kids,
            None => &[],
        }
    }

    /// Adds an instance of a repeat, under the next key or, when it is rebuilt, under its old one.
    pub(crate) fn add(
        &mut self,
        program: &Program,
        parent: InstanceId,
        node: NodeId,
        old_key: Option<u32>,
    ) -> InstanceId {
        let slot = program.nodes[node].slot;
        let (position, key) = match self.kid(parent, slot) {
            Some(Kid::Many { kids, next_key }) => (kids.len() + 1, old_key.unwrap_or(*next_key)),
            Some(Kid::One(_)) | None => (1, 0),
        };
        let id = self.grow(program, node, Some(parent), key, position);
        if let Some(Kid::Many { kids, next_key }) = self.instances[parent].kids.get_mut(slot) {
            kids.push(id);
            *next_key = (*next_key).max(key.saturating_add(1));
        }
        id
    }

    /// Takes an instance of a repeat away.
    pub(crate) fn remove(&mut self, program: &Program, instance: InstanceId) {
        let Some(parent) = self.instances[instance].parent else {
            return;
        };
        let slot = program.nodes[self.instances[instance].node].slot;
        let Some(Kid::Many { kids, .. }) = self.instances[parent].kids.get_mut(slot) else {
            return;
        };
        kids.retain(|kid| *kid != instance);
        let moved = kids.clone();
        for gone in self.inside(instance) {
            self.instances[gone].is_gone = true;
        }
        for (position, kid) in (1..).zip(moved) {
            self.instances[kid].position = position;
        }
    }

    /// The instance of `node` that holds `instance`, or is it.
    pub(crate) fn around(&self, instance: InstanceId, node: NodeId) -> Option<InstanceId> {
        let mut at = instance;
        loop {
            if self[at].node == node {
                return Some(at);
            }
            at = self[at].parent?;
        }
    }

    /// All instances of a node inside of this one, in order.
    pub(crate) fn instances(
        &self,
        program: &Program,
        inside: InstanceId,
        node: NodeId,
    ) -> Vec<InstanceId> {
        let chain = program.chain(node);
        let begins = chain.iter().position(|step| *step == self[inside].node);
        let Some(begins) = begins else {
            return Vec::new();
        };
        let mut found = vec![inside];
        for step in chain.iter().skip(begins + 1) {
            let slot = program.nodes[*step].slot;
            found = found
                .iter()
                .flat_map(|instance| self.kids(*instance, slot))
                .copied()
                .collect();
        }
        found
    }

    /// An instance with everything inside of it, in order.
    pub(crate) fn inside(&self, instance: InstanceId) -> Vec<InstanceId> {
        let mut found = Vec::new();
        let mut left = vec![instance];
        while let Some(at) = left.pop() {
            found.push(at);
            for kid in self[at].kids.iter().rev() {
                match kid {
                    Kid::One(kid) => left.push(*kid),
                    Kid::Many { kids, .. } => left.extend(kids.iter().rev()),
                }
            }
        }
        found
    }

    /// Where an instance stands in the form, comparable with others.
    pub(crate) fn place(&self, instance: InstanceId) -> Vec<(NodeId, usize)> {
        let mut place = Vec::new();
        let mut at = Some(instance);
        while let Some(id) = at {
            place.push((self[id].node, self[id].position));
            at = self[id].parent;
        }
        place.reverse();
        place
    }
}
