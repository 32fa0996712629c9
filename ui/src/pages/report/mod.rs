//! 上报: photo first, everything else guessed and correctable, sent with one press.

mod category;
mod find_category;
mod handled;
mod parts;
mod photo_tile;
mod photos;
mod place;
mod place_sheet;
mod send;
mod similar;
mod text;
mod writer;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use shared::{
    DraftId,
    ipc::{Area, GetToday, IpcError, KnownPlace, OpenDraft},
};

use self::{
    category::CategoryPart,
    handled::HandledPart,
    photos::PhotosPart,
    place::PlacePart,
    send::{SendBar, send},
    similar::SimilarPart,
    text::{DescriptionPart, UrgencyPart},
    writer::{Ended, Wish, Word, Writer},
};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    drafts::Writing,
    dynamic::{attr, effect, heard, part},
    ipc,
    live::live,
    look::Look,
    position,
    session::use_app,
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn Report() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let wanted =
        Memo::new(move |_| params.look(|it| it.get("draft").and_then(|id| id.parse().ok())));
    let writer = RwSignal::new(None::<Writer>);
    let error = RwSignal::new(None::<IpcError>);
    effect(move || take_up(wanted.get(), writer, error));
    let navigate = use_navigate();
    view! {
        {part(move || writer.get().map(|writer| view! { <Paper writer /> }))}
        {part(move || error.get().map(|_| {
            let navigate = navigate.clone();
            view! {
                <main class="page" id="content">
                    <ErrorNotice error />
                    <Empty glyph=Glyph::Note title=words.report_gone() hint=words.report_gone_hint()>
                        <Button kind=Kind::Primary test="report-new" on_press=move || navigate("/report", NavigateOptions::default())>
                            {words.report_new()}
                        </Button>
                    </Empty>
                </main>
            }
        }))}
    }
}

/// Takes up the wanted draft: the one in hand, one from the core, or a clean sheet.
fn take_up(
    wanted: Option<DraftId>,
    writer: RwSignal<Option<Writer>>,
    error: RwSignal<Option<IpcError>>,
) {
    error.set(None);
    let Some(id) = wanted else {
        writer.set(Some(Writer::clean(use_app().now.get_untracked())));
        return;
    };
    if writer.get_untracked().and_then(Writer::id) == Some(id) {
        return;
    }
    if let Some(in_hand) = Writer::with_draft(id) {
        writer.set(Some(in_hand));
        return;
    }
    writer.set(None);
    spawn_local(async move {
        match ipc::call(OpenDraft { draft: Some(id) }).await {
            // The page may be gone; then a report that nobody looks at need not be in hand.
            Ok(draft) if !writer.is_disposed() => {
                writer.set(Some(Writer::take(Writing::of(draft))));
            }
            Ok(_) => {}
            Err(why) => drop(error.try_set(Some(why))),
        }
    });
}

/// One report.
#[component]
fn Paper(writer: Writer) -> impl IntoView {
    let words = use_words();
    stay_at_draft(writer);
    leave_at_end(writer);
    guess_place(writer);
    // What is missing is only told after the first try to send.
    let told = RwSignal::new(false);
    view! {
        <main class="page report" id="content" on:keydown=move |event| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                send(writer, told);
            }
        }>
            <header class="page-head">
                <h1>{words.report_title()}</h1>
                <div class="report-head-end">
                    // Shown on a clean sheet only, so that nothing is fetched while somebody writes.
                    <Show when=attr(move || !writer.writing.look(Writing::is_begun))>
                        <Unfinished />
                    </Show>
                    <SavedMark writer />
                    <Show when=attr(move || writer.writing.look(|it| it.is_begun() && !it.is_empty()) || !writer.coming.look(Vec::is_empty))>
                        <button type="button" class="icon-button" data-test="discard" title=words.report_discard() aria-label=words.report_discard() on:click=heard(move |_| writer.wish_for(Wish::Discard))>
                            <Icon glyph=Glyph::Trash />
                        </button>
                    </Show>
                </div>
            </header>
            <div class="report-sheet">
                <div class="report-column">
                    <PhotosPart writer told />
                    <PlacePart writer told />
                </div>
                <div class="report-column">
                    <CategoryPart writer told />
                    <SimilarPart writer />
                    <DescriptionPart writer />
                    <UrgencyPart writer />
                    <HandledPart writer told />
                </div>
            </div>
            <SendBar writer told />
        </main>
    }
}

/// 已保存 or not yet.
#[component]
fn SavedMark(writer: Writer) -> impl IntoView {
    let words = use_words();
    let begun = move || writer.writing.look(Writing::is_begun);
    let saved = move || writer.is_saved();
    view! {
        <span class="saved-mark aside" data-test="saved-mark" data-saved=attr(move || saved().to_string())>
            {part(move || begun().then(|| if saved() {
                view! { <Icon glyph=Glyph::Check />{words.report_saved()} }.into_any()
            } else if writer.trouble.look(Option::is_some) {
                view! { <Icon glyph=Glyph::Warning />{words.report_unsaved()} }.into_any()
            } else {
                view! { <Icon glyph=Glyph::Clock />{words.report_saving()} }.into_any()
            }))}
        </span>
    }
}

/// On a clean sheet: the way back to a report that was begun earlier.
#[component]
fn Unfinished() -> impl IntoView {
    let words = use_words();
    let today = live(&[Area::Drafts], || ipc::call(GetToday {}));
    let newest = move || {
        today
            .value
            .look(|it| it.as_ref()?.drafts.first().map(|row| row.id))
    };
    move || {
        newest().map(|id| {
            view! {
                <a class="button" data-kind="quiet" data-test="report-unfinished" href=format!("/report/{id}")>
                    <Icon glyph=Glyph::Note />
                    <span>{words.report_unfinished()}</span>
                </a>
            }
        })
    }
}

/// Once there is a draft its address stands in the URL, so that a reload comes back to it.
fn stay_at_draft(writer: Writer) {
    let navigate = use_navigate();
    let id = Memo::new(move |_| writer.writing.look(Writing::id));
    let at = use_params_map();
    effect(move || {
        if let Some(id) = id.get().filter(|_| at.peek(|it| it.get("draft").is_none())) {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&format!("/report/{id}"), options);
        }
    });
}

/// When it has ended, a word about it, and back to the day.
fn leave_at_end(writer: Writer) {
    let (words, toasts, navigate) = (use_words(), use_toasts(), use_navigate());
    effect(move || {
        let Some(ended) = writer.ended.get() else {
            return;
        };
        match ended {
            Ended::Reported(reported) => toasts.say(words.report_sent(reported.receipt_code)),
            Ended::Added(reported) => toasts.say(words.report_added(reported.receipt_code)),
            Ended::Discarded(None) => {}
            Ended::Discarded(Some(draft)) => {
                let back = navigate.clone();
                toasts.say_undo(words.report_discarded(), parts::restore(draft, back));
            }
        }
        navigate("/", NavigateOptions::default());
    });
}

/// Asks the device where it is, each time a sheet that nobody began is opened. A draft that is
/// continued may be continued somewhere else, so there only the person says where it was.
fn guess_place(writer: Writer) {
    let fresh = writer.writing.peek(|it| !it.is_begun());
    if fresh && writer.finding.get_untracked() != writer::Finding::Searching {
        writer.writing.update(Writing::forget_guess);
        writer.finding.set(writer::Finding::Searching);
        spawn_local(async move {
            let (lng, lat, accuracy_m) = position::ask().await;
            writer.resolve(
                KnownPlace::Device {
                    lng,
                    lat,
                    accuracy_m,
                },
                Word::Guessed,
            );
        });
    }
}
