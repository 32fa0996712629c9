//! One photo of the report: what it shows, its place in the row, and how to take it out again. A
//! photo on its way shows how far it is; one that could not be taken says why.

use leptos::{ev::PointerEvent, prelude::*};
use shared::{PhotoKind, PhotoRef};

use super::writer::{Coming, Writer};
use crate::{
    components::{Button, Glyph, Icon, Kind, Thumb, use_toasts},
    drafts::{Change, Way},
    dynamic::{attr, heard},
    look::Look,
    words::use_words,
};

/// The kinds, in the order they are offered.
const KINDS: [PhotoKind; 5] = [
    PhotoKind::Near,
    PhotoKind::Far,
    PhotoKind::Reference,
    PhotoKind::Before,
    PhotoKind::After,
];

/// A pointer that moved further than this drags; one that did not has pressed.
const DRAG_PX: i32 = 12;

/// A photo of the report.
#[component]
pub(super) fn StoredTile(
    /// Who is told.
    writer: Writer,
    /// Which.
    photo: PhotoRef,
    /// Its place in the row.
    at: usize,
    /// How many there are.
    count: Signal<usize>,
    /// The place of the photo that is shown over the whole screen.
    opened: RwSignal<Option<usize>>,
    /// The place of the photo being dragged.
    dragged: RwSignal<Option<usize>>,
) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let kind = photo.kind;
    let began = StoredValue::new((0, 0));
    let remove = move |_| {
        writer.change(Change::PhotoRemoved(at));
        toasts.say_undo(words.report_photo_removed(), move || {
            writer.change(Change::PhotoRestored);
        });
    };
    let moved = move |event: &PointerEvent| {
        let (x, y) = began.get_value();
        (event.client_x() - x)
            .abs()
            .max((event.client_y() - y).abs())
            > DRAG_PX
    };
    let on_move = move |event: PointerEvent| {
        if event.buttons() != 0 && dragged.get_untracked().is_none() && moved(&event) {
            dragged.set(Some(at));
        }
    };
    let on_up = move |event: PointerEvent| {
        if dragged.get_untracked() == Some(at) {
            dragged.set(None);
            if let Some(to) = tile_under(&event).filter(|to| *to != at) {
                writer.change(Change::PhotoMoved { from: at, to });
            }
        } else if event.button() == 0 && !moved(&event) {
            opened.set(Some(at));
        }
    };
    let shift = move |way: Way| {
        if let Some(to) = way.from(at, count.get_untracked()) {
            writer.change(Change::PhotoMoved { from: at, to });
        }
    };
    let last = move || count.get() <= at + 1;
    view! {
        <li class="tile" data-test="photo-tile" data-state="stored" data-at=at class:tile-dragged=attr(move || dragged.get() == Some(at))>
            <button
                type="button"
                class="tile-picture"
                aria-label=words.photo_open(at + 1)
                on:pointerdown=move |event| {
                    began.set_value((event.client_x(), event.client_y()));
                    hold(&event);
                }
                on:pointermove=heard(on_move)
                on:pointerup=heard(on_up)
                on:pointercancel=heard(move |_| dragged.set(None))
                on:keydown=move |event| if matches!(event.key().as_str(), "Enter" | " ") {
                    event.prevent_default();
                    opened.set(Some(at));
                }
            >
                <Thumb photo=Some(photo) />
            </button>
            <button type="button" class="icon-button tile-remove" data-test="photo-remove" aria-label=words.photo_remove(at + 1) on:click=heard(remove)>
                <Icon glyph=Glyph::Close />
            </button>
            <div class="tile-row">
                <button type="button" class="icon-button" data-test="photo-earlier" aria-label=words.report_photo_earlier() disabled=at == 0 on:click=heard(move |_| shift(Way::Earlier))>
                    <Icon glyph=Glyph::Back />
                </button>
                <label class="tile-kind">
                    <select
                        data-test="photo-kind"
                        aria-label=words.report_photo_kind()
                        on:change:target=move |event| {
                            let chosen = usize::try_from(event.target().selected_index()).ok();
                            if let Some(kind) = chosen.and_then(|at| KINDS.get(at)) {
                                writer.change(Change::PhotoKind(at, *kind));
                            }
                        }
                    >
                        {KINDS.map(|it| view! { <option selected=it == kind>{words.photo_kind(it)}</option> }).collect_view()}
                    </select>
                </label>
                <button type="button" class="icon-button" data-test="photo-later" aria-label=words.report_photo_later() disabled=last on:click=heard(move |_| shift(Way::Later))>
                    <Icon glyph=Glyph::Next />
                </button>
            </div>
        </li>
    }
}

/// A photo on its way, or one that could not be taken.
#[component]
pub(super) fn ComingTile(writer: Writer, coming: Coming) -> impl IntoView {
    let words = use_words();
    let number = coming.number;
    let Some(code) = coming.failed.clone() else {
        let percent = move || {
            writer.coming.look(|all| {
                all.iter()
                    .find(|it| it.number == number)
                    .map_or(100, |it| it.percent)
            })
        };
        return view! {
            <li class="tile tile-coming" data-test="photo-tile" data-state="coming">
                <progress class="tile-progress" max="100" value=percent aria-label=words.photo_adding()></progress>
                <span class="aside">{words.photo_adding()}</span>
            </li>
        }
        .into_any();
    };
    let notice = words.notice(&code);
    view! {
        <li class="tile-failed notice" role="alert" data-test="photo-tile" data-state="failed">
            <Icon glyph=Glyph::Warning />
            <div class="notice-words" data-test="photo-error">
                <p class="notice-happened">{notice.happened}</p>
                <p>{notice.todo}</p>
                <p class="aside">{notice.safe}</p>
            </div>
            <div class="tile-failed-ends">
                {writer.can_retry(&coming).then(|| view! {
                    <Button test="photo-retry" on_press=move || writer.retry(number)>{words.app_retry()}</Button>
                })}
                <Button test="photo-forget" kind=Kind::Plain on_press=move || writer.forget(number)>{words.report_photo_forget()}</Button>
            </div>
        </li>
    }
    .into_any()
}

/// Keeps the pointer with the picture, so that a drag that leaves it still ends here.
fn hold(event: &PointerEvent) {
    let picture = event_target::<web_sys::Element>(event);
    // It can fail only for a pointer that is gone; then there is no drag either.
    drop(picture.set_pointer_capture(event.pointer_id()));
}

/// The place of the tile under the pointer.
fn tile_under(event: &PointerEvent) -> Option<usize> {
    #[expect(clippy::cast_precision_loss, reason = "pixels of a screen")]
    let (x, y) = (event.client_x() as f32, event.client_y() as f32);
    let tile = document()
        .element_from_point(x, y)?
        .closest(".tile[data-at]")
        .ok()??;
    tile.get_attribute("data-at")?.parse().ok()
}
