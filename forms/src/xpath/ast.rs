//! An expression as it is written (XPath 1.0, §2 and §3).

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Ast {
    /// A number.
    Number(f64),
    /// A text in quotes.
    Text(String),
    /// Two operands.
    Binary(Operator, Box<Self>, Box<Self>),
    /// A minus before its operand.
    Negate(Box<Self>),
    /// A function with its arguments.
    Call(Call),
    /// A way to nodes.
    Path(Path),
}

/// A function with its arguments.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// With its prefix, as `jr:choice-name`.
    pub name: String,
    /// In order.
    pub arguments: Vec<Ast>,
    /// Where it stands, in characters from 1.
    pub at: usize,
}

/// A way to nodes.
#[derive(Clone, PartialEq, Debug)]
pub struct Path {
    /// Where it begins.
    pub start: Start,
    /// What holds of that beginning, in brackets.
    pub predicates: Vec<Ast>,
    /// Where it goes.
    pub steps: Vec<Step>,
    /// Where it stands, in characters from 1.
    pub at: usize,
}

/// Where a path begins.
#[derive(Clone, PartialEq, Debug)]
pub enum Start {
    /// `/`: above everything.
    Top,
    /// The node in question.
    Here,
    /// `${name}`
    Reference(String),
    /// `${last-saved#name}`
    LastSaved(String),
    /// What a function answers, as `instance('cities')` or `current()`.
    Call(Call),
}

/// One step of a path.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Which way.
    pub axis: Axis,
    /// What holds of the nodes, in brackets.
    pub predicates: Vec<Ast>,
}

/// Which way a step goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Axis {
    /// `name`
    Child(String),
    /// `*`
    AnyChild,
    /// `//name`
    Descendant(String),
    /// `..`
    Parent,
    /// `.`
    Same,
}

/// What stands between two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the operators of XPath 1.0 under their names")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Div,
    Mod,
    Union,
}
