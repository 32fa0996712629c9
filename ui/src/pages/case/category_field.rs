//! A field for a category: the chosen one stands in it, writing looks for another.

use leptos::prelude::*;
use shared::{
    pack::Category,
    search::{Fit, Name, fit},
};
use wasm_bindgen::JsCast;

use crate::{
    components::{Field, TextInput},
    dynamic::heard,
    look::Look,
    session::use_app,
    words::{Words, use_words},
};

/// Categories shown for a query.
const HITS: usize = 8;

/// The category chosen; writing in the field looks for another.
#[component]
pub(super) fn CategoryField(
    category: RwSignal<Option<Category>>,
    choose: Callback<Category>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    // `None`: the chosen category stands in the field. Else what is being looked for.
    let query = RwSignal::new(None::<String>);
    // Whoever goes into the field looks for another: it empties, and the chosen one comes back when
    // the field is left without a choice.
    let shown = Signal::derive(move || {
        query.get().unwrap_or_else(|| {
            category.look(|it| {
                it.as_ref()
                    .map(|it| name(words, it).to_owned())
                    .unwrap_or_default()
            })
        })
    });
    let hits = move || {
        let asked = query.get()?;
        let found = app.catalogue.value.look(|view| {
            view.as_ref()
                .map(|view| find(&asked, &view.categories))
                .unwrap_or_default()
        });
        let rows = found
            .into_iter()
            .map(|hit| {
                let (title, major) = (
                    name(words, &hit).to_owned(),
                    words.pick(&hit.major_name, &hit.major_name_en).to_owned(),
                );
                view! {
                    <li>
                        <button type="button" class="row" data-test="register-category-hit"
                            // Else the field would lose the focus, and with it the list, before the press ends.
                            on:pointerdown=move |event| event.prevent_default()
                            on:mousedown=move |event| event.prevent_default()
                            on:click=heard(move |_| {
                            blur_field();
                            query.set(None);
                            choose.run(hit.clone());
                        })>
                            <span class="row-title">{title}</span>
                            <span class="row-end">{major}</span>
                        </button>
                    </li>
                }
            })
            .collect_view();
        Some(view! { <ul class="card-list">{rows}</ul> })
    };
    view! {
        <Field label=words.act_category() id="register-category" error>
            <TextInput
                id="register-category"
                test="register-category"
                value=shown
                placeholder=words.act_find_category()
                on_input=move |text| query.set(Some(text))
                on:focus=move |_| query.set(Some(String::new()))
                on:blur=move |_| query.set(None)
            />
        </Field>
        {hits}
    }
}

/// Leaves the field that has the focus.
pub(super) fn blur_field() {
    let active = document()
        .active_element()
        .and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(active) = active {
        // Nothing depends on whether it could be left.
        drop(active.blur());
    }
}

pub(super) fn name(words: Words, category: &Category) -> &str {
    words.pick(&category.name, &category.name_en)
}

/// Categories that fit, best first.
fn find(query: &str, categories: &[Category]) -> Vec<Category> {
    let mut hits: Vec<(Fit, &Category)> = categories
        .iter()
        .filter_map(|category| Some((best(query, category)?, category)))
        .collect();
    hits.sort_by_key(|(fit, _)| *fit);
    hits.into_iter()
        .take(HITS)
        .map(|(_, category)| category.clone())
        .collect()
}

fn best(query: &str, category: &Category) -> Option<Fit> {
    let names = [
        Name {
            text: &category.name,
            pinyin: &category.pinyin,
        },
        Name {
            text: &category.name_en,
            pinyin: "",
        },
        Name {
            text: &category.major_name,
            pinyin: "",
        },
    ];
    let other = category.words.iter().map(|word| Name {
        text: word,
        pinyin: "",
    });
    names
        .into_iter()
        .chain(other)
        .filter_map(|name| fit(query, name))
        .min()
}
