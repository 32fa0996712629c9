//! 采集记录: a form that was filled in. Every survey is one; vaccination and nucleic acid tests are
//! forms, not tables. A record never changes; a correction is another one that replaces it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Action, DocRef, Extra, GridCode, Op, PhotoRef, RecordId, Timestamp, case::Signed,
    made_once::MadeOnce,
};

/// The most answers one record may have.
pub const VALUES_MAX: usize = 20_000;

/// The most photos one record may have.
pub const PHOTOS_MAX: usize = 40;

/// What was filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Filled {
    /// Which form, in which version.
    pub form: FormVersion,
    /// Whom or what it is about: a resident, household, dwelling or place of the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<DocRef>,
    /// The grid in whose feed it stands; one of the author's own.
    pub grid: GridCode,
    /// When the first question was asked.
    pub begun_at: Timestamp,
    /// When it was finished.
    pub finished_at: Timestamp,
    /// What it is called in lists; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What was asked and answered, in the order of the form.
    pub values: Vec<Given>,
    /// Photos that were taken for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoRef>,
    /// The record that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<RecordId>,
    /// What the person was told before they were asked, if it was in this filling that they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// 告知: that somebody was told what their answers are for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Told {
    /// What for, in the words of the form. Nobody is told twice for the same.
    pub purpose: String,
    /// The guardian of a child, who was told in their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<String>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One version of one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormVersion {
    /// The id of its document.
    pub doc: Uuid,
    /// Its author's name for the form.
    pub id: String,
    /// Its author's name for the version.
    pub version: String,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Given {
    /// Of which question, for example `household/member[3]/age`.
    pub address: String,
    /// What it says.
    pub value: String,
}

/// The body of a record's document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// Who filled it in, and when.
    pub recorded: Signed,
    /// What.
    pub filled: Filled,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl MadeOnce for Record {
    fn made(op: &Op, signed: Signed) -> Option<Self> {
        match &op.action {
            Action::Record(filled) => Some(Self {
                recorded: signed,
                filled: (**filled).clone(),
                extra: Extra::default(),
            }),
            _ => None,
        }
    }

    fn signed(&self) -> &Signed {
        &self.recorded
    }

    fn grid(&self) -> &GridCode {
        &self.filled.grid
    }
}

impl Filled {
    /// Every text a person entered. Of all answers only the longest can be too long.
    pub fn texts(&self) -> Vec<&str> {
        let values = self.values.iter().map(|it| it.value.as_str());
        let told = self.told.iter();
        let told = told.flat_map(|it| [Some(&it.purpose), it.guardian.as_ref()]);
        let told = told.flatten().map(String::as_str);
        values.chain([self.name.as_str()]).chain(told).collect()
    }
}
