//! What the parts of the page share.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::NavigateOptions;
use shared::{
    DraftId,
    ipc::{Missing, RestoreDraft},
};

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::writer::Writer;
use crate::{drafts::Writing, dynamic::part, ipc, look::Look, words::use_words};

/// What is missing here, once the person tried to send.
pub(super) fn lack(writer: Writer, told: RwSignal<bool>, what: Missing) -> Signal<bool> {
    Signal::derive(move || {
        // A photo on its way is as good as there.
        let coming = what == Missing::Content
            && writer
                .coming
                .look(|all| all.iter().any(|it| it.failed.is_none()));
        told.get() && !coming && writer.writing.look(|it| it.missing().contains(&what))
    })
}

/// The word for something that is missing, at the place where it is.
#[component]
pub(super) fn Lack(
    /// What.
    what: Missing,
    /// Whether it is.
    lacks: Signal<bool>,
) -> impl IntoView {
    let words = use_words();
    view! {
        <p class="field-error" role="alert" data-test="missing">
            {part(move || lacks.get().then(|| words.missing(what)))}
        </p>
    }
}

/// Id of the part of the page where something is missing.
pub(super) const fn part_of(what: Missing) -> &'static str {
    match what {
        Missing::Content => "report-photos",
        Missing::Place => "report-place",
        Missing::Category => "report-category",
        Missing::Handled => "report-handled",
    }
}

/// Brings a part of the page into view, and the keyboard to it, once the page has drawn the word
/// that says what is wrong there.
pub(super) fn point_at(id: &'static str) {
    request_animation_frame(move || {
        let Some(part) = document().get_element_by_id(id) else {
            return;
        };
        part.scroll_into_view_with_bool(false);
        let first = ["textarea", "button:not([disabled]), input"]
            .into_iter()
            .find_map(|kinds| part.query_selector(kinds).ok().flatten())
            .and_then(|it| it.dyn_into::<HtmlElement>().ok());
        if let Some(first) = first {
            // It can fail only for something that takes no focus.
            drop(first.focus());
        }
    });
}

/// Takes a draft out of the bin again, and goes back to it.
pub(super) fn restore(
    draft: DraftId,
    navigate: impl Fn(&str, NavigateOptions) + Clone + Send + Sync + 'static,
) -> impl Fn() + Send + Sync {
    move || {
        let navigate = navigate.clone();
        spawn_local(async move {
            if ipc::call(RestoreDraft { draft }).await.is_ok() {
                navigate(&format!("/report/{draft}"), NavigateOptions::default());
            }
        });
    }
}

/// A signal of one thing on the sheet.
pub(super) fn on_sheet<T: Clone + PartialEq + Send + Sync + 'static>(
    writer: Writer,
    read: impl Fn(&Writing) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move |_| writer.writing.look(&read))
}
