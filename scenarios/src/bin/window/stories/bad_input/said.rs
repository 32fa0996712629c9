//! The words people read, as the locale has them: a story names a message, not its wording.

use anyhow::{Context, Result};
use serde_json::Value;

/// The words of one language.
#[derive(Debug)]
pub(super) struct Said {
    /// `zh` or `en`.
    pub(super) language: &'static str,
    words: Value,
}

impl Said {
    pub(super) fn in_language(language: &'static str) -> Result<Self> {
        let text = std::fs::read_to_string(format!("ui/locales/{language}.json"))?;
        Ok(Self {
            language,
            words: serde_json::from_str(&text)?,
        })
    }

    /// The longest part of a message that has no placeholder in it.
    pub(super) fn fixed_part(&self, key: &str) -> Result<String> {
        let text = self
            .words
            .pointer(&format!("/{}", key.replace('.', "/")))
            .and_then(Value::as_str)
            .with_context(|| format!("{key} is a message"))?;
        let part = text.split(['{', '}']).step_by(2).max_by_key(|it| it.len());
        Ok(part.unwrap_or_default().trim().to_owned())
    }
}
