//! What people read, in the languages of the form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The same words in several languages. Under the empty name stand those without a language.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub BTreeMap<String, String>);

impl Words {
    /// Words in no particular language.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(String::new(), text.into())]))
    }

    /// Whether nothing is said in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(String::is_empty)
    }

    /// In this language, else in the form's own, else in any.
    #[must_use]
    pub fn in_language(&self, language: &str, default: &str) -> Option<&str> {
        let of = |language: &str| self.0.get(language).filter(|text| !text.is_empty());
        of(language)
            .or_else(|| of(""))
            .or_else(|| of(default))
            .or_else(|| self.0.values().find(|text| !text.is_empty()))
            .map(String::as_str)
    }
}
