//! What of the layout the code must know: rows of a long list have a height in pixels.

use leptos::prelude::*;
use shared::ipc::TextSize;
use wasm_bindgen::{JsCast, closure::Closure};

use crate::{look::Look, session::use_app};

/// As `styles/tokens.css` says.
const DENSE: &str = "(min-width: 1100px) and (not (pointer: coarse))";

/// Whether rows are dense: a wide window and no fingers. Follows the window.
fn use_dense() -> RwSignal<bool> {
    let dense = RwSignal::new(false);
    let Ok(Some(query)) = window().match_media(DENSE) else {
        return dense;
    };
    dense.set(query.matches());
    let listener = Closure::<dyn Fn(web_sys::MediaQueryListEvent)>::new(
        move |event: web_sys::MediaQueryListEvent| {
            // The page may be gone while the window still changes.
            if dense.try_get_untracked().is_some() {
                dense.set(event.matches());
            }
        },
    );
    query.set_onchange(Some(listener.as_ref().unchecked_ref()));
    let kept = StoredValue::new_local((query, listener));
    on_cleanup(move || {
        kept.with_value(|(query, _)| query.set_onchange(None));
    });
    dense
}

/// A height in pixels that grows with the text, for fingers or for a desktop.
pub(crate) fn use_row_px(for_fingers: u32, when_dense: u32) -> Signal<u32> {
    let settings = use_app().settings();
    let dense = use_dense();
    Signal::derive(move || {
        let px = if dense.get() { when_dense } else { for_fingers };
        match settings.look(|settings| settings.text_size) {
            TextSize::Normal => px,
            TextSize::Large => px * 13 / 10,
        }
    })
}
