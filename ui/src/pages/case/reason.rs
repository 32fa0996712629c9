//! 撤回 and 不予立案: both need a reason; the common ones are one tap.

use leptos::prelude::*;
use shared::{
    CaseId,
    ipc::{CaseAction, IpcError, RejectCase, Saved, WithdrawCase},
};

use super::addition::{failed, too_long};
use crate::{
    components::{Button, Chip, ErrorNotice, Field, Kind, TextInput, use_toasts},
    ipc,
    look::Look,
    words::{Words, use_words},
};

/// The form.
#[component]
pub(super) fn Reason(case: CaseId, action: CaseAction, done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let reject = action == CaseAction::Reject;
    let reason = RwSignal::new(String::new());
    let lacking = RwSignal::new(None::<String>);
    let send = Action::new_local(move |(): &()| {
        let reason = reason.get_untracked().trim().to_owned();
        async move {
            let answer = save(case, reject, reason).await;
            if answer.is_ok() {
                toasts.say(if reject {
                    words.act_rejected()
                } else {
                    words.act_withdrawn()
                });
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
    let common = if reject {
        vec![
            words.reason_not_found(),
            words.reason_unclear(),
            words.reason_duplicate(),
            words.reason_below(),
            words.reason_not_ours(),
        ]
    } else {
        vec![
            words.reason_mistake(),
            words.reason_solved(),
            words.reason_wrong_place(),
            words.reason_duplicate(),
        ]
    };
    let chips = common
        .into_iter()
        .map(|text| {
            view! {
                <Chip
                    on=Signal::derive(move || reason.look(|reason| reason == text))
                    test="reason-chip"
                    on_press=move || {
                        reason.set(text.to_owned());
                        lacking.set(None);
                    }
                >
                    {text}
                </Chip>
            }
        })
        .collect_view();
    let (test, hint, word, kind) = if reject {
        (
            "reject-reason",
            words.act_reject_hint(),
            words.act_reject(),
            Kind::Primary,
        )
    } else {
        (
            "sheet-reason",
            words.act_withdraw_hint(),
            words.act_withdraw(),
            Kind::Danger,
        )
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <p class="aside">{hint}</p>
            <div class="chips" role="group" aria-label=words.act_reason_common()>{chips}</div>
            <Field label=words.act_reason() id="reason" error=lacking>
                <TextInput rows=3 id="reason" test=test value=reason on_input=move |text| reason.set(text) />
            </Field>
            <ErrorNotice error=Signal::derive(move || failed(send.value().get())) />
            <div class="sheet-actions">
                <Button kind=kind test="sheet-confirm" disabled=send.pending() on_press=confirm>{word}</Button>
            </div>
        </form>
    }
}

async fn save(case: CaseId, reject: bool, reason: String) -> Result<Saved, IpcError> {
    if reject {
        return ipc::call(RejectCase { case, reason }).await;
    }
    ipc::call(WithdrawCase { case, reason }).await
}

fn wrong(words: Words, reason: &str) -> Option<String> {
    let missing = reason
        .trim()
        .is_empty()
        .then(|| words.act_need_reason().to_owned());
    missing.or_else(|| too_long(words, reason))
}
