//! The questions of a form as a file needs them: in order, with words, choices, and whether an answer is
//! a number that is shown masked.

use std::collections::BTreeMap;

use forms::{
    Form,
    definition::{Kind, Question, Source},
};
use shared::register::{EntryKind, is_masked_answer, lists};

/// A question.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// What is asked.
    pub(super) label: String,
    /// Its place in the form.
    pub(super) place: usize,
    /// What kind of answer it has.
    pub(super) kind: Kind,
    /// What the choices are called, by their names.
    pub(super) choices: BTreeMap<String, String>,
    /// The kind of entry that the choices are, where they are the register.
    pub(super) entries: Option<EntryKind>,
    /// Its answers are shown masked.
    pub(super) masked: bool,
}

impl Asked {
    /// What a choice is called; one that the form does not know goes by its name.
    pub(super) fn said<'a>(&'a self, choice: &'a str) -> &'a str {
        self.choices.get(choice).map_or(choice, String::as_str)
    }
}

/// All of them, by address without the places in repeats.
pub(super) fn all(form: &Form) -> BTreeMap<String, Asked> {
    let kinds = form.entities.iter();
    let kinds: Vec<EntryKind> = kinds
        .filter_map(|it| EntryKind::of(&shared::Kind(it.list.clone())))
        .collect();
    // Files are for the city's own offices: in the form's own language.
    let language = form.default_language.as_str();
    let asked = form.questions().into_iter().enumerate();
    let asked = asked.map(|(place, it)| {
        let save_to = it.question.save_to.as_deref();
        let masked = it.question.kind == Kind::PhoneNumber
            || is_masked_answer(&kinds, save_to, &it.item.name, &it.item.appearance);
        let label = it.item.label.in_language(language, language);
        let asked = Asked {
            label: label.unwrap_or(&it.item.name).to_owned(),
            place,
            kind: it.question.kind,
            choices: form
                .choices(it.question, language)
                .into_iter()
                .flatten()
                .collect(),
            entries: listed(it.question),
            masked,
        };
        (it.address, asked)
    });
    asked.collect()
}

/// A form may come with a file of that name; then its choices are no ids of entries, and go by their
/// names.
fn listed(question: &Question) -> Option<EntryKind> {
    match &question.choices.as_ref()?.from {
        Source::File { name, .. } => lists::of_file(name),
        Source::List(_) => None,
    }
}
