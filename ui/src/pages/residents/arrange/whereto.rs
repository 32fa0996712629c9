//! Where somebody moves to: a door, found as everything is found here, and one of its households or a
//! new one.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::{
    EntryId,
    ipc::{Area, GetDoor, RegisterHit, SearchRegister},
};

use super::who;
use crate::{
    components::{Button, Chip, ErrorNotice, Glyph, Kind, SearchBox},
    dynamic::{heard, part},
    ipc,
    live::live,
    words::use_words,
};

/// The most doors offered at once.
const DOORS_SHOWN: usize = 6;

/// A household behind a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// One that is there.
    Household(EntryId),
    /// One that begins.
    New,
}

/// A door that was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) id: EntryId,
    place: String,
}

#[component]
pub(super) fn WhereTo(
    /// The household they come from.
    from: EntryId,
    door: RwSignal<Option<Found>>,
    target: RwSignal<Option<Target>>,
) -> impl IntoView {
    let words = use_words();
    view! {
        {part(move || match door.get() {
            None => view! { <Doors door /> }.into_any(),
            Some(found) => {
                let other = move || {
                    target.set(None);
                    door.set(None);
                };
                view! {
                    <div class="arrange-door">
                        <span data-test="move-door">{found.place}</span>
                        <Button kind=Kind::Quiet test="move-other-door" icon=Glyph::Undo on_press=other>{words.house_other_door()}</Button>
                    </div>
                    <Households from door=found.id target />
                }.into_any()
            }
        })}
    }
}

#[component]
fn Doors(door: RwSignal<Option<Found>>) -> impl IntoView {
    let words = use_words();
    let query = RwSignal::new(String::new());
    let hits = live(&[Area::Register], move || {
        let text = query.get();
        async move {
            if text.trim().is_empty() {
                return Ok(None);
            }
            let found = ipc::call(SearchRegister { text }).await?;
            Ok(Some(found.entries))
        }
    });
    let rows = move || {
        let found = hits.value.get().flatten()?;
        let doors = doors(found);
        if doors.is_empty() {
            return Some(view! { <p class="aside">{words.house_no_door()}</p> }.into_any());
        }
        let rows = doors.into_iter().map(|(title, found)| {
            let place = found.place.clone();
            view! {
                <li>
                    <button type="button" class="row arrange-hit" data-test="move-hit" on:click=heard(move |_| door.set(Some(found.clone())))>
                        <span class="row-words">
                            <span class="row-title">{title}</span>
                            <span class="row-text">{place}</span>
                        </span>
                    </button>
                </li>
            }
        });
        Some(view! { <ul class="card-list">{rows.collect_view()}</ul> }.into_any())
    };
    view! {
        <div class="field">
            <span class="field-label">{words.house_where()}</span>
            <SearchBox test="move-search" label=words.house_where() placeholder=words.house_where_hint() value=query on_search=move |text| query.set(text) />
        </div>
        <ErrorNotice error=hits.error on_retry=move || hits.again() />
        {part(rows)}
    }
}

/// What has a door, each door once.
fn doors(hits: Vec<RegisterHit>) -> Vec<(String, Found)> {
    let mut seen = BTreeSet::new();
    let doors = hits.into_iter().filter_map(|hit| {
        let id = hit.door.filter(|door| seen.insert(*door))?;
        let place = hit.place;
        Some((hit.title, Found { id, place }))
    });
    doors.take(DOORS_SHOWN).collect()
}

#[component]
fn Households(from: EntryId, door: EntryId, target: RwSignal<Option<Target>>) -> impl IntoView {
    let words = use_words();
    let there = live(&[Area::Register], move || {
        ipc::call(GetDoor { dwelling: door })
    });
    let chip = move |which: Target, test: &'static str, said: String| {
        view! {
            <Chip on=Signal::derive(move || target.get() == Some(which)) test on_press=move || target.set(Some(which))>{said}</Chip>
        }
    };
    view! {
        <ErrorNotice error=there.error on_retry=move || there.again() />
        {part(move || there.value.get().map(|there| {
            let open = there.households.iter().filter(|it| !it.entry.gone && it.entry.id != from);
            let chips = open.map(|it| chip(Target::Household(it.entry.id), "move-household", who(words, it)));
            let chips = chips.collect_view();
            view! {
                <fieldset class="segments-set field">
                    <legend class="field-label">{words.house_which()}</legend>
                    <div class="chips" role="group">
                        {chips}
                        {chip(Target::New, "move-new", words.house_new().to_owned())}
                    </div>
                </fieldset>
            }
        }))}
    }
}
