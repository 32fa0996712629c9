//! Asks for a reason before something is done: common ones on a press, others in words.

use leptos::prelude::*;
use shared::ipc::IpcError;

use super::{
    button::{Button, Kind},
    field::{Field, TextInput},
    notice::ErrorNotice,
    reason_chips::ReasonChips,
};
use crate::{look::Look, words::use_words};

/// The form of a sheet.
#[component]
pub(crate) fn AskReason(
    /// What the reason is for.
    label: &'static str,
    /// Common ones.
    common: Vec<&'static str>,
    /// Name of the field, for tests, too.
    test: &'static str,
    /// Lines to show.
    #[prop(default = 1)]
    rows: u32,
    /// What is done then.
    act: &'static str,
    /// How grave that is.
    #[prop(default = Kind::Primary)]
    kind: Kind,
    /// Why it could not be done.
    #[prop(into)]
    error: Signal<Option<IpcError>>,
    /// It is being done.
    #[prop(into)]
    pending: Signal<bool>,
    /// Does it, for this reason.
    #[prop(into)]
    on_confirm: Callback<String>,
    /// What is to be known before.
    children: Children,
) -> impl IntoView {
    let words = use_words();
    let reason = RwSignal::new(String::new());
    let lacking = RwSignal::new(None::<String>);
    let confirm = move |()| {
        let missing = reason.look(|reason| reason.trim().is_empty());
        lacking.set(missing.then(|| words.act_need_reason().to_owned()));
        if !missing {
            on_confirm.run(reason.get_untracked());
        }
    };
    let input = move || {
        let on_input = move |text| reason.set(text);
        if rows > 1 {
            view! { <TextInput rows id=test test value=reason on_input /> }.into_any()
        } else {
            view! { <TextInput id=test test value=reason on_input /> }.into_any()
        }
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            {children()}
            <ReasonChips label common reason lacking />
            <Field label id=test error=lacking>{input()}</Field>
            <ErrorNotice error />
            <div class="sheet-actions">
                <Button kind test="sheet-confirm" disabled=pending on_press=confirm>{act}</Button>
            </div>
        </form>
    }
}
