//! 立案: the category as reported or corrected, the condition that sets the limit, an opinion for
//! whoever is next.

use leptos::prelude::*;
use shared::{
    CategoryCode,
    ipc::{CaseView, RegisterCase},
    pack::{Category, Condition, Limit},
    search::{Fit, Name, fit},
};
use wasm_bindgen::JsCast;

use super::addition::{failed, too_long};
use crate::{
    components::{Button, ErrorNotice, Field, Kind, TextInput, use_toasts},
    dynamic::{attr, heard, part},
    ipc,
    look::Look,
    session::use_app,
    words::{Words, use_words},
};

/// Categories shown for a query.
const HITS: usize = 8;

/// The form.
#[component]
pub(super) fn Register(case: CaseView, done: Callback<()>) -> impl IntoView {
    let (app, words, toasts) = (use_app(), use_words(), use_toasts());
    let id = case.row.id;
    let category = RwSignal::new(
        case.row
            .category
            .as_ref()
            .and_then(|code| untrack(|| app.category(code))),
    );
    let condition = RwSignal::new(category.peek(|it| it.as_ref().and_then(only_condition)));
    let opinion = RwSignal::new(String::new());
    let lacking = RwSignal::new(Lacking::default());
    let send = Action::new_local(move |chosen: &(CategoryCode, Condition)| {
        let (category, condition) = chosen.clone();
        let register = RegisterCase {
            case: id,
            category,
            condition: condition.code,
            opinion: opinion.get_untracked().trim().to_owned(),
        };
        async move {
            let answer = ipc::call(register).await;
            if answer.is_ok() {
                toasts.say(words.act_registered(words.limit(condition.limit)));
                done.run(());
            }
            answer
        }
    });
    let choose = move |chosen: Category| {
        condition.set(only_condition(&chosen));
        category.set(Some(chosen));
        lacking.set(Lacking::default());
    };
    let confirm = move |()| {
        let chosen = category.peek(|it| it.as_ref().map(|it| it.code.clone()));
        let wrong = Lacking::of(
            words,
            chosen.is_some(),
            condition.peek(Option::is_some),
            &opinion.read_untracked(),
        );
        let ready = wrong == Lacking::default();
        lacking.set(wrong);
        if let (true, Some(category), Some(condition)) = (ready, chosen, condition.get_untracked())
        {
            send.dispatch((category, condition));
        }
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <CategoryField category choose=Callback::new(choose) error=Signal::derive(move || lacking.look(|it| it.category.clone())) />
            <Show when=attr(move || category.look(Option::is_some))>
                <ConditionField
                    conditions=Signal::derive(move || category.look(|it| it.as_ref().map(|it| it.conditions.clone()).unwrap_or_default()))
                    condition
                    error=Signal::derive(move || lacking.look(|it| it.condition.clone()))
                />
            </Show>
            <Field label=words.act_opinion() id="opinion" aside=words.act_optional() error=Signal::derive(move || lacking.look(|it| it.opinion.clone()))>
                <TextInput id="opinion" test="register-opinion" value=opinion on_input=move |text| opinion.set(text) rows=2 />
            </Field>
            <ErrorNotice error=Signal::derive(move || failed(send.value().get())) />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=send.pending() on_press=confirm>{words.act_register()}</Button>
            </div>
        </form>
    }
}

/// The category chosen; writing in the field looks for another.
#[component]
fn CategoryField(
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
fn blur_field() {
    let active = document()
        .active_element()
        .and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(active) = active {
        // Nothing depends on whether it could be left.
        drop(active.blur());
    }
}

/// The conditions of the category, each with the limit that hangs on it.
#[component]
fn ConditionField(
    conditions: Signal<Vec<Condition>>,
    condition: RwSignal<Option<Condition>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_words();
    let radios = move || {
        conditions
            .get()
            .into_iter()
            .map(|it| {
                let (code, chosen) = (it.code.clone(), it.clone());
                let close = words.act_close_condition(words.pick(&it.close, &it.close_en));
                view! {
                    <label class="radio">
                        <input
                            type="radio"
                            name="register-condition"
                            data-test="register-condition"
                            value=it.code.clone()
                            prop:checked=attr(move || condition.look(|now| now.as_ref().is_some_and(|now| now.code == code)))
                            on:change=heard(move |_| condition.set(Some(chosen.clone())))
                        />
                        <span class="row-words">
                            <span class="row-line">
                                <span class="condition-text">{words.pick(&it.text, &it.text_en).to_owned()}</span>
                                <span class="row-end condition-limit">{limit(words, it.limit)}</span>
                            </span>
                            <span class="aside">{close}</span>
                        </span>
                    </label>
                }
            })
            .collect_view()
    };
    view! {
        <fieldset class="field conditions" aria-describedby="condition-error">
            <legend class="field-label">{words.act_condition()}</legend>
            {radios}
            <p class="field-error" id="condition-error" role="alert" data-test="field-error">{part(move || error.get())}</p>
        </fieldset>
    }
}

/// What keeps it from being registered, said at the fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Lacking {
    category: Option<String>,
    condition: Option<String>,
    opinion: Option<String>,
}

impl Lacking {
    fn of(words: Words, category: bool, condition: bool, opinion: &str) -> Self {
        Self {
            category: (!category).then(|| words.act_need_category().to_owned()),
            condition: (category && !condition).then(|| words.act_need_condition().to_owned()),
            opinion: too_long(words, opinion),
        }
    }
}

/// A category with one condition leaves nothing to choose.
fn only_condition(category: &Category) -> Option<Condition> {
    match category.conditions.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn name(words: Words, category: &Category) -> &str {
    words.pick(&category.name, &category.name_en)
}

fn limit(words: Words, limit: Limit) -> String {
    words.limit(limit)
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
