//! 单位/场所: those of the person's grids, those that stand in a building, and one of them.

use leptos::prelude::*;
use shared::{
    EntryId, FieldName, GridCode,
    ipc::{
        Area, GetOwnGrids, GetPlaceEntry, ListPlaces, OwnGrid, PLACES_MAX, PlaceEntry,
        PlacePage as Page, PlaceRow,
    },
    register::{EntryKind, FieldValue, Fields, schema},
};

use super::{
    edit::{EditSheet, Editing},
    entry::EntryCard,
    page::page_of,
    sheets::Sheets,
};
use crate::{
    components::{Button, Chip, Empty, ErrorNotice, Glyph, Icon, Kind, SearchBox},
    dynamic::{attr, heard, part},
    ipc,
    live::{Live, live},
    look::Look,
    pages::forms::{ExportButton, Wanted},
    words::{Words, use_words},
};

/// So many more are listed at a time.
const MORE: u32 = 50;

/// The page with all of them.
#[component]
pub(crate) fn PlacesPage() -> impl IntoView {
    let words = use_words();
    let wanted = RwSignal::new(ListPlaces::default());
    let shown = RwSignal::new(MORE);
    let page = listing(wanted, shown);
    let grids = live(&[Area::Session, Area::Packs], || ipc::call(GetOwnGrids {}));
    let editing = RwSignal::new(None::<Editing>);
    let change = move |change: &dyn Fn(&mut ListPlaces)| {
        shown.set(MORE);
        wanted.update(|wanted| change(wanted));
    };
    let search = Signal::derive(move || wanted.look(|wanted| wanted.text.clone()));
    let figures = move || {
        let total = page.value.look(|page| page.as_ref().map(|page| page.total));
        total.map(|total| words.reg_places_n(total.into()))
    };
    let add = move || {
        let mut set = Fields::new();
        if let Some(grid) = wanted.look(|wanted| wanted.grid.clone()) {
            let grid = Some(FieldValue::Text(grid.0));
            set.insert(FieldName::from(schema::GRID), grid);
        }
        editing.set(Some(Editing::new(EntryKind::Place, set)));
    };
    view! {
        <main class="page residents" id="content">
            <header class="page-head">
                <a class="back-link" href="/residents" data-test="to-residents"><Icon glyph=Glyph::Back />{words.reg_title()}</a>
                <h1>{words.reg_places()}</h1>
                <p class="aside" data-test="places-figures">{part(figures)}</p>
            </header>
            <div class="register-find">
                <SearchBox test="place-search" label=words.reg_places_search() placeholder=words.reg_places_search_hint() value=search on_search=move |text: String| change(&|wanted| wanted.text.clone_from(&text)) />
            </div>
            <Filters wanted shown grids=grids.value />
            <div class="page-actions">
                {part(move || page.value.look(|it| it.as_ref().is_some_and(|it| it.may_write)).then(|| view! {
                    <Button kind=Kind::Plain test="add-place" icon=Glyph::Plus on_press=add>{words.reg_add_place()}</Button>
                }))}
                <ExportButton of=Wanted::Register(shared::hub_api::export::RegisterMark::Places) />
            </div>
            <ErrorNotice error=page.error on_retry=move || page.again() />
            {part(move || {
                let asked = wanted.look(|it| !it.text.is_empty() || !it.kind.is_empty() || it.grid.is_some());
                page.value.get().map(|page| listed(words, page, asked, shown))
            })}
            <EditSheet editing />
        </main>
    }
}

/// Those of one building, as its page shows them; a person may enter another one.
#[component]
pub(super) fn PlacesOf(building: EntryId, sheets: Sheets) -> impl IntoView {
    let words = use_words();
    let wanted = RwSignal::new(ListPlaces {
        building: Some(building),
        ..ListPlaces::default()
    });
    let shown = RwSignal::new(MORE);
    let page = listing(wanted, shown);
    let add = super::door::link_to(sheets, EntryKind::Place, "building", building);
    let any = Memo::new(move |_| {
        page.value
            .look(|page| page.as_ref().is_some_and(|page| page.total > 0))
    });
    view! {
        <section class="section" data-test="places-of">
            <h2 class="section-name">{words.reg_places()}</h2>
            <ErrorNotice error=page.error on_retry=move || page.again() />
            {part(move || any.get().then(|| page.value.get()).flatten().map(|page| {
                let more = more(words, &page, shown);
                let rows = page.rows.into_iter().map(|row| line(words, row));
                view! { <ul class="card-list">{rows.collect_view()}</ul> {more} }
            }))}
            {part(move || (!any.get()).then(|| view! { <p class="card row aside">{words.reg_places_none_here()}</p> }))}
            {sheets.may_write.then(|| view! {
                <div class="page-actions">
                    <Button kind=Kind::Plain test="add-place" icon=Glyph::Plus on_press=add.clone()>{words.reg_add_place()}</Button>
                </div>
            })}
        </section>
    }
}

/// As many of them as are to be shown. The core gives them a window at a time.
fn listing(wanted: RwSignal<ListPlaces>, shown: RwSignal<u32>) -> Live<Page> {
    live(&[Area::Register, Area::Packs, Area::Session], move || {
        let (wanted, shown) = (wanted.get(), shown.get());
        async move {
            let window = |offset: u32| ListPlaces {
                offset,
                limit: PLACES_MAX.min(shown - offset),
                ..wanted.clone()
            };
            let mut page = ipc::call(window(0)).await?;
            let mut offset = PLACES_MAX;
            while offset < shown.min(page.total) {
                let next = ipc::call(window(offset)).await?;
                page.rows.extend(next.rows);
                offset += PLACES_MAX;
            }
            Ok(page)
        }
    })
}

/// Which of them: the kind, and where a person has several grids, the grid.
#[component]
fn Filters(
    wanted: RwSignal<ListPlaces>,
    shown: RwSignal<u32>,
    grids: RwSignal<Option<Vec<OwnGrid>>>,
) -> impl IntoView {
    let words = use_words();
    let chip = move |kind: &'static str| {
        let said = match kind {
            "" => words.reg_places_all().to_owned(),
            kind => words.code_of(EntryKind::Place, "kind", kind),
        };
        let test = if kind.is_empty() { "any" } else { kind };
        view! {
            <Chip
                on=Signal::derive(move || wanted.look(|wanted| wanted.kind == kind))
                test=format!("place-kind-{test}")
                on_press=move || {
                    shown.set(MORE);
                    wanted.update(|wanted| kind.clone_into(&mut wanted.kind));
                }
            >
                {said}
            </Chip>
        }
    };
    let kinds = std::iter::once("").chain(schema::PLACE_KINDS.iter().copied());
    let choose = move |code: String| {
        shown.set(MORE);
        wanted.update(|wanted| wanted.grid = (!code.is_empty()).then_some(GridCode(code)));
    };
    let options = move |grids: Vec<OwnGrid>| {
        let options = grids.into_iter().map(|grid| {
            let name = words.pick(&grid.name, &grid.name_en).to_owned();
            let code = grid.code.clone();
            let selected = attr(move || wanted.look(|wanted| wanted.grid.as_ref() == Some(&code)));
            view! { <option value=grid.code.0 selected=selected>{name}</option> }
        });
        view! {
            <select class="input" aria-label=words.reg_f_grid() data-test="place-grid" on:change=heard(move |event| choose(event_target_value(&event)))>
                <option value="">{words.reg_places_all_grids()}</option>
                {options.collect_view()}
            </select>
        }
    };
    view! {
        <div class="place-filters">
            <div class="chips" role="group" aria-label=words.reg_f_place_kind()>{kinds.map(chip).collect_view()}</div>
            {part(move || grids.get().filter(|grids| grids.len() > 1).map(options))}
        </div>
    }
}

/// By building, and behind the others what stands in none.
fn listed(words: Words, page: Page, asked: bool, shown: RwSignal<u32>) -> AnyView {
    if page.rows.is_empty() {
        let (title, hint) = if asked {
            (words.reg_nothing_found(), words.reg_places_nothing_hint())
        } else {
            (words.reg_places_empty(), words.reg_places_empty_hint())
        };
        return view! {
            <div class="card"><Empty glyph=Glyph::Grid title hint /></div>
        }
        .into_any();
    }
    let more = more(words, &page, shown);
    let mut sections: Vec<(String, Vec<PlaceRow>)> = Vec::new();
    for row in page.rows {
        let name = section_name(words, &row);
        match sections.last_mut() {
            Some((section, rows)) if *section == name => rows.push(row),
            _ => sections.push((name, vec![row])),
        }
    }
    let sections = sections.into_iter().map(|(name, rows)| {
        let rows = rows.into_iter().map(|row| line(words, row));
        view! {
            <section class="section">
                <h2 class="section-name">{name}</h2>
                <ul class="card-list">{rows.collect_view()}</ul>
            </section>
        }
    });
    view! { {sections.collect_view()} {more} }.into_any()
}

/// The grid, and the building in it.
fn section_name(words: Words, row: &PlaceRow) -> String {
    let grid = words.pick(&row.grid_name, &row.grid_name_en);
    match &row.building {
        Some(building) => format!("{grid} · {} {}", building.compound, building.name),
        None => grid.to_owned(),
    }
}

/// How many are not listed yet, one press each for some of them.
fn more(words: Words, page: &Page, shown: RwSignal<u32>) -> Option<impl IntoView + use<>> {
    let listed = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
    let left = page.total.saturating_sub(listed);
    let act = move || shown.update(|shown| *shown = shown.saturating_add(MORE));
    (left > 0).then(|| {
        view! {
            <div class="page-actions">
                <Button kind=Kind::Plain test="places-more" on_press=act>{words.reg_places_more(left.into())}</Button>
            </div>
        }
    })
}

fn line(words: Words, row: PlaceRow) -> impl IntoView {
    let kind = words.code_of(EntryKind::Place, "kind", &row.kind);
    let said: Vec<String> = [kind, row.address]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect();
    view! {
        <li>
            <a class="row" href=format!("/residents/place/{}", row.id) data-test="place-row">
                <span class="row-words">
                    <span class="row-title">{row.name}</span>
                    <span class="row-text">{said.join(" · ")}</span>
                </span>
                <span class="row-end">
                    {row.disputed.then(|| view! { <Icon glyph=Glyph::Warning /> })}
                    {row.unsent.then(|| view! { <Icon glyph=Glyph::Clock /> })}
                    <Icon glyph=Glyph::Next />
                </span>
            </a>
        </li>
    }
}

/// The page of one.
#[component]
pub(crate) fn PlacePage() -> impl IntoView {
    let words = use_words();
    page_of(
        &[Area::Register, Area::Packs, Area::Session],
        |place| GetPlaceEntry { place },
        move |place, sheets| whole(words, place, sheets),
        (),
    )
}

fn whole(words: Words, place: PlaceEntry, sheets: Sheets) -> impl IntoView {
    let sheets = Sheets {
        may_write: place.may_write,
        ..sheets
    };
    let grid = words.pick(&place.grid_name, &place.grid_name_en).to_owned();
    let building = place.building.map(|it| {
        let name = format!("{} {}", it.compound, it.name);
        view! {
            <a class="row" href=format!("/residents/building/{}", it.id) data-test="to-building">
                <Icon glyph=Glyph::Door />
                <span class="row-words"><span class="row-title">{name}</span><span class="row-text">{words.reg_f_building()}</span></span>
                <span class="row-end"><Icon glyph=Glyph::Next /></span>
            </a>
        }
    });
    let name = place.entry.title.clone();
    view! {
        <header class="page-head">
            <a class="back-link" href="/residents/places" data-test="to-places"><Icon glyph=Glyph::Back />{words.reg_places()}</a>
            <h1>{name}</h1>
            <p class="aside">{grid}</p>
        </header>
        <div class="card-list"><EntryCard entry=place.entry sheets family=None open=true />{building}</div>
    }
}
