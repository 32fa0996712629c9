//! Shows a masked number, for a reason. It is gone again when the sheet closes.

use leptos::prelude::*;
use shared::{
    EntryId, FieldName, RecordId,
    ipc::{RevealAnswer, RevealField},
    register::{EntryKind, FieldValue},
};

use crate::{
    components::{Button, ErrorNotice, Field, Kind, ReasonChips, Sheet, TextInput},
    dynamic::part,
    ipc,
    look::Look,
    words::use_words,
};

/// What is to be shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Looking {
    /// Where it stands.
    pub(crate) at: Masked,
    /// What it is called.
    pub(crate) name: String,
}

/// Where a masked number stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Masked {
    /// In a field of the register.
    Field(EntryKind, EntryId, FieldName),
    /// In a record, under this address.
    Answer(RecordId, String),
}

/// The sheet.
#[component]
pub(crate) fn RevealSheet(looking: RwSignal<Option<Looking>>) -> impl IntoView {
    let words = use_words();
    let open = Memo::new(move |_| looking.look(Option::is_some));
    view! {
        <Sheet open title=words.reg_reveal_title().to_owned() on_close=move || looking.set(None)>
            {part(move || looking.get().map(|looking| view! { <Why looking /> }))}
        </Sheet>
    }
}

#[component]
fn Why(looking: Looking) -> impl IntoView {
    let words = use_words();
    let reason = RwSignal::new(String::new());
    let lacking = RwSignal::new(None::<String>);
    let name = looking.name.clone();
    let show = Action::new_local(move |(): &()| {
        let (at, reason) = (looking.at.clone(), reason.get_untracked());
        async move {
            match at {
                Masked::Field(kind, entry, field) => {
                    let reveal = RevealField {
                        kind,
                        entry,
                        field,
                        reason,
                    };
                    ipc::call(reveal).await
                }
                Masked::Answer(record, address) => {
                    let reveal = RevealAnswer {
                        record,
                        address,
                        reason,
                    };
                    ipc::call(reveal).await
                }
            }
        }
    });
    let confirm = move |()| {
        let missing = reason.look(|reason| reason.trim().is_empty());
        lacking.set(missing.then(|| words.reg_need_reason().to_owned()));
        if !missing {
            show.dispatch(());
        }
    };
    let common = vec![
        words.reg_reason_call(),
        words.reg_reason_check(),
        words.reg_reason_help(),
    ];
    let error = Signal::derive(move || show.value().get().and_then(Result::err));
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            {part(move || match show.value().get() {
                Some(Ok(revealed)) => {
                    let number = match revealed.value {
                        FieldValue::Text(text) => text,
                        _ => String::new(),
                    };
                    view! {
                        <p class="aside">{name.clone()}</p>
                        <p class="revealed" data-test="revealed">{number}</p>
                    }.into_any()
                }
                _ => view! { <p class="aside">{words.reg_reveal_hint()}</p> }.into_any(),
            })}
            <ReasonChips label=words.reg_reveal_reason() common reason lacking />
            <Field label=words.reg_reveal_reason() id="reveal-reason" error=lacking>
                <TextInput id="reveal-reason" test="reveal-reason" value=reason on_input=move |text| reason.set(text) />
            </Field>
            <ErrorNotice error />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=show.pending() on_press=confirm>{words.reg_reveal_do()}</Button>
            </div>
        </form>
    }
}
