//! Shows a masked number, for a reason. It is gone again when the sheet closes.

use leptos::prelude::*;
use shared::{
    EntryId, FieldName, RecordId,
    ipc::{RevealAnswer, RevealField},
    register::{EntryKind, FieldValue},
};

use crate::{
    components::{AskReason, Sheet},
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
    let name = looking.name.clone();
    let show = Action::new_local(move |reason: &String| {
        let (at, reason) = (looking.at.clone(), reason.clone());
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
    let common = vec![
        words.reg_reason_call(),
        words.reg_reason_check(),
        words.reg_reason_help(),
    ];
    let error = Signal::derive(move || show.value().get().and_then(Result::err));
    view! {
        <AskReason
            label=words.reg_reveal_reason()
            common
            test="reveal-reason"
            act=words.reg_reveal_do()
            error
            pending=show.pending()
            on_confirm=move |reason| { show.dispatch(reason); }
        >
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
        </AskReason>
    }
}
