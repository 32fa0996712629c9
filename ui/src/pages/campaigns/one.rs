//! One campaign: how far it is by grid and building, who is missing, and what was answered.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{
    EntryId,
    ipc::{Area, CampaignView, Code, Covered, GetCampaign, IpcError, StillMissing},
    register::{EntryKind, FieldValue, schema},
};

use super::{Progress, answers::AnswersOf, when};
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
    },
    words::{Words, use_words},
};

/// What the page shows.
const AREAS: [Area; 4] = [Area::Register, Area::Records, Area::Forms, Area::Packs];

/// Of those who are missing so many are shown at first.
const SHOWN: usize = 30;

/// The page.
#[component]
pub(crate) fn CampaignPage() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id")?.parse::<EntryId>().ok());
    let it = live(&AREAS, move || {
        let campaign = id.get();
        async move {
            let campaign = campaign.ok_or_else(|| IpcError {
                code: Code::NotFound,
                detail: "the address names no campaign".to_owned(),
            })?;
            ipc::call(GetCampaign { campaign }).await
        }
    });
    let editing = RwSignal::new(None::<Editing>);
    view! {
        <main class="page residents campaigns" id="content">
            <ErrorNotice error=it.error on_retry=move || it.again() />
            {part(move || it.value.get().map(|view| head(words, view, editing)))}
            {part(move || id.get().map(|campaign| view! { <AnswersOf campaign /> }))}
            {part(move || it.value.get().map(|view| rest(words, view)))}
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
            <Progress recorded=view.row.recorded meant=view.row.meant />
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
fn rest(words: Words, view: CampaignView) -> impl IntoView {
    view! {
        <div class="campaign-rest">
            <Missing missing=view.missing total=view.missing_total />
            <div class="campaign-where">
                {covered(words, words.camp_by_grid(), "by-grid", view.grids)}
                {covered(words, words.camp_by_building(), "by-building", view.buildings)}
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

#[component]
fn Missing(missing: Vec<StillMissing>, total: u32) -> impl IntoView {
    let words = use_words();
    let all = RwSignal::new(false);
    let unlisted = total.saturating_sub(u32::try_from(missing.len()).unwrap_or(u32::MAX));
    let folded = missing.len().saturating_sub(SHOWN);
    let missing = StoredValue::new(missing);
    let rows = move || {
        let shown = if all.get() { usize::MAX } else { SHOWN };
        let rows = missing.with_value(|missing| {
            let rows = missing.iter().take(shown).cloned();
            rows.map(|it| missing_row(words, it)).collect_view()
        });
        view! { <ul class="card-list">{rows}</ul> }
    };
    (total > 0).then(|| {
        view! {
            <section class="section" data-test="missing">
                <div class="section-head"><h2>{words.camp_missing()}" "<span class="count">{total}</span></h2></div>
                {part(rows)}
                {part(move || (folded > 0 && !all.get()).then(|| view! {
                    <Button kind=Kind::Quiet test="missing-all" on_press=move || all.set(true)>{words.camp_show_more(folded as u64)}</Button>
                }))}
                {(unlisted > 0).then(|| view! { <p class="aside">{words.camp_unlisted(unlisted)}</p> })}
            </section>
        }
    })
}

fn missing_row(words: Words, it: StillMissing) -> impl IntoView {
    view! {
        <li>
            <a class="row" href=format!("/residents/door/{}", it.dwelling) data-test="missing-row">
                <span class="row-words">
                    <span class="row-title">{it.name}</span>
                    <span class="row-text">{it.door}</span>
                </span>
                <span class="row-end">
                    {it.refused.then(|| view! { <span class="round-not-home">{words.reg_refused()}</span> })}
                    <Icon glyph=Glyph::Next />
                </span>
            </a>
        </li>
    }
}

fn covered(
    words: Words,
    title: &'static str,
    test: &'static str,
    rows: Vec<Covered>,
) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows = rows.into_iter().map(|row| {
        let name = words.pick(&row.name, &row.name_en).to_owned();
        let inside = view! {
            <span class="row-words"><span class="row-title">{name}</span><Progress recorded=row.recorded meant=row.meant /></span>
        };
        match row.building {
            Some(building) => view! {
                <li><a class="row" href=format!("/residents/building/{building}")>{inside}<span class="row-end"><Icon glyph=Glyph::Next /></span></a></li>
            }
            .into_any(),
            None => view! { <li class="row">{inside}</li> }.into_any(),
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
