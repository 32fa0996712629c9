//! A file is chosen, and handed to the core.

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::{ImportChoices, ImportUpload};
use web_sys::File;

use super::{Importing, Working};
use crate::{
    components::{FileButton, Glyph, Icon},
    uploads::Upload,
    words::{Words, use_words},
};

/// What tables are kept in.
const TABLES: &str = ".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Chooses a file.
#[component]
pub(super) fn Choose(it: Importing) -> impl IntoView {
    let words = use_words();
    let take = move |file: File, name: String| {
        if !it.busy.get_untracked() {
            spawn_local(hand_in(words, it, file, name));
        }
    };
    view! {
        <section class="card import-choose">
            <Icon glyph=Glyph::Grid />
            <h2>{words.import_choose()}</h2>
            <p class="aside">{words.import_choose_hint()}</p>
            <FileButton test="import-file" accept=TABLES primary=true on_file=take><span>{words.import_file()}</span></FileButton>
            <Working it />
        </section>
        <section class="section">
            <h2 class="section-name">{words.import_how()}</h2>
            <ul class="card import-how">
                <li>{words.import_how_rows()}</li>
                <li>{words.import_how_places()}</li>
                <li>{words.import_how_columns()}</li>
                <li>{words.import_how_again()}</li>
                <li>{words.import_how_whole()}</li>
            </ul>
        </section>
    }
}

async fn hand_in(words: Words, it: Importing, file: File, name: String) {
    it.error.set(None);
    it.busy.set(true);
    it.progress.set(String::new());
    let mut upload = Upload::new(file, name);
    let read = loop {
        match upload.next_of_table().await {
            Ok(ImportUpload::Receiving { .. }) => {
                let percent = words.import_handing_in(upload.percent());
                if it.progress.try_set(percent).is_some() {
                    // The page was left.
                    return;
                }
            }
            Ok(ImportUpload::Read { table }) => break Ok(*table),
            Err(error) => break Err(error),
        }
    };
    it.busy.try_set(false);
    it.progress.try_set(String::new());
    match read {
        Ok(table) => {
            it.choices.try_set(ImportChoices {
                of: table.of,
                columns: table.recognised_as(table.of),
                ..ImportChoices::default()
            });
            it.table.try_set(Some(table));
        }
        Err(error) => drop(it.error.try_set(Some(error))),
    }
}
