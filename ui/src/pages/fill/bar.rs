//! 完成: under the thumb, with how much is left. What keeps it from being finished is pointed at
//! where it is.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::paper::{End, Paper};
use crate::{
    components::{Button, ErrorNotice, Glyph, Kind, use_toasts},
    dynamic::{effect, part},
    look::Look,
    words::use_words,
};

/// The bar with the button.
#[component]
pub(super) fn Bar(paper: Paper) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let navigate = use_navigate();
    let busy = Signal::derive(move || paper.ended.look(|end| *end == Some(End::Trying)));
    effect(move || match paper.ended.get() {
        Some(End::Done(_)) => {
            toasts.say(words.fill_finished());
            if paper.is_about {
                // To whom it was about; a window without a past shows the list.
                if window().history().is_ok_and(|past| past.back().is_ok()) {
                    return;
                }
            }
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate("/forms", options);
        }
        Some(End::At(address)) => {
            toasts.say(words.fill_lacking());
            open_above(paper, &address);
            // Drawn by then.
            request_animation_frame(move || point_at(&address));
        }
        Some(End::Trying) | None => {}
    });
    let left = move || {
        paper
            .state
            .look(|state| match (state.missing, state.wrong) {
                (0, 0) => words.fill_ready().to_owned(),
                (0, wrong) => words.fill_wrong(wrong.into()),
                (missing, _) => words.fill_left(missing.into()),
            })
    };
    view! {
        <div class="send-bar">
            <ErrorNotice error=paper.trouble />
            <div class="send-line">
                <p class="send-word">
                    <span class="fill-left" data-test="fill-left">{part(left)}</span>
                    <span class="aside">{words.fill_hint()}</span>
                </p>
                <Button kind=Kind::Primary icon=Glyph::Check test="fill-finish" disabled=busy on_press=move || paper.finish()>
                    {part(move || if busy.get() { words.fill_finishing() } else { words.fill_finish() })}
                </Button>
            </div>
        </div>
    }
}

/// Draws the instances whole that a question stands in.
fn open_above(paper: Paper, address: &str) {
    paper.opened.update(|opened| {
        for (end, _) in address.match_indices(']') {
            opened.extend(address.get(..=end).map(str::to_owned));
        }
    });
}

/// Brings a question to the eye, and the keyboard to it.
fn point_at(address: &str) {
    let Some(line) = document().get_element_by_id(&format!("q-{address}")) else {
        return;
    };
    line.scroll_into_view();
    let input = line
        .query_selector("input, textarea, button")
        .ok()
        .flatten();
    if let Some(input) =
        input.and_then(|it| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(it).ok())
    {
        // It can fail only for what can't have the focus.
        drop(input.focus());
    }
}
