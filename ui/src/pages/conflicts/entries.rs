//! Entries of the register that two people gave different values: one press says which it is, and the
//! sheet of the entry is where a third is written.

use leptos::prelude::*;
use shared::ipc::{DisputedEntry, Disputes};

use crate::{
    components::{Button, Glyph, Icon, Kind},
    pages::residents::{Parted, edit::Editing, path_of},
    words::use_words,
};

/// All of them.
#[component]
pub(super) fn Entries(disputes: Disputes, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let words = use_words();
    let may_write = disputes.may_write;
    let shown = u32::try_from(disputes.entries.len()).unwrap_or(u32::MAX);
    let more = disputes.total.saturating_sub(shown);
    let entries = disputes
        .entries
        .into_iter()
        .map(|it| view! { <OfEntry it may_write editing /> });
    view! {
        {entries.collect_view()}
        {(more > 0).then(|| view! { <p class="aside">{words.conflicts_more(more.into())}</p> })}
    }
}

#[component]
fn OfEntry(
    it: DisputedEntry,
    may_write: bool,
    editing: RwSignal<Option<Editing>>,
) -> impl IntoView {
    let words = use_words();
    let (hit, entry) = (it.hit, it.entry);
    let (id, kind) = (entry.id, entry.kind);
    let other = entry.disputed.iter().any(|it| it.may_decide);
    let disputed = entry.disputed.clone().into_iter();
    let disputed = disputed.map(|disputed| view! { <Parted id kind disputed may_write /> });
    let disputed = disputed.collect_view();
    let edit = move || editing.set(Some(Editing::of(entry.clone())));
    view! {
        <section class="section" data-test="conflict" data-id=id.to_string()>
            <a class="row conflict-case" href=path_of(&hit) data-test="conflict-entry">
                <span class="row-words">
                    <span class="row-title">{hit.title.clone()}</span>
                    <span class="row-text">{[words.entry_kind(kind), &hit.place].join(" · ")}</span>
                </span>
                <span class="row-end"><Icon glyph=Glyph::Next /></span>
            </a>
            <div class="card conflict-field">
                {disputed}
                {(may_write && other).then(|| view! {
                    <Button kind=Kind::Quiet test="conflict-other" icon=Glyph::Pen on_press=edit>{words.conflicts_other()}</Button>
                })}
            </div>
        </section>
    }
}
