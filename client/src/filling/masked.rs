//! Which answers of a form are numbers that are shown masked (shared: [`is_masked_answer`]), wherever an
//! answer is seen once it was given: on the page of a record, and in what a filling is called.

use std::collections::BTreeSet;

use forms::{
    Form,
    definition::{Kind, without_places},
};
use shared::register::{EntryKind, is_masked_answer, mask};

/// A shorter number would be found by chance in other words.
const FOUND_FROM: usize = 7;

/// The questions whose answers are shown masked.
#[derive(Debug, Default)]
pub(crate) struct Masked(BTreeSet<String>);

impl Masked {
    pub(super) fn of(form: &Form) -> Self {
        let about = form.entities.iter();
        let about: Vec<EntryKind> = about
            .filter_map(|it| EntryKind::of(&shared::Kind(it.list.clone())))
            .collect();
        let asked = form.questions().into_iter().filter(|it| {
            let save_to = it.question.save_to.as_deref();
            it.question.kind == Kind::PhoneNumber
                || is_masked_answer(&about, save_to, &it.item.name, &it.item.appearance)
        });
        Self(asked.map(|it| it.address).collect())
    }

    /// Whether it is one of them.
    pub(crate) fn has(&self, address: &str) -> bool {
        self.0.contains(&without_places(address))
    }

    /// Words, with the numbers masked that were put into them from these answers: a name or a heading
    /// may be made of any answer.
    pub(crate) fn hide(&self, text: String, values: &[(String, String)]) -> String {
        let numbers = values.iter().filter(|(address, value)| {
            self.has(address) && value.chars().count() >= FOUND_FROM && text.contains(value)
        });
        let numbers: Vec<&str> = numbers.map(|(_, value)| value.as_str()).collect();
        let hidden = numbers.into_iter().fold(None::<String>, |hidden, number| {
            let hidden = hidden.as_deref().unwrap_or(&text);
            Some(hidden.replace(number, &mask(number)))
        });
        hidden.unwrap_or(text)
    }
}
