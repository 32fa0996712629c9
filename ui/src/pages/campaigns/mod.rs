//! 专项: which campaigns there are, and how far each is.

mod answers;
mod missing;
mod one;

use leptos::prelude::*;
use shared::{
    FieldName,
    ipc::{Area, CampaignRow, CampaignStage, Campaigns, GetOwnGrids, ListCampaigns, OwnGrid},
    register::{EntryKind, FieldValue, Fields, schema},
};

pub(crate) use self::one::CampaignPage;
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind},
    dynamic::part,
    ipc,
    live::live,
    pages::{
        residents::edit::{EditSheet, Editing},
        round::Counting,
    },
    session::use_app,
    words::{Words, use_words},
};

/// How long a campaign runs unless its author says otherwise.
const USUAL_DAYS: i64 = 30;

/// The page.
#[component]
pub(crate) fn CampaignsPage() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let all = live(
        &[
            Area::Register,
            Area::Rounds,
            Area::Records,
            Area::Forms,
            Area::Packs,
            Area::Session,
        ],
        || ipc::call(ListCampaigns {}),
    );
    let grids = live(&[Area::Session], || ipc::call(GetOwnGrids {}));
    let editing = RwSignal::new(None::<Editing>);
    let launch = move || {
        let sayer = app.sayer(words);
        let day = |days: i64| sayer.iso_day(sayer.now.plus_ms(days * 24 * 60 * 60 * 1_000));
        let set = begun(grids.value.get_untracked(), &day(0), &day(USUAL_DAYS));
        editing.set(Some(Editing::new(EntryKind::Campaign, set)));
    };
    view! {
        <main class="page residents campaigns" id="content">
            <header class="page-head"><h1>{words.camp_title()}</h1></header>
            <ErrorNotice error=all.error on_retry=move || all.again() />
            {part(move || all.value.get().map(|all| view! { <Counting is=all.counting /> {contents(words, all, launch)} }))}
            <EditSheet editing />
        </main>
    }
}

/// What a new campaign begins with: today, a month, all of one's grids.
fn begun(grids: Option<Vec<OwnGrid>>, from: &str, until: &str) -> Fields {
    let meant = grids.unwrap_or_default().into_iter().map(|grid| {
        let name = format!("{}{}", schema::IN_GRID, grid.code);
        (FieldName::from(name.as_str()), Some(FieldValue::Flag(true)))
    });
    let known = [("from", from), ("until", until), ("about", "resident")];
    let known = known.map(|(name, value)| (FieldName::from(name), Some(FieldValue::from(value))));
    meant.chain(known).collect()
}

fn contents(
    words: Words,
    all: Campaigns,
    launch: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let is_empty = all.campaigns.is_empty();
    let hint = if all.may_launch {
        words.camp_empty_hint()
    } else {
        words.camp_empty_hint_worker()
    };
    let (over, open): (Vec<_>, Vec<_>) = all
        .campaigns
        .into_iter()
        .partition(|it| it.stage == CampaignStage::Over);
    let rows = |rows: Vec<CampaignRow>| {
        rows.into_iter()
            .map(|row| view! { <li><CampaignLine row /></li> })
            .collect_view()
    };
    let has_over = !over.is_empty();
    view! {
        {is_empty.then(|| view! {
            <div class="card"><Empty glyph=Glyph::Flag title=words.camp_empty() hint /></div>
        })}
        {(!open.is_empty()).then(|| view! { <ul class="card-list">{rows(open)}</ul> })}
        {all.may_launch.then(|| view! {
            <div class="page-actions">
                <Button kind=Kind::Primary test="launch-campaign" icon=Glyph::Plus on_press=launch>{words.camp_launch()}</Button>
            </div>
        })}
        {has_over.then(|| view! {
            <section class="section">
                <h2 class="section-name">{words.camp_over()}</h2>
                <ul class="card-list">{rows(over)}</ul>
            </section>
        })}
    }
}

/// A campaign in one line, with how far it is.
#[component]
pub(crate) fn CampaignLine(row: CampaignRow) -> impl IntoView {
    let words = use_words();
    let form = words.pick(&row.form, &row.form_en).to_owned();
    let when = when(words, &row);
    view! {
        <a class="row" href=format!("/campaigns/{}", row.id) data-test="campaign-row">
            <span class="row-words">
                <span class="row-line">
                    <span class="row-title">{row.title}</span>
                    {(row.unsent > 0).then(|| view! { <span class="row-end"><Icon glyph=Glyph::Clock /></span> })}
                </span>
                <span class="row-text">{[form, when].join(" · ")}</span>
                <Progress recorded=row.recorded meant=row.meant counted=row.counts.is_some() />
            </span>
            <span class="row-end"><Icon glyph=Glyph::Next /></span>
        </a>
    }
}

/// When a campaign is, in words.
fn when(words: Words, row: &CampaignRow) -> String {
    match row.stage {
        CampaignStage::Running => words.camp_until(row.until.clone()),
        CampaignStage::Planned => words.camp_from(row.from.clone()),
        CampaignStage::Over => words.camp_was(row.from.clone(), row.until.clone()),
    }
}

/// How far something is: a bar, and always the figures beside it.
#[component]
pub(crate) fn Progress(
    recorded: u32,
    meant: u32,
    /// Only some answers count.
    counted: bool,
) -> impl IntoView {
    let words = use_words();
    let share = if meant == 0 {
        0.0
    } else {
        f64::from(recorded) * 100.0 / f64::from(meant)
    };
    let said = if counted {
        words.camp_counted(recorded, meant)
    } else {
        words.camp_recorded(recorded, meant)
    };
    view! {
        <span class="progress">
            <span class="progress-track" aria-hidden="true">
                <span class="progress-done" style=format!("inline-size: {share:.1}%")></span>
            </span>
            <span class="progress-words">{said}</span>
        </span>
    }
}
