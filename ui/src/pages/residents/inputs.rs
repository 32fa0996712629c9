//! What a field of the register is filled in with, by its type.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    ipc::OwnGrid,
    register::{EntryKind, Field as Asked, Type, check::Mistake, schema},
};

use crate::{
    components::{Chip, Field, TextInput},
    dynamic::{attr, heard, part},
    look::Look,
    words::use_words,
};

/// Codes up to so many stand side by side.
const CHIPS_MAX: usize = 6;

/// One field.
#[component]
pub(super) fn Input(
    kind: EntryKind,
    field: Asked,
    /// What is shown instead of what stands there.
    masked: Option<String>,
    typed: RwSignal<BTreeMap<String, String>>,
    wrong: RwSignal<Vec<Mistake>>,
    grids: RwSignal<Option<Vec<OwnGrid>>>,
) -> impl IntoView {
    let words = use_words();
    let name = field.name;
    let label = words.field_of(kind, name);
    let id = format!("reg-{name}");
    let error = Signal::derive(move || {
        wrong.look(|wrong| {
            let found = wrong.iter().find(|it| it.field.as_str() == name);
            found.map(|it| words.wrong(it.wrong).to_owned())
        })
    });
    let value =
        Signal::derive(move || typed.look(|typed| typed.get(name).cloned().unwrap_or_default()));
    let set = Callback::new(move |text: String| {
        typed.update(|typed| drop(typed.insert(name.to_owned(), text)));
        wrong.update(|wrong| wrong.retain(|it| it.field.as_str() != name));
    });
    let aside = masked
        .map(|masked| format!("{masked} · {}", words.reg_keep_number()))
        .unwrap_or_default();
    let written = match field.of {
        Type::Code(codes) if codes.len() <= CHIPS_MAX => chips(kind, name, codes, value, set),
        Type::Code(codes) => {
            let options = codes
                .iter()
                .map(|code| ((*code).to_owned(), words.code_of(kind, name, code)));
            select(id.clone(), name, options.collect(), value, set)
        }
        Type::Grid => part_of_grids(id.clone(), grids, value, set),
        Type::Day => typed_in(id.clone(), name, "date", value, set),
        Type::Number(..) => typed_in(id.clone(), name, "number", value, set),
        Type::Phone => typed_in(id.clone(), name, "tel", value, set),
        _ => typed_in(id.clone(), name, "text", value, set),
    };
    view! { <Field label id aside error>{written}</Field> }
}

fn typed_in(
    id: String,
    name: &'static str,
    input: &'static str,
    value: Signal<String>,
    set: Callback<String>,
) -> AnyView {
    view! { <TextInput id test=name kind=input value on_input=set /> }.into_any()
}

fn chips(
    kind: EntryKind,
    name: &'static str,
    codes: &'static [&'static str],
    value: Signal<String>,
    set: Callback<String>,
) -> AnyView {
    let words = use_words();
    let chips = codes.iter().map(|code| {
        let code = *code;
        view! {
            <Chip
                on=Signal::derive(move || value.get() == code)
                test=format!("{name}-{code}")
                on_press=move || {
                    let taken_back = value.get_untracked() == code;
                    set.run(if taken_back { String::new() } else { code.to_owned() });
                }
            >
                {words.code_of(kind, name, code)}
            </Chip>
        }
    });
    view! { <div class="chips" role="group">{chips.collect_view()}</div> }.into_any()
}

fn select(
    id: String,
    name: &'static str,
    options: Vec<(String, String)>,
    value: Signal<String>,
    set: Callback<String>,
) -> AnyView {
    let words = use_words();
    let options = options.into_iter().map(|(code, said)| {
        let same = code.clone();
        view! { <option value=code selected=attr(move || value.get() == same)>{said}</option> }
    });
    view! {
        <select class="input" id=id data-test=name on:change=heard(move |event| set.run(event_target_value(&event)))>
            <option value="">{words.reg_choose()}</option>
            {options.collect_view()}
        </select>
    }
    .into_any()
}

/// Only of one's own grids.
fn part_of_grids(
    id: String,
    grids: RwSignal<Option<Vec<OwnGrid>>>,
    value: Signal<String>,
    set: Callback<String>,
) -> AnyView {
    let words = use_words();
    view! {
        {part(move || {
            let grids = grids.get().unwrap_or_default();
            let named = grids.into_iter().map(|grid| {
                let name = words.pick(&grid.name, &grid.name_en).to_owned();
                (grid.code.0, name)
            });
            select(id.clone(), "grid", named.collect(), value, set)
        })}
    }
    .into_any()
}

/// 关爱对象: any number of them.
#[component]
pub(super) fn Care(care: RwSignal<Vec<String>>) -> impl IntoView {
    let words = use_words();
    let chips = schema::CARE_TAGS.iter().map(|tag| {
        let tag = *tag;
        view! {
            <Chip
                on=Signal::derive(move || care.look(|care| care.iter().any(|it| it == tag)))
                test=format!("care-{tag}")
                on_press=move || care.update(|care| {
                    let before = care.len();
                    care.retain(|it| it != tag);
                    if care.len() == before {
                        care.push(tag.to_owned());
                    }
                })
            >
                {words.code_of(EntryKind::Resident, "care", tag)}
            </Chip>
        }
    });
    view! {
        <fieldset class="segments-set field">
            <legend class="field-label">{words.reg_care_title()}</legend>
            <div class="chips" role="group">{chips.collect_view()}</div>
        </fieldset>
    }
}
