//! Filling a form: one page from its first question to its last. Every answer is with the core as it
//! is given, so leaving asks nothing.

mod ask;
mod bar;
mod choices;
mod heading;
mod notice;
mod paper;
mod photo;
mod point;
mod rank;
mod text;
mod times;

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use shared::{
    DraftId,
    ipc::{DiscardForm, Filling, FormLineKind, FormView, IpcError, OpenForm, RestoreForm},
};

use self::{
    ask::AskView,
    bar::Bar,
    heading::{Heading, closed, visible},
    notice::NoticeCard,
    paper::{Line, Paper},
};
use crate::{
    components::{Button, Chip, Empty, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    dynamic::{attr, effect, heard, part},
    ipc,
    look::Look,
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn FillPage() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let wanted = Memo::new(move |_| {
        params.look(|it| it.get("draft").and_then(|id| id.parse::<DraftId>().ok()))
    });
    let view = RwSignal::new(None::<FormView>);
    let error = RwSignal::new(None::<IpcError>);
    effect(move || {
        view.set(None);
        error.set(None);
        let Some(draft) = wanted.get() else {
            error.set(Some(ipc::internal("no filling is named")));
            return;
        };
        spawn_local(async move {
            let filling = Filling::Draft { draft };
            match ipc::call(OpenForm { filling }).await {
                Ok(opened) => drop(view.try_set(Some(opened))),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    });
    let navigate = use_navigate();
    view! {
        {part(move || view.get().map(|view| view! { <Sheet view /> }))}
        {part(move || error.get().map(|_| {
            let navigate = navigate.clone();
            view! {
                <main class="page" id="content">
                    <ErrorNotice error />
                    <Empty glyph=Glyph::Note title=words.fill_gone() hint=words.fill_gone_hint()>
                        <Button kind=Kind::Primary test="go-forms" on_press=move || navigate("/forms", NavigateOptions::default())>
                            {words.forms_title()}
                        </Button>
                    </Empty>
                </main>
            }
        }))}
    }
}

#[component]
fn Sheet(view: FormView) -> impl IntoView {
    let words = use_words();
    let title = words.pick(&view.title, &view.title_en).to_owned();
    let (languages, grids) = (view.languages.clone(), view.grids.clone());
    let (corrects, notice) = (view.replaces.is_some(), view.notice.clone());
    let paper = Paper::of(view);
    let discard = discard(paper.draft);
    let closed = Memo::new(move |_| closed(paper));
    view! {
        <main class="page fill" id="content">
            <header class="page-head fill-head">
                <h1>{title}</h1>
                <button type="button" class="icon-button" data-test="fill-discard" title=words.fill_discard() aria-label=words.fill_discard() on:click=heard(move |_| discard.run(()))>
                    <Icon glyph=Glyph::Trash />
                </button>
            </header>
            {corrects.then(|| view! { <p class="report-note">{words.fill_corrects()}</p> })}
            {(languages.len() > 1).then(|| {
                let chips = languages.into_iter().map(|language| {
                    let (of, to) = (language.clone(), language.clone());
                    let on = Signal::derive(move || paper.state.look(|state| state.language == of));
                    view! { <Chip on test=format!("language-{language}") on_press=move || paper.speak(to.clone())>{spoken(&language)}</Chip> }
                });
                view! { <div class="chips-line" role="group" aria-label=words.fill_language()>{chips.collect_view()}</div> }
            })}
            {(grids.len() > 1).then(|| {
                let chips = grids.into_iter().map(|grid| {
                    let (of, to) = (grid.code.clone(), grid.code.clone());
                    let name = words.pick(&grid.name, &grid.name_en).to_owned();
                    let on = Signal::derive(move || paper.state.look(|state| state.grid.as_ref() == Some(&of)));
                    view! { <Chip on test=format!("grid-{}", grid.code) on_press=move || paper.file_in(to.clone())>{name}</Chip> }
                });
                view! {
                    <section class="section">
                        <h2 class="part-name">{words.fill_grid()}</h2>
                        <div class="chips" role="group">{chips.collect_view()}</div>
                    </section>
                }
            })}
            {notice.map(|notice| view! { <NoticeCard paper notice /> })}
            <div class="fill-lines">
                <For each=move || closed.look(|closed| visible(paper, closed)) key=|line| line.address.clone() let(line)>
                    <LineView paper line closed />
                </For>
            </div>
            <Bar paper />
        </main>
    }
}

/// 中文 (zh) without what is for machines.
fn spoken(language: &str) -> String {
    let name = language.split_once('(').map_or(language, |(name, _)| name);
    name.trim().to_owned()
}

#[component]
fn LineView(paper: Paper, line: Line, closed: Memo<BTreeSet<String>>) -> impl IntoView {
    let is_question = line
        .now
        .peek(|line| matches!(line.what, FormLineKind::Question(_)));
    // Inside of an instance; what is only in groups stands at the edge like everything else.
    let inside = line.address.contains("]/") || line.address.ends_with(']');
    let id = format!("q-{}", line.address);
    view! {
        <div class="fill-line" id=id data-inside=inside.then_some("true") data-heading=(!is_question).then_some("true")>
            {if is_question {
                view! { <AskView paper line /> }.into_any()
            } else {
                view! { <Heading paper line closed /> }.into_any()
            }}
        </div>
    }
}

/// Puts the filling into the bin and leads away; for a while it can be had back.
fn discard(draft: DraftId) -> Callback<()> {
    let (words, toasts) = (use_words(), use_toasts());
    let navigate = use_navigate();
    Callback::new(move |()| {
        let navigate = navigate.clone();
        spawn_local(async move {
            if ipc::call(DiscardForm { draft }).await.is_err() {
                return;
            }
            toasts.say_undo(words.fill_discarded(), move || {
                spawn_local(async move {
                    // It is in the bin for a month; the list shows whether it came back.
                    drop(ipc::call(RestoreForm { draft }).await);
                });
            });
            navigate("/forms", NavigateOptions::default());
        });
    })
}

/// An attribute that says whether something is so.
fn flag(
    is: impl Fn() -> bool + Send + Sync + 'static,
) -> Box<dyn Fn() -> &'static str + Send + Sync> {
    attr(move || if is() { "true" } else { "false" })
}
