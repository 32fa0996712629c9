//! 立案: the category as reported or corrected, the condition that sets the limit, an opinion for
//! whoever is next.

use leptos::prelude::*;
use shared::{
    CategoryCode,
    ipc::{CaseView, RegisterCase},
    pack::{Category, Condition, Limit},
};

use super::{
    addition::{failed, too_long},
    category_field::CategoryField,
};
use crate::{
    components::{Button, ErrorNotice, Field, Kind, TextInput, use_toasts},
    dynamic::{attr, heard, part},
    ipc,
    look::Look,
    session::use_app,
    words::{Words, use_words},
};

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

fn limit(words: Words, limit: Limit) -> String {
    words.limit(limit)
}
