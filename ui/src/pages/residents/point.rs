//! Where something is: taken from the device by whoever stands there. Nobody types degrees.

use leptos::{prelude::*, task::spawn_local};
use shared::Position;

use crate::{
    components::{Button, Glyph, Icon, Kind},
    dynamic::{attr, part},
    position,
    words::use_words,
};

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
    let busy = RwSignal::new(false);
    let found_none = RwSignal::new(false);
    let locate = move || {
        busy.set(true);
        found_none.set(false);
        spawn_local(async move {
            let (lng, lat, _) = position::ask().await;
            if busy.is_disposed() {
                return;
            }
            busy.set(false);
            let here = lng
                .zip(lat)
                .and_then(|(lng, lat)| Position::new(lng, lat).ok());
            found_none.set(here.is_none());
            if let Some(here) = here {
                set.run(written(here));
            }
        });
    };
    let clear = move || {
        found_none.set(false);
        set.run(String::new());
    };
    let said = move || {
        let at = read(&value.get())?;
        let (lat, lng) = (format!("{:.5}", at.lat()), format!("{:.5}", at.lng()));
        Some(words.fill_point(lat, lng))
    };
    view! {
        <div class="fill-point">
            {part(move || said().map(|said| view! {
                <p class="fill-said" data-test="point-said"><Icon glyph=Glyph::Pin /><span>{said}</span></p>
            }))}
            <Button icon=Glyph::Pin kind=Kind::Plain test="point-here" disabled=busy on_press=locate>
                {part(move || if busy.get() { words.fill_locating() } else { words.reg_here() })}
            </Button>
            <Show when=attr(move || !value.get().is_empty())>
                <Button kind=Kind::Quiet test="point-clear" on_press=clear>{words.fill_clear()}</Button>
            </Show>
            {part(move || found_none.get().then(|| view! { <p class="field-error" role="alert" data-test="point-none">{words.fill_no_fix()}</p> }))}
        </div>
    }
}
