//! A photo over the whole screen. Arrows, a swipe or a press at the side go on; Esc closes.

use leptos::{ev::KeyboardEvent, html::Dialog, prelude::*};
use shared::ipc::{PhotoView, Presence};

use super::icon::{Glyph, Icon};
use crate::{
    dynamic::{attr, heard, part},
    look::Look,
    session::use_app,
    words::use_words,
};

/// A finger that moved further sideways than this has swiped.
const SWIPE_PX: i32 = 48;

/// The viewer; shown while `at` names a photo.
#[component]
pub(crate) fn PhotoViewer(
    /// The photos.
    #[prop(into)]
    photos: Signal<Vec<PhotoView>>,
    /// Which is shown.
    at: RwSignal<Option<usize>>,
) -> impl IntoView {
    view! {
        <Show when=attr(move || at.look(Option::is_some))>
            <Open photos at />
        </Show>
    }
}

#[component]
fn Open(photos: Signal<Vec<PhotoView>>, at: RwSignal<Option<usize>>) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let dialog = NodeRef::<Dialog>::new();
    dialog.on_load(|dialog| {
        // It can fail only for a dialog that is open already or not on the page.
        drop(dialog.show_modal());
    });
    let count = move || photos.look(Vec::len);
    let place = move || at.get().unwrap_or(0);
    let go = move |forward: bool| {
        let next = if forward {
            place().checked_add(1)
        } else {
            place().checked_sub(1)
        };
        if let Some(next) = next.filter(|next| *next < count()) {
            at.set(Some(next));
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => go(true),
        "ArrowLeft" => go(false),
        _ => {}
    };
    let began = StoredValue::new(0_i32);
    let shown = move || photos.look(|photos| photos.get(place()).cloned());
    view! {
        <dialog
            class="viewer"
            data-test="photo-viewer"
            node_ref=dialog
            aria-label=attr(move || words.photo_nth(place() + 1, count()))
            on:keydown=heard(on_key)
            on:cancel=heard(move |_: web_sys::Event| at.set(None))
            on:close=heard(move |_: web_sys::Event| at.set(None))
            on:pointerdown=move |event| began.set_value(event.client_x())
            on:pointerup=move |event| {
                let moved = event.client_x() - began.get_value();
                if moved.abs() > SWIPE_PX {
                    go(moved < 0);
                }
            }
        >
            {part(move || shown().map(|view| {
                let url = app.photo_url(view.photo.digest, "full");
                let small = app.photo_url(view.photo.digest, "thumb");
                let hint = match view.presence {
                    Presence::Here => None,
                    Presence::ThumbOnly => Some(words.photo_thumb_only()),
                    Presence::NotYet => Some(words.photo_not_here()),
                };
                let failed = RwSignal::new(view.presence == Presence::NotYet);
                let source = move || if failed.get() { small.clone() } else { url.clone() };
                view! {
                    <img class="viewer-photo" src=source alt=words.photo_kind(view.photo.kind) draggable="false" on:error=heard(move |_| failed.set(true)) />
                    <p class="viewer-words">
                        <span>{words.photo_nth(place() + 1, count())}</span>
                        <span>{words.photo_kind(view.photo.kind)}</span>
                        {view.photo.taken_at.map(|taken| view! { <span>{part(move || app.sayer(words).exact(taken))}</span> })}
                        {part(move || hint.filter(|_| failed.get()).map(|hint| view! { <span>{hint}</span> }))}
                    </p>
                }
            }))}
            <button type="button" class="icon-button viewer-close" data-test="viewer-close" aria-label=words.app_close() on:click=heard(move |_| at.set(None))>
                <Icon glyph=Glyph::Close />
            </button>
            <button type="button" class="icon-button viewer-back" data-test="viewer-previous" aria-label=words.photo_previous() disabled=attr(move || place() == 0) on:click=heard(move |_| go(false))>
                <Icon glyph=Glyph::Back />
            </button>
            <button type="button" class="icon-button viewer-next" data-test="viewer-next" aria-label=words.photo_next() disabled=attr(move || count() <= place() + 1) on:click=heard(move |_| go(true))>
                <Icon glyph=Glyph::Next />
            </button>
        </dialog>
    }
}
