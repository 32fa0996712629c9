//! All of the choices, put in order.

use leptos::prelude::*;

use super::ask::Ask;
use crate::{
    components::{Button, Glyph, Icon},
    dynamic::{attr, heard, part},
    look::Look,
    words::use_words,
};

/// The choices in their order, each of which can be moved up.
#[component]
pub(super) fn RankAsk(ask: Ask) -> impl IntoView {
    let words = use_words();
    let order = Memo::new(move |_| order(ask));
    let move_up = move |at: usize| {
        let mut names: Vec<String> = order
            .get_untracked()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        if at > 0 && at < names.len() {
            names.swap(at - 1, at);
        }
        ask.answer(names.join(" "));
    };
    let rows = move || {
        let rows = order.get().into_iter().enumerate().map(|(at, (_, label))| {
            view! {
                <li class="row">
                    <span class="row-words">{at + 1}". "{label}</span>
                    {(at > 0).then(|| view! {
                        <button type="button" class="icon-button fill-up" data-test=format!("rank-up-{at}") aria-label=words.fill_up() title=words.fill_up() on:click=heard(move |_| move_up(at))>
                            <Icon glyph=Glyph::Next />
                        </button>
                    })}
                </li>
            }
        });
        view! { <ol class="card-list">{rows.collect_view()}</ol> }
    };
    view! {
        {part(rows)}
        <Show when=attr(move || ask.value().is_empty())>
            <Button test="rank-as-is" on_press=move || move_up(0)>{words.fill_as_is()}</Button>
        </Show>
    }
}

/// Names and labels: as they were put, or as they are offered.
fn order(ask: Ask) -> Vec<(String, String)> {
    ask.question.look(|it| {
        let offered = it.choices.as_ref().map(|all| all.some.as_slice());
        let of = |choice: &shared::ipc::FormChoice| (choice.value.clone(), choice.label.clone());
        if it.chosen.is_empty() {
            offered.unwrap_or_default().iter().map(of).collect()
        } else {
            it.chosen.iter().map(of).collect()
        }
    })
}
