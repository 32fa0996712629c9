//! Rows: a form to begin, a filling to go on with, a record.

use leptos::prelude::*;
use shared::ipc::{Filling, FormDraftRow, FormRow, RecordRow};

use crate::{
    components::{Glyph, Icon, MarksLine},
    dynamic::heard,
    session::moment,
    words::use_words,
};

/// A form that can be begun, or why it can't.
#[component]
pub(super) fn FormLine(form: FormRow, begin: Callback<Filling>) -> impl IntoView {
    let words = use_words();
    let title = words.pick(&form.title, &form.title_en).to_owned();
    if let Some(trouble) = &form.trouble {
        let (what, todo) = (words.trouble(trouble), words.trouble_do(trouble));
        return view! {
            <div class="row forms-broken" data-test="form-broken">
                <Icon glyph=Glyph::Warning />
                <span class="row-words">
                    <span class="row-title">{title}</span>
                    <span class="forms-why">{words.sentences(&what, &todo)}</span>
                </span>
            </div>
        }
        .into_any();
    }
    let filling = Filling::New {
        form: form.doc,
        subject: None,
        prefill: Vec::new(),
    };
    view! {
        <button type="button" class="row forms-row" data-test="form-row" on:click=heard(move |_| begin.run(filling.clone()))>
            <Icon glyph=Glyph::Note />
            <span class="row-words">
                <span class="row-title">{title}</span>
                <span class="row-text">{words.forms_version(form.version)}</span>
            </span>
            <span class="row-end resume">{words.forms_begin()}<Icon glyph=Glyph::Next /></span>
        </button>
    }
    .into_any()
}

/// A filling that was begun.
#[component]
pub(crate) fn DraftLine(draft: FormDraftRow) -> impl IntoView {
    let words = use_words();
    let title = words.pick(&draft.title, &draft.title_en).to_owned();
    let name = match draft.name.as_str() {
        "" => words.forms_untitled().to_owned(),
        name => name.to_owned(),
    };
    let corrects = draft.corrects.then(|| words.forms_corrects());
    view! {
        <a class="row" href=format!("/fill/{}", draft.id) data-test="form-draft" data-id=draft.id.to_string()>
            <span class="thumb"><Icon glyph=Glyph::Note /></span>
            <span class="row-words">
                <span class="row-title">{title}{corrects.map(|word| view! { <span class="count">" · "{word}</span> })}</span>
                <span class="row-text">{name}</span>
                <span class="row-text">{moment(draft.changed_at)}</span>
            </span>
            <span class="row-end resume">{words.forms_resume()}<Icon glyph=Glyph::Next /></span>
        </a>
    }
}

/// A record.
#[component]
pub(crate) fn RecordLine(row: RecordRow) -> impl IntoView {
    let words = use_words();
    let title = words.pick(&row.title, &row.title_en).to_owned();
    let by = words.pick(&row.by, &row.by_en).to_owned();
    let replaced = row.is_replaced.then(|| words.forms_replaced());
    view! {
        <a class="row" href=format!("/records/{}", row.id) data-test="record-row" data-id=row.id.to_string()>
            <span class="row-words">
                <span class="row-line">
                    <span class="row-title">{title}{replaced.map(|word| view! { <span class="count">" · "{word}</span> })}</span>
                    <span class="row-end">{moment(row.at)}</span>
                </span>
                <span class="row-text">{[row.name.as_str(), by.as_str()].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ")}</span>
                {row.marks.map(|marks| view! { <MarksLine marks /> })}
            </span>
            <Icon glyph=Glyph::Next />
        </a>
    }
}
