//! A file is chosen, and handed to the core.

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::FormUpload;
use web_sys::File;

use super::Publishing;
use crate::{
    components::{FileButton, Glyph, Icon},
    dynamic::part,
    uploads::Upload,
    words::use_words,
};

/// Chooses a workbook.
#[component]
pub(super) fn Choose(it: Publishing) -> impl IntoView {
    let words = use_words();
    view! {
        <section class="card import-choose">
            <Icon glyph=Glyph::Note />
            <h2>{words.publish_choose()}</h2>
            <p class="aside">{words.publish_choose_hint()}</p>
            <ChooseFile it label=words.publish_file() accept=WORKBOOKS test="publish-file" primary=true />
            <Working it />
        </section>
        <section class="section">
            <h2 class="section-name">{words.publish_how()}</h2>
            <ul class="card import-how">
                <li>{words.publish_how_check()}</li>
                <li>{words.publish_how_lists()}</li>
                <li>{words.publish_how_reach()}</li>
                <li>{words.publish_how_version()}</li>
            </ul>
        </section>
    }
}

/// What a form is written in.
pub(super) const WORKBOOKS: &str =
    ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What its lists are.
pub(super) const LISTS: &str = ".csv,text/csv";

/// The button that chooses a file.
#[component]
pub(super) fn ChooseFile(
    it: Publishing,
    label: &'static str,
    accept: &'static str,
    test: &'static str,
    /// Whether it is what comes next.
    primary: bool,
) -> impl IntoView {
    let take = move |file: File, name: String| {
        if it.percent.get_untracked().is_none() {
            spawn_local(hand_in(it, file, name));
        }
    };
    view! {
        <FileButton test accept primary on_file=take><span>{label}</span></FileButton>
    }
}

/// How far the file is.
#[component]
pub(super) fn Working(it: Publishing) -> impl IntoView {
    let words = use_words();
    view! {
        <p class="import-working" role="status">
            {part(move || it.percent.get().map(|percent| words.publish_checking(percent)))}
        </p>
    }
}

async fn hand_in(it: Publishing, file: File, name: String) {
    it.error.set(None);
    it.percent.set(Some(0));
    let called = file.name();
    let mut upload = Upload::new(file, name);
    let checked = loop {
        match upload.next_of_form(&called).await {
            Ok(FormUpload::Receiving { .. }) => {
                if it.percent.try_set(Some(upload.percent())).is_some() {
                    // The page was left.
                    return;
                }
            }
            Ok(FormUpload::Checked { check }) => break Ok(*check),
            Err(error) => break Err(error),
        }
    };
    it.percent.try_set(None);
    match checked {
        Ok(check) => drop(it.check.try_set(Some(check))),
        Err(error) => drop(it.error.try_set(Some(error))),
    }
}
