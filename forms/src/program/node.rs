//! A place in a form where a value, a group or a repeat stands.

use std::collections::BTreeMap;

use super::{
    ListId, Spoken,
    expr::{Expr, Filter},
};
use crate::{arena::id, definition::Kind, table::Column};

id! {
    /// A node, numbered as the form is read, so that what is inside of it follows it.
    pub(crate) NodeId
}

impl NodeId {
    /// The node above all.
    pub(crate) const ROOT: Self = Self(0);
}

/// A node with what is said of it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) parent: Option<NodeId>,
    /// Its place among its neighbours.
    pub(crate) slot: usize,
    pub(crate) children: Vec<NodeId>,
    /// The first node that is not inside.
    pub(crate) end: NodeId,
    pub(crate) label: Spoken,
    pub(crate) hint: Spoken,
    pub(crate) appearance: String,
    pub(crate) relevant: Option<Expr>,
    pub(crate) shape: Shape,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Group,
    Repeat { count: Option<Expr> },
    Field(Box<Field>),
}

impl Node {
    pub(crate) fn is_repeat(&self) -> bool {
        matches!(self.shape, Shape::Repeat { .. })
    }

    pub(crate) fn field(&self) -> Option<&Field> {
        match &self.shape {
            Shape::Field(field) => Some(field),
            Shape::Group | Shape::Repeat { .. } => None,
        }
    }

    pub(crate) fn count(&self) -> Option<&Expr> {
        match &self.shape {
            Shape::Repeat { count } => count.as_ref(),
            Shape::Group | Shape::Field(_) => None,
        }
    }
}

/// A single value.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) kind: Kind,
    pub(crate) calculate: Option<Expr>,
    /// Whether it is calculated only when one of these changes.
    pub(crate) triggers: Vec<NodeId>,
    pub(crate) default: Default,
    pub(crate) required: Option<Expr>,
    pub(crate) required_message: Spoken,
    pub(crate) constraint: Option<Expr>,
    pub(crate) constraint_message: Spoken,
    pub(crate) read_only: Option<Expr>,
    pub(crate) choices: Option<Offer>,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) media: BTreeMap<String, Spoken>,
}

/// What a field begins with.
#[derive(Debug)]
pub(crate) enum Default {
    Empty,
    Text(String),
    Computed(Expr),
}

/// What a question can be answered with.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) list: ListId,
    pub(crate) filters: Vec<Filter>,
    pub(crate) value: Column,
    pub(crate) labels: Labels,
    pub(crate) shuffle: Shuffle,
}

/// In which order choices are offered.
#[derive(Debug)]
pub(crate) enum Shuffle {
    No,
    /// The same for all the life of the session.
    Random,
    Seeded(Expr),
}

/// The columns that are read, by language.
#[derive(Clone, Debug)]
pub(crate) struct Labels(pub(crate) BTreeMap<String, Column>);

impl Labels {
    pub(crate) fn in_language(&self, language: &str, default: &str) -> Option<Column> {
        let of = |language| self.0.get(language);
        of(language)
            .or_else(|| of(""))
            .or_else(|| of(default))
            .or_else(|| self.0.values().next())
            .copied()
    }
}
