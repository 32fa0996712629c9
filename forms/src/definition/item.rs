//! One line of a form: a question, or a group or repeat with what is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Kind, Words};

/// What groups, repeats and questions have in common.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Unique among its neighbours.
    pub name: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub label: Words,
    /// What helps them.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub hint: Words,
    /// How the page should show it, in the words of XLSForm.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub appearance: String,
    /// When it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// What it is.
    #[serde(flatten)]
    pub shape: Shape,
}

/// What a line of a form is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Shape {
    /// Several under one heading.
    Group {
        /// What is in it.
        items: Vec<Item>,
    },
    /// A group that is filled any number of times.
    Repeat {
        /// What is in each.
        items: Vec<Item>,
        /// How many there are; without it, whoever fills the form says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<String>,
    },
    /// A single value.
    Question(Box<Question>),
}

/// A question, or a field that is filled by itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// What it asks for.
    pub kind: Kind,
    /// What it is calculated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calculate: Option<String>,
    /// The questions upon whose change, and only then, it is calculated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trigger: Vec<String>,
    /// What it begins with: words, or an expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether it must be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// What is said when it is not.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub required_message: Words,
    /// What must hold of an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
    /// What is said when it does not.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub constraint_message: Words,
    /// Whether it can't be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only: Option<String>,
    /// From what it is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Choices>,
    /// `start`, `end` and `step` of a range, and what else XLSForm lets a question say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Pictures and recordings beside the label, by `image`, `audio` and `video`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub media: BTreeMap<String, Words>,
    /// The property of an entity that it fills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save_to: Option<String>,
}

impl Question {
    /// A question with nothing said of it.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            calculate: None,
            trigger: Vec::new(),
            default: None,
            required: None,
            required_message: Words::default(),
            constraint: None,
            constraint_message: Words::default(),
            read_only: None,
            choices: None,
            parameters: BTreeMap::new(),
            media: BTreeMap::new(),
            save_to: None,
        }
    }
}

/// What a question can be answered with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Choices {
    /// Where the choices stand.
    #[serde(flatten)]
    pub from: Source,
    /// Which of them are offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Whether they are offered in random order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub randomize: bool,
    /// What makes that order the same again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
}

/// Where choices stand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// In a list of the form.
    List(String),
    /// In a file beside it.
    File {
        /// The file's name.
        name: String,
        /// The column that is kept.
        value: String,
        /// The column that is read.
        label: String,
    },
}
