//! What keeps a form from being filled, and where. The words for it are the page's.

use crate::xpath::SyntaxError;

/// Something wrong with a form.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what}")]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    #[source]
    pub what: What,
}

/// Where in a form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The how-manieth item, counted from 0 as they are read; none for the form as a whole. For the
    /// parts of an entity, the how-manieth entity.
    pub item: Option<usize>,
    /// Which of the things said there.
    pub part: Part,
}

/// Things said of a form or an item; XLSForm has a column for each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "the columns of XLSForm under their names")]
pub enum Part {
    Type,
    Name,
    Label,
    Hint,
    Relevant,
    Calculate,
    Trigger,
    Default,
    Required,
    RequiredMessage,
    Constraint,
    ConstraintMessage,
    ReadOnly,
    Filter,
    Seed,
    Count,
    InstanceName,
    EntityLabel,
    EntityId,
    EntityCreate,
    EntityUpdate,
    Parameters,
}

/// What can be wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum What {
    /// It is no expression.
    #[error("{0}")]
    Syntax(#[from] SyntaxError),
    /// There is nothing of this name.
    #[error("there is no {name:?}{}", .near.as_ref().map_or_else(String::new, |near| format!("; is {near:?} meant?")))]
    NoSuchName {
        /// As it is written.
        name: String,
        /// What is there and nearly so called.
        near: Option<String>,
    },
    /// More than one thing has this name.
    #[error("{0:?} stands for more than one question")]
    Ambiguous(String),
    /// Two neighbours have one name.
    #[error("the name {0:?} is taken")]
    NameTaken(String),
    /// There is no such function.
    #[error("there is no function {0}()")]
    NoSuchFunction(String),
    /// It has too many or too few arguments.
    #[error("{name}() with {given} arguments")]
    Arguments {
        /// The function.
        name: String,
        /// How many it was given.
        given: usize,
    },
    /// An argument must be written out, as text in quotes or a path.
    #[error("{name}() needs {expected} as argument {argument}")]
    Literal {
        /// The function.
        name: String,
        /// Which argument, from 1.
        argument: usize,
        /// What it must be.
        expected: &'static str,
    },
    /// There is no such list.
    #[error("there is no list {0:?}")]
    NoSuchList(String),
    /// A list has no such column.
    #[error("the list {list:?} has no column {column:?}")]
    NoSuchColumn {
        /// The list.
        list: String,
        /// The column.
        column: String,
    },
    /// A file that the form needs is not there.
    #[error("the file {0:?} is missing")]
    FileMissing(String),
    /// `..` at the top.
    #[error("`..` leads out of the form")]
    AboveTheForm,
    /// What XPath has and forms don't.
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// A pattern of `regex` that can't be read, or would grow too large.
    #[error("{0:?} is no pattern")]
    Pattern(String),
    /// Only a question's change can be waited for.
    #[error("{0:?} is no question, its value never changes by an answer")]
    NoQuestion(String),
    /// Values that need each other.
    #[error("these need each other in a circle: {}", .0.join(" → "))]
    Circle(Vec<String>),
    /// The form's shape is of a later program.
    #[error("format {0} is newer than this program")]
    Newer(u32),
}
