//! A place: where the device is.

use leptos::prelude::*;

use super::ask::Ask;
use crate::{
    components::Here,
    position::Fix,
    words::{Words, use_words},
};

/// Where it is asked.
#[component]
pub(super) fn PointAsk(ask: Ask) -> impl IntoView {
    let words = use_words();
    let shown = Signal::derive(move || said(words, &ask.value()));
    let take = Callback::new(move |fix: Fix| match fix {
        (Some(lng), Some(lat), accuracy) => {
            ask.answer(format!("{lat} {lng} 0 {}", accuracy.unwrap_or(0.0)));
            true
        }
        _ => false,
    });
    let clear = Callback::new(move |()| ask.answer(String::new()));
    view! { <Here said=shown label=words.fill_here() take clear /> }
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
