//! An expression whose names are numbers.

use super::{ListId, NodeId};
use crate::{functions::Function, table::Column, xpath::ast::Operator};

#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Number(f64),
    Text(String),
    Binary(Operator, Box<Self>, Box<Self>),
    Negate(Box<Self>),
    Path(Path),
    Lookup(Lookup),
    /// What a column says in the row in question.
    Cell(Column),
    /// What the form was answered last time.
    LastSaved(NodeId),
    /// How the choice is called that a question has under this value.
    ChoiceName(NodeId, Box<Self>),
    Call(&'static Function, Vec<Self>),
}

/// A way to nodes of the form.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) from: From,
    pub(crate) steps: Vec<Step>,
}

/// Where a way begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum From {
    /// The node in question: inside brackets the one they stand behind.
    Here,
    /// The question that the expression belongs to.
    Home,
    /// Whatever holds that question and stands for this node.
    Around(NodeId),
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Up,
    Down {
        to: Vec<NodeId>,
        predicates: Vec<Expr>,
    },
}

/// Rows of a list, or what one column of theirs says.
#[derive(Clone, Debug)]
pub(crate) struct Lookup {
    pub(crate) list: ListId,
    pub(crate) filters: Vec<Filter>,
    pub(crate) column: Option<Column>,
}

/// What must hold of a row.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    /// A column equals what does not depend on the row: found by an index.
    Equal(Column, Expr),
    /// Anything else: each row is looked at.
    Holds(Expr),
}
