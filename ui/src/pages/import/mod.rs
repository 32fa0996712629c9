//! 导入: a clerk takes the register over from a table. A file is chosen, shown as it is understood,
//! and taken over whole; nothing is written before that.

mod choose;
mod columns;
mod mistakes;
mod outcome;
mod preview;

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::{
    DropImport, GetImportProgress, ImportChoices, ImportDone, ImportPreview, ImportTable, IpcError,
    PreviewImport,
};

use self::{choose::Choose, outcome::Outcome, preview::Preview};
use crate::{
    components::{Empty, ErrorNotice, Glyph, Icon},
    dynamic::part,
    ipc,
    live::{Live, live},
    look::Look,
    session::use_app,
    words::{Words, use_words},
};

/// How often it is asked how far the core is.
const ASK_EVERY_MS: u64 = 300;

/// What the page knows.
#[derive(Clone, Copy)]
struct Importing {
    /// The table that was read.
    table: RwSignal<Option<ImportTable>>,
    /// How it is to be understood.
    choices: RwSignal<ImportChoices>,
    /// What would come of it, by which choices.
    shown: Live<Option<(ImportChoices, ImportPreview)>>,
    /// Rows with mistakes are left out.
    leave_out: RwSignal<bool>,
    /// What was taken over.
    done: RwSignal<Option<ImportDone>>,
    /// The core works on something long.
    busy: RwSignal<bool>,
    /// How far it is, in words.
    progress: RwSignal<String>,
    /// What failed.
    error: RwSignal<Option<IpcError>>,
}

impl Importing {
    fn new() -> Self {
        let table = RwSignal::new(None::<ImportTable>);
        let choices = RwSignal::new(ImportChoices::default());
        let asked = Memo::new(move |_| table.look(Option::is_some).then(|| choices.get()));
        let shown = live(&[], move || {
            let asked = asked.get();
            async move {
                let Some(choices) = asked else {
                    return Ok(None);
                };
                let of = choices.clone();
                let preview = ipc::call(PreviewImport { choices }).await?;
                Ok(Some((of, preview)))
            }
        });
        Self {
            table,
            choices,
            shown,
            leave_out: RwSignal::new(false),
            done: RwSignal::new(None),
            busy: RwSignal::new(false),
            progress: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        }
    }

    /// What is shown is not yet what was chosen last.
    fn is_pending(self) -> bool {
        self.table.look(Option::is_some)
            && self.shown.error.look(Option::is_none)
            && self
                .shown
                .value
                .look(|shown| match shown.as_ref().and_then(Option::as_ref) {
                    Some((of, _)) => self.choices.look(|choices| choices != of),
                    None => true,
                })
    }

    /// Begins anew.
    fn forget(self) {
        self.table.set(None);
        self.done.set(None);
        self.error.set(None);
        self.leave_out.set(false);
        self.choices.set(ImportChoices::default());
    }
}

/// The page.
#[component]
pub(crate) fn ImportPage() -> impl IntoView {
    let (words, app) = (use_words(), use_app());
    let it = Importing::new();
    tell_progress(words, it);
    on_cleanup(|| spawn_local(async { drop(ipc::call(DropImport {}).await) }));
    let decides = Memo::new(move |_| app.decides());
    view! {
        <main class="page residents import" id="content">
            <header class="page-head">
                <a class="back-link" href="/residents" data-test="to-residents"><Icon glyph=Glyph::Back />{words.reg_title()}</a>
                <h1>{words.import_title()}</h1>
            </header>
            <ErrorNotice error=it.error />
            {part(move || if !decides.get() {
                view! { <div class="card"><Empty glyph=Glyph::Hand title=words.import_not_yours() hint=words.import_not_yours_hint() /></div> }.into_any()
            } else if let Some(done) = it.done.get() {
                view! { <Outcome it done /> }.into_any()
            } else if let Some(table) = it.table.get() {
                view! { <Preview it table /> }.into_any()
            } else {
                view! { <Choose it /> }.into_any()
            })}
        </main>
    }
}

/// Asks how far it is as long as something long is being done.
fn tell_progress(words: Words, it: Importing) {
    let ask = move || {
        if !it.busy.get_untracked() && !untrack(move || it.is_pending()) {
            return;
        }
        spawn_local(async move {
            if let Ok(progress) = ipc::call(GetImportProgress {}).await {
                let text = words.import_progress_of(progress);
                if !text.is_empty() {
                    drop(it.progress.try_set(text));
                }
            }
        });
    };
    let every = std::time::Duration::from_millis(ASK_EVERY_MS);
    if let Ok(asking) = set_interval_with_handle(ask, every) {
        on_cleanup(move || asking.clear());
    }
}

/// How far the core is; nothing while it does nothing long.
#[component]
fn Working(it: Importing) -> impl IntoView {
    let words = use_words();
    let working = Memo::new(move |_| it.busy.get() || it.is_pending());
    view! {
        <p class="import-working" role="status" data-test="import-working">
            {part(move || working.get().then(|| view! {
                <Icon glyph=Glyph::Sync />
                {part(move || {
                    let progress = it.progress.get();
                    if progress.is_empty() { words.import_working().to_owned() } else { progress }
                })}
            }))}
        </p>
    }
}
