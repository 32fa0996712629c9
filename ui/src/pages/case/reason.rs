//! 撤回, 不予立案, 撤销并案 and 删除: each needs a reason; the common ones are one tap.

use leptos::prelude::*;
use shared::{
    CaseId,
    ipc::{CaseAction, DeleteCase, IpcError, RejectCase, Saved, SplitCase, WithdrawCase},
};

use super::addition::{failed, too_long};
use crate::{
    components::{Button, ErrorNotice, Field, Kind, ReasonChips, TextInput, use_toasts},
    ipc,
    words::{Words, use_words},
};

/// The form.
#[component]
pub(super) fn Reason(case: CaseId, action: CaseAction, done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let asked = asked(words, action);
    let reason = RwSignal::new(String::new());
    let lacking = RwSignal::new(None::<String>);
    let send = Action::new_local(move |(): &()| {
        let reason = reason.get_untracked().trim().to_owned();
        async move {
            let answer = save(case, action, reason).await;
            if answer.is_ok() {
                toasts.say(asked.saved);
                done.run(());
            }
            answer
        }
    });
    let confirm = move |()| {
        let wrong = wrong(words, &reason.read_untracked());
        let ready = wrong.is_none();
        lacking.set(wrong);
        if ready {
            send.dispatch(());
        }
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <p class="aside">{asked.hint}</p>
            <ReasonChips label=words.act_reason_common() common=asked.common.to_vec() reason lacking />
            <Field label=words.act_reason() id="reason" error=lacking>
                <TextInput rows=3 id="reason" test=asked.test value=reason on_input=move |text| reason.set(text) />
            </Field>
            <ErrorNotice error=Signal::derive(move || failed(send.value().get())) />
            <div class="sheet-actions">
                <Button kind=asked.kind test="sheet-confirm" disabled=send.pending() on_press=confirm>{asked.word}</Button>
            </div>
        </form>
    }
}

async fn save(case: CaseId, action: CaseAction, reason: String) -> Result<Saved, IpcError> {
    match action {
        CaseAction::Reject => ipc::call(RejectCase { case, reason }).await,
        CaseAction::Split => ipc::call(SplitCase { case, reason }).await,
        CaseAction::Delete => ipc::call(DeleteCase { case, reason }).await,
        _ => ipc::call(WithdrawCase { case, reason }).await,
    }
}

/// How the form asks.
#[derive(Clone, Copy)]
struct Asked {
    test: &'static str,
    hint: &'static str,
    word: &'static str,
    saved: &'static str,
    kind: Kind,
    /// Empty ones are left out.
    common: [&'static str; 5],
}

fn asked(words: Words, action: CaseAction) -> Asked {
    match action {
        CaseAction::Reject => Asked {
            test: "reject-reason",
            hint: words.act_reject_hint(),
            word: words.act_reject(),
            saved: words.act_rejected(),
            kind: Kind::Primary,
            common: [
                words.reason_not_found(),
                words.reason_unclear(),
                words.reason_duplicate(),
                words.reason_below(),
                words.reason_not_ours(),
            ],
        },
        CaseAction::Split => Asked {
            test: "split-reason",
            hint: words.act_split_hint(),
            word: words.act_split(),
            saved: words.act_split_done(),
            kind: Kind::Primary,
            common: [
                words.reason_other_thing(),
                words.reason_other_place(),
                words.reason_back_again(),
                "",
                "",
            ],
        },
        CaseAction::Delete => Asked {
            test: "delete-reason",
            hint: words.act_delete_hint(),
            word: words.act_delete(),
            saved: words.act_deleted(),
            kind: Kind::Danger,
            common: [
                words.reason_test(),
                words.reason_private(),
                words.reason_wrong_entry(),
                "",
                "",
            ],
        },
        _ => Asked {
            test: "sheet-reason",
            hint: words.act_withdraw_hint(),
            word: words.act_withdraw(),
            saved: words.act_withdrawn(),
            kind: Kind::Danger,
            common: [
                words.reason_mistake(),
                words.reason_solved(),
                words.reason_wrong_place(),
                words.reason_duplicate(),
                "",
            ],
        },
    }
}

fn wrong(words: Words, reason: &str) -> Option<String> {
    let missing = reason
        .trim()
        .is_empty()
        .then(|| words.act_need_reason().to_owned());
    missing.or_else(|| too_long(words, reason))
}
