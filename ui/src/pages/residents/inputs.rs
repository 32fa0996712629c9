//! What a field of the register is filled in with, by its type.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    ipc::{Area, FormList, OwnGrid},
    register::{EntryKind, Field as Asked, Type, check::Mistake, schema},
};

use super::{counts::part_of_answers, edit::YES, point::PointInput};
use crate::{
    components::{Chip, Field, TextInput},
    dynamic::{attr, heard, part},
    live::live,
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
    forms: RwSignal<Option<FormList>>,
) -> impl IntoView {
    let words = use_words();
    let name = field.name;
    let label = words.field_of(kind, name);
    let id = format!("reg-{name}");
    let error = Signal::derive(move || {
        wrong.look(|wrong| {
            let found = wrong.iter().find(|it| it.field.as_str() == name);
            found.map(|it| words.wrong(&it.wrong))
        })
    });
    let value =
        Signal::derive(move || typed.look(|typed| typed.get(name).cloned().unwrap_or_default()));
    let set = Callback::new(move |text: String| {
        typed.update(|typed| {
            if name == "form" {
                // What counts is an answer to the other one.
                typed.insert("counts".to_owned(), String::new());
            }
            typed.insert(name.to_owned(), text);
        });
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
        Type::Link(EntryKind::Building) => part_of_buildings(id.clone(), value, set),
        Type::Form => part_of_forms(id.clone(), forms, value, set),
        Type::Counts => part_of_answers(id.clone(), typed, value, set),
        Type::Flag => flag(name, value, set),
        Type::Point => view! { <PointInput value set /> }.into_any(),
        Type::Day | Type::AnyDay => typed_in(id.clone(), name, "date", value, set),
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

fn flag(name: &'static str, value: Signal<String>, set: Callback<String>) -> AnyView {
    let words = use_words();
    view! {
        <div class="chips">
            <Chip
                on=Signal::derive(move || value.get() == YES)
                test=name
                on_press=move || {
                    let taken_back = value.get_untracked() == YES;
                    set.run(if taken_back { String::new() } else { YES.to_owned() });
                }
            >
                {words.reg_yes()}
            </Chip>
        </div>
    }
    .into_any()
}

/// Of the forms this device has those that can be filled in.
fn part_of_forms(
    id: String,
    forms: RwSignal<Option<FormList>>,
    value: Signal<String>,
    set: Callback<String>,
) -> AnyView {
    let words = use_words();
    view! {
        {part(move || {
            let forms = forms.get().map(|list| list.forms).unwrap_or_default();
            let named = forms.into_iter().filter(|form| form.trouble.is_none()).map(|form| {
                let title = words.pick(&form.title, &form.title_en).to_owned();
                (form.id, title)
            });
            select(id.clone(), "form", named.collect(), value, set)
        })}
    }
    .into_any()
}

/// The buildings of one's own grids.
fn part_of_buildings(id: String, value: Signal<String>, set: Callback<String>) -> AnyView {
    let buildings = live(&[Area::Register], || super::buildings(u32::MAX));
    view! {
        {part(move || {
            let all = buildings.value.get().map(|all| all.buildings).unwrap_or_default();
            let named = all.into_iter().map(|it| (it.id.to_string(), format!("{} {}", it.compound, it.name)));
            select(id.clone(), "building", named.collect(), value, set)
        })}
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

/// 关爱对象: any number of them; of a campaign those who are meant.
#[component]
pub(super) fn Care(kind: EntryKind, care: RwSignal<Vec<String>>) -> impl IntoView {
    let words = use_words();
    let title = match kind {
        EntryKind::Campaign => words.camp_f_care(),
        _ => words.reg_care_title(),
    };
    let chips = schema::CARE_TAGS.iter().map(|tag| {
        let tag = *tag;
        view! {
            <Chip
                on=Signal::derive(move || care.look(|care| care.iter().any(|it| it == tag)))
                test=format!("care-{tag}")
                on_press=move || care.update(|care| turn(care, tag))
            >
                {words.code_of(EntryKind::Resident, "care", tag)}
            </Chip>
        }
    });
    view! {
        <fieldset class="segments-set field">
            <legend class="field-label">{title}</legend>
            <div class="chips" role="group">{chips.collect_view()}</div>
        </fieldset>
    }
}

/// Where a campaign is meant for: any number of one's own grids.
#[component]
pub(super) fn Grids(
    meant: RwSignal<Vec<String>>,
    grids: RwSignal<Option<Vec<OwnGrid>>>,
    wrong: RwSignal<Vec<Mistake>>,
) -> impl IntoView {
    let words = use_words();
    let missing = Memo::new(move |_| {
        let is_missing = |it: &Mistake| it.field.as_str() == "grids";
        wrong.look(|wrong| wrong.iter().any(is_missing)) && meant.look(Vec::is_empty)
    });
    let chips = move || {
        let grids = grids.get().unwrap_or_default();
        let all: Vec<String> = grids.iter().map(|it| it.code.0.clone()).collect();
        let many = all.len() > 1;
        let every = all.clone();
        let is_all =
            Signal::derive(move || meant.look(|meant| every.iter().all(|it| meant.contains(it))));
        let chips = grids.into_iter().map(|grid| {
            let code = grid.code.0.clone();
            let same = code.clone();
            view! {
                <Chip
                    on=Signal::derive(move || meant.look(|meant| meant.contains(&same)))
                    test=format!("grid-{code}")
                    on_press=move || meant.update(|meant| turn(meant, &code))
                >
                    {words.pick(&grid.name, &grid.name_en).to_owned()}
                </Chip>
            }
        });
        let chips = chips.collect_view();
        view! {
            {many.then(|| view! {
                <Chip
                    on=is_all
                    test="grids-all"
                    on_press=move || meant.set(if is_all.get_untracked() { Vec::new() } else { all.clone() })
                >
                    {words.camp_all_grids()}
                </Chip>
            })}
            {chips}
        }
    };
    view! {
        <fieldset class="segments-set field">
            <legend class="field-label">{words.camp_f_grids()}</legend>
            <div class="chips" role="group">{part(chips)}</div>
            {part(move || missing.get().then(|| view! { <p class="field-error">{words.camp_no_grid()}</p> }))}
        </fieldset>
    }
}

/// Takes one in, or out again.
pub(super) fn turn(chosen: &mut Vec<String>, one: &str) {
    let before = chosen.len();
    chosen.retain(|it| it != one);
    if chosen.len() == before {
        chosen.push(one.to_owned());
    }
}
