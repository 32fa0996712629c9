//! Photos in a sheet: choose or take some, see them, take one out again.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    PhotoError, PhotoKind, PhotoRef,
    ipc::{Code, IpcError, PhotoUpload},
    photo::PHOTOS_MAX,
};
use web_sys::File;

use crate::{
    components::{ErrorNotice, Glyph, Icon, Thumb},
    dynamic::{heard, part},
    look::Look,
    session::use_app,
    uploads::{Upload, files},
    words::use_words,
};

/// The photos of an addition.
#[component]
pub(super) fn PhotosField(
    /// Those that are stored on the device.
    photos: RwSignal<Vec<PhotoRef>>,
    /// What they are said to show.
    kind: PhotoKind,
) -> impl IntoView {
    let words = use_words();
    let now = use_app().now;
    let error = RwSignal::new(None);
    let storing = RwSignal::new(0_u32);
    let take = move |chosen: Vec<File>| {
        error.set(None);
        storing.update(|left| *left += 1);
        spawn_local(async move {
            for (number, file) in chosen.into_iter().enumerate() {
                let name = format!(
                    "addition-{}-{number}-{}",
                    now.get_untracked().as_ms(),
                    photos.peek(Vec::len)
                );
                match store(file, name, photos.peek(Vec::len)).await {
                    Ok(photo) => photos.update(|photos| {
                        // The same photo twice is one photo.
                        if photos.iter().all(|it| it.digest != photo.digest) {
                            photos.push(PhotoRef { kind, ..photo });
                        }
                    }),
                    Err(why) => error.set(Some(why)),
                }
            }
            storing.update(|left| *left = left.saturating_sub(1));
        });
    };
    let tiles = move || {
        photos
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, photo)| {
                let digest = photo.digest;
                view! {
                    <li class="photos-tile">
                        <Thumb photo=Some(photo) />
                        <button type="button" class="photos-remove" aria-label=words.photo_remove(at + 1) on:click=heard(move |_| photos.update(|photos| photos.retain(|it| it.digest != digest)))>
                            <Icon glyph=Glyph::Close />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="photos-field">
            <ul class="photos-tiles">
                {tiles}
                <li>
                    <label class="photos-add">
                        <Icon glyph=Glyph::Camera />
                        <span>{words.photo_add()}</span>
                        <input
                            class="hidden-input"
                            type="file"
                            accept="image/*"
                            multiple
                            data-test="sheet-photo-input"
                            on:change:target=move |event| {
                                let input = event.target();
                                if let Some(list) = input.files() {
                                    take(files(&list));
                                }
                                // So that the same file can be chosen again.
                                input.set_value("");
                            }
                        />
                    </label>
                </li>
            </ul>
            {part(move || (storing.get() > 0).then(|| view! { <p class="aside" role="status">{words.photo_adding()}</p> }))}
            <ErrorNotice error=error />
        </div>
    }
}

async fn store(file: File, name: String, there: usize) -> Result<PhotoRef, IpcError> {
    if there >= PHOTOS_MAX {
        let code = Code::Photo {
            why: PhotoError::TooMany,
        };
        return Err(IpcError {
            code,
            detail: "nine photos are there".to_owned(),
        });
    }
    let mut upload = Upload::new(file, name);
    loop {
        if let PhotoUpload::Stored { photo, .. } = upload.next(None).await? {
            return Ok(*photo);
        }
    }
}
