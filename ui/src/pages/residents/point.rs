//! Where a building is, in its sheet.

use leptos::prelude::*;
use shared::Position;

use crate::{components::Here, position::Fix, words::use_words};

/// A place as the sheet keeps it while it is open.
pub(super) fn written(at: Position) -> String {
    format!("{} {}", at.lng(), at.lat())
}

/// What [`written`] wrote.
pub(super) fn read(text: &str) -> Option<Position> {
    let (lng, lat) = text.split_once(' ')?;
    Position::new(lng.parse().ok()?, lat.parse().ok()?).ok()
}

/// Takes a place and shows it.
#[component]
pub(super) fn PointInput(value: Signal<String>, set: Callback<String>) -> impl IntoView {
    let words = use_words();
    let shown = Signal::derive(move || {
        let at = read(&value.get())?;
        let (lat, lng) = (format!("{:.5}", at.lat()), format!("{:.5}", at.lng()));
        Some(words.fill_point(lat, lng))
    });
    let take = Callback::new(move |(lng, lat, _): Fix| {
        let at = lng.zip(lat);
        let at = at.and_then(|(lng, lat)| Position::new(lng, lat).ok());
        if let Some(at) = at {
            set.run(written(at));
        }
        at.is_some()
    });
    let clear = Callback::new(move |()| set.run(String::new()));
    view! { <Here said=shown label=words.reg_here() take clear /> }
}
