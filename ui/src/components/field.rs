//! A field of a form: its name, where to write, and what is wrong with it, at the field itself.

use leptos::prelude::*;

/// Name and error around whatever is filled in.
#[component]
pub(crate) fn Field(
    /// The name.
    #[prop(into)]
    label: String,
    /// Id of the input it names.
    #[prop(into)]
    id: String,
    /// A word beside the name, for example "optional".
    #[prop(optional, into)]
    aside: String,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The input.
    children: Children,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label class="field-label" for=id>
                {label}
                {(!aside.is_empty()).then(|| view! { <span class="field-aside">{aside}</span> })}
            </label>
            {children()}
            <p class="field-error" id=error_id role="alert" data-test="field-error">
                {move || error.get()}
            </p>
        </div>
    }
}

/// One line of text.
#[component]
pub(crate) fn TextInput(
    /// Its id, which the label names.
    #[prop(into)]
    id: String,
    /// Name for tests.
    test: &'static str,
    /// What stands in it.
    #[prop(into)]
    value: Signal<String>,
    /// What to do with what was typed.
    #[prop(into)]
    on_input: Callback<String>,
    /// What could be written there.
    #[prop(optional)]
    placeholder: &'static str,
    /// `search`, `url` … where a tablet's keyboard should fit.
    #[prop(default = "text")]
    kind: &'static str,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    view! {
        <input
            class="input"
            type=kind
            id=id
            data-test=test
            placeholder=placeholder
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-describedby=error_id
            prop:value=move || value.get()
            on:input:target=move |event| on_input.run(event.target().value())
        />
    }
}

/// Several lines of text.
#[component]
pub(crate) fn TextArea(
    /// Its id, which the label names.
    #[prop(into)]
    id: String,
    /// Name for tests.
    test: &'static str,
    /// What stands in it.
    #[prop(into)]
    value: Signal<String>,
    /// What to do with what was typed.
    #[prop(into)]
    on_input: Callback<String>,
    /// What could be written there.
    #[prop(optional)]
    placeholder: &'static str,
    /// Lines to show.
    #[prop(default = 3)]
    rows: u32,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    view! {
        <textarea
            class="input"
            id=id
            data-test=test
            rows=rows
            placeholder=placeholder
            aria-describedby=error_id
            prop:value=move || value.get()
            on:input:target=move |event| on_input.run(event.target().value())
        ></textarea>
    }
}
