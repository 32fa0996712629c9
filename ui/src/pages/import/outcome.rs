//! What was taken over.

use leptos::prelude::*;
use shared::{ipc::ImportDone, register::words::Table};

use super::Importing;
use crate::{
    components::{Button, Glyph, Icon, Kind},
    words::use_words,
};

/// What was taken over, and what comes next.
#[component]
pub(super) fn Outcome(it: Importing, done: ImportDone) -> impl IntoView {
    let words = use_words();
    let counts = done.counts;
    let lines = [
        (words.import_new_residents(), counts.residents),
        (words.import_new_households(), counts.households),
        (words.import_new_dwellings(), counts.dwellings),
        (words.import_new_buildings(), counts.buildings),
        (words.import_new_places(), counts.places),
        (words.import_changed(), counts.changed),
        (words.import_left_out_rows(), done.left_out),
    ];
    let goes_on = match it.choices.get_untracked().of {
        Table::Residents => view! {
            <a class="button" data-kind="primary" href="/residents" data-test="import-to-residents">{words.reg_title()}</a>
        },
        Table::Places => view! {
            <a class="button" data-kind="primary" href="/residents/places" data-test="import-to-residents">{words.reg_places()}</a>
        },
    };
    let lines = lines.into_iter().filter(|(_, number)| *number > 0);
    let lines = lines.map(|(name, number)| {
        view! { <div class="import-figure"><dd>{number}</dd><dt>{name}</dt></div> }
    });
    view! {
        <section class="card import-done" data-test="import-done">
            <p class="import-done-title"><Icon glyph=Glyph::CheckCircle />{words.import_done()}</p>
            <dl class="import-figures">{lines.collect_view()}</dl>
            <p class="aside">{words.import_done_hint()}</p>
            <div class="page-actions">
                {goes_on}
                <a class="button" data-kind="plain" href="/delivery">{words.nav_delivery()}</a>
                <Button kind=Kind::Quiet test="import-again" on_press=move || it.forget()>{words.import_other()}</Button>
            </div>
        </section>
    }
}
