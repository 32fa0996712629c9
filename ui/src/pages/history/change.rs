//! What a deed changed: the field, what stood there, what was to stand. Pressing the field's name
//! shows the history of that field alone.

use leptos::prelude::*;
use shared::{
    case::Aspect,
    ipc::{FieldValue, HistoryChange},
};

use super::aspect;
use crate::{
    corrections::correction,
    dynamic::{heard, part},
    session::{App, use_app},
    words::{Words, use_words},
};

/// A change.
#[component]
pub(super) fn ChangeLine(change: HistoryChange, choose: Callback<Option<Aspect>>) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let about = change.aspect();
    let name = aspect::name(words, about);
    view! {
        <div class="history-change" data-test="history-change">
            <dt>
                <button type="button" class="history-field" aria-label=words.history_only(name) on:click=heard(move |_| choose.run(Some(about)))>{name}</button>
            </dt>
            <dd>{part(move || said(app, words, &change))}</dd>
        </div>
    }
}

fn said(app: App, words: Words, change: &HistoryChange) -> AnyView {
    let (before, after) = match change {
        HistoryChange::Field { before, after } => (
            before.iter().map(|it| value(app, words, it)).collect(),
            value(app, words, after),
        ),
        HistoryChange::State { before, after } => (
            Vec::from_iter(before.map(|it| words.state(it).to_owned())),
            words.state(*after).to_owned(),
        ),
        HistoryChange::Photos { added } => {
            (Vec::new(), words.history_photos_added(u64::from(*added)))
        }
    };
    // Of several that stood side by side none came before the other.
    let last = before.len().saturating_sub(1);
    let before = before
        .into_iter()
        .enumerate()
        .map(|(at, it)| {
            let sign = if at == last { "→" } else { "/" };
            view! { <del class="history-before">{it}</del><span class="history-arrow" aria-hidden="true">{sign}</span> }
        })
        .collect_view();
    view! { {before}<ins class="history-after">{after}</ins> }.into_any()
}

/// A value in words; a place with its grid.
pub(super) fn value(app: App, words: Words, value: &FieldValue) -> String {
    let said = correction(app, words, &value.value, &value.address_en);
    let grid = value.grid.as_ref();
    let grid = grid.map(|it| words.pick(&it.name, &it.name_en));
    match grid {
        Some(grid) if !grid.is_empty() => format!("{said} · {grid}"),
        Some(_) | None => said,
    }
}
