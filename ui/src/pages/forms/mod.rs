//! 表单: what can be filled in, what was begun, and what was filled in.

mod export;
mod rows;
mod unchanged;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    hub_api::publish::may_publish,
    ipc::{Area, Filling, FormList, FormRow, IpcError, ListForms, ListRecords, OpenForm},
    search::{Name, fit},
};

use self::rows::FormLine;
pub(crate) use self::{
    export::{ExportButton, Wanted},
    rows::{DraftLine, RecordLine},
    unchanged::UnchangedButton,
};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Kind, SearchBox},
    dynamic::part,
    ipc,
    live::live,
    session::use_app,
    words::use_words,
};

/// More forms than this are searched rather than read.
const READ_MAX: usize = 8;

/// Records shown at first, and how many more with each press.
const STEP: u32 = 20;

/// The page.
#[component]
pub(crate) fn FormsPage() -> impl IntoView {
    let words = use_words();
    let list = live(&[Area::Forms, Area::Drafts], || ipc::call(ListForms {}));
    let error = RwSignal::new(None::<IpcError>);
    let begin = begin(error);
    view! {
        <main class="page forms" id="content">
            <header class="page-head"><h1>{words.forms_title()}</h1></header>
            <ErrorNotice error=list.error on_retry=move || list.again() />
            <ErrorNotice error />
            {part(move || list.value.get().map(|list| view! { <Contents list begin /> }))}
            <Records />
        </main>
    }
}

/// Opens a filling and leads there.
pub(crate) fn begin(error: RwSignal<Option<IpcError>>) -> Callback<Filling> {
    let navigate = use_navigate();
    Callback::new(move |filling: Filling| {
        let navigate = navigate.clone();
        error.set(None);
        spawn_local(async move {
            match ipc::call(OpenForm { filling }).await {
                Ok(view) => navigate(&format!("/fill/{}", view.draft), NavigateOptions::default()),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    })
}

#[component]
fn Contents(list: FormList, begin: Callback<Filling>) -> impl IntoView {
    let words = use_words();
    let FormList { forms, drafts } = list;
    let is_long = forms.len() > READ_MAX;
    let query = RwSignal::new(String::new());
    let is_empty = forms.is_empty();
    let found = move || {
        let query = query.get();
        let forms: Vec<FormRow> = forms
            .iter()
            .filter(|form| fits(&query, form))
            .cloned()
            .collect();
        if forms.is_empty() {
            return view! { <p class="card quiet">{words.forms_none_fit()}</p> }.into_any();
        }
        let rows = forms
            .into_iter()
            .map(|form| view! { <li><FormLine form begin /></li> });
        view! { <ul class="card-list">{rows.collect_view()}</ul> }.into_any()
    };
    let count = drafts.len();
    let drafts = drafts
        .into_iter()
        .map(|draft| view! { <li><DraftLine draft /></li> });
    view! {
        {(count > 0).then(|| view! {
            <section class="section">
                <div class="section-head"><h2>{words.forms_drafts()}" "<span class="count">{count}</span></h2></div>
                <ul class="card-list">{drafts.collect_view()}</ul>
            </section>
        })}
        {if is_empty {
            view! {
                <div class="card"><Empty glyph=Glyph::Note title=words.forms_empty() hint=words.forms_empty_hint() /></div>
                <PublishLink />
            }.into_any()
        } else {
            view! {
                <section class="section">
                    <div class="section-head"><h2>{words.forms_all()}</h2><PublishLink /></div>
                    {is_long.then(|| view! {
                        <SearchBox test="form-search" label=words.forms_search() placeholder=words.forms_search_hint() value=query on_search=move |text: String| query.set(text) />
                    })}
                    {part(found)}
                </section>
            }.into_any()
        }}
    }
}

/// The way to publish one, for those who may; nothing for others.
#[component]
fn PublishLink() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    may_publish(app.role()).then(|| {
        view! { <a class="button" data-kind="plain" href="/forms/publish" data-test="to-publish">{words.publish_open()}</a> }
    })
}

fn fits(query: &str, form: &FormRow) -> bool {
    let zh = Name {
        text: &form.title,
        pinyin: &form.pinyin,
    };
    let en = Name {
        text: &form.title_en,
        pinyin: "",
    };
    fit(query, zh).or_else(|| fit(query, en)).is_some()
}

/// What was filled in, the last first.
#[component]
fn Records() -> impl IntoView {
    let words = use_words();
    let limit = RwSignal::new(STEP);
    let page = live(&[Area::Records, Area::Forms, Area::Packs], move || {
        ipc::call(ListRecords {
            subject: None,
            offset: 0,
            limit: limit.get(),
        })
    });
    let rows = move || {
        page.value.get().map(|page| {
            let shown = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
            let more = page.total.saturating_sub(shown);
            let rows = page.rows.into_iter().map(|row| view! { <li><RecordLine row /></li> });
            let rows = rows.collect_view();
            view! {
                <section class="section">
                    <div class="section-head"><h2>{words.forms_filled()}" "<span class="count">{page.total}</span></h2><ExportButton of=Wanted::Records { form: String::new() } /></div>
                    {if shown == 0 {
                        view! { <p class="card quiet">{words.forms_filled_empty()}</p> }.into_any()
                    } else {
                        view! { <ul class="card-list">{rows}</ul> }.into_any()
                    }}
                    {(more > 0).then(|| view! {
                        <Button kind=Kind::Quiet test="records-more" on_press=move || limit.update(|limit| *limit += STEP)>
                            {words.forms_more(more.min(STEP))}
                        </Button>
                    })}
                </section>
            }
        })
    };
    view! {
        <ErrorNotice error=page.error on_retry=move || page.again() />
        {part(rows)}
    }
}
