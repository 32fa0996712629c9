//! Every word a person reads, typed, in two languages. The texts stand in `locales/*.json`;
//! `build.rs` makes a method of each. Here codes become words, in exhaustive matches.

mod errors;
mod forms;
mod import;
mod publish;
mod register;
mod trade;

use leptos::prelude::use_context;
use shared::ipc::{Language, WAITING_MAX};

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words(pub(crate) Language);

include!(concat!(env!("OUT_DIR"), "/words.rs"));

impl Words {
    /// Two sentences one after the other: English parts them, Chinese does not.
    pub(crate) fn sentences(self, first: &str, second: &str) -> String {
        format!("{first}{}{second}", self.pick("", " "))
    }

    /// How much waits to be delivered.
    pub(crate) fn waiting(self, count: u32) -> String {
        if count > WAITING_MAX {
            self.today_waiting_more(WAITING_MAX.into())
        } else {
            self.today_waiting(count.into())
        }
    }

    /// How much of the register does.
    pub(crate) fn register_waiting(self, count: u32) -> String {
        if count > WAITING_MAX {
            self.delivery_register_waiting_more(WAITING_MAX.into())
        } else {
            self.delivery_register_waiting(count.into())
        }
    }

    /// The text in this language out of a pair that data brings along. Where there is no English,
    /// the Chinese stands.
    pub(crate) fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.0 {
            Language::En if !en.is_empty() => en,
            Language::Zh | Language::En => zh,
        }
    }
}

/// The words of the language chosen. A change of language draws the app anew, so this is a plain
/// value and no signal.
pub(crate) fn use_words() -> Words {
    use_context().unwrap_or(Words(Language::Zh))
}
