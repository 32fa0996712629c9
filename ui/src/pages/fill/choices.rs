//! One or several of the choices: side by side where they are short, one below the other where they
//! are not, in a sheet with a search where there are many.

use leptos::prelude::*;
use shared::ipc::{FindChoices, FormChoice, FormChoices};

use super::{ask::Ask, flag};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind, SearchBox, Sheet},
    dynamic::{attr, heard, part},
    ipc,
    live::live,
    look::Look,
    words::use_words,
};

/// Choices with more characters than this stand one below the other.
const SHORT_CHARS: usize = 8;

/// How many a sheet shows at once; more are found by their words.
const SHEET_MAX: u32 = 100;

/// The choices of a question.
#[component]
pub(super) fn ChoiceAsk(ask: Ask, many: bool) -> impl IntoView {
    let all = Memo::new(move |_| ask.question.look(|it| it.choices.clone()));
    move || match all.get() {
        Some(all) if all.some.is_empty() && all.total > 0 => {
            view! { <Long ask many total=all.total /> }.into_any()
        }
        // Its list depends on an answer before it, mostly.
        Some(all) if all.some.is_empty() => {
            view! { <p class="aside">{use_words().fill_choices_empty()}</p> }.into_any()
        }
        Some(all) => view! { <Few ask many all /> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn Few(ask: Ask, many: bool, all: FormChoices) -> impl IntoView {
    let is_short = all
        .some
        .iter()
        .all(|choice| choice.label.chars().count() <= SHORT_CHARS);
    let choices = all.some.into_iter().map(|choice| {
        let picked = choice.value.clone();
        let is_on = move || has(ask, &picked);
        view! { <Choice ask many choice is_on=Signal::derive(is_on) /> }
    });
    view! {
        <div class="fill-choices" role="group" data-short=is_short.then_some("true")>
            {choices.collect_view()}
        </div>
    }
}

#[component]
fn Choice(ask: Ask, many: bool, choice: FormChoice, is_on: Signal<bool>) -> impl IntoView {
    let label = match choice.label.as_str() {
        "" => choice.value.clone(),
        label => label.to_owned(),
    };
    let value = choice.value.clone();
    view! {
        <button
            type="button"
            class="fill-choice"
            data-test=format!("choice-{}", choice.value)
            data-many=many.then_some("true")
            aria-pressed=flag(move || is_on.get())
            on:click=heard(move |_| pick(ask, many, &value))
        >
            <span class="fill-choice-sign"><Icon glyph=Glyph::Check /></span>
            <span>{label}</span>
        </button>
    }
}

/// Many choices: what is chosen, and a sheet to choose from.
#[component]
fn Long(ask: Ask, many: bool, total: u32) -> impl IntoView {
    let words = use_words();
    let open = RwSignal::new(false);
    let chosen = move || {
        ask.question.look(|it| {
            let chosen: Vec<&str> = it.chosen.iter().map(|it| it.label.as_str()).collect();
            chosen.join(" · ")
        })
    };
    let close = move || open.set(false);
    view! {
        <button type="button" class="card row fill-long" id=ask.input_id() data-test="choose" on:click=heard(move |_| open.set(true))>
            <span class="row-title" data-empty=flag(move || chosen().is_empty())>
                {part(move || match chosen() {
                    none if none.is_empty() => words.fill_choose().to_owned(),
                    chosen => chosen,
                })}
            </span>
            <span class="row-end">{total}<Icon glyph=Glyph::Next /></span>
        </button>
        <Sheet open title=Signal::derive(move || ask.label.get()) on_close=close>
            <Found ask many close=Callback::new(move |()| close()) />
        </Sheet>
    }
}

#[component]
fn Found(ask: Ask, many: bool, close: Callback<()>) -> impl IntoView {
    let words = use_words();
    let query = RwSignal::new(String::new());
    let found = live(&[], move || {
        ipc::call(FindChoices {
            draft: ask.paper.draft,
            address: ask.address(),
            query: query.get(),
            from: 0,
            limit: SHEET_MAX,
        })
    });
    let row = move |choice: FormChoice| {
        let (picked, value) = (choice.value.clone(), choice.value.clone());
        view! {
            <li>
                <button
                    type="button"
                    class="row fill-found"
                    data-test=format!("choice-{}", choice.value)
                    aria-pressed=flag(move || has(ask, &picked))
                    on:click=heard(move |_| {
                        pick(ask, many, &value);
                        if !many {
                            close.run(());
                        }
                    })
                >
                    <span class="row-words">{choice.label}</span>
                    <span class="fill-choice-sign"><Icon glyph=Glyph::Check /></span>
                </button>
            </li>
        }
    };
    let rows = move |all: FormChoices| {
        let more = all
            .total
            .saturating_sub(u32::try_from(all.some.len()).unwrap_or(u32::MAX));
        if all.total == 0 {
            return view! { <Empty glyph=Glyph::Search title=words.fill_choices_none() hint="" /> }
                .into_any();
        }
        view! {
            <ul class="card-list">{all.some.into_iter().map(row).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="aside">{words.fill_choices_more(more)}</p> })}
        }
        .into_any()
    };
    view! {
        <div class="sheet-search">
            <SearchBox test="choice-search" label=words.fill_search_choices() placeholder=words.fill_search_choices() value=query on_search=move |text: String| query.set(text) />
        </div>
        <ErrorNotice error=found.error on_retry=move || found.again() />
        {part(move || found.value.get().map(rows))}
        <Show when=attr(move || !ask.question.look(|it| it.value.is_empty()))>
            <Button kind=Kind::Quiet test="choice-clear" on_press=move || ask.answer(String::new())>{words.fill_clear()}</Button>
        </Show>
    }
}

fn has(ask: Ask, name: &str) -> bool {
    ask.question
        .look(|it| it.value.split_whitespace().any(|it| it == name))
}

/// Chooses, or takes back what was chosen.
fn pick(ask: Ask, many: bool, name: &str) {
    let before = ask.question.peek(|it| it.value.clone());
    let mut names: Vec<&str> = before.split_whitespace().collect();
    let was_on = names.contains(&name);
    if many {
        names.retain(|it| *it != name);
    } else {
        names.clear();
    }
    if !was_on {
        names.push(name);
    }
    ask.answer(names.join(" "));
}
