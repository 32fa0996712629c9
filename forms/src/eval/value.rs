//! What an expression can be (XPath 1.0 §1): a truth, a number, a text, or nodes.

use crate::{
    program::ListId,
    session::tree::InstanceId,
    table::{Column, Row},
};

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    Truth(bool),
    Number(f64),
    Text(String),
    Nodes(Vec<Spot>),
}

/// A node: of the form, or of a list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Spot {
    Instance(InstanceId),
    Row(ListId, Row),
    Cell(ListId, Row, Column),
}

impl Value {
    /// XPath 1.0 §4.3, `boolean`.
    pub(crate) fn truth(&self) -> bool {
        match self {
            Self::Truth(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Nodes(nodes) => !nodes.is_empty(),
        }
    }
}
