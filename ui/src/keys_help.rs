//! `?`: all keys in one sheet.

use leptos::prelude::*;

use crate::{components::Sheet, dynamic::part, shell::typing, words::use_words};

/// The sheet; listens for `?` itself.
#[component]
pub(crate) fn KeysHelp(
    /// Where `g` and a letter lead: letter and word.
    places: Signal<Vec<(&'static str, &'static str)>>,
) -> impl IntoView {
    let words = use_words();
    let open = RwSignal::new(false);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "?" && !typing(&event) {
            event.prevent_default();
            open.set(true);
        }
    });
    on_cleanup(move || handle.remove());
    let lines = [
        ("j ↓", words.keys_move_down()),
        ("k ↑", words.keys_move_up()),
        ("Enter", words.keys_open()),
        ("/", words.keys_search()),
        ("r", words.keys_register()),
        ("m", words.keys_merge()),
        ("x", words.keys_reject()),
        ("Esc", words.keys_close()),
        ("?", words.keys_help()),
    ];
    let line = |keys: String, does: &'static str| view! { <div class="key-line"><dt><kbd>{keys}</kbd></dt><dd>{does}</dd></div> };
    view! {
        <Sheet open title=Signal::stored(words.keys_title().to_owned()) on_close=move |()| open.set(false)>
            <dl class="keys" data-test="keys">
                {lines.map(|(keys, does)| line(keys.to_owned(), does)).collect_view()}
                <p class="aside keys-go">{words.keys_go()}</p>
                {part(move || places.get().into_iter().map(|(key, word)| line(format!("g {key}"), word)).collect_view())}
            </dl>
        </Sheet>
    }
}
