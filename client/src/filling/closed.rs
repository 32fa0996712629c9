//! Questions whose answers can be counted: one of a few choices that the form itself lists.

use std::collections::BTreeMap;

use forms::definition::Kind;
use rusqlite::Connection;
use shared::ipc::{FormChoice, Language};
use uuid::Uuid;

use super::ready::{form, language_for};
use crate::error::Result;

/// A list with more choices says little as a chart.
const CHOICES_MAX: usize = 30;

/// A question whose answers can be counted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Closed {
    /// Its address in records.
    pub(crate) address: String,
    /// What is asked.
    pub(crate) label: String,
    /// What the choices are called, by their names.
    pub(crate) choices: BTreeMap<String, String>,
    /// The same, in the form's order.
    pub(crate) listed: Vec<FormChoice>,
}

/// The questions of a form that can be counted. What the register knows is not among them: a campaign
/// is not there to count who is of which sex.
pub(crate) fn closed(db: &Connection, doc: Uuid, app: Language) -> Result<Vec<Closed>> {
    let Some(form) = form(db, doc)? else {
        return Ok(Vec::new());
    };
    let language = language_for(&form.languages, app).unwrap_or_default();
    let asked = form.questions().into_iter().filter(|it| !it.in_repeat);
    let closed = asked.filter_map(|it| {
        if it.question.kind != Kind::SelectOne || it.question.save_to.is_some() {
            return None;
        }
        let choices = form.choices(it.question, language)?;
        let label = it.item.label.in_language(language, &form.default_language);
        (choices.len() <= CHOICES_MAX).then(|| Closed {
            label: label.unwrap_or(&it.item.name).to_owned(),
            address: it.address,
            listed: choices
                .iter()
                .map(|(value, label)| FormChoice {
                    value: value.clone(),
                    label: label.clone(),
                })
                .collect(),
            choices: choices.into_iter().collect(),
        })
    });
    Ok(closed.collect())
}
