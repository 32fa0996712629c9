//! Headings: of groups, of repeats, and of their instances, which are drawn one by one where there
//! are many.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use shared::ipc::FormLineKind;

use super::paper::{Line, Paper};
use crate::{
    components::{Button, Glyph, Icon, Kind, Sheet},
    dynamic::{heard, part},
    look::Look,
    words::use_words,
};

/// Of a repeat with more instances than this only those are drawn that were opened, and the last.
const WHOLE_MAX: u32 = 6;

/// The instances that are not drawn whole.
pub(super) fn closed(paper: Paper) -> BTreeSet<String> {
    let opened = paper.opened.get();
    paper.lines.look(|lines| {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut closed = BTreeSet::new();
        for line in lines {
            line.now.peek(|now| match now.what {
                FormLineKind::Repeat { instances, .. } => {
                    counts.insert(&line.address, instances);
                }
                FormLineKind::Instance { position, .. } => {
                    let count = repeat_of(&line.address).and_then(|of| counts.get(of).copied());
                    let is_drawn =
                        count.is_none_or(|count| count <= WHOLE_MAX || position == count);
                    if !is_drawn && !opened.contains(&line.address) {
                        closed.insert(line.address.clone());
                    }
                }
                FormLineKind::Group | FormLineKind::Question(_) => {}
            });
        }
        closed
    })
}

/// The lines to draw: all but those inside of what is closed.
pub(super) fn visible(paper: Paper, closed: &BTreeSet<String>) -> Vec<Line> {
    let mut inside: Option<String> = None;
    paper.lines.look(|lines| {
        let drawn = lines.iter().filter(|line| {
            if inside
                .as_ref()
                .is_some_and(|inside| line.address.starts_with(inside.as_str()))
            {
                return false;
            }
            inside = closed
                .contains(&line.address)
                .then(|| format!("{}/", line.address));
            true
        });
        drawn.cloned().collect()
    })
}

/// The repeat that an instance is of.
fn repeat_of(instance: &str) -> Option<&str> {
    instance.rsplit_once('[').map(|(repeat, _)| repeat)
}

/// A heading.
#[component]
pub(super) fn Heading(paper: Paper, line: Line, closed: Memo<BTreeSet<String>>) -> impl IntoView {
    let words = use_words();
    let now = line.now.clone();
    let label = Memo::new(move |_| now.look(|line| line.label.clone()));
    let now = line.now.clone();
    let hint = Memo::new(move |_| now.look(|line| line.hint.clone()));
    let hint = move || {
        let hint = hint.get();
        (!hint.is_empty()).then(|| view! { <p class="fill-hint">{hint}</p> })
    };
    let address = line.address.clone();
    match line.now.peek(|line| line.what.clone()) {
        FormLineKind::Repeat { is_open, .. } => {
            let now = line.now.clone();
            let count = Memo::new(move |_| {
                now.look(|line| match line.what {
                    FormLineKind::Repeat { instances, .. } => u64::from(instances),
                    _ => 0,
                })
            });
            view! {
                <div class="fill-repeat">
                    <h2>{part(move || label.get())}" "<span class="count">{part(move || words.fill_instances(count.get()))}</span></h2>
                    {is_open.then(|| view! {
                        <Button icon=Glyph::Plus test="repeat-add" on_press=move || paper.add(&address)>{words.fill_add()}</Button>
                    })}
                </div>
                {part(hint)}
            }
            .into_any()
        }
        FormLineKind::Instance { .. } => view! { <Instance paper line label closed /> }.into_any(),
        FormLineKind::Group | FormLineKind::Question(_) => view! {
            <h2>{part(move || label.get())}</h2>
            {part(hint)}
        }
        .into_any(),
    }
}

#[component]
fn Instance(
    paper: Paper,
    line: Line,
    label: Memo<String>,
    closed: Memo<BTreeSet<String>>,
) -> impl IntoView {
    let words = use_words();
    let now = line.now.clone();
    let state = Memo::new(move |_| {
        now.look(|line| match line.what {
            FormLineKind::Instance {
                position,
                is_open,
                answered,
            } => (position, is_open, answered),
            _ => (0, false, 0),
        })
    });
    let asking = RwSignal::new(false);
    let address = StoredValue::new(line.address);
    let remove = move || {
        asking.set(false);
        address.with_value(|address| paper.remove(address));
    };
    let is_closed = move || address.with_value(|it| closed.look(|all| all.contains(it)));
    let title = move || {
        let (position, ..) = state.get();
        match label.get().as_str() {
            "" => words.fill_nth(position),
            label => words.fill_nth_of(label, position),
        }
    };
    view! {
        <div class="fill-instance">
            <h3>
                {part(title)}
                {part(move || is_closed().then(|| address.with_value(|address| paper.summary(address))).flatten().map(|said| view! { <span class="count">" · "{said}</span> }))}
            </h3>
            {part(move || is_closed().then(|| view! {
                <Button kind=Kind::Quiet test="instance-open" on_press=move || paper.opened.update(|all| {
                    all.insert(address.get_value());
                })>{words.fill_open()}</Button>
            }))}
            {part(move || state.get().1.then(|| view! {
                <button type="button" class="icon-button" data-test="instance-remove" title=words.fill_remove() aria-label=words.fill_remove() on:click=heard(move |_| {
                    // What was never answered goes without a question.
                    if state.get_untracked().2 == 0 { remove() } else { asking.set(true) }
                })>
                    <Icon glyph=Glyph::Trash />
                </button>
            }))}
        </div>
        <Sheet open=asking title=Signal::derive(move || words.fill_remove_title(state.get().0)) on_close=move || asking.set(false)>
            <p>{words.fill_remove_hint(state.get_untracked().2.into())}</p>
            <div class="sheet-actions">
                <Button test="remove-keep" on_press=move || asking.set(false)>{words.fill_keep()}</Button>
                <Button kind=Kind::Danger test="remove-sure" on_press=remove>{words.fill_remove()}</Button>
            </div>
        </Sheet>
    }
}
