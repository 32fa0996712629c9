//! A search box. It answers while one types, but not while a Chinese word is being composed, and
//! a moment after the last letter.

use std::time::Duration;

use leptos::{html::Input, prelude::*};

use super::icon::{Glyph, Icon};
use crate::{
    dynamic::{attr, heard},
    shell::typing,
};

/// How long to wait for the next letter.
const PAUSE: Duration = Duration::from_millis(120);

/// The box.
#[component]
pub(crate) fn SearchBox(
    /// Name for tests.
    test: &'static str,
    /// Its name, for those who can't see the glass.
    label: &'static str,
    /// What can be looked for.
    placeholder: &'static str,
    /// What is looked for.
    #[prop(into)]
    value: Signal<String>,
    /// Looks for something else.
    #[prop(into)]
    on_search: Callback<String>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let turn = StoredValue::new(0_u32);
    let composing = StoredValue::new(false);
    let typed = move |text: String| {
        let now = turn.get_value().wrapping_add(1);
        turn.set_value(now);
        set_timeout(
            move || {
                let last = turn.try_get_value() == Some(now);
                if last && !composing.get_value() {
                    on_search.run(text);
                }
            },
            PAUSE,
        );
    };
    let slash = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "/" && !typing(&event) {
            event.prevent_default();
            if let Some(input) = input.get_untracked() {
                // Focusing can fail only for an element that can't have the focus.
                drop(input.focus());
                input.select();
            }
        }
    });
    on_cleanup(move || slash.remove());
    view! {
        <label class="search">
            <Icon glyph=Glyph::Search />
            <input
                class="input"
                type="search"
                node_ref=input
                data-test=test
                aria-label=label
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                prop:value=attr(move || value.get())
                on:compositionstart=heard(move |_| composing.set_value(true))
                on:compositionend:target=move |event| {
                    composing.set_value(false);
                    typed(event.target().value());
                }
                on:input:target=move |event| typed(event.target().value())
                on:keydown:target=move |event| {
                    if event.key() == "Escape" {
                        // Nothing depends on whether it could be left.
                        drop(event.target().blur());
                    }
                }
            />
        </label>
    }
}
