//! One filling of a form, from its first question to its last. It holds the answers and computes;
//! it keeps nothing itself. Each call that changes something says what there is to save, and from
//! all that was saved the session can be made again.

pub(crate) mod tree;

mod address;
mod again;
mod answer;
mod change;
mod check;
mod choices;
mod compute;
mod offer;
mod restore;
mod view;

use std::{collections::BTreeMap, sync::Arc};

pub use answer::Refusal;
pub use change::{Change, Outcome, Saved};
pub use check::{Mistake, Wrong};
pub use choices::{Choice, Part};
pub use restore::Unrestorable;
pub use view::{Shown, ShownKind};

use crate::{Program, World, definition::Kind, program::NodeId};
use address::Found;
use compute::Queue;
use tree::{InstanceId, Tree};

/// One filling of a form.
#[derive(Debug)]
pub struct Session {
    program: Arc<Program>,
    tree: Tree,
    language: String,
    last_saved: BTreeMap<NodeId, String>,
    /// What is random once for the whole session.
    chance: f64,
    queue: Queue,
    /// Whose default is still to be computed.
    to_begin: Vec<InstanceId>,
    outcome: Outcome,
}

impl Session {
    /// Begins a filling. `last_saved` is what [`Session::values`] gave for the last one that was
    /// finished, for `${last-saved#…}`.
    pub fn begin(
        program: Arc<Program>,
        world: &dyn World,
        last_saved: &[(String, String)],
    ) -> (Self, Outcome) {
        let mut session = Self::empty(program, world, last_saved);
        let root = InstanceId::ROOT;
        session.begin_with(world, root);
        session.enqueue_all(root);
        let outcome = session.done(world);
        (session, outcome)
    }

    /// The end of everything that changes something: what depends on it is computed, and what came to
    /// be by that begins.
    fn done(&mut self, world: &dyn World) -> Outcome {
        self.begin_computed(world);
        self.take_outcome()
    }

    fn empty(program: Arc<Program>, world: &dyn World, last_saved: &[(String, String)]) -> Self {
        let tree = Tree::new(&program);
        let mut session = Self {
            language: program.form.default_language.clone(),
            chance: (world.random() * 2_147_483_647.0).floor(),
            last_saved: BTreeMap::new(),
            queue: Queue::new(),
            to_begin: Vec::new(),
            outcome: Outcome::default(),
            tree,
            program,
        };
        session.remember(last_saved);
        session
    }

    /// What was answered the last time, for `${last-saved#…}`.
    fn remember(&mut self, last_saved: &[(String, String)]) {
        for (address, value) in last_saved {
            if let Some(node) = self.node_at(address) {
                self.last_saved.entry(node).or_insert_with(|| value.clone());
            }
        }
    }

    /// The node that an address is of, whether or not there is such an instance here.
    fn node_at(&self, address: &str) -> Option<NodeId> {
        let mut at = NodeId::ROOT;
        for part in address.split('/') {
            let (name, _) = address::parse(part)?;
            let children = &self.program.nodes[at].children;
            at = *children
                .iter()
                .find(|child| self.program.nodes[**child].name == name)?;
        }
        Some(at)
    }

    /// The form that is filled.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// The language in which questions are asked.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// Asks in another language from now on. Values that tell a label are computed anew.
    pub fn speak(&mut self, world: &dyn World, language: &str) -> Outcome {
        if self.language != language {
            language.clone_into(&mut self.language);
            let root = InstanceId::ROOT;
            self.enqueue_all(root);
        }
        self.done(world)
    }

    /// Asks in another language from now on and computes nothing, for what was recalled.
    pub fn set_language(&mut self, language: &str) {
        language.clone_into(&mut self.language);
    }

    /// Gives an answer; the empty one takes it back. It is kept even where the form's constraint
    /// does not hold, so that nothing is lost; [`Session::view`] says that it does not.
    pub fn answer(
        &mut self,
        world: &dyn World,
        address: &str,
        given: &str,
    ) -> Result<Outcome, Refusal> {
        let instance = self.field_at(address)?;
        if !self.tree[instance].is_relevant {
            return Err(Refusal::NotAsked);
        }
        let kind = self.kind(instance);
        if self.is_read_only(world, instance) {
            return Err(Refusal::ReadOnly);
        }
        let value = answer::written(kind, given)?;
        self.accepts(world, instance, &value)?;
        self.set(instance, value);
        Ok(self.done(world))
    }

    /// Fills something in that nobody is asked for, or that is known before anybody is asked.
    pub fn prefill(
        &mut self,
        world: &dyn World,
        address: &str,
        value: &str,
    ) -> Result<Outcome, Refusal> {
        let instance = self.field_at(address)?;
        let value = answer::written(self.kind(instance), value)?;
        self.set(instance, value);
        Ok(self.done(world))
    }

    /// Adds an instance to a repeat, by the address of the repeat without a key.
    pub fn add(&mut self, world: &dyn World, address: &str) -> Result<(String, Outcome), Refusal> {
        let Some(Found::Repeat(parent, repeat)) = address::find(&self.program, &self.tree, address)
        else {
            return Err(Refusal::NoSuchQuestion);
        };
        if self.program.nodes[repeat].count().is_some() {
            return Err(Refusal::Counted);
        }
        let program = Arc::clone(&self.program);
        let added = self.tree.add(&program, parent, repeat, None);
        self.born(world, added);
        self.changed_count(parent, repeat);
        Ok((self.address(added), self.done(world)))
    }

    /// Takes an instance of a repeat away, with all its answers.
    pub fn remove(&mut self, world: &dyn World, address: &str) -> Result<Outcome, Refusal> {
        let Some(Found::Instance(instance)) = address::find(&self.program, &self.tree, address)
        else {
            return Err(Refusal::NoSuchQuestion);
        };
        let repeat = self.tree[instance].node;
        let node = &self.program.nodes[repeat];
        let parent = match self.tree[instance].parent {
            Some(parent) if node.is_repeat() => parent,
            _ => return Err(Refusal::NoSuchQuestion),
        };
        if node.count().is_some() {
            return Err(Refusal::Counted);
        }
        let address = self.address(instance);
        self.outcome.changes.push(Change::Removed { address });
        let program = Arc::clone(&self.program);
        self.tree.remove(&program, instance);
        self.changed_count(parent, repeat);
        Ok(self.done(world))
    }

    /// Notes when the form was finished, for whoever asks for it.
    pub fn finish(&mut self, world: &dyn World) -> Outcome {
        for instance in self.tree.inside(InstanceId::ROOT) {
            let field = self.program.nodes[self.tree[instance].node].field();
            if field.is_some_and(|field| field.kind == Kind::End) {
                self.set(instance, world.now().text());
            }
        }
        self.done(world)
    }

    /// What is answered and asked, by address, in the order of the form.
    #[must_use]
    pub fn values(&self) -> Vec<(String, String)> {
        let all = self.tree.inside(InstanceId::ROOT).into_iter();
        let said = all.filter(|instance| {
            self.tree[*instance].is_relevant && !self.tree[*instance].value.is_empty()
        });
        said.map(|instance| (self.address(instance), self.tree[instance].value.clone()))
            .collect()
    }

    /// What one question says, whether or not it is asked.
    #[must_use]
    pub fn value(&self, address: &str) -> Option<&str> {
        self.field_at(address)
            .ok()
            .map(|instance| self.tree[instance].value.as_str())
    }

    /// What a question asks for, whether or not it is asked now.
    #[must_use]
    pub fn asks_for(&self, address: &str) -> Option<Kind> {
        let instance = self.field_at(address).ok()?;
        Some(self.kind(instance))
    }

    /// What this filling is called in lists.
    #[must_use]
    pub fn name(&self, world: &dyn World) -> Option<String> {
        let expr = self.program.instance_name.as_ref()?;
        self.scope(world, InstanceId::ROOT)
            .text(expr)
            .ok()
            .filter(|name| !name.is_empty())
    }

    fn field_at(&self, address: &str) -> Result<InstanceId, Refusal> {
        match address::find(&self.program, &self.tree, address) {
            Some(Found::Instance(instance))
                if self.program.nodes[self.tree[instance].node]
                    .field()
                    .is_some() =>
            {
                Ok(instance)
            }
            Some(Found::Instance(_) | Found::Repeat(..)) | None => Err(Refusal::NoSuchQuestion),
        }
    }

    fn kind(&self, instance: InstanceId) -> Kind {
        let field = self.program.nodes[self.tree[instance].node].field();
        field.map_or(Kind::Text, |field| field.kind)
    }

    /// Whether nobody may answer: it is said so, or it is computed all the time.
    fn is_read_only(&self, world: &dyn World, instance: InstanceId) -> bool {
        let Some(field) = self.program.nodes[self.tree[instance].node].field() else {
            return true;
        };
        let is_said = field
            .read_only
            .as_ref()
            .map(|expr| self.scope(world, instance).truth(expr));
        let is_computed = field.calculate.is_some() && field.triggers.is_empty();
        is_computed || matches!(is_said, Some(Ok(true) | Err(_))) || !field.kind.is_shown()
    }

    /// Fills in what is known of the world.
    fn fill_in(&mut self, world: &dyn World, instance: InstanceId, kind: Kind) {
        let known = match kind {
            Kind::Start => Some(world.now().text()),
            Kind::Today => Some(world.now().date_text()),
            other => other.property().and_then(|name| world.property(name)),
        };
        if let Some(known) = known {
            self.set(instance, known);
        }
    }

    /// Whether an answer of the right kind is one that is offered.
    fn accepts(&self, world: &dyn World, instance: InstanceId, value: &str) -> Result<(), Refusal> {
        if value.is_empty() {
            return Ok(());
        }
        let Some(field) = self.program.nodes[self.tree[instance].node].field() else {
            return Err(Refusal::NoSuchQuestion);
        };
        if field.kind == Kind::Range {
            let bound = |name: &str| {
                field
                    .parameters
                    .get(name)
                    .and_then(|text| text.parse::<f64>().ok())
            };
            let number: f64 = value.parse().unwrap_or(f64::NAN);
            let (start, end) = (bound("start").unwrap_or(1.0), bound("end").unwrap_or(10.0));
            let is_inside = (start.min(end)..=start.max(end)).contains(&number);
            return is_inside.then_some(()).ok_or(Refusal::OutOfRange);
        }
        match self.offered(world, instance) {
            Ok(Some(offered)) => {
                let stood: Vec<_> = self.tree[instance].value.split_whitespace().collect();
                let all = value.split_whitespace().all(|name| {
                    offered.is_offered(name) || (stood.contains(&name) && offered.may_stay(name))
                });
                let is_one = field.kind != Kind::SelectOne || !value.contains(char::is_whitespace);
                let is_all = field.kind != Kind::Rank
                    || value.split_whitespace().count() == offered.rows().len();
                (all && is_one && is_all)
                    .then_some(())
                    .ok_or(Refusal::NotAChoice)
            }
            Ok(None) => Ok(()),
            Err(_nothing_is_offered) => Err(Refusal::NotAChoice),
        }
    }

    fn address(&self, instance: InstanceId) -> String {
        address::address(&self.program, &self.tree, instance)
    }

    fn take_outcome(&mut self) -> Outcome {
        std::mem::take(&mut self.outcome)
    }
}
