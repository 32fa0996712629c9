//! The photos: a place to add them that nobody can miss, and what was added.

use leptos::{ev::Event, prelude::*};
use shared::{
    PhotoKind,
    ipc::{KnownPlace, Missing, PhotoView, Presence},
    photo::PHOTOS_MAX,
};
use web_sys::HtmlInputElement;

use super::{
    parts::{Lack, lack, on_sheet},
    photo_tile::{ComingTile, StoredTile},
    writer::{Word, Writer},
};
use crate::{
    components::{Button, Glyph, Icon, Kind, PhotoViewer},
    dates::distance,
    drafts::Writing,
    dynamic::{attr, heard},
    look::Look,
    uploads,
    words::use_words,
};

/// The photos of the report.
#[component]
pub(super) fn PhotosPart(writer: Writer, told: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let lacks = lack(writer, told, Missing::Content);
    let photos = on_sheet(writer, |it| it.sheet().photos.clone());
    let count = move || photos.look(Vec::len);
    let opened = RwSignal::new(None::<usize>);
    let dragged = RwSignal::new(None::<usize>);
    let views = Signal::derive(move || {
        let here = |photo| PhotoView {
            photo,
            presence: Presence::Here,
        };
        photos.get().into_iter().map(here).collect::<Vec<_>>()
    });
    let numbered = move || photos.get().into_iter().enumerate().collect::<Vec<_>>();
    let first = move || count() == 0 && writer.coming.look(Vec::is_empty);
    view! {
        <section class="section" id="report-photos" class:part-wrong=lacks aria-label=words.report_photos()>
            <ul class="tiles" data-first=attr(move || first().to_string())>
                <For each=numbered key=|(at, photo)| (*at, photo.digest, photo.kind) let((at, photo))>
                    <StoredTile writer photo at count=Signal::derive(count) opened dragged />
                </For>
                <For each=move || writer.coming.get() key=|coming| (coming.number, coming.failed.is_some()) let(coming)>
                    <ComingTile writer coming />
                </For>
                <Show when=attr(move || count() < PHOTOS_MAX)>
                    <AddTile writer />
                </Show>
            </ul>
            <Lack what=Missing::Content lacks />
            <Far writer />
        </section>
        <PhotoViewer photos=views at=opened />
    }
}

/// Where photos are added: the camera on a tablet, files everywhere.
#[component]
fn AddTile(writer: Writer) -> impl IntoView {
    let words = use_words();
    view! {
        <li class="tile-add" data-source="camera">
            <label class="tile-add-label">
                <PhotoInput writer kind=PhotoKind::Near test="photo-camera" camera=true />
                <Icon glyph=Glyph::Camera />
                <span class="tile-add-word">{words.report_take_photo()}</span>
            </label>
        </li>
        <li class="tile-add" data-source="files">
            <label class="tile-add-label">
                <PhotoInput writer kind=PhotoKind::Near test="photo-input" camera=false />
                <Icon glyph=Glyph::Plus />
                <span class="tile-add-word">{words.report_add_photo()}</span>
                <span class="tile-add-hint">{words.report_add_photo_hint()}</span>
            </label>
        </li>
    }
}

/// What opens the camera or the files. It stands under its label, unseen, but takes the keyboard.
#[component]
pub(super) fn PhotoInput(
    /// Who takes the photos.
    writer: Writer,
    /// What they shall be said to show.
    kind: PhotoKind,
    /// Name for tests.
    test: &'static str,
    /// Whether the camera opens at once.
    camera: bool,
) -> impl IntoView {
    let take = move |event: Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = input
            .files()
            .map(|list| uploads::files(&list))
            .unwrap_or_default();
        // Else the same file could not be chosen again after it was removed.
        input.set_value("");
        writer.add_photos(files, kind);
    };
    view! {
        <input
            class="unseen"
            type="file"
            accept="image/*"
            multiple=!camera
            capture=camera.then_some("environment")
            data-test=test
            on:change=heard(take)
        />
    }
}

/// A quiet word when a photo says it was taken somewhere else.
#[component]
fn Far(writer: Writer) -> impl IntoView {
    let words = use_words();
    let far = on_sheet(writer, Writing::far_photo);
    move || {
        far.get().map(|far| {
            let known = KnownPlace::Photo { position: far.position };
            view! {
                <div class="report-note" data-test="photo-far">
                    <Icon glyph=Glyph::Pin />
                    <p>{words.report_photo_far(distance(words, far.metres))}</p>
                    <Button kind=Kind::Quiet test="photo-place" on_press=move || writer.resolve(known.clone(), Word::Chosen)>
                        {words.report_use_photo_place()}
                    </Button>
                </div>
            }
        })
    }
}
