//! Evaluates an expression where a question stands (XPath 1.0 §3, ODK XForms "XPath").

mod compare;
mod lookup;
mod path;
mod value;

pub(crate) use value::{Spot, Value};

use std::collections::BTreeMap;

use crate::{
    Program, World,
    civil::Names,
    program::{
        NodeId,
        expr::{Expr, From},
    },
    session::tree::{InstanceId, Tree},
    xpath::{
        ast::Operator,
        number::{count, number_of, text_of},
    },
};

/// Why an expression has no value. What stands in the form then is empty, and the form says so.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// A text that should be a date.
    #[error("{0:?} is no date")]
    NoDate(String),
    /// A letter that `format-date` doesn't know.
    #[error("%{0} is no part of a date")]
    NoDatePart(char),
    /// A pattern that can't be read, or would take too long.
    #[error("{0:?} is no pattern")]
    NoPattern(String),
    /// A single value where nodes were asked for.
    #[error("{0}() needs nodes, not a value")]
    NotNodes(&'static str),
    /// Places that can't be read.
    #[error("{0:?} is no place")]
    NoPlace(String),
    /// A digest or encoding that forms don't have.
    #[error("there is no digest or encoding {0:?}")]
    NoDigest(String),
    /// Base 64 that is none, or no text.
    #[error("no text in base 64")]
    NoBase64,
    /// More instances of a repeat than a session will make.
    #[error("a repeat of {0} instances")]
    TooMany(i64),
    /// Lists that should have one length.
    #[error("{0}() needs as many weights as values")]
    Unpaired(&'static str),
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) program: &'a Program,
    pub(crate) tree: &'a Tree,
    pub(crate) world: &'a dyn World,
    pub(crate) language: &'a str,
    /// What the form was answered last time, by node.
    pub(crate) last_saved: &'a BTreeMap<NodeId, String>,
    /// The question that the expression belongs to.
    pub(crate) home: InstanceId,
    /// The node in question; in brackets another one than home.
    pub(crate) here: Spot,
    /// Its place among those that the brackets choose from, from 1, and how many there are.
    pub(crate) position: usize,
    pub(crate) size: usize,
}

impl<'a> Scope<'a> {
    pub(crate) fn eval(&self, expr: &Expr) -> Result<Value, Fault> {
        Ok(match expr {
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Binary(Operator::Or, left, right) => {
                Value::Truth(self.truth(left)? || self.truth(right)?)
            }
            Expr::Binary(Operator::And, left, right) => {
                Value::Truth(self.truth(left)? && self.truth(right)?)
            }
            Expr::Binary(Operator::Union, left, right) => {
                let mut spots = self.nodes(left, "|")?;
                spots.extend(self.nodes(right, "|")?);
                spots.sort_unstable();
                spots.dedup();
                Value::Nodes(self.in_order(spots))
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right)?,
            Expr::Negate(inner) => Value::Number(-self.number(inner)?),
            Expr::Path(path) => Value::Nodes(self.walk(path)?),
            Expr::Lookup(lookup) => Value::Nodes(self.look_up(lookup)?),
            Expr::Cell(column) => match self.here {
                Spot::Row(list, row) => Value::Nodes(vec![Spot::Cell(list, row, *column)]),
                Spot::Instance(_) | Spot::Cell(..) => Value::Nodes(Vec::new()),
            },
            Expr::LastSaved(node) => {
                Value::Text(self.last_saved.get(node).cloned().unwrap_or_default())
            }
            Expr::ChoiceName(node, value) => {
                Value::Text(self.choice_name(*node, &self.text(value)?))
            }
            Expr::Call(function, arguments) => (function.call)(self, arguments)?,
        })
    }

    fn binary(&self, operator: Operator, left: &Expr, right: &Expr) -> Result<Value, Fault> {
        if let Some(comparison) = compare::Comparison::of(operator) {
            let (left, right) = (self.eval(left)?, self.eval(right)?);
            return Ok(Value::Truth(self.compare(comparison, &left, &right)));
        }
        let (left, right) = (self.number(left)?, self.number(right)?);
        Ok(Value::Number(match operator {
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Times => left * right,
            Operator::Div => left / right,
            // The sign of the dividend, as in Java (XPath 1.0 §3.5).
            _ => left % right,
        }))
    }

    pub(crate) fn truth(&self, expr: &Expr) -> Result<bool, Fault> {
        Ok(self.eval(expr)?.truth())
    }

    pub(crate) fn number(&self, expr: &Expr) -> Result<f64, Fault> {
        Ok(self.number_of(&self.eval(expr)?))
    }

    pub(crate) fn text(&self, expr: &Expr) -> Result<String, Fault> {
        Ok(self.text_of(&self.eval(expr)?))
    }

    /// The nodes an expression stands for; a plain value is none.
    pub(crate) fn nodes(&self, expr: &Expr, function: &'static str) -> Result<Vec<Spot>, Fault> {
        match self.eval(expr)? {
            Value::Nodes(nodes) => Ok(nodes),
            Value::Truth(_) | Value::Number(_) | Value::Text(_) => Err(Fault::NotNodes(function)),
        }
    }

    pub(crate) fn number_of(&self, value: &Value) -> f64 {
        match value {
            Value::Number(number) => *number,
            Value::Truth(truth) => f64::from(u8::from(*truth)),
            Value::Text(text) => number_of(text),
            Value::Nodes(nodes) => nodes
                .first()
                .map_or(f64::NAN, |node| number_of(self.says(*node))),
        }
    }

    pub(crate) fn text_of(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => text_of(*number),
            Value::Truth(truth) => truth.to_string(),
            Value::Nodes(nodes) => nodes.first().map_or("", |node| self.says(*node)).to_owned(),
        }
    }

    /// What stands at a spot.
    pub(crate) fn says(&self, spot: Spot) -> &'a str {
        match spot {
            Spot::Instance(instance) => &self.tree[instance].value,
            Spot::Row(..) => "",
            Spot::Cell(list, row, column) => self.program.lists[list].table.cell(row, column),
        }
    }

    /// Nodes of the form in the order of the form, rows in theirs.
    fn in_order(&self, mut spots: Vec<Spot>) -> Vec<Spot> {
        spots.sort_by_cached_key(|spot| match spot {
            Spot::Instance(instance) => (self.tree.place(*instance), None),
            other => (Vec::new(), Some(*other)),
        });
        spots
    }

    /// The same question, another node in question.
    pub(crate) fn at(self, here: Spot, position: usize, size: usize) -> Self {
        Self {
            here,
            position,
            size,
            ..self
        }
    }

    pub(crate) fn names(&self) -> Names {
        let is_chinese = ["zh", "中文", "汉语"]
            .iter()
            .any(|name| self.language.contains(name));
        if is_chinese {
            Names::Chinese
        } else {
            Names::English
        }
    }

    /// The place of an instance among its like, from 1.
    pub(crate) fn position_of(&self, spot: Spot) -> f64 {
        match spot {
            Spot::Instance(instance) => count(self.tree[instance].position),
            Spot::Row(..) | Spot::Cell(..) => 1.0,
        }
    }

    /// What a choice is called, in the language of the session.
    pub(crate) fn choice_name(&self, node: NodeId, value: &str) -> String {
        let Some(offer) = self.program.nodes[node]
            .field()
            .and_then(|field| field.choices.as_ref())
        else {
            return String::new();
        };
        let table = &self.program.lists[offer.list].table;
        let label = offer
            .labels
            .in_language(self.language, &self.program.form.default_language);
        let row = table.rows_with(offer.value, value).first().copied();
        match (row, label) {
            (Some(row), Some(label)) => table.cell(row, label).to_owned(),
            _ => String::new(),
        }
    }

    fn begin(&self, from: From) -> Option<InstanceId> {
        match from {
            From::Home => Some(self.home),
            From::Here => match self.here {
                Spot::Instance(instance) => Some(instance),
                Spot::Row(..) | Spot::Cell(..) => None,
            },
            From::Around(node) => self.tree.around(self.home, node),
        }
    }
}
