//! 发布表单: a workbook is chosen, checked on this device, and published by the hub.

mod checked;
mod choose;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    hub_api::publish::may_publish,
    ipc::{DropForm, FormCheck, FormPublished, IpcError},
};

use self::{checked::Checked, choose::Choose};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind},
    dynamic::part,
    ipc,
    session::use_app,
    words::use_words,
};

/// What the page knows.
#[derive(Clone, Copy)]
struct Publishing {
    /// What was found.
    check: RwSignal<Option<FormCheck>>,
    /// What became of it.
    done: RwSignal<Option<FormPublished>>,
    /// A file is being handed in; so much of it is there, in hundredths.
    percent: RwSignal<Option<u64>>,
    /// What failed.
    error: RwSignal<Option<IpcError>>,
}

impl Publishing {
    fn new() -> Self {
        Self {
            check: RwSignal::new(None),
            done: RwSignal::new(None),
            percent: RwSignal::new(None),
            error: RwSignal::new(None),
        }
    }

    /// Begins anew.
    fn forget(self) {
        self.check.set(None);
        self.done.set(None);
        self.error.set(None);
    }
}

/// The page.
#[component]
pub(crate) fn PublishPage() -> impl IntoView {
    let (words, app) = (use_words(), use_app());
    let it = Publishing::new();
    on_cleanup(|| spawn_local(async { drop(ipc::call(DropForm {}).await) }));
    let may = Memo::new(move |_| may_publish(app.role()));
    view! {
        <main class="page forms publish" id="content">
            <header class="page-head">
                <a class="back-link" href="/forms" data-test="to-forms"><Icon glyph=Glyph::Back />{words.forms_title()}</a>
                <h1>{words.publish_title()}</h1>
            </header>
            <ErrorNotice error=it.error />
            {part(move || if !may.get() {
                view! { <div class="card"><Empty glyph=Glyph::Hand title=words.publish_not_yours() hint=words.publish_not_yours_hint() /></div> }.into_any()
            } else if let Some(done) = it.done.get() {
                view! { <Done it done /> }.into_any()
            } else if let Some(check) = it.check.get() {
                view! { <Checked it check /> }.into_any()
            } else {
                view! { <Choose it /> }.into_any()
            })}
        </main>
    }
}

/// It is published.
#[component]
fn Done(it: Publishing, done: FormPublished) -> impl IntoView {
    let words = use_words();
    let (title, hint) = if done.is_new {
        (words.publish_done(&done.version), words.publish_done_hint())
    } else {
        let there = words.publish_done_there().to_owned();
        (there, words.publish_done_there_hint())
    };
    view! {
        <section class="card import-done" data-test="publish-done">
            <p class="import-done-title"><Icon glyph=Glyph::CheckCircle />{title}</p>
            <p class="aside">{hint}</p>
            <div class="page-actions">
                <a class="button" data-kind="primary" href="/forms" data-test="publish-to-forms">{words.publish_to_forms()}</a>
                <Button kind=Kind::Quiet test="publish-again" on_press=move || it.forget()>{words.publish_other()}</Button>
            </div>
        </section>
    }
}
