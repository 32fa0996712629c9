//! A field of a form: its name, where to write, and what is wrong with it, at the field itself.

use leptos::prelude::*;

use crate::{
    dynamic::{attr, heard, part},
    look::Look,
};

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
        <div class="field" class:field-wrong=attr(move || error.look(Option::is_some))>
            <label class="field-label" for=id>
                {label}
                {(!aside.is_empty()).then(|| view! { <span class="field-aside">{aside}</span> })}
            </label>
            {children()}
            <p class="field-error" id=error_id role="alert" data-test="field-error">
                {part(move || error.get())}
            </p>
        </div>
    }
}

/// Where text is written: one line, or several where `rows` says so.
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
    /// Lines to show, where there may be several.
    #[prop(optional)]
    rows: Option<u32>,
) -> impl IntoView {
    let common = view! {
        <{..}
            class="input"
            aria-describedby=format!("{id}-error")
            id=id
            data-test=test
            placeholder=placeholder
            prop:value=attr(move || value.get())
            on:input=heard(move |event| on_input.run(event_target_value(&event)))
        />
    };
    match rows {
        Some(rows) => view! { <textarea {..common} rows=rows></textarea> }.into_any(),
        None => view! {
            <input type=kind autocomplete="off" autocapitalize="off" spellcheck="false" {..common} />
        }
        .into_any(),
    }
}
