//! 无变化: what was filled in the last time is filed again as it was, in one press.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    RecordId,
    ipc::{FileUnchanged, IpcError, Unchanged},
};

use crate::{
    components::{Button, ErrorNotice, Glyph, Kind, use_toasts},
    ipc,
    words::use_words,
};

/// The press. What must be asked anew opens the filling.
#[component]
pub(crate) fn UnchangedButton(record: RecordId, kind: Kind) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<IpcError>);
    let file = move || {
        let navigate = navigate.clone();
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let filed = ipc::call(FileUnchanged { record }).await;
            busy.try_set(false);
            match filed {
                Ok(Unchanged::Done { .. }) => toasts.say(words.forms_unchanged_said()),
                Ok(Unchanged::Open { draft }) => {
                    toasts.say(words.forms_unchanged_open());
                    navigate(&format!("/fill/{draft}"), NavigateOptions::default());
                }
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <Button kind test="unchanged" icon=Glyph::Check disabled=busy on_press=file>{words.forms_unchanged()}</Button>
        <ErrorNotice error />
    }
}
