//! A place: where the device is.

use leptos::{prelude::*, task::spawn_local};

use super::ask::Ask;
use crate::{
    components::{Button, Glyph, Icon, Kind},
    dynamic::{attr, part},
    position,
    words::{Words, use_words},
};

/// Where it is asked.
#[component]
pub(super) fn PointAsk(ask: Ask) -> impl IntoView {
    let words = use_words();
    let busy = RwSignal::new(false);
    let found_none = RwSignal::new(false);
    let locate = move || {
        busy.set(true);
        found_none.set(false);
        spawn_local(async move {
            let fix = position::ask().await;
            if busy.is_disposed() {
                return;
            }
            busy.set(false);
            match fix {
                (Some(lng), Some(lat), accuracy) => {
                    ask.answer(format!("{lat} {lng} 0 {}", accuracy.unwrap_or(0.0)));
                }
                _ => found_none.set(true),
            }
        });
    };
    view! {
        <div class="fill-point">
            {part(move || said(words, &ask.value()).map(|said| view! {
                <p class="fill-said" data-test="said"><Icon glyph=Glyph::Pin /><span>{said}</span></p>
            }))}
            <Button icon=Glyph::Pin test="point-here" disabled=busy on_press=locate>
                {part(move || if busy.get() { words.fill_locating() } else { words.fill_here() })}
            </Button>
            <Show when=attr(move || !ask.value().is_empty())>
                <Button kind=Kind::Quiet test="point-clear" on_press=move || ask.answer(String::new())>{words.fill_clear()}</Button>
            </Show>
            {part(move || found_none.get().then(|| view! { <p class="field-error" role="alert">{words.fill_no_fix()}</p> }))}
        </div>
    }
}

/// A place as people read it.
fn said(words: Words, value: &str) -> Option<String> {
    let numbers: Vec<f64> = value
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect();
    let [lat, lng, rest @ ..] = numbers.as_slice() else {
        return None;
    };
    let place = words.fill_point(format!("{lat:.5}"), format!("{lng:.5}"));
    Some(match rest {
        [_, accuracy] if *accuracy > 0.0 => {
            let accuracy = words.fill_accuracy(format!("{accuracy:.0}"));
            format!("{place} · {accuracy}")
        }
        _ => place,
    })
}
