//! Computes what depends on a change, and nothing else, in the order of the form.

use std::collections::BTreeSet;

use super::{Session, answer, change::Change, tree::InstanceId};
use crate::{
    World,
    eval::{Fault, Scope, Spot},
    program::{
        NodeId,
        node::Default as Begin,
        order::{Aspect, Dependent},
    },
    xpath::number::{count, truncated, whole},
};

/// How many instances a repeat may be told to have.
const COUNT_MAX: i64 = 10_000;

/// What is to be computed: by rank, then in the order in which it came to be.
pub(super) type Queue = BTreeSet<(u32, InstanceId, Aspect)>;

impl Session {
    pub(super) fn scope<'a>(&'a self, world: &'a dyn World, home: InstanceId) -> Scope<'a> {
        Scope {
            program: &self.program,
            tree: &self.tree,
            world,
            language: &self.language,
            last_saved: &self.last_saved,
            home,
            here: Spot::Instance(home),
            position: 1,
            size: 1,
        }
    }

    /// Computes until nothing is left to.
    pub(super) fn settle(&mut self, world: &dyn World) {
        while let Some((_, instance, aspect)) = self.queue.pop_first() {
            if self.tree[instance].is_gone {
                continue;
            }
            self.outcome.computed += 1;
            match aspect {
                Aspect::Relevant => self.compute_relevant(world, instance),
                Aspect::Count => self.compute_count(world, instance),
                Aspect::Value => self.compute_value(world, instance),
                Aspect::Offer => self.withdraw(world, instance),
            }
        }
    }

    /// Everything inside of an instance is to be computed.
    pub(super) fn enqueue_all(&mut self, instance: InstanceId) {
        for inside in self.tree.inside(instance) {
            let node = &self.program.nodes[self.tree[inside].node];
            let counted = node
                .children
                .iter()
                .filter(|child| self.program.nodes[**child].count().is_some());
            let counts: Vec<_> = counted.copied().collect();
            let (has_relevant, field) = (node.relevant.is_some(), node.field());
            let has_value =
                field.is_some_and(|field| field.calculate.is_some() && field.triggers.is_empty());
            let has_offer = field
                .and_then(|field| field.choices.as_ref())
                .is_some_and(|offer| !offer.filters.is_empty());
            for (has, aspect) in [
                (has_relevant, Aspect::Relevant),
                (has_value, Aspect::Value),
                (has_offer, Aspect::Offer),
            ] {
                if has {
                    self.enqueue(inside, aspect);
                }
            }
            for repeat in counts {
                self.enqueue_count(inside, repeat);
            }
        }
    }

    fn enqueue(&mut self, instance: InstanceId, aspect: Aspect) {
        let rank = self.program.order.rank((self.tree[instance].node, aspect));
        self.queue.insert((rank, instance, aspect));
    }

    /// The count of a repeat belongs to what holds the repeat: there may be no instance of it.
    fn enqueue_count(&mut self, parent: InstanceId, repeat: NodeId) {
        let rank = self.program.order.rank((repeat, Aspect::Count));
        self.queue.insert((rank, parent, Aspect::Count));
    }

    /// A value, or whether it is asked, is another one now. Only the first is what a trigger
    /// waits for.
    fn changed(&mut self, instance: InstanceId, what: Aspect) {
        self.spread(instance, self.tree[instance].node, what);
    }

    /// A repeat has another number of instances now, or they moved up.
    pub(super) fn changed_count(&mut self, parent: InstanceId, repeat: NodeId) {
        self.spread(parent, repeat, Aspect::Count);
    }

    fn spread(&mut self, instance: InstanceId, node: NodeId, what: Aspect) {
        let program = std::sync::Arc::clone(&self.program);
        for Dependent {
            task: (owner, aspect),
            around,
        } in program.order.dependents(node)
        {
            // Where the change is not inside of it, all instances may look at it.
            let inside = self.tree.around(instance, *around).unwrap_or_else(|| {
                let is_count = what == Aspect::Count && program.is_within(*around, node);
                if is_count { instance } else { InstanceId::ROOT }
            });
            let waits = program.nodes[*owner]
                .field()
                .is_some_and(|field| !field.triggers.is_empty());
            if waits && *aspect == Aspect::Value && what != Aspect::Value {
                continue;
            }
            if *aspect == Aspect::Count {
                let parent = program.nodes[*owner].parent.unwrap_or(NodeId::ROOT);
                for parent in self.tree.instances(&program, inside, parent) {
                    self.enqueue_count(parent, *owner);
                }
                continue;
            }
            for dependent in self.tree.instances(&program, inside, *owner) {
                self.enqueue(dependent, *aspect);
            }
        }
    }

    fn compute_relevant(&mut self, world: &dyn World, instance: InstanceId) {
        let node = &self.program.nodes[self.tree[instance].node];
        let held = node
            .relevant
            .as_ref()
            .map_or(Ok(true), |expr| self.scope(world, instance).truth(expr));
        let may_be_asked = match held {
            Ok(held) => held,
            Err(fault) => {
                self.fault(instance, fault);
                false
            }
        };
        self.tree[instance].may_be_asked = may_be_asked;
        self.refresh_relevant(instance);
    }

    /// Passes on whether something is asked to all that is inside of it.
    fn refresh_relevant(&mut self, instance: InstanceId) {
        let mut left = vec![instance];
        while let Some(at) = left.pop() {
            let is_around = self.tree[at]
                .parent
                .is_none_or(|parent| self.tree[parent].is_relevant);
            let one = &self.tree[at];
            let is_relevant = is_around && one.may_be_asked && !one.is_spare;
            if one.is_relevant == is_relevant {
                continue;
            }
            self.tree[at].is_relevant = is_relevant;
            self.changed(at, Aspect::Relevant);
            let node = &self.program.nodes[self.tree[at].node];
            for slot in 0..node.children.len() {
                left.extend(self.tree.kids(at, slot));
            }
        }
    }

    /// Makes as many instances as are asked for; those too many are kept, and not asked.
    fn compute_count(&mut self, world: &dyn World, parent: InstanceId) {
        let repeats = self.program.nodes[self.tree[parent].node].children.clone();
        for repeat in repeats {
            let program = std::sync::Arc::clone(&self.program);
            let Some(expr) = program.nodes[repeat].count() else {
                continue;
            };
            let wanted = match self.scope(world, parent).number(expr) {
                Ok(number) if number > whole(COUNT_MAX) => {
                    self.fault(parent, Fault::TooMany(truncated(number)));
                    continue;
                }
                Ok(number) => truncated(number).max(0),
                Err(fault) => {
                    self.fault(parent, fault);
                    continue;
                }
            };
            let slot = program.nodes[repeat].slot;
            let mut is_other = false;
            while truncated(count(self.tree.kids(parent, slot).len())) < wanted {
                let added = self.tree.add(&program, parent, repeat, None);
                self.born(world, added);
                is_other = true;
            }
            for (place, kid) in (0..).zip(self.tree.kids(parent, slot).to_vec()) {
                let is_spare = place >= wanted;
                if self.tree[kid].is_spare != is_spare {
                    self.tree[kid].is_spare = is_spare;
                    self.refresh_relevant(kid);
                    is_other = true;
                }
            }
            if is_other {
                self.changed_count(parent, repeat);
            }
        }
    }

    fn compute_value(&mut self, world: &dyn World, instance: InstanceId) {
        let program = std::sync::Arc::clone(&self.program);
        let Some(field) = program.nodes[self.tree[instance].node].field() else {
            return;
        };
        let value = match &field.calculate {
            Some(expr) => self.scope(world, instance).text(expr),
            // A trigger without a calculation empties what it triggers.
            None => Ok(String::new()),
        };
        match value {
            // Not-a-number is no answer; JavaRosa keeps none either.
            Ok(value) if value == "NaN" => self.set(instance, String::new()),
            Ok(value) => self.set(instance, answer::computed(field.kind, value)),
            Err(fault) => {
                self.fault(instance, fault);
                self.set(instance, String::new());
            }
        }
    }

    /// Takes choices away that are not offered any more.
    fn withdraw(&mut self, world: &dyn World, instance: InstanceId) {
        let value = &self.tree[instance].value;
        if value.is_empty() {
            return;
        }
        match self.offered(world, instance) {
            Ok(None) => {}
            Ok(Some(offered)) => {
                let is_there = |name: &&str| offered.may_stay(name);
                let kept: Vec<_> = value.split_whitespace().filter(is_there).collect();
                let kept = kept.join(" ");
                self.set(instance, kept);
            }
            Err(fault) => self.fault(instance, fault),
        }
    }

    /// Sets a value, notes it to be saved, and queues what depends on it.
    pub(super) fn set(&mut self, instance: InstanceId, value: String) {
        if self.tree[instance].value == value {
            return;
        }
        self.tree[instance].value.clone_from(&value);
        let address = self.address(instance);
        self.outcome.changes.push(Change::Value { address, value });
        self.changed(instance, Aspect::Value);
    }

    /// A new instance of a repeat: its own repeats, what it begins with, what is computed in it.
    pub(super) fn born(&mut self, world: &dyn World, instance: InstanceId) {
        let address = self.address(instance);
        self.outcome.changes.push(Change::Added { address });
        self.begin_with(world, instance);
        // What is around a new one may not be asked; then neither is it.
        for inside in self.tree.inside(instance) {
            self.tree[inside].is_relevant = self.tree[inside]
                .parent
                .is_none_or(|parent| self.tree[parent].is_relevant);
        }
        self.enqueue_all(instance);
    }

    /// One instance for each repeat that nobody counts, and what is written as default.
    pub(super) fn begin_with(&mut self, world: &dyn World, instance: InstanceId) {
        let program = std::sync::Arc::clone(&self.program);
        for inside in self.tree.inside(instance) {
            let node = &program.nodes[self.tree[inside].node];
            for child in &node.children {
                if program.nodes[*child].is_repeat() && program.nodes[*child].count().is_none() {
                    let first = self.tree.add(&program, inside, *child, None);
                    self.born(world, first);
                    self.changed_count(inside, *child);
                }
            }
            if let Some(field) = node.field() {
                match &field.default {
                    Begin::Empty => {}
                    Begin::Text(text) => self.set(inside, text.clone()),
                    Begin::Computed(_) => self.to_begin.push(inside),
                }
                self.fill_in(world, inside, field.kind);
            }
        }
    }

    /// Computes the defaults of what is new, after everything else, in the order of the form.
    pub(super) fn begin_computed(&mut self, world: &dyn World) {
        let program = std::sync::Arc::clone(&self.program);
        self.settle(world);
        while !self.to_begin.is_empty() {
            let mut begun = std::mem::take(&mut self.to_begin);
            begun.sort_by_cached_key(|instance| self.tree.place(*instance));
            for instance in begun {
                let Some(field) = program.nodes[self.tree[instance].node].field() else {
                    continue;
                };
                let Begin::Computed(expr) = &field.default else {
                    continue;
                };
                match self.scope(world, instance).text(expr) {
                    Ok(value) if value == "NaN" => {}
                    Ok(value) => self.set(instance, answer::computed(field.kind, value)),
                    Err(fault) => self.fault(instance, fault),
                }
                self.settle(world);
            }
        }
    }

    pub(super) fn fault(&mut self, instance: InstanceId, fault: Fault) {
        let address = self.address(instance);
        self.outcome.faults.push((address, fault));
    }
}
