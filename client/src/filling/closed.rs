//! Questions whose answers can be counted: one of a few choices that the form itself lists.

use std::collections::BTreeMap;

use forms::{
    Form,
    definition::{Item, Kind, Question, Shape, Source, Words},
};
use rusqlite::Connection;
use shared::ipc::Language;
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
}

/// The questions of a form that can be counted. What the register knows is not among them: a campaign
/// is not there to count who is of which sex.
pub(crate) fn closed(db: &Connection, doc: Uuid, app: Language) -> Result<Vec<Closed>> {
    let Some(form) = form(db, doc)? else {
        return Ok(Vec::new());
    };
    let language = language_for(&form.languages, app).unwrap_or_default();
    let said = |words: &Words| {
        let said = words.in_language(language, &form.default_language);
        said.map(str::to_owned)
    };
    let mut found = Vec::new();
    walk(&form.items, "", &mut |address, item, question| {
        let Some(choices) = choices(&form, question, language) else {
            return;
        };
        found.push(Closed {
            label: said(&item.label).unwrap_or_else(|| item.name.clone()),
            address,
            choices,
        });
    });
    Ok(found)
}

fn walk(items: &[Item], inside: &str, each: &mut impl FnMut(String, &Item, &Question)) {
    for item in items {
        let address = match inside {
            "" => item.name.clone(),
            inside => format!("{inside}/{}", item.name),
        };
        match &item.shape {
            Shape::Group { items } => walk(items, &address, each),
            Shape::Repeat { .. } => {}
            Shape::Question(question) => each(address, item, question),
        }
    }
}

fn choices(form: &Form, question: &Question, language: &str) -> Option<BTreeMap<String, String>> {
    if question.kind != Kind::SelectOne || question.save_to.is_some() {
        return None;
    }
    let Source::List(name) = &question.choices.as_ref()?.from else {
        return None;
    };
    let rows = &form.lists.iter().find(|it| it.name == *name)?.rows;
    if rows.len() > CHOICES_MAX {
        return None;
    }
    let name = rows.column("name")?;
    let labels = [
        format!("label::{language}"),
        "label".to_owned(),
        format!("label::{}", form.default_language),
    ];
    let label = labels.iter().find_map(|it| rows.column(it)).unwrap_or(name);
    let named = rows.rows().map(|row| {
        let name = rows.cell(row, name);
        let label = Some(rows.cell(row, label)).filter(|it| !it.is_empty());
        (name.to_owned(), label.unwrap_or(name).to_owned())
    });
    Some(named.collect())
}
