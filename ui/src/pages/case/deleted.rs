//! 删除 and 恢复 on the page of a case: what became of it, above everything else; the quiet button at the
//! end of the page, away from what is pressed every day; and the sheet that asks before restoring.

use leptos::prelude::*;
use shared::{
    CaseId,
    ipc::{CaseAction, DeletionView, RestoreCase},
};

use super::addition::failed;
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    ipc,
    session::exact,
    words::use_words,
};

/// Who deleted the case, when and why.
#[component]
pub(super) fn Deleted(
    deletion: DeletionView,
    /// What the case was is no longer on this device.
    gone: bool,
) -> impl IntoView {
    let words = use_words();
    let who = words
        .pick(&deletion.by_name, &deletion.by_name_en)
        .to_owned();
    let hint = match (gone, deletion.pending) {
        (true, _) => Some(words.case_gone_hint()),
        (false, true) => Some(words.case_deleted_hint()),
        (false, false) => None,
    };
    view! {
        <div class="notice deleted" role="status" data-test="case-deleted">
            <Icon glyph=Glyph::Trash />
            <div class="notice-words">
                <p class="notice-happened">{words.case_deleted_why(&deletion.reason)}</p>
                <p><span>{words.case_deleted_by(&who)}</span>" "<span class="aside">{exact(deletion.at)}</span></p>
                {hint.map(|hint| view! { <p class="aside">{hint}</p> })}
                {deletion.pending.then(|| view! {
                    <p class="waiting-mark aside"><Icon glyph=Glyph::Clock />{words.case_pending()}</p>
                })}
                {deletion.restoring.then(|| view! {
                    <p class="waiting-mark aside" data-test="case-restoring"><Icon glyph=Glyph::Clock />{words.case_restoring()}</p>
                })}
            </div>
        </div>
    }
}

/// Opens the sheet for 删除.
#[component]
pub(super) fn DeleteButton(doing: RwSignal<Option<CaseAction>>) -> impl IntoView {
    let words = use_words();
    view! {
        <p class="case-delete">
            <Button kind=Kind::Danger icon=Glyph::Trash test="action-delete" on_press=move || doing.set(Some(CaseAction::Delete))>{words.act_delete()}</Button>
        </p>
    }
}

/// Asks before a case comes back everywhere.
#[component]
pub(super) fn Restore(case: CaseId, done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let send = Action::new_local(move |(): &()| async move {
        let answer = ipc::call(RestoreCase { case }).await;
        if answer.is_ok() {
            toasts.say(words.act_restored());
            done.run(());
        }
        answer
    });
    view! {
        <div class="form">
            <p class="aside">{words.act_restore_hint()}</p>
            <ErrorNotice error=Signal::derive(move || failed(send.value().get())) />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=send.pending() on_press=move || { send.dispatch(()); }>{words.act_restore()}</Button>
            </div>
        </div>
    }
}
