//! XPath 1.0 as ODK's forms use it: text in, a tree out. What its names stand for in a form is
//! found out later, by [`crate::program`].

pub mod ast;
pub(crate) mod lexer;
pub mod number;
mod parser;

pub use parser::parse;

/// Why a text is no expression, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("at character {at}: {what}")]
pub struct SyntaxError {
    /// Counted from 1, in characters.
    pub at: usize,
    /// What is wrong there.
    pub what: Wrong,
}

/// What can be wrong with the text of an expression.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Wrong {
    /// Nothing is there.
    #[error("the expression is empty")]
    Empty,
    /// A character that begins nothing.
    #[error("{0:?} is not understood here")]
    Character(char),
    /// A text in quotes has no end.
    #[error("a quote is opened and never closed")]
    OpenQuote,
    /// A `${` without its `}`, or with nothing in it.
    #[error("${{ needs a name and a closing brace")]
    Reference,
    /// Something else was to come.
    #[error("{found} instead of {expected}")]
    Expected {
        /// What could have come.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// It ends too early.
    #[error("the expression ends where {0} is expected")]
    Ends(&'static str),
    /// Part of XPath that ODK's forms don't have.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// Brackets in brackets without end.
    #[error("brackets are nested too deeply")]
    TooDeep,
}
