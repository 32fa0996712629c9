//! Choosing a place without a map: the addresses of the own grids by street, a search, the
//! device's position, or one's own words.

use leptos::prelude::*;
use shared::ipc::{AddressHit, FindAddresses, KnownPlace};

use super::writer::{Finding, Word, Writer};
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Sheet, TextInput},
    dates::distance,
    dynamic::{heard, part},
    ipc,
    live::live,
    look::Look,
    position,
    words::{Words, use_words},
};

/// The sheet.
#[component]
pub(super) fn PlaceSheet(writer: Writer, open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    view! {
        <Sheet open title=words.place_title().to_owned() on_close=move || open.set(false)>
            <Choices writer open />
        </Sheet>
    }
}

#[component]
fn Choices(writer: Writer, open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let query = RwSignal::new(String::new());
    let hits = live(&[], move || ipc::call(FindAddresses { query: query.get() }));
    let choose = move |known: KnownPlace| {
        open.set(false);
        writer.resolve(known, Word::Chosen);
    };
    let typed = move || query.look(|it| it.trim().to_owned());
    let groups = move || hits.value.get().map(by_street).unwrap_or_default();
    view! {
        <div class="sheet-search">
            <TextInput id="place-query" test="place-query" kind="search" placeholder=words.place_search() value=query on_input=move |text| query.set(text) />
        </div>
        <div class="place-ways">
            <Button icon=Glyph::Pin test="place-device" on_press=move || here(writer, open)>{words.place_here()}</Button>
            {photo_position(writer).map(|position| view! {
                <Button icon=Glyph::Image test="place-photo" on_press=move || choose(KnownPlace::Photo { position })>{words.place_photo()}</Button>
            })}
        </div>
        {part(move || Some(typed()).filter(|text| !text.is_empty()).map(|text| {
            let known = KnownPlace::Typed { text: text.clone() };
            view! {
                <button type="button" class="card row" data-test="place-typed" on:click=heard(move |_| choose(known.clone()))>
                    <Icon glyph=Glyph::Note />
                    <span class="row-words"><span class="place-typed">{words.place_typed(text)}</span></span>
                </button>
            }
        }))}
        <ErrorNotice error=hits.error on_retry=move || hits.again() />
        {part(move || groups().into_iter().map(|group| view! { <Street group words choose /> }).collect_view())}
        {part(move || (hits.value.look(|it| it.as_ref().is_some_and(Vec::is_empty))).then(|| view! {
            <p class="aside">{if typed().is_empty() { words.place_none() } else { words.place_none_fit() }}</p>
        }))}
    }
}

/// The addresses of one street in one grid.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    street: String,
    hits: Vec<AddressHit>,
}

#[component]
fn Street(
    group: Group,
    words: Words,
    choose: impl Fn(KnownPlace) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let grid = group
        .hits
        .first()
        .map(|hit| words.pick(&hit.grid.name, &hit.grid.name_en).to_owned());
    let outside = group.hits.iter().any(|hit| !hit.own);
    let rows = group.hits.into_iter().map(|hit| {
        let known = KnownPlace::Address { grid: hit.grid.code.clone(), text: hit.text.clone() };
        view! {
            <li>
                <button type="button" class="row" data-test="place-hit" on:click=heard(move |_| choose(known.clone()))>
                    <span class="row-words"><span>{words.pick(&hit.text, &hit.text_en).to_owned()}</span></span>
                    <span class="row-end">{hit.distance_m.map(|metres| distance(words, metres))}</span>
                </button>
            </li>
        }
    });
    view! {
        <section class="section">
            <h3 class="place-street">
                {group.street}
                <span class="aside">{grid}{outside.then(|| format!(" · {}", words.place_not_own()))}</span>
            </h3>
            <ul class="card-list">{rows.collect_view()}</ul>
        </section>
    }
}

/// Addresses by grid and street, in the order they came: the core gives the likeliest first.
fn by_street(hits: Vec<AddressHit>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        let same = |group: &&mut Group| {
            group.street == hit.street
                && group
                    .hits
                    .first()
                    .is_some_and(|it| it.grid.code == hit.grid.code)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.hits.push(hit),
            None => groups.push(Group {
                street: hit.street.clone(),
                hits: vec![hit],
            }),
        }
    }
    groups
}

/// Takes the device's own position, however long that takes; the line on the page tells.
fn here(writer: Writer, open: RwSignal<bool>) {
    open.set(false);
    writer.finding.set(Finding::Searching);
    leptos::task::spawn_local(async move {
        let (lng, lat, accuracy_m) = position::ask().await;
        writer.resolve(
            KnownPlace::Device {
                lng,
                lat,
                accuracy_m,
            },
            Word::Chosen,
        );
    });
}

fn photo_position(writer: Writer) -> Option<shared::Position> {
    writer
        .writing
        .peek(|it| it.sheet().photos.iter().find_map(|photo| photo.position))
}

#[cfg(test)]
mod tests {
    use shared::{GridCode, ipc::GridName};

    use super::*;

    fn hit(grid: &str, street: &str, text: &str) -> AddressHit {
        AddressHit {
            grid: GridName {
                code: GridCode::from(grid),
                name: grid.to_owned(),
                name_en: grid.to_owned(),
            },
            street: street.to_owned(),
            text: text.to_owned(),
            text_en: text.to_owned(),
            own: true,
            distance_m: None,
        }
    }

    #[test]
    fn addresses_of_a_street_stand_together_and_grids_stay_apart() {
        let hits = vec![
            hit("03", "人民路", "人民路12号"),
            hit("03", "桃坞路", "桃坞路3号"),
            hit("03", "人民路", "人民路14号"),
            hit("04", "人民路", "人民路90号"),
        ];

        let groups = by_street(hits);

        let counts: Vec<_> = groups
            .iter()
            .map(|group| (group.street.as_str(), group.hits.len()))
            .collect();
        assert_eq!(
            counts,
            [("人民路", 2), ("桃坞路", 1), ("人民路", 1)],
            "the likeliest street stays first"
        );
    }
}
