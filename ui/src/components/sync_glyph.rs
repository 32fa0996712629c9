//! How the sync stands, as one quiet sign with its word. Offline is a state, not an error.

use leptos::prelude::*;
use shared::ipc::{Link, SyncStatus};

use super::icon::{Glyph, Icon};
use crate::{session::use_app, words::use_words};

/// The sign.
#[component]
pub(crate) fn SyncGlyph() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    move || {
        app.sync.get().map(|status| {
            view! {
                <span class="sync" data-busy=status.doing.is_some().to_string() data-test="sync-glyph">
                    <Icon glyph=glyph(&status) />
                    <span class="sync-word">{words.sync(&status)}</span>
                </span>
            }
        })
    }
}

const fn glyph(status: &SyncStatus) -> Glyph {
    if status.doing.is_some() {
        return Glyph::Sync;
    }
    match status.link {
        Link::Up => Glyph::Cloud,
        Link::None | Link::Unknown | Link::Offline => Glyph::Offline,
        Link::NotAHub | Link::Refused { .. } | Link::Untrue | Link::Local => Glyph::Warning,
    }
}
