//! What the page asks: everything that is asked now, in order, in the language of the session.

use std::collections::BTreeMap;

use super::{
    Session,
    check::Wrong,
    tree::{InstanceId, Kid},
};
use crate::{
    World,
    definition::Kind,
    program::{Piece, Spoken, node::Shape},
};

/// One line of the page.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// By which it is answered.
    pub address: String,
    /// In how many groups and repeats it stands.
    pub depth: usize,
    /// What people read.
    pub label: String,
    /// What helps them.
    pub hint: String,
    /// How it should look, in the words of XLSForm.
    pub appearance: String,
    /// What it is.
    pub kind: ShownKind,
}

/// What a line of the page is.
#[derive(Clone, PartialEq, Debug)]
pub enum ShownKind {
    /// The heading of a group.
    Group,
    /// A repeat, before its instances.
    Repeat {
        /// How many it has.
        instances: usize,
        /// Whether people add and remove them; otherwise the form counts.
        is_open: bool,
    },
    /// The heading of an instance of a repeat.
    Instance {
        /// Its place, from 1.
        position: usize,
    },
    /// A question.
    Question {
        /// What it asks for.
        kind: Kind,
        /// What is answered.
        value: String,
        /// Whether it must be answered.
        is_required: bool,
        /// Whether it can't be.
        is_read_only: bool,
        /// What is wrong with the answer; that it is missing is told at the end, by
        /// [`Session::check`].
        wrong: Option<Wrong>,
        /// What the form's author says of what is wrong.
        message: Option<String>,
        /// `start`, `end` and `step` of a range, and the like.
        parameters: BTreeMap<String, String>,
        /// Pictures and recordings beside the label.
        media: BTreeMap<String, String>,
    },
}

impl Session {
    /// The whole page.
    #[must_use]
    pub fn view(&self, world: &dyn World) -> Vec<Shown> {
        let mut shown = Vec::new();
        self.show_inside(world, InstanceId::ROOT, 0, &mut shown);
        shown
    }

    /// What is asked inside of one group or instance, or a single question.
    #[must_use]
    pub fn view_of(&self, world: &dyn World, address: &str) -> Vec<Shown> {
        let mut shown = Vec::new();
        if let Some(super::Found::Instance(instance)) =
            super::address::find(&self.program, &self.tree, address)
        {
            self.show(world, instance, 0, &mut shown);
        }
        shown
    }

    fn show_inside(
        &self,
        world: &dyn World,
        instance: InstanceId,
        depth: usize,
        shown: &mut Vec<Shown>,
    ) {
        let node = &self.program.nodes[self.tree[instance].node];
        for child in &node.children {
            let child_node = &self.program.nodes[*child];
            let kid = self.tree.kid(instance, child_node.slot);
            if let Some(Kid::Many { kids, .. }) = kid {
                let prefix = self.address(instance);
                let between = if prefix.is_empty() { "" } else { "/" };
                let asked: Vec<_> = kids
                    .iter()
                    .filter(|kid| self.tree[**kid].is_relevant)
                    .collect();
                let is_open = child_node.count().is_none();
                // A repeat without instances can still be asked, unless all that it has is not.
                if asked.is_empty() && (!kids.is_empty() || !is_open) {
                    continue;
                }
                shown.push(Shown {
                    address: format!("{prefix}{between}{}", child_node.name),
                    depth,
                    label: self.spoken(world, instance, &child_node.label),
                    hint: self.spoken(world, instance, &child_node.hint),
                    appearance: child_node.appearance.clone(),
                    kind: ShownKind::Repeat {
                        instances: asked.len(),
                        is_open,
                    },
                });
                for kid in asked {
                    self.show(world, *kid, depth + 1, shown);
                }
            } else if let Some(Kid::One(kid)) = kid {
                self.show(world, *kid, depth, shown);
            }
        }
    }

    fn show(&self, world: &dyn World, instance: InstanceId, depth: usize, shown: &mut Vec<Shown>) {
        if !self.tree[instance].is_relevant {
            return;
        }
        let node = &self.program.nodes[self.tree[instance].node];
        let kind = match &node.shape {
            Shape::Group => ShownKind::Group,
            Shape::Repeat { .. } => ShownKind::Instance {
                position: self.tree[instance].position,
            },
            Shape::Field(field) if !field.kind.is_shown() => return,
            Shape::Field(field) => {
                let wrong = self
                    .wrong(world, instance)
                    .filter(|wrong| *wrong != Wrong::Required);
                let said = |(kind, words): (&String, &Spoken)| {
                    (kind.clone(), self.spoken(world, instance, words))
                };
                ShownKind::Question {
                    kind: field.kind,
                    value: self.tree[instance].value.clone(),
                    is_required: self.is_required(world, instance),
                    is_read_only: self.is_read_only(world, instance),
                    wrong,
                    message: wrong.and_then(|wrong| self.message(world, instance, wrong)),
                    parameters: field.parameters.clone(),
                    media: field.media.iter().map(said).collect(),
                }
            }
        };
        let is_holding = !matches!(kind, ShownKind::Question { .. });
        shown.push(Shown {
            address: self.address(instance),
            depth,
            label: self.spoken(world, instance, &node.label),
            hint: self.spoken(world, instance, &node.hint),
            appearance: node.appearance.clone(),
            kind,
        });
        if is_holding {
            self.show_inside(world, instance, depth + 1, shown);
        }
    }

    /// Words with the answers in them.
    pub(super) fn spoken(&self, world: &dyn World, instance: InstanceId, words: &Spoken) -> String {
        let pieces = words.in_language(&self.language, &self.program.form.default_language);
        let mut said = String::new();
        for piece in pieces {
            match piece {
                Piece::Words(words) => said.push_str(words),
                // What can't be computed is left out; the outcome of the answer told it already.
                Piece::Value(expr) => {
                    said.push_str(&self.scope(world, instance).text(expr).unwrap_or_default());
                }
            }
        }
        said
    }
}
