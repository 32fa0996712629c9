//! A chip: one of a few choices, or a filter that is on or off.

use leptos::prelude::*;

use crate::dynamic::{attr, heard};

/// A choice.
#[component]
pub(crate) fn Chip(
    /// Whether it is chosen.
    #[prop(into)]
    on: Signal<bool>,
    /// Name for tests.
    #[prop(into)]
    test: String,
    /// What pressing does.
    #[prop(into)]
    on_press: Callback<()>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="chip"
            data-test=test
            aria-pressed=attr(move || if on.get() { "true" } else { "false" })
            on:click=heard(move |_| on_press.run(()))
        >
            {children()}
        </button>
    }
}
