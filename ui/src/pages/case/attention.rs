//! Something this person did had no effect 未生效: told above everything else, until they say that
//! they have seen it. The reason stands in the timeline.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    CaseId,
    ipc::{AcknowledgeCase, IpcError},
};

use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind},
    ipc,
    words::use_words,
};

/// The notice.
#[component]
pub(super) fn Attention(case: CaseId) -> impl IntoView {
    let words = use_words();
    let error = RwSignal::new(None::<IpcError>);
    // Once it is done the case is fetched anew, without this notice.
    let acknowledge = move || {
        error.set(None);
        spawn_local(async move {
            if let Err(why) = ipc::call(AcknowledgeCase { case }).await {
                drop(error.try_set(Some(why)));
            }
        });
    };
    view! {
        <div class="notice" role="alert" data-test="case-attention">
            <Icon glyph=Glyph::Warning />
            <div class="notice-words">
                <p class="notice-happened">{words.case_attention()}</p>
                <p>{words.sentences(words.void_kept(), words.void_do())}</p>
            </div>
            <Button kind=Kind::Plain test="acknowledge" on_press=acknowledge>{words.app_understood()}</Button>
        </div>
        <ErrorNotice error />
    }
}
