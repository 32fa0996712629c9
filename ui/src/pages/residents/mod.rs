//! 居民: who lives where. One box finds people, doors and buildings; below it the buildings, with how
//! far the month's round is.

mod arrange;
mod building;
mod control;
mod counts;
mod door;
mod duplicates;
pub(crate) mod edit;
pub(crate) mod entry;
mod history;
mod hits;
mod household;
mod inputs;
mod page;
mod parted;
mod places;
mod plates;
mod point;
pub(crate) mod reveal;
mod sheets;

use leptos::prelude::*;
use shared::{
    hub_api::export::RegisterMark,
    ipc::{
        Area, BUILDINGS_MAX, BuildingRow, Buildings, IpcError, ListBuildings, RegisterHit,
        RegisterHits, SearchRegister,
    },
    register::{EntryKind, Fields},
};

pub(crate) use self::{
    building::BuildingPage,
    door::DoorPage,
    duplicates::DuplicatesPage,
    entry::said,
    history::EntryHistoryPage,
    parted::Parted,
    places::{PlacePage, PlacesPage},
};
use self::{
    edit::{EditSheet, Editing},
    plates::{ScanPlate, Scanning},
};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind, SearchBox},
    dynamic::part,
    ipc,
    live::live,
    look::Look,
    pages::{
        forms::{ExportButton, Wanted},
        round::Counting,
    },
    session::use_app,
    words::{Words, use_words},
};

/// Buildings that are listed at first, and more of them at each press.
const MORE: u32 = 50;

/// The page.
#[component]
pub(crate) fn ResidentsPage() -> impl IntoView {
    let (words, app) = (use_words(), use_app());
    let query = RwSignal::new(String::new());
    let shown = RwSignal::new(MORE);
    let all = live(
        &[Area::Register, Area::Rounds, Area::Packs, Area::Session],
        move || buildings(shown.get()),
    );
    let hits = live(&[Area::Register, Area::Cases, Area::Packs], move || {
        let text = query.get();
        async move {
            if text.trim().is_empty() {
                return Ok((text, RegisterHits::default()));
            }
            let found = ipc::call(SearchRegister { text: text.clone() }).await?;
            Ok((text, found))
        }
    });
    let searching = Memo::new(move |_| query.look(|query| !query.trim().is_empty()));
    let editing = RwSignal::new(None::<Editing>);
    let scanning = Scanning::new();
    let add = move || {
        editing.set(Some(Editing::new(EntryKind::Building, Fields::new())));
    };
    view! {
        <main class="page residents" id="content">
            <header class="page-head">
                <h1>{words.reg_title()}</h1>
                <p class="aside" data-test="register-figures">
                    {part(move || all.value.get().map(|all| words.reg_figures(all.households, all.residents)))}
                </p>
            </header>
            <div class="register-find">
                <SearchBox test="register-search" label=words.reg_search() placeholder=words.reg_search_hint() value=query on_search=move |text| query.set(text) />
                <ScanPlate it=scanning />
            </div>
            <ErrorNotice error=scanning.error />
            <ErrorNotice error=all.error on_retry=move || all.again() />
            <ErrorNotice error=hits.error on_retry=move || hits.again() />
            {part(move || if searching.get() {
                hits.value.get().map(|(_, hits)| hits::found(words, hits)).into_any()
            } else {
                all.value.get().map(|all| view! {
                    <Counting is=all.counting />
                    {listed(words, all, shown)}
                    <div class="page-actions">
                        <Button kind=Kind::Plain test="add-building" icon=Glyph::Plus on_press=add>{words.reg_add_building()}</Button>
                        {app.decides().then(|| view! {
                            <a class="button" data-kind="plain" href="/residents/import" data-test="to-import"><Icon glyph=Glyph::Grid /><span>{words.import_open()}</span></a>
                        })}
                        <ExportButton of=Wanted::Register(RegisterMark::Register) />
                    </div>
                }).into_any()
            })}
            <EditSheet editing />
        </main>
    }
}

/// Where an entry is shown.
pub(crate) fn path_of(hit: &RegisterHit) -> String {
    match (hit.kind, hit.door, hit.building) {
        (EntryKind::Campaign, _, _) => format!("/campaigns/{}", hit.id),
        (EntryKind::Place, _, _) => format!("/residents/place/{}", hit.id),
        (_, Some(door), _) => format!("/residents/door/{door}"),
        (_, None, Some(building)) => format!("/residents/building/{building}"),
        (_, None, None) => "/residents".to_owned(),
    }
}

/// So many of them. The core gives them a window at a time.
pub(super) async fn buildings(shown: u32) -> Result<Buildings, IpcError> {
    let window = |offset: u32| ListBuildings {
        offset,
        limit: BUILDINGS_MAX.min(shown - offset),
    };
    let mut all = ipc::call(window(0)).await?;
    let mut offset = BUILDINGS_MAX;
    while offset < shown.min(all.total) {
        all.buildings
            .extend(ipc::call(window(offset)).await?.buildings);
        offset += BUILDINGS_MAX;
    }
    Ok(all)
}

fn listed(words: Words, all: Buildings, shown: RwSignal<u32>) -> AnyView {
    let places = view! {
        <a class="card row" href="/residents/places" data-test="to-places">
            <Icon glyph=Glyph::Grid />
            <span class="row-words">{words.reg_places()}</span>
            <span class="row-end">{words.reg_places_n(all.places.into())}<Icon glyph=Glyph::Next /></span>
        </a>
    };
    if all.buildings.is_empty() {
        return view! {
            {places}
            <div class="card">
                <Empty glyph=Glyph::Door title=words.reg_empty() hint=words.reg_empty_hint() />
            </div>
        }
        .into_any();
    }
    let conflicts = (all.conflicts > 0).then(|| {
        view! {
            <a class="card row attention-line" href="/conflicts" data-test="to-conflicts">
                <Icon glyph=Glyph::Warning />
                <span class="row-words">{words.reg_conflicts(all.conflicts.into())}</span>
                <span class="row-end"><Icon glyph=Glyph::Next /></span>
            </a>
        }
    });
    let duplicates = (all.duplicates > 0).then(|| {
        view! {
            <a class="card row" href="/residents/duplicates" data-test="to-duplicates">
                <Icon glyph=Glyph::Join />
                <span class="row-words">{words.dup_n(all.duplicates.into())}</span>
                <span class="row-end"><Icon glyph=Glyph::Next /></span>
            </a>
        }
    });
    let listed = u32::try_from(all.buildings.len()).unwrap_or(u32::MAX);
    let left = all.total.saturating_sub(listed);
    let act = move || shown.update(|shown| *shown = shown.saturating_add(MORE));
    let more = (left > 0).then(|| {
        view! {
            <div class="page-actions">
                <Button kind=Kind::Plain test="buildings-more" on_press=act>{words.reg_buildings_more(left.into())}</Button>
            </div>
        }
    });
    let mut compounds: Vec<(String, Vec<BuildingRow>)> = Vec::new();
    for row in all.buildings {
        match compounds.last_mut() {
            Some((compound, rows)) if *compound == row.compound => rows.push(row),
            _ => compounds.push((row.compound.clone(), vec![row])),
        }
    }
    let sections = compounds.into_iter().map(|(compound, rows)| {
        let rows = rows.into_iter().map(|row| building_row(words, row));
        view! {
            <section class="section">
                <h2 class="section-name">{compound}</h2>
                <ul class="card-list">{rows.collect_view()}</ul>
            </section>
        }
    });
    view! { {conflicts}{duplicates}{places}{sections.collect_view()}{more} }.into_any()
}

fn building_row(words: Words, row: BuildingRow) -> impl IntoView {
    let grid = words.pick(&row.grid_name, &row.grid_name_en).to_owned();
    let text = format!("{grid} · {}", words.reg_doors(row.doors.into()));
    view! {
        <li>
            <a class="row" href=format!("/residents/building/{}", row.id) data-test="building-row">
                <span class="row-words">
                    <span class="row-title">{row.name}</span>
                    <span class="row-text">{text}</span>
                </span>
                <span class="row-end register-round">
                    <span>{words.reg_done_of(row.done, row.doors)}</span>
                    {(row.not_home > 0).then(|| view! { <span class="round-not-home">{words.reg_not_home_n(row.not_home.into())}</span> })}
                    <Icon glyph=Glyph::Next />
                </span>
            </a>
        </li>
    }
}
