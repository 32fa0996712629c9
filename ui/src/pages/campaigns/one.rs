//! One campaign: how far it is by grid and building, who is missing, and what was answered.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{
    EntryId,
    ipc::{Area, CampaignView, Code, Covered, GetCampaign, IpcError},
    register::{EntryKind, FieldValue, schema},
};

use super::{Progress, answers::AnswersOf, missing::Missing, when};
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind},
    dynamic::part,
    ipc,
    live::live,
    pages::{
        forms::{ExportButton, Wanted},
        residents::{
            Parted,
            edit::{EditSheet, Editing},
        },
        round::Counting,
    },
    words::{Words, use_words},
};

/// What the page shows.
const AREAS: [Area; 5] = [
    Area::Register,
    Area::Rounds,
    Area::Records,
    Area::Forms,
    Area::Packs,
];

/// Buildings that are listed at first, and more of them at each press.
const BUILDINGS: u32 = 50;

/// The page.
#[component]
pub(crate) fn CampaignPage() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id")?.parse::<EntryId>().ok());
    let shown = RwSignal::new(BUILDINGS);
    let it = live(&AREAS, move || {
        let (campaign, buildings) = (id.get(), shown.get());
        async move {
            let campaign = campaign.ok_or_else(|| IpcError {
                code: Code::NotFound,
                detail: "the address names no campaign".to_owned(),
            })?;
            ipc::call(GetCampaign {
                campaign,
                buildings,
            })
            .await
        }
    });
    let editing = RwSignal::new(None::<Editing>);
    view! {
        <main class="page residents campaigns" id="content">
            <ErrorNotice error=it.error on_retry=move || it.again() />
            {part(move || it.value.get().map(|view| head(words, view, editing)))}
            {part(move || id.get().map(|campaign| view! { <AnswersOf campaign /> }))}
            {part(move || it.value.get().map(|view| rest(words, view, shown)))}
            <EditSheet editing />
        </main>
    }
}

fn head(words: Words, view: CampaignView, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let form = words.pick(&view.row.form, &view.row.form_en).to_owned();
    let said = [form, when(words, &view.row), meant(words, &view)];
    let said: Vec<String> = said.into_iter().filter(|it| !it.is_empty()).collect();
    let (id, kind) = (view.row.id, EntryKind::Campaign);
    let entry = view.entry.clone();
    let edit = move || editing.set(Some(Editing::of(entry.clone())));
    let may_write = view.may_change;
    let form_id = match view.fields.iter().find(|(name, _)| name.as_str() == "form") {
        Some((_, Some(FieldValue::Text(form)))) => form.clone(),
        _ => String::new(),
    };
    let disputed = view
        .entry
        .disputed
        .into_iter()
        .map(|disputed| view! { <Parted id kind disputed may_write /> });
    view! {
        <header class="page-head">
            <a class="back-link" href="/campaigns" data-test="to-campaigns"><Icon glyph=Glyph::Back />{words.camp_title()}</a>
            <h1>{view.row.title}</h1>
            <p class="aside">{said.join(" · ")}</p>
        </header>
        {disputed.collect_view()}
        <section class="card campaign-far" data-test="campaign-far">
            <Progress recorded=view.row.recorded meant=view.row.meant counted=view.row.counts.is_some() />
            <Counting is=view.counting />
            {view.row.counts.map(|what| view! { <p class="aside" data-test="campaign-counts">{words.camp_counts_when(what)}</p> })}
            {(!view.note.is_empty()).then(|| view! { <p class="campaign-note">{view.note}</p> })}
        </section>
        {may_write.then(|| view! {
            <div class="page-actions">
                <Button kind=Kind::Plain test="edit-campaign" icon=Glyph::Pen on_press=edit>{words.reg_edit()}</Button>
                <ExportButton of=Wanted::Records { form: form_id } />
            </div>
        })}
    }
}

/// Who is missing, and how far it is where.
fn rest(words: Words, view: CampaignView, shown: RwSignal<u32>) -> impl IntoView {
    let counted = view.row.counts.is_some();
    let covered = move |title, test, rows| covered(words, (title, test), rows, counted);
    let listed = u32::try_from(view.buildings.len()).unwrap_or(u32::MAX);
    let left = view.buildings_total.saturating_sub(listed);
    let act = move || shown.update(|shown| *shown = shown.saturating_add(BUILDINGS));
    let more = (left > 0).then(|| view! {
        <Button kind=Kind::Quiet test="buildings-more" on_press=act>{words.reg_buildings_more(left.into())}</Button>
    });
    view! {
        <div class="campaign-rest">
            <Missing campaign=view.row.id missing=view.missing total=view.missing_total counted />
            <div class="campaign-where">
                {covered(words.camp_by_community(), "by-community", view.communities)}
                {covered(words.camp_by_grid(), "by-grid", view.grids)}
                {covered(words.camp_by_building(), "by-building", view.buildings)}
                {more}
            </div>
        </div>
    }
}

/// Who is meant, in words.
fn meant(words: Words, view: &CampaignView) -> String {
    let value = |name: &str| view.fields.iter().find(|(field, _)| field.as_str() == name);
    let number = |name| match value(name) {
        Some((_, Some(FieldValue::Number(number)))) => Some(*number),
        _ => None,
    };
    let ages = match (number("min_age"), number("max_age")) {
        (None, None) => String::new(),
        (Some(min), None) => words.camp_age_from(min),
        (None, Some(max)) => words.camp_age_to(max),
        (Some(min), Some(max)) => words.camp_age_between(min, max),
    };
    let tags = view.fields.iter().filter_map(|(name, value)| {
        let tag = name.as_str().strip_prefix(schema::CARE)?;
        (*value == Some(FieldValue::Flag(true)))
            .then(|| words.code_of(EntryKind::Resident, "care", tag))
    });
    let tags = tags.collect::<Vec<_>>().join(words.camp_or());
    let said: Vec<String> = [ages, tags]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect();
    said.join(" · ")
}

fn covered(
    words: Words,
    (title, test): (&'static str, &'static str),
    rows: Vec<Covered>,
    counted: bool,
) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows = rows.into_iter().map(|row| {
        let name = words.pick(&row.name, &row.name_en).to_owned();
        let inside = view! {
            <span class="row-words"><span class="row-title">{name}</span><Progress recorded=row.recorded meant=row.meant counted /></span>
        };
        match row.building {
            Some(building) => view! {
                <li data-test="covered"><a class="row" href=format!("/residents/building/{building}")>{inside}<span class="row-end"><Icon glyph=Glyph::Next /></span></a></li>
            }
            .into_any(),
            None => view! { <li class="row" data-test="covered">{inside}</li> }.into_any(),
        }
    });
    Some(
        view! {
            <section class="section" data-test=test>
                <h2 class="section-name">{title}</h2>
                <ul class="card-list">{rows.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}
