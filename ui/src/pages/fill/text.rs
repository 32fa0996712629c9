//! Words and numbers. What is written goes to the core in pauses, when the field is left, and when
//! the page is; while somebody writes, nothing changes what they wrote.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use leptos::prelude::*;

use super::ask::Ask;
use crate::{
    dynamic::{attr, effect, heard, part},
    look::Look,
};

/// A pause this long is one.
const PAUSE: Duration = Duration::from_millis(400);

/// Where words are written.
#[component]
pub(super) fn TextAsk(
    ask: Ask,
    /// Which keyboard a tablet shows.
    keyboard: &'static str,
    /// Lines, where there may be several.
    #[prop(optional)]
    rows: Option<u32>,
) -> impl IntoView {
    let typing = Typing::of(ask);
    let shown = typing.shown;
    let (on_input, on_leave) = (typing.clone(), typing);
    let common = view! {
        <{..}
            class="input"
            id=ask.input_id()
            data-test="answer"
            inputmode=keyboard
            prop:value=attr(move || shown.get().unwrap_or_else(|| ask.value()))
            on:input=heard(move |event| on_input.typed(event_target_value(&event)))
            on:change=heard(move |event| on_leave.left(event_target_value(&event)))
        />
    };
    match rows {
        Some(rows) => view! { <textarea {..common} rows=rows></textarea> }.into_any(),
        None => {
            view! { <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false" {..common} /> }
                .into_any()
        }
    }
}

/// What is being written and not yet handed in.
#[derive(Clone)]
struct Typing {
    ask: Ask,
    /// What the field shows while somebody writes; none: what the core has.
    shown: RwSignal<Option<String>>,
    /// Nobody writes any more.
    left: RwSignal<bool>,
    waiting: Arc<Mutex<Option<String>>>,
    turn: StoredValue<u32>,
}

impl Typing {
    fn of(ask: Ask) -> Self {
        let typing = Self {
            ask,
            shown: RwSignal::new(None),
            left: RwSignal::new(false),
            waiting: Arc::default(),
            turn: StoredValue::new(0),
        };
        let waiting = Arc::clone(&typing.waiting);
        let (hand, address) = (ask.paper.hand(), ask.address());
        on_cleanup(move || {
            if let (Some(hand), Some(text)) = (hand, take(&waiting)) {
                hand.answer(&address, text);
            }
        });
        let (shown, left) = (typing.shown, typing.left);
        effect(move || {
            if left.get() && ask.paper.took(&ask.address()) {
                shown.set(None);
            }
        });
        typing
    }

    fn typed(&self, text: String) {
        self.left.set(false);
        self.shown.set(Some(text.clone()));
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        let now = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(now);
        let it = self.clone();
        set_timeout(
            move || {
                if it.turn.try_get_value() == Some(now) {
                    it.hand_in();
                }
            },
            PAUSE,
        );
    }

    /// The field was left after something was written: from now on it shows what the core makes of
    /// it. What the core did not take stays as it was written, beside what is wrong.
    fn left(&self, text: String) {
        // What was filled in by something else than keys was never typed.
        let shown = self.shown.get_untracked();
        let shown = shown.unwrap_or_else(|| self.ask.question.peek(|it| it.value.clone()));
        if shown != text {
            self.typed(text);
        }
        self.hand_in();
        self.left.set(true);
    }

    fn hand_in(&self) {
        if let Some(text) = take(&self.waiting) {
            self.ask.answer(text);
        }
    }
}

fn take(waiting: &Mutex<Option<String>>) -> Option<String> {
    waiting
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
}

/// A number between two bounds.
#[component]
pub(super) fn RangeAsk(ask: Ask) -> impl IntoView {
    let bounds = ask.question.peek(|it| it.range.clone());
    let (min, max, step) = bounds.map_or_else(
        || ("1".to_owned(), "10".to_owned(), "1".to_owned()),
        |range| (range.start, range.end, range.step),
    );
    view! {
        <div class="fill-range">
            <input
                type="range"
                id=ask.input_id()
                data-test="answer"
                min=min.clone()
                max=max
                step=step
                prop:value=attr(move || match ask.value() {
                    value if value.is_empty() => min.clone(),
                    value => value,
                })
                on:change=heard(move |event| ask.answer(event_target_value(&event)))
            />
            <output>{part(move || match ask.value() {
                value if value.is_empty() => "—".to_owned(),
                value => value,
            })}</output>
        </div>
    }
}
