//! Where something is: taken from the device by whoever stands there. Nobody types degrees.

use leptos::{prelude::*, task::spawn_local};

use super::{Button, Glyph, Icon, Kind};
use crate::{
    dynamic::{attr, part},
    position::{self, Fix},
    words::use_words,
};

/// Takes a place, shows it, takes it away again.
#[component]
pub(crate) fn Here(
    /// What was taken, in words.
    #[prop(into)]
    said: Signal<Option<String>>,
    /// What the button that takes it says.
    label: &'static str,
    /// Is given what the device knows. Says whether that is a place.
    take: Callback<Fix, bool>,
    /// Nothing is to stand there.
    clear: Callback<()>,
) -> impl IntoView {
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
            found_none.set(!take.run(fix));
        });
    };
    let forget = move || {
        found_none.set(false);
        clear.run(());
    };
    view! {
        <div class="fill-point">
            {part(move || said.get().map(|said| view! {
                <p class="fill-said" data-test="point-said"><Icon glyph=Glyph::Pin /><span>{said}</span></p>
            }))}
            <Button icon=Glyph::Pin test="point-here" disabled=busy on_press=locate>
                {part(move || if busy.get() { words.fill_locating() } else { label })}
            </Button>
            <Show when=attr(move || said.get().is_some())>
                <Button kind=Kind::Quiet test="point-clear" on_press=forget>{words.fill_clear()}</Button>
            </Show>
            {part(move || found_none.get().then(|| view! { <p class="field-error" role="alert" data-test="point-none">{words.fill_no_fix()}</p> }))}
        </div>
    }
}
