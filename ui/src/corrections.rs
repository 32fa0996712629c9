//! The value of a field of a case in words.

use shared::op::Correction;

use crate::{session::App, words::Words};

/// The value; `address_en` is the English of its address, where that is known.
pub(crate) fn correction(app: App, words: Words, value: &Correction, address_en: &str) -> String {
    let text = match value {
        Correction::Category(code) => app.category_name(words, code.as_ref()),
        Correction::Description(text) => text.clone(),
        Correction::Place(place) => words.pick(&place.address, address_en).to_owned(),
        Correction::Urgency(urgency) => words.urgency(*urgency).to_owned(),
    };
    if text.trim().is_empty() {
        return words.field_empty().to_owned();
    }
    text
}
