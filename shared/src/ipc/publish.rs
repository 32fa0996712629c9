//! 发布表单: a workbook is chosen, checked on the desk, and published by the hub.

use serde::{Deserialize, Serialize};

/// Hands in a piece of a file: a workbook, which begins anew, or a list for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutFormChunk {
    /// Tells this attempt from all others since the app started.
    pub upload: String,
    /// What the file is called, with its ending.
    pub file: String,
    /// Where the piece begins.
    pub offset: u64,
    /// Bytes of the file.
    pub total: u64,
    /// The piece, in base 64.
    pub data: String,
}

/// How far the file is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FormUpload {
    /// More is expected.
    Receiving {
        /// So many bytes are here.
        received: u64,
    },
    /// The file is here, and this is what comes of all that is.
    Checked {
        /// What was found.
        check: Box<FormCheck>,
    },
}

/// What comes of a workbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormCheck {
    /// The form, unless there are mistakes.
    pub form: Option<CheckedForm>,
    /// Lists that it needs.
    pub lists: Vec<NeededList>,
    /// What is wrong, in the order of the sheets.
    pub mistakes: Vec<FormMistake>,
    /// What is passed over.
    pub warnings: Vec<FormMistake>,
}

impl FormCheck {
    /// Whether it can be published.
    pub fn is_ready(&self) -> bool {
        self.form.is_some() && self.lists.iter().all(|list| list.is_here)
    }
}

/// A form that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckedForm {
    /// Its author's name for it, through all versions.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The same in English; the same words where its author wrote none.
    pub title_en: String,
    /// What its author calls the version; empty: it is made of what the form says.
    pub version: String,
    /// How many questions it has.
    pub questions: u32,
    /// The languages it is asked in; empty: one, without a name.
    pub languages: Vec<String>,
    /// For how many days what is filled in is kept; `None`: without an end.
    pub retention_days: Option<u32>,
    /// The version that is there now; `None`: the form is new.
    pub there: Option<String>,
}

/// A list beside the workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeededList {
    /// What its file is called.
    pub file: String,
    /// It was handed in.
    pub is_here: bool,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormMistake {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1, as the spreadsheet counts.
    pub row: Option<u32>,
    /// The column, by its heading.
    pub column: Option<String>,
    /// What.
    pub fault: FormFault,
    /// What stands there, or what it is about.
    pub given: String,
    /// What was perhaps meant.
    pub near: Option<String>,
}

/// What can be wrong with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormFault {
    /// There is no such sheet.
    NoSheet,
    /// The column is missing.
    NoColumn,
    /// The column is there twice.
    ColumnTwice,
    /// The column means nothing to forms.
    UnknownColumn,
    /// There is no such type of question.
    UnknownType,
    /// It exists elsewhere and is not supported here.
    Unsupported,
    /// It is passed over.
    PassedOver,
    /// A cell that must say something is empty.
    Empty,
    /// It is no name.
    NoName,
    /// Which list is missing.
    NoListNamed,
    /// There is no such list.
    NoList,
    /// Two choices of a list have one name.
    ChoiceTwice,
    /// The name of a choice has a space in it.
    ChoiceWithSpace,
    /// A group that never ends.
    NeverEnds,
    /// Groups are nested too deeply.
    TooDeep,
    /// An end without a beginning.
    NeverBegan,
    /// It is no parameter.
    Parameter,
    /// Files of this kind can't be read.
    FileKind,
    /// There is no sheet `entities` to save to.
    NoEntities,
    /// It is neither yes nor no.
    YesOrNo,
    /// It is no number of days.
    Days,
    /// It is no expression.
    Syntax,
    /// There is nothing of this name.
    NoSuchName,
    /// More than one question has this name.
    Ambiguous,
    /// The name is taken.
    NameTaken,
    /// There is no such function.
    NoSuchFunction,
    /// Too many or too few arguments.
    Arguments,
    /// An argument must be written out.
    Literal,
    /// A list has no such column.
    NoSuchColumn,
    /// A file is missing.
    FileMissing,
    /// `..` at the top.
    AboveTheForm,
    /// A pattern that can't be read.
    Pattern,
    /// What is no question is waited for.
    NoQuestion,
    /// Values that need each other.
    Circle,
    /// It is for a newer program.
    Newer,
}

/// Publishes the form that was checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishForm {}

/// It is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormPublished {
    /// Its version.
    pub version: String,
    /// It was not there before.
    pub is_new: bool,
}

/// Lets go of the form that was checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropForm {}

/// Why a file is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishTrouble {
    /// Only clerks, dispatchers, leaders and administrators publish forms.
    NotYourRole,
    /// Workbook and lists are more than a desk hands in.
    TooLarge,
    /// No workbook, or one that is damaged, of the old format or with a password.
    NoWorkbook,
    /// A list comes after the workbook that needs it.
    WorkbookFirst,
    /// A list that can't be read.
    NoList,
    /// There are mistakes, or lists are missing.
    NotReady,
    /// This version is there already and says something else.
    VersionTaken,
}
