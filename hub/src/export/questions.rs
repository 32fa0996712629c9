//! The questions of a form as a file needs them: in order, with words, choices, and whether an answer is
//! a number that is shown masked.

use std::collections::BTreeMap;

use forms::{
    Form,
    definition::{Item, Kind, Question, Shape, Source, Words},
};
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

/// All of them, by address without the places in repeats.
pub(super) fn all(form: &Form) -> BTreeMap<String, Asked> {
    let kinds = form.entities.iter();
    let kinds: Vec<EntryKind> = kinds
        .filter_map(|it| EntryKind::of(&shared::Kind(it.list.clone())))
        .collect();
    let mut found = BTreeMap::new();
    walk(&form.items, "", &mut |address, item, question| {
        let place = found.len();
        let masked = question.save_to.as_deref().is_some_and(|field| {
            let known = kinds.iter().filter_map(|kind| schema::find(*kind, field));
            known.into_iter().any(|it| it.is_masked())
        }) || question.kind == Kind::PhoneNumber;
        let label = said(form, &item.label);
        found.insert(
            address,
            Asked {
                label: if label.is_empty() {
                    item.name.clone()
                } else {
                    label
                },
                place,
                kind: question.kind,
                choices: choices(form, question),
                masked,
            },
        );
    });
    found
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

fn said(form: &Form, words: &Words) -> String {
    // Files are for the city's own offices: in the form's own language.
    let said = words.in_language(&form.default_language, &form.default_language);
    said.unwrap_or_default().to_owned()
}

fn walk(items: &[Item], inside: &str, each: &mut impl FnMut(String, &Item, &Question)) {
    for item in items {
        let address = match inside {
            "" => item.name.clone(),
            inside => format!("{inside}/{}", item.name),
        };
        match &item.shape {
            Shape::Group { items } | Shape::Repeat { items, .. } => walk(items, &address, each),
            Shape::Question(question) => each(address, item, question),
        }
    }
}

fn choices(form: &Form, question: &Question) -> BTreeMap<String, String> {
    let list = question.choices.as_ref().and_then(|it| match &it.from {
        Source::List(name) => form.lists.iter().find(|list| list.name == *name),
        Source::File { .. } => None,
    });
    let Some(rows) = list.map(|list| &list.rows) else {
        return BTreeMap::new();
    };
    let label = format!("label::{}", form.default_language);
    let label = rows.column(&label).or_else(|| rows.column("label"));
    let Some((name, label)) = rows.column("name").zip(label) else {
        return BTreeMap::new();
    };
    let named = rows.rows().map(|row| {
        let name = rows.cell(row, name).to_owned();
        (name, rows.cell(row, label).to_owned())
    });
    named.collect()
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
