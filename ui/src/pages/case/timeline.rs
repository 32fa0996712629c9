//! What happened to a case, newest first. What had no effect 未生效 stays, with the reason; what only
//! this device knows says so.

use leptos::prelude::*;
use shared::{
    CaseId, Digest,
    ipc::{FieldChange, Happening, TimelineEntry},
};

use crate::{
    components::{Glyph, Icon, Thumb},
    corrections::correction,
    dynamic::{heard, part},
    session::{exact, use_app},
    words::use_words,
};

/// The timeline.
#[component]
pub(super) fn Timeline(
    /// Whose.
    case: CaseId,
    /// Oldest first, as the core gives them.
    entries: Vec<TimelineEntry>,
    /// Opens a photo.
    #[prop(into)]
    on_photo: Callback<Digest>,
) -> impl IntoView {
    let words = use_words();
    let entries = entries
        .into_iter()
        .rev()
        .map(|entry| view! { <Entry entry on_photo /> })
        .collect_view();
    view! {
        <section class="section">
            <div class="section-head">
                <h2>{words.case_timeline()}</h2>
                <a class="more" href=format!("/history/{case}") data-test="case-history">{words.history_open()}<Icon glyph=Glyph::Next /></a>
            </div>
            <ol class="timeline">{entries}</ol>
        </section>
    }
}

/// What a correction changed: what stood there, and what was to stand.
#[component]
fn Changes(changes: Vec<FieldChange>, parallel: bool) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let lines = changes
        .into_iter()
        .map(|change| {
            let line = move || {
                let before = change.before.as_ref();
                let before = before.map_or_else(
                    || words.field_empty().to_owned(),
                    |it| correction(app, words, it, ""),
                );
                let after = correction(app, words, &change.after, "");
                words.field_change(after, before, words.field(change.after.field()))
            };
            view! { <li class="timeline-change" data-test="timeline-change">{part(line)}</li> }
        })
        .collect_view();
    view! {
        <ul class="timeline-changes">{lines}</ul>
        {parallel.then(|| view! { <p class="aside" data-test="parallel">{words.happen_parallel()}</p> })}
    }
}

#[component]
fn Entry(entry: TimelineEntry, on_photo: Callback<Digest>) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let void = entry.void.is_some();
    let who = words.pick(&entry.by_name, &entry.by_name_en).to_owned();
    let registered = match entry.what.clone() {
        Happening::Registered {
            category, limit, ..
        } => Some((category, words.limit(limit))),
        Happening::Reported
        | Happening::ReportedHandled
        | Happening::Supplemented
        | Happening::PlusOne
        | Happening::SelfHandled
        | Happening::Withdrawn
        | Happening::Rejected
        | Happening::Amended { .. }
        | Happening::Merged
        | Happening::Split
        | Happening::Joined { .. }
        | Happening::Deleted { .. }
        | Happening::Restored
        | Happening::Unknown => None,
    };
    let amended = match entry.what.clone() {
        Happening::Amended { changes, parallel } => Some(view! { <Changes changes parallel /> }),
        _ => None,
    };
    let joined = match entry.what.clone() {
        Happening::Joined { number } => {
            Some(view! { <p class="aside similar-number">{number}</p> })
        }
        _ => None,
    };
    let disputed = matches!(entry.what, Happening::Deleted { disputed: true });
    let photos = entry
        .photos
        .into_iter()
        .enumerate()
        .map(|(at, photo)| {
            let digest = photo.digest;
            view! {
                <button type="button" class="timeline-photo" aria-label=words.photo_open(at + 1) on:click=heard(move |_| on_photo.run(digest))>
                    <Thumb photo=Some(photo) />
                </button>
            }
        })
        .collect_view();
    view! {
        <li class="timeline-entry" data-void=void.to_string() data-test="timeline-entry">
            <p class="timeline-head">
                <span class="timeline-what">{words.happening(&entry.what)}</span>
                <span class="aside">{who}</span>
                <span class="aside timeline-when">{exact(entry.at)}</span>
            </p>
            {registered.map(|(category, limit)| view! {
                <p class="aside">{part(move || words.happen_registered_as(app.category_name(words, Some(&category)), &limit))}</p>
            })}
            {amended}
            {joined}
            {disputed.then(|| view! { <p class="aside" data-test="deletion-disputed">{words.happen_disputed()}</p> })}
            {(!entry.text.is_empty()).then(|| view! { <p class="timeline-text">{entry.text}</p> })}
            <div class="timeline-photos">{photos}</div>
            {entry.void.map(|void| view! {
                <p class="timeline-void">
                    <Icon glyph=Glyph::Warning />
                    <span><b>{words.case_void()}</b>" · "{words.void(&void)}" "{words.void_kept()}</span>
                </p>
            })}
            {entry.pending.then(|| view! {
                <p class="waiting-mark aside"><Icon glyph=Glyph::Clock />{words.case_pending()}</p>
            })}
        </li>
    }
}
