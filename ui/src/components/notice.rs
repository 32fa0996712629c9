//! An error on the page where it happened: what happened, what is safe, what to do.

use leptos::prelude::*;
use shared::ipc::IpcError;

use super::{
    button::{Button, Kind},
    icon::{Glyph, Icon},
};
use crate::words::use_words;

/// An error, with a way to try again where that makes sense.
#[component]
pub(crate) fn ErrorNotice(
    /// What failed; nothing is shown while there is none.
    #[prop(into)]
    error: Signal<Option<IpcError>>,
    /// Tries again.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    let words = use_words();
    move || {
        error.get().map(|error| {
            let notice = words.notice(&error.code);
            view! {
                <div class="notice" role="alert" data-test="error-notice">
                    <Icon glyph=Glyph::Warning />
                    <div class="notice-words">
                        <p class="notice-happened">{notice.happened}</p>
                        <p>{notice.safe}</p>
                        <p>{notice.todo}</p>
                    </div>
                    {on_retry.map(|on_press| view! {
                        <Button kind=Kind::Plain test="error-retry" on_press=on_press>{words.app_retry()}</Button>
                    })}
                </div>
            }
        })
    }
}
