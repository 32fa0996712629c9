//! 今日: what is due, what was begun, what came back; and the one big button.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::ipc::{Area, CampaignRow, CaseRow, DraftRow, FormDraftRow, GetToday, Today};

use crate::{
    components::{Button, CaseCard, Empty, ErrorNotice, Glyph, Icon, Kind, SyncGlyph, Thumb},
    dynamic::part,
    ipc,
    live::live,
    look::Look,
    pages::{campaigns::CampaignLine, forms::DraftLine as FormDraftLine, round::Counting},
    session::{App, category_name, moment, use_app},
    words::{Words, use_words},
};

/// The page.
#[component]
pub(crate) fn TodayPage() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let today = live(
        &[
            Area::Session,
            Area::Packs,
            Area::Drafts,
            Area::Cases,
            Area::Register,
            Area::Rounds,
            Area::Records,
            Area::Delivery,
        ],
        || ipc::call(GetToday {}),
    );
    let navigate = use_navigate();
    view! {
        <main class="page today" id="content">
            <header class="page-head">
                <h1>{part(move || greeting(app, words))}</h1>
                <p class="aside today-where">
                    <span>{part(move || whereabouts(app, words))}</span>
                    <SyncGlyph />
                </p>
            </header>
            <ErrorNotice error=today.error on_retry=move || today.again() />
            {part(move || today.value.get().map(|today| view! { <Contents today /> }))}
            <div class="page-action">
                <Button kind=Kind::Primary icon=Glyph::Camera test="today-report" on_press=move || navigate("/report", NavigateOptions::default())>
                    {words.nav_report()}
                </Button>
            </div>
        </main>
    }
}

/// 周一 11月23日.
fn greeting(app: App, words: Words) -> String {
    let sayer = app.sayer(words);
    words.today_greeting(sayer.date(sayer.now), sayer.weekday(sayer.now))
}

/// The grids of the person.
fn whereabouts(app: App, words: Words) -> String {
    app.session.value.look(|session| {
        let Some(enrolment) = session.as_ref().and_then(|it| it.enrolment.as_ref()) else {
            return words.today_no_grid().to_owned();
        };
        match enrolment.grids.as_slice() {
            [] => enrolment.hub_name.clone(),
            [only] => words.pick(&only.name, &only.name_en).to_owned(),
            [first, rest @ ..] => {
                words.today_grids(words.pick(&first.name, &first.name_en), rest.len())
            }
        }
    })
}

#[component]
fn Contents(today: Today) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let decides = untrack(|| app.decides());
    let nothing_yet = today.open == 0
        && today.closed == 0
        && today.drafts.is_empty()
        && today.form_drafts.is_empty()
        && today.doors_due + today.doors_again == 0
        && today.campaigns.is_empty()
        && !decides;
    view! {
        <DeliveryLine unfinished=today.unfinished />
        <Attention cases=today.attention />
        <Undecided cases=today.conflicts />
        <RoundLine due=today.doors_due again=today.doors_again />
        <Counting is=today.counting />
        <Running campaigns=today.campaigns />
        <FormsDoor />
        {if nothing_yet {
            view! {
                <div class="card">
                    <Empty glyph=Glyph::Camera title=words.today_due_empty() hint=words.today_first_hint() />
                </div>
            }.into_any()
        } else {
            view! {
                <DueList due=today.due total=today.due_total decides />
                <Drafts drafts=today.drafts forms=today.form_drafts />
                <Answered answered=today.answered />
            }.into_any()
        }}
        {(!decides).then(|| view! {
            <Figures reported=today.reported_today open=today.open closed=today.closed />
        })}
    }
}

/// ● 都已送到, or how many are on their way.
#[component]
fn DeliveryLine(unfinished: u32) -> impl IntoView {
    let words = use_words();
    let all = unfinished == 0;
    let said = if all {
        words.today_all_delivered().to_owned()
    } else {
        words.waiting(unfinished)
    };
    view! {
        <a class="card row delivery-line" data-all=all.to_string() href="/delivery" data-test="today-delivery">
            <Icon glyph=if all { Glyph::CheckCircle } else { Glyph::Clock } />
            <span class="row-title">{said}</span>
            <Icon glyph=Glyph::Next />
        </a>
    }
}

/// What this person did without effect 未生效, until they have seen it.
#[component]
fn Attention(cases: u32) -> impl IntoView {
    let words = use_words();
    (cases > 0).then(|| view! {
        <a class="card row attention-line" href="/cases?f=attention&who=all" data-test="today-attention">
            <Icon glyph=Glyph::Warning />
            <span class="row-title">{words.today_attention(cases.into())}</span>
            <Icon glyph=Glyph::Next />
        </a>
    })
}

/// The round, while there is one.
#[component]
fn RoundLine(due: u32, again: u32) -> impl IntoView {
    let words = use_words();
    (due + again > 0).then(|| {
        let said = if again > 0 {
            words.today_doors(again, due)
        } else {
            words.today_doors_due(due)
        };
        view! {
            <a class="card row joined-line" href="/round" data-test="today-round">
                <Icon glyph=Glyph::Door />
                <span class="row-title">{said}</span>
                <Icon glyph=Glyph::Next />
            </a>
        }
    })
}

/// Campaigns that run, with how far they are.
#[component]
fn Running(campaigns: Vec<CampaignRow>) -> impl IntoView {
    (!campaigns.is_empty()).then(|| {
        let rows = campaigns
            .into_iter()
            .map(|row| view! { <li><CampaignLine row /></li> });
        view! { <ul class="card-list" data-test="today-campaigns">{rows.collect_view()}</ul> }
    })
}

/// The way to the forms.
#[component]
fn FormsDoor() -> impl IntoView {
    let words = use_words();
    view! {
        <a class="card row joined-line" href="/forms" data-test="today-forms">
            <Icon glyph=Glyph::Note />
            <span class="row-title">{words.forms_quiet()}</span>
            <Icon glyph=Glyph::Next />
        </a>
    }
}

/// What two people corrected differently, and this person may decide.
#[component]
fn Undecided(cases: u32) -> impl IntoView {
    let words = use_words();
    (cases > 0).then(|| {
        view! {
            <a class="card row attention-line" href="/conflicts" data-test="today-conflicts">
                <Icon glyph=Glyph::Warning />
                <span class="row-title">{words.today_conflicts(cases.into())}</span>
                <Icon glyph=Glyph::Next />
            </a>
        }
    })
}

#[component]
fn Drafts(drafts: Vec<DraftRow>, forms: Vec<FormDraftRow>) -> impl IntoView {
    let words = use_words();
    if drafts.is_empty() && forms.is_empty() {
        return None;
    }
    let count = drafts.len() + forms.len();
    let forms = forms
        .into_iter()
        .map(|draft| view! { <li><FormDraftLine draft /></li> })
        .collect_view();
    let rows = drafts
        .into_iter()
        .map(|draft| view! { <li><DraftLine draft /></li> })
        .collect_view();
    Some(view! {
        <section class="section">
            <div class="section-head"><h2>{words.today_drafts()}" "<span class="count">{count}</span></h2></div>
            <ul class="card-list">{rows}{forms}</ul>
        </section>
    })
}

#[component]
fn DraftLine(draft: DraftRow) -> impl IntoView {
    let words = use_words();
    let chosen = draft.category.is_some();
    let name = category_name(draft.category);
    let address = words.pick(&draft.address, &draft.address_en);
    let title = [draft.summary.as_str(), address]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned();
    let photos = (draft.photos > 0).then(|| words.today_photos(draft.photos.into()));
    let empty = title.is_empty() && !chosen && photos.is_none();
    view! {
        <a class="row" href=format!("/report/{}", draft.id) data-test="draft-row" data-id=draft.id.to_string()>
            <Thumb photo=draft.photo />
            <span class="row-words">
                <span class="row-title">
                    {part(move || if chosen { name() } else { words.today_draft_open().to_owned() })}
                </span>
                <span class="row-text">
                    {if empty { words.today_draft_empty().to_owned() } else if title.is_empty() { photos.unwrap_or_default() } else { title }}
                </span>
                <span class="row-text">{moment(draft.changed_at)}</span>
            </span>
            <span class="row-end resume">{words.today_resume()}<Icon glyph=Glyph::Next /></span>
        </a>
    }
}

#[component]
fn DueList(due: Vec<CaseRow>, total: u32, decides: bool) -> impl IntoView {
    let words = use_words();
    let (title, hint, under, all) = if decides {
        (
            words.today_due_desk(),
            words.today_due_desk_empty_hint(),
            "/desk",
            "/desk",
        )
    } else {
        (
            words.today_due(),
            words.today_due_empty_hint(),
            "/cases",
            "/cases?f=running",
        )
    };
    let shown = u32::try_from(due.len()).unwrap_or(u32::MAX);
    let empty = due.is_empty();
    let rows = due
        .into_iter()
        .map(|row| {
            let to = Signal::stored(format!("{under}/{}", row.id));
            view! { <li><CaseCard row to /></li> }
        })
        .collect_view();
    view! {
        <section class="section">
            <div class="section-head">
                <h2>{title}" "<span class="count">{total}</span></h2>
                {(total > shown).then(|| view! { <a class="more" href=all>{words.today_due_more(total)}</a> })}
            </div>
            {if empty {
                view! { <p class="card quiet">{words.today_due_empty()}<br />{hint}</p> }.into_any()
            } else {
                view! { <ul class="card-list">{rows}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn Answered(answered: Vec<CaseRow>) -> impl IntoView {
    let words = use_words();
    if answered.is_empty() {
        return None;
    }
    let rows = answered
        .into_iter()
        .map(|row| view! { <li><CaseCard row /></li> })
        .collect_view();
    Some(view! {
        <section class="section">
            <div class="section-head"><h2>{words.today_answered()}</h2></div>
            <ul class="card-list">{rows}</ul>
        </section>
    })
}

/// How many of one's own; figures for oneself, no score.
#[component]
fn Figures(reported: u32, open: u32, closed: u32) -> impl IntoView {
    let words = use_words();
    let figures = [
        (reported, words.today_reported_today(), "/cases"),
        (open, words.today_open(), "/cases?f=open"),
        (closed, words.today_closed(), "/cases?f=done"),
    ];
    let items = figures.map(|(number, name, to)| {
        view! {
            <li><a class="figure" href=to><span class="figure-number">{number}</span><span class="aside">{name}</span></a></li>
        }
    });
    view! {
        <section class="section">
            <div class="section-head"><h2>{words.today_figures()}</h2></div>
            <ul class="card figures">{items.collect_view()}</ul>
        </section>
    }
}
