//! The place: guessed where the device knows, one line to read, one press to correct.

use leptos::prelude::*;
use shared::{Place, ipc::Missing};

use super::{
    parts::{Lack, lack, on_sheet},
    place_sheet::PlaceSheet,
    writer::{Finding, Near, Writer},
};
use crate::{
    components::{Glyph, Icon},
    dates::distance,
    dynamic::{attr, heard, part},
    look::Look,
    session::{App, use_app},
    words::{Words, use_words},
};

/// Where it is.
#[component]
pub(super) fn PlacePart(writer: Writer, told: RwSignal<bool>) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let lacks = lack(writer, told, Missing::Place);
    let open = RwSignal::new(false);
    let place = on_sheet(writer, |it| it.sheet().place.clone());
    let text = move || match place.get() {
        Some(place) => writer
            .near
            .look(|near| address(words, &place, near.as_ref())),
        None => match writer.finding.get() {
            Finding::Searching => words.place_searching().to_owned(),
            Finding::NoFix => words.place_no_fix().to_owned(),
            Finding::Failed(error) => words.notice(&error.code).happened,
            Finding::Rest => words.place_choose().to_owned(),
        },
    };
    let grid = move || {
        place.get().map(|place| {
            writer
                .near
                .look(|near| grid(app, words, &place, near.as_ref()))
        })
    };
    let outside = move || place.look(|it| it.as_ref().is_some_and(|place| !place.in_own_grid));
    view! {
        <section class="section" id="report-place" class:part-wrong=lacks>
            <h2 class="part-name">{words.place_title()}</h2>
            <button type="button" class="card row place-line" data-test="place-choose" aria-haspopup="dialog" on:click=heard(move |_| open.set(true))>
                <Icon glyph=Glyph::Pin />
                <span class="row-words">
                    <span class="place-text" data-test="place-text" data-known=attr(move || place.look(Option::is_some).to_string())>{text}</span>
                    {part(move || grid().map(|name| view! {
                        <span class="place-grid" data-own=attr(move || (!outside()).to_string())>
                            <Icon glyph=if outside() { Glyph::Grid } else { Glyph::Check } />
                            {name}
                        </span>
                    }))}
                </span>
                <span class="row-end">
                    {part(move || if place.look(Option::is_some) { words.place_change() } else { "" })}
                    <Icon glyph=Glyph::Next />
                </span>
            </button>
            {part(move || outside().then(|| view! {
                <p class="report-note" role="status" data-test="place-outside">
                    <Icon glyph=Glyph::Warning />
                    <span>{words.place_outside()}</span>
                </p>
            }))}
            <Lack what=Missing::Place lacks />
        </section>
        <PlaceSheet writer open />
    }
}

/// The place in words: as chosen, else the nearest address, else that only the point is known.
fn address(words: Words, place: &Place, near: Option<&Near>) -> String {
    let hit = near.and_then(|near| near.address.as_ref());
    if !place.address.is_empty() {
        let known = hit.filter(|hit| hit.text == place.address);
        let english = known.map_or("", |hit| hit.text_en.as_str());
        return words.pick(&place.address, english).to_owned();
    }
    let Some(hit) = hit else {
        return match place.accuracy_m {
            Some(metres) => words.place_point_within(distance(words, metres)),
            None => words.place_point().to_owned(),
        };
    };
    words.place_near(words.pick(&hit.text, &hit.text_en))
}

/// The grid's name: as the core just said, else one of the own, else its code.
fn grid(app: App, words: Words, place: &Place, near: Option<&Near>) -> String {
    let said = near
        .and_then(|near| near.grid.clone())
        .filter(|grid| grid.code == place.grid);
    let own = || {
        app.session.value.look(|session| {
            let grids = &session.as_ref()?.enrolment.as_ref()?.grids;
            grids.iter().find(|grid| grid.code == place.grid).cloned()
        })
    };
    match said.or_else(own) {
        Some(grid) => words.pick(&grid.name, &grid.name_en).to_owned(),
        None => words.place_grid(place.grid.as_str()),
    }
}
