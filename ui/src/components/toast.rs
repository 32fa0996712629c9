//! A word at the edge of the screen about what just happened, with a way to take it back.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{
    dynamic::{heard, part},
    look::Look,
    words::use_words,
};

/// How long a word stays; longer where it can be taken back.
const STAYS: Duration = Duration::from_secs(4);
const STAYS_WITH_UNDO: Duration = Duration::from_secs(10);

/// The words that stand at the edge now.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Option<Toast>>,
    count: StoredValue<u32>,
}

#[derive(Clone)]
struct Toast {
    number: u32,
    text: String,
    undo: Option<Arc<dyn Fn() + Send + Sync>>,
}

/// The shelf of the app.
pub(crate) fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(Toasts::new)
}

impl Toasts {
    fn new() -> Self {
        Self {
            shown: RwSignal::new(None),
            count: StoredValue::new(0),
        }
    }

    /// Makes the shelf known to all pages.
    pub(crate) fn provide() {
        provide_context(Self::new());
    }

    /// Says something.
    pub(crate) fn say(self, text: impl Into<String>) {
        self.show(text.into(), None, STAYS);
    }

    /// Says something that can be taken back for a while. Not a `Callback`: that would go with the
    /// page that said it, and the word stands longer.
    pub(crate) fn say_undo(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.show(text.into(), Some(Arc::new(undo)), STAYS_WITH_UNDO);
    }

    fn show(self, text: String, undo: Option<Arc<dyn Fn() + Send + Sync>>, stays: Duration) {
        let number = self.count.get_value().wrapping_add(1);
        self.count.set_value(number);
        self.shown.set(Some(Toast { number, text, undo }));
        set_timeout(
            move || {
                let still = self
                    .shown
                    .look(|shown| shown.as_ref().is_some_and(|toast| toast.number == number));
                if still {
                    self.shown.set(None);
                }
            },
            stays,
        );
    }
}

/// Where they stand.
#[component]
pub(crate) fn ToastShelf() -> impl IntoView {
    let (toasts, words) = (use_toasts(), use_words());
    view! {
        <div class="toast-shelf" role="status" aria-live="polite">
            {part(move || toasts.shown.get().map(|toast| view! {
                <div class="toast" data-test="toast">
                    <span>{toast.text}</span>
                    {toast.undo.map(|undo| view! {
                        <button
                            type="button"
                            class="toast-undo"
                            data-test="toast-undo"
                            on:click=heard(move |_| {
                                toasts.shown.set(None);
                                undo();
                            })
                        >
                            <Icon glyph=Glyph::Undo />
                            {words.app_undo()}
                        </button>
                    })}
                </div>
            }))}
        </div>
    }
}
