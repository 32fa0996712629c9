//! What a form is, as a document that hub and device hold: questions in order, lists of choices,
//! words in each language, and expressions as their author wrote them, `${name}` and all. It says
//! how a form is asked and nothing of any answer. A version of a form never changes.

mod item;
mod kind;
mod questions;
mod words;

use serde::{Deserialize, Serialize};

pub use item::{Choices, Item, Question, Shape, Source};
pub use kind::Kind;
pub use questions::{Asked, without_places};
pub use words::Words;

use crate::Table;

/// The shape of this document. A program that reads a higher one refuses the form.
pub const FORMAT: u32 = 1;

/// One version of a form.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Form {
    /// See [`FORMAT`].
    pub format: u32,
    /// Names the form through all its versions.
    pub id: String,
    /// Whatever its author calls this version.
    pub version: String,
    /// What people call the form.
    pub title: Words,
    /// The name at the head of absolute paths, `data` unless the author chose another.
    pub root: String,
    /// Languages in the order of their columns; empty when the form has one, unnamed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The language to begin in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub default_language: String,
    /// What names a filled form in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_name: Option<String>,
    /// It is filled in about the same again and again, and mostly nothing has changed since: a filling
    /// may begin with the last one's answers, and be finished as it was in one press.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unchanged: bool,
    /// What a person is told before they are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// For how many days what was filled in is kept; without, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// Groups, repeats and questions.
    pub items: Vec<Item>,
    /// The lists of choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<List>,
    /// Lists that come beside the form, by the names of their files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// What of the answers is kept as records of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
}

/// What a person is told before they are asked, once for each purpose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// What the answers are for.
    pub purpose: Words,
    /// Who gets them, for how long, and what the person may ask for.
    pub text: Words,
}

/// A list of choices: a table with the columns `name` and `label`, or `label::` and a language,
/// and whatever else its author filters by.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct List {
    /// As `select_one` names it.
    pub name: String,
    /// Its choices.
    pub rows: Table,
}

/// What an entity declaration says (ODK XForms, "Entities"); `save_to` of a question names the
/// property it fills.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// The kind of record.
    pub list: String,
    /// The name of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Which record, when an old one is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether a record is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_if: Option<String>,
    /// Whether a record is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_if: Option<String>,
}
