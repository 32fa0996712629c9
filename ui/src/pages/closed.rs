//! The database can't be opened: what happened, that nothing is lost, what to do. Nothing else is
//! offered, least of all enrolling anew, because nothing that is done now could be kept.

use leptos::prelude::*;
use shared::ipc::{Language, Problem};

use crate::{
    components::{Button, Glyph, Icon, Kind},
    look::Look,
    session::use_app,
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn Closed(
    /// What keeps the database closed.
    problem: Problem,
) -> impl IntoView {
    let words = use_words();
    let notice = words.problem(&problem);
    view! {
        <main class="page closed" id="content">
            <section class="card closed-card" role="alert" data-test="problem">
                <Icon glyph=Glyph::Warning />
                <h1>{notice.happened}</h1>
                <p>{notice.safe}</p>
                <p>{notice.todo}</p>
            </section>
            <Languages />
        </main>
    }
}

/// A database that is closed can't say which language was chosen.
#[component]
fn Languages() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let speak = move |language| {
        app.session.value.update(|session| {
            if let Some(session) = session {
                session.settings.language = language;
            }
        });
    };
    let now = untrack(|| app.settings().look(|settings| settings.language));
    let (other, test, word) = match now {
        Language::Zh => (Language::En, "lang-en", words.me_language_en()),
        Language::En => (Language::Zh, "lang-zh", words.me_language_zh()),
    };
    view! {
        <div class="closed-ends">
            <Button kind=Kind::Quiet test=test on_press=move || speak(other)>{word}</Button>
        </div>
    }
}
