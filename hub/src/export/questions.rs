//! The questions of a form as a file needs them: in order, with words, choices, and whether an answer is
//! a number that is shown masked.

use std::collections::BTreeMap;

use forms::{Form, definition::Kind};
use shared::register::{EntryKind, schema};

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
        let masked = it.question.save_to.as_deref().is_some_and(|field| {
            let mut known = kinds.iter().filter_map(|kind| schema::find(*kind, field));
            known.any(|it| it.is_masked())
        }) || it.question.kind == Kind::PhoneNumber;
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
            masked,
        };
        (it.address, asked)
    });
    asked.collect()
}

/// `household/member[3]/age` without its places.
pub(super) fn plain(address: &str) -> String {
    let mut depth = 0_u32;
    let kept = address.chars().filter(|it| {
        match it {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn an_address_is_found_without_its_places() {
        assert_eq!(plain("who"), "who");
        assert_eq!(plain("home/member[3]/pet[12]/name"), "home/member/pet/name");
    }
}
