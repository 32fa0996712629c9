//! Comparisons (XPath 1.0 §3.4): with nodes they hold if any node makes them hold.

use std::collections::HashSet;

use super::{Scope, Spot, Value};
use crate::xpath::{ast::Operator, number::number_of};

/// From so many nodes on, on both sides, equality is found by hashing.
const MANY: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) fn of(operator: Operator) -> Option<Self> {
        Some(match operator {
            Operator::Equal => Self::Equal,
            Operator::NotEqual => Self::NotEqual,
            Operator::Less => Self::Less,
            Operator::LessOrEqual => Self::LessOrEqual,
            Operator::Greater => Self::Greater,
            Operator::GreaterOrEqual => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// The same with its sides exchanged.
    fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }

    #[expect(clippy::float_cmp, reason = "XPath compares numbers exactly")]
    fn numbers(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }

    fn texts(self, left: &str, right: &str) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            _ => self.numbers(number_of(left), number_of(right)),
        }
    }

    fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

impl Scope<'_> {
    pub(super) fn compare(&self, by: Comparison, left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Nodes(left), Value::Nodes(right)) => self.nodes_with_nodes(by, left, right),
            (Value::Nodes(nodes), other) => self.nodes_with(by, nodes, other),
            (other, Value::Nodes(nodes)) => self.nodes_with(by.turned(), nodes, other),
            (Value::Truth(_), _) | (_, Value::Truth(_)) if by.is_equality() => by.numbers(
                u8::from(left.truth()).into(),
                u8::from(right.truth()).into(),
            ),
            (Value::Text(left), Value::Text(right)) => by.texts(left, right),
            _ => by.numbers(self.number_of(left), self.number_of(right)),
        }
    }

    fn nodes_with(&self, by: Comparison, nodes: &[Spot], other: &Value) -> bool {
        match other {
            Value::Truth(truth) => {
                by.numbers(u8::from(!nodes.is_empty()).into(), u8::from(*truth).into())
            }
            Value::Number(number) => nodes
                .iter()
                .any(|node| by.numbers(number_of(self.says(*node)), *number)),
            Value::Text(text) => nodes.iter().any(|node| by.texts(self.says(*node), text)),
            Value::Nodes(others) => self.nodes_with_nodes(by, nodes, others),
        }
    }

    fn nodes_with_nodes(&self, by: Comparison, left: &[Spot], right: &[Spot]) -> bool {
        if by == Comparison::Equal && left.len() > MANY && right.len() > MANY {
            let texts: HashSet<&str> = right.iter().map(|node| self.says(*node)).collect();
            return left.iter().any(|node| texts.contains(self.says(*node)));
        }
        left.iter().any(|left| {
            let left = self.says(*left);
            right.iter().any(|right| by.texts(left, self.says(*right)))
        })
    }
}
