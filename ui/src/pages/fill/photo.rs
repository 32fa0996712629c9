//! A photo: taken or chosen, on the device before it is the answer.

use leptos::{ev::Event, prelude::*, task::spawn_local};
use shared::ipc::{IpcError, PhotoUpload, PhotoView, Presence};
use web_sys::{File, HtmlInputElement};

use super::ask::Ask;
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind, PhotoViewer, Thumb},
    dynamic::{attr, heard, part},
    look::Look,
    uploads::{self, Upload},
    words::use_words,
};

/// Where it is taken or chosen.
#[component]
pub(super) fn PhotoAsk(ask: Ask) -> impl IntoView {
    let words = use_words();
    let percent = RwSignal::new(None::<u64>);
    let failed = RwSignal::new(None::<IpcError>);
    let opened = RwSignal::new(None::<usize>);
    let photo = Memo::new(move |_| ask.question.look(|it| it.photo.clone()));
    let views = Signal::derive(move || {
        let here = |photo| PhotoView {
            photo,
            presence: Presence::Here,
        };
        photo.get().into_iter().map(here).collect::<Vec<_>>()
    });
    let take = move |file: File| spawn_local(store(ask, file, percent, failed));
    let word = move || {
        if photo.look(Option::is_some) {
            words.fill_retake()
        } else {
            words.fill_choose_photo()
        }
    };
    view! {
        <div class="fill-photo">
            {part(move || photo.get().map(|photo| view! {
                <button type="button" class="photo-tile" data-test="photo-thumb" aria-label=words.photo_open(1) on:click=heard(move |_| opened.set(Some(0)))>
                    <Thumb photo=Some(photo) />
                </button>
            }))}
            <label class="button label-button fill-camera">
                <PhotoInput camera=true test="photo-camera" take=Callback::new(take) />
                <Icon glyph=Glyph::Camera />
                <span>{words.fill_take_photo()}</span>
            </label>
            <label class="button label-button">
                <PhotoInput camera=false test="photo-input" take=Callback::new(take) />
                <Icon glyph=Glyph::Image />
                <span>{part(word)}</span>
            </label>
            <Show when=attr(move || photo.look(Option::is_some))>
                <Button kind=Kind::Quiet test="photo-remove" on_press=move || ask.answer(String::new())>{words.fill_remove_photo()}</Button>
            </Show>
            {part(move || percent.get().map(|percent| view! { <p class="aside" role="status">{words.fill_storing(percent)}</p> }))}
        </div>
        <ErrorNotice error=failed />
        <PhotoViewer photos=views at=opened />
    }
}

#[component]
fn PhotoInput(camera: bool, test: &'static str, take: Callback<File>) -> impl IntoView {
    let chosen = move |event: Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = input.files().map(|list| uploads::files(&list));
        // Else the same file could not be chosen again.
        input.set_value("");
        if let Some(file) = files.into_iter().flatten().next() {
            take.run(file);
        }
    };
    view! {
        <input
            class="unseen"
            type="file"
            accept="image/*"
            capture=camera.then_some("environment")
            data-test=test
            on:change=heard(chosen)
        />
    }
}

/// Hands the file over piece by piece; the photo is the answer once the core has it whole, even if
/// the page is gone by then.
async fn store(
    ask: Ask,
    file: File,
    percent: RwSignal<Option<u64>>,
    failed: RwSignal<Option<IpcError>>,
) {
    let (Some(hand), address) = (ask.paper.hand(), ask.address()) else {
        return;
    };
    drop(failed.try_set(None));
    let name = format!("fill-{address}-{}-{}", file.name(), js_sys::Date::now());
    let mut upload = Upload::new(file, name);
    loop {
        let _gone = percent.try_set(Some(upload.percent()));
        match upload.next(None).await {
            Ok(PhotoUpload::Receiving { .. }) => {}
            Ok(PhotoUpload::Stored { photo, .. }) => {
                hand.answer(&address, photo.digest.to_string());
                break;
            }
            Err(error) => {
                drop(failed.try_set(Some(error)));
                break;
            }
        }
    }
    let _gone = percent.try_set(None);
}
