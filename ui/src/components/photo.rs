//! Photos in lists and strips. A photo whose bytes are not here shows its place, not a broken sign.

use leptos::prelude::*;
use shared::{
    PhotoRef,
    ipc::{PhotoView, Presence},
};

use super::icon::{Glyph, Icon};
use crate::{
    dynamic::{heard, part},
    session::use_app,
    words::use_words,
};

/// The thumbnail of a photo, or a quiet square where there is none.
#[component]
pub(crate) fn Thumb(
    /// Which; `None` draws the square.
    photo: Option<PhotoRef>,
) -> impl IntoView {
    let app = use_app();
    let gone = RwSignal::new(false);
    view! {
        <span class="thumb">
            {part(move || match &photo {
                Some(photo) if !gone.get() => view! {
                    <img
                        src=app.photo_url(photo.digest, "thumb")
                        alt=""
                        loading="lazy"
                        decoding="async"
                        on:error=heard(move |_| gone.set(true))
                    />
                }.into_any(),
                _ => view! { <Icon glyph=Glyph::Image /> }.into_any(),
            })}
        </span>
    }
}

/// The photos of a case side by side; pressing one opens it.
#[component]
pub(crate) fn PhotoStrip(
    /// The photos.
    photos: Vec<PhotoView>,
    /// Opens the photo at this place.
    #[prop(into)]
    on_open: Callback<usize>,
) -> impl IntoView {
    let words = use_words();
    let tiles = photos
        .into_iter()
        .enumerate()
        .map(|(at, view)| {
            let kind = words.photo_kind(view.photo.kind);
            let waiting = view.presence == Presence::NotYet;
            view! {
                <li>
                    <button
                        type="button"
                        class="photo-tile"
                        data-test="photo-thumb"
                        aria-label=words.photo_open(at + 1)
                        on:click=heard(move |_| on_open.run(at))
                    >
                        <Thumb photo=(!waiting).then_some(view.photo) />
                        <span class="photo-kind">{kind}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="photo-strip" data-test="photo-strip">{tiles}</ul> }
}
