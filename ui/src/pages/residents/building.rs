//! A building as a matrix: floor by floor from the top, door by door; what a door asks for is said by
//! its colour and by its sign. One press opens the household.

use leptos::prelude::*;
use shared::{
    FieldName,
    ipc::{Area, BuildingView, DoorCell, DoorState, FloorView, GetBuilding, UnitView},
    register::{EntryKind, FieldValue},
};

use super::{
    door::standard_address,
    edit::Editing,
    entry::EntryCard,
    page::page_of,
    places::PlacesOf,
    plates::{PrintButton, Printed, Printing},
    sheets::Sheets,
};
use crate::{
    components::{Button, Empty, Glyph, Icon, Kind},
    words::{Words, use_words},
};

/// The page.
#[component]
pub(crate) fn BuildingPage() -> impl IntoView {
    let words = use_words();
    let printing = Printing::new(words);
    page_of(
        &[Area::Register, Area::Packs, Area::Session],
        |building| GetBuilding { building },
        move |view, sheets| whole(words, view, sheets, printing),
        view! { <Printed it=printing /> },
    )
}

fn whole(words: Words, view: BuildingView, sheets: Sheets, printing: Printing) -> impl IntoView {
    let may_write = view.may_write;
    let sheets = Sheets {
        may_write,
        ..sheets
    };
    let text = |field: &str| {
        let fields = view.entry.fields.iter();
        let found = fields.clone().find(|it| it.field.as_str() == field);
        found
            .and_then(|it| it.value.text())
            .unwrap_or_default()
            .to_owned()
    };
    let (name, compound) = (text("name"), text("compound"));
    let (id, address) = (view.entry.id, view.address);
    // The doors are what one comes for; what somebody must decide goes before them.
    let (asks, rests) = if view.entry.disputed.is_empty() {
        (None, Some(view.entry))
    } else {
        (Some(view.entry), None)
    };
    let itself = move |entry| {
        let address = standard_address(words, address.clone());
        view! {
            <section class="section" data-test="building-itself">
                <h2 class="section-name">{words.reg_building_itself()}</h2>
                {address}
                <div class="card-list"><EntryCard entry sheets family=None /></div>
            </section>
        }
    };
    let add = move || {
        let building = FieldValue::Text(id.to_string());
        let set = [(FieldName::from("building"), Some(building))].into();
        sheets
            .editing
            .set(Some(Editing::new(EntryKind::Dwelling, set)));
    };
    let is_empty = view.units.is_empty();
    let units = view.units.into_iter().map(|unit| unit_of(words, unit));
    view! {
        <header class="page-head">
            <a class="back-link" href="/residents" data-test="to-residents"><Icon glyph=Glyph::Back />{words.reg_title()}</a>
            <h1>{compound}" "{name}</h1>
            {(!is_empty).then(|| legend(words))}
        </header>
        {asks.map(&itself)}
        {is_empty.then(|| view! {
            <div class="card">
                <Empty glyph=Glyph::Door title=words.reg_no_doors() hint=words.reg_no_doors_hint() />
            </div>
        })}
        <div class="units">{units.collect_view()}</div>
        <div class="page-actions">
            {may_write.then(|| view! { <Button kind=Kind::Plain test="add-door" icon=Glyph::Plus on_press=add>{words.reg_add_door()}</Button> })}
            {(!is_empty).then(|| view! { <PrintButton it=printing building=id /> })}
        </div>
        <PlacesOf building=id sheets />
        {rests.map(&itself)}
    }
}

/// What the colours and signs mean.
fn legend(words: Words) -> impl IntoView {
    let all = [
        DoorState::Due,
        DoorState::NotHome,
        DoorState::Done,
        DoorState::Attention,
        DoorState::Vacant,
    ];
    let signs = all.into_iter().map(|state| {
        view! {
            <li class="legend-item" data-state=state_name(state)>
                <span class="legend-sign"><Icon glyph=sign(state) /></span>
                {words.door_state(state)}
            </li>
        }
    });
    view! { <ul class="legend">{signs.collect_view()}</ul> }
}

fn unit_of(words: Words, unit: UnitView) -> impl IntoView {
    let name = if unit.name.is_empty() {
        words.reg_unit_none().to_owned()
    } else {
        unit.name
    };
    let floors = unit.floors.into_iter().map(|floor| floor_of(words, floor));
    view! {
        <section class="section unit">
            <h2 class="section-name">{name}</h2>
            <ol class="card floors">{floors.collect_view()}</ol>
        </section>
    }
}

fn floor_of(words: Words, floor: FloorView) -> impl IntoView {
    let number = floor.number.map(|number| words.reg_floor(number));
    let doors = floor.doors.into_iter().map(|door| cell(words, door));
    view! {
        <li class="floor">
            <span class="floor-name">{number}</span>
            <span class="floor-doors">{doors.collect_view()}</span>
        </li>
    }
}

fn cell(words: Words, door: DoorCell) -> impl IntoView {
    let said = [
        door.room.clone(),
        words.door_state(door.state).to_owned(),
        words.reg_persons(door.residents.into()),
        if door.care {
            words.reg_care().to_owned()
        } else {
            String::new()
        },
    ];
    let said: Vec<String> = said.into_iter().filter(|it| !it.is_empty()).collect();
    view! {
        <a
            class="door-cell"
            data-state=state_name(door.state)
            data-test="door-cell"
            href=format!("/residents/door/{}", door.id)
            aria-label=said.join(", ")
        >
            <span class="door-room">{door.room}</span>
            <span class="door-signs">
                <Icon glyph=sign(door.state) />
                {(door.residents > 0).then(|| view! { <span class="door-count">{door.residents}</span> })}
                {door.care.then(|| view! { <Icon glyph=Glyph::Heart /> })}
            </span>
        </a>
    }
}

/// The sign of a state: colour never stands alone.
pub(super) const fn sign(state: DoorState) -> Glyph {
    match state {
        DoorState::Due => Glyph::Circle,
        DoorState::NotHome => Glyph::Clock,
        DoorState::Done => Glyph::CheckCircle,
        DoorState::Attention => Glyph::Warning,
        DoorState::Vacant => Glyph::Close,
    }
}

/// The state as styles know it.
pub(super) const fn state_name(state: DoorState) -> &'static str {
    match state {
        DoorState::Due => "due",
        DoorState::NotHome => "not-home",
        DoorState::Done => "done",
        DoorState::Attention => "attention",
        DoorState::Vacant => "vacant",
    }
}
