//! What is wrong with a workbook, and where. The words for it are the page's.

use super::grid::Grid;
use crate::program;

/// Something wrong, or passed over.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{sheet}{}{}: {what}",
    .row.map_or_else(String::new, |row| format!(", row {row}")),
    .column.as_ref().map_or_else(String::new, |column| format!(", column {column:?}")))]
pub struct Mistake {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1, as the spreadsheet counts.
    pub row: Option<u32>,
    /// The column, by its heading.
    pub column: Option<String>,
    /// What.
    #[source]
    pub what: What,
}

impl Mistake {
    pub(super) fn of_sheet(sheet: &str, what: What) -> Self {
        Self {
            sheet: sheet.to_owned(),
            row: None,
            column: None,
            what,
        }
    }

    pub(super) fn at(grid: &Grid, row: u32, column: &str, what: What) -> Self {
        Self {
            sheet: grid.name.clone(),
            row: Some(row),
            column: Some(grid.written(column)),
            what,
        }
    }
}

/// What can be wrong with a workbook.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum What {
    /// There is no such sheet.
    #[error("the sheet is missing")]
    NoSheet,
    /// A sheet lacks a column that it must have.
    #[error("the column is missing")]
    NoColumn,
    /// Two columns say the same thing.
    #[error("the column is there twice")]
    ColumnTwice,
    /// A column that means nothing to forms; it is passed over.
    #[error("the column is not known{}", meant(.near.as_deref()))]
    UnknownColumn {
        /// What was perhaps meant.
        near: Option<String>,
    },
    /// There is no such type of question.
    #[error("there is no type {given:?}{}", meant(.near.as_deref()))]
    UnknownType {
        /// As it is written.
        given: String,
        /// What was perhaps meant.
        near: Option<String>,
    },
    /// A type that exists elsewhere.
    #[error("{0:?} is not supported")]
    UnsupportedType(String),
    /// Something that only makes a form nicer; it is passed over.
    #[error("{0:?} is passed over")]
    PassedOver(String),
    /// A cell that must say something is empty.
    #[error("it is empty")]
    Empty,
    /// A name that is none: letters, digits, `_`, `-` and `.`, a letter first.
    #[error("{0:?} is no name")]
    NoName(String),
    /// A type that needs a list says none.
    #[error("which list is missing")]
    NoListNamed,
    /// There is no such list in the sheet of choices.
    #[error("there is no list {given:?}{}", meant(.near.as_deref()))]
    NoList {
        /// As it is written.
        given: String,
        /// What was perhaps meant.
        near: Option<String>,
    },
    /// Two choices of a list have one name.
    #[error("the list has {0:?} twice")]
    ChoiceTwice(String),
    /// A name of a choice with a space, where several choices are told by spaces.
    #[error("{0:?} has a space in it, and several can be chosen")]
    ChoiceWithSpace(String),
    /// A group or repeat that never ends.
    #[error("what begins here never ends")]
    NeverEnds,
    /// Groups in groups without end.
    #[error("groups are nested too deeply")]
    TooDeep,
    /// An end without a beginning, or of something else.
    #[error("what ends here never began")]
    NeverBegan,
    /// A parameter that is none.
    #[error("{0:?} is no parameter; write name=value")]
    Parameter(String),
    /// A file of a kind that can't be read.
    #[error("{0:?}: only CSV files can be read")]
    FileKind(String),
    /// A property of an entity, but no entities.
    #[error("there is no sheet entities to save to")]
    NoEntities,
    /// Something other than yes or no.
    #[error("{0:?} is neither yes nor no")]
    YesOrNo(String),
    /// No number of days.
    #[error("{0:?} is no whole number of days from 1 to 36500")]
    Days(String),
    /// What is wrong with the form that the workbook makes.
    #[error("{0}")]
    Form(#[from] program::What),
}

fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; is {near:?} meant?"))
}
