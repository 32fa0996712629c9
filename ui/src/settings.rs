//! How the app looks: over what the core has stands what was chosen and is still being saved.

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::{Language, SaveSettings, Session, Settings, TextSize, Theme};

use crate::{ipc, live::Live};

/// What was last chosen. It outweighs what the core says, also after it was saved: an answer that
/// was under way meanwhile would take it back, and the next choice would be made over that. Nobody
/// but this page changes settings.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    now: RwSignal<Option<Settings>>,
    saving: StoredValue<bool>,
}

impl Default for Chosen {
    fn default() -> Self {
        Self {
            now: RwSignal::new(None),
            saving: StoredValue::new(false),
        }
    }
}

impl Chosen {
    /// What was chosen, if anything was since the start.
    pub(crate) fn get(self) -> Option<Settings> {
        self.now.get()
    }

    /// Saves one choice after the other: the core may do two at once in any order.
    pub(crate) fn save(self, settings: Settings, session: Live<Session>) {
        self.now.set(Some(settings));
        if self.saving.get_value() {
            return;
        }
        self.saving.set_value(true);
        spawn_local(async move {
            while let Some(settings) = self.now.get_untracked() {
                let saved = ipc::call(SaveSettings {
                    settings: settings.clone(),
                })
                .await;
                let later = self.now.get_untracked() != Some(settings.clone());
                if later && saved.is_ok() {
                    continue;
                }
                match saved {
                    Ok(settings) => session.value.update(|session| {
                        if let Some(session) = session {
                            session.settings = settings;
                        }
                    }),
                    Err(error) => {
                        self.now.set(None);
                        session.error.set(Some(error));
                    }
                }
                break;
            }
            self.saving.set_value(false);
        });
    }
}

/// Writes language, theme and text size where the style sheets look for them.
pub(crate) fn dress(settings: &Settings) {
    let Some(root) = document().document_element() else {
        return;
    };
    let language = match settings.language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    let theme = match settings.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let text = match settings.text_size {
        TextSize::Normal => "normal",
        TextSize::Large => "large",
    };
    for (name, value) in [
        ("lang", language),
        ("data-theme", theme),
        ("data-text", text),
    ] {
        // Setting an attribute with a fixed, valid name can't fail.
        drop(root.set_attribute(name, value));
    }
}
