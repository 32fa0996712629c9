//! 今天的走访: every door that asks for a visit, once, whoever asks for it; building by building, in
//! order or the near ones first.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    Position,
    ipc::{Area, DueReason, GetRound, ROUND_DOORS_MAX, Round, RoundBuilding, RoundDoor},
    register::EntryKind,
};

use crate::{
    components::{Button, Chip, Empty, ErrorNotice, Glyph, Icon, Kind},
    dates::distance,
    dynamic::part,
    ipc,
    live::live,
    position,
    session::moment,
    words::{Words, use_words},
};

/// So many doors are shown open at once; a building with more is opened by a press.
const OPEN_DOORS: usize = 60;

/// Doors of each list that are asked for at first, and more of them at each press.
const MORE_DOORS: u32 = 100;

/// The page.
#[component]
pub(crate) fn RoundPage() -> impl IntoView {
    let words = use_words();
    let near = RwSignal::new(None::<Position>);
    let shown = RwSignal::new(MORE_DOORS);
    let asking = RwSignal::new(false);
    let nowhere = RwSignal::new(false);
    let round = live(
        &[
            Area::Register,
            Area::Rounds,
            Area::Records,
            Area::Forms,
            Area::Packs,
        ],
        move || {
            ipc::call(GetRound {
                near: near.get(),
                doors: shown.get(),
            })
        },
    );
    let by_door = move || {
        nowhere.set(false);
        near.set(None);
    };
    let by_distance = move || {
        if asking.get_untracked() {
            return;
        }
        asking.set(true);
        nowhere.set(false);
        spawn_local(async move {
            let (lng, lat, _) = position::ask().await;
            let here = lng
                .zip(lat)
                .and_then(|(lng, lat)| Position::new(lng, lat).ok());
            asking.try_set(false);
            nowhere.try_set(here.is_none());
            if here.is_some() {
                near.try_set(here);
            }
        });
    };
    view! {
        <main class="page residents round" id="content">
            <header class="page-head">
                <a class="back-link" href="/" data-test="to-today"><Icon glyph=Glyph::Back />{words.nav_today()}</a>
                <h1>{words.round_title()}</h1>
                {part(move || round.value.get().map(|round| view! { <p class="aside" data-test="round-figures">{figures(words, &round)}</p> }))}
            </header>
            <ErrorNotice error=round.error on_retry=move || round.again() />
            {part(move || round.value.get().and_then(|round| round.quiet).map(|quiet| view! { <Quiet quiet /> }))}
            <div class="chips" role="group" aria-label=words.round_order()>
                <Chip on=Signal::derive(move || near.get().is_none()) test="round-by-door" on_press=by_door>{words.round_by_door()}</Chip>
                <Chip on=Signal::derive(move || near.get().is_some()) test="round-by-distance" on_press=by_distance>{words.round_by_distance()}</Chip>
            </div>
            {part(move || nowhere.get().then(|| view! { <p class="aside" role="status" data-test="round-nowhere">{words.round_nowhere()}</p> }))}
            {part(move || round.value.get().map(|round| view! { <Counting is=round.counting /> {contents(words, round, shown)} }))}
        </main>
    }
}

/// Nobody knocks now.
#[component]
pub(crate) fn Quiet(
    /// From when to when, in minutes since midnight.
    quiet: [u16; 2],
) -> impl IntoView {
    let words = use_words();
    let [from, to] = quiet.map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60));
    view! {
        <p class="card row quiet-hours" data-test="quiet-hours">
            <Icon glyph=Glyph::Clock />
            <span class="row-words">{words.round_quiet(from, to)}</span>
        </p>
    }
}

/// What doors ask for is still being counted.
#[component]
pub(crate) fn Counting(
    /// It is.
    is: bool,
) -> impl IntoView {
    let words = use_words();
    is.then(|| view! { <p class="aside" role="status" data-test="counting">{words.round_counting()}</p> })
}

fn figures(words: Words, round: &Round) -> String {
    let said = [
        Some(words.round_due_n(round.due_total)),
        (round.revisit_total > 0).then(|| words.round_again_n(round.revisit_total)),
        (round.met_today > 0).then(|| words.round_met_n(round.met_today)),
        (round.soon > 0).then(|| words.round_soon_n(round.soon)),
        (round.refused > 0).then(|| words.round_refused_n(round.refused)),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn contents(words: Words, round: Round, shown: RwSignal<u32>) -> AnyView {
    if round.due.is_empty() && round.revisit.is_empty() {
        if round.counting {
            return ().into_any();
        }
        return view! {
            <div class="card">
                <Empty glyph=Glyph::CheckCircle title=words.round_empty() hint=words.round_empty_hint() />
            </div>
        }
        .into_any();
    }
    let unplaced = (round.without_position > 0)
        .then(|| view! { <p class="aside">{words.round_without_position(round.without_position.into())}</p> });
    view! {
        {unplaced}
        {section(words, (words.round_again(), "round-again"), (round.revisit, round.revisit_total), shown)}
        {section(words, (words.round_due(), "round-due"), (round.due, round.due_total), shown)}
    }
    .into_any()
}

fn section(
    words: Words,
    (title, test): (&'static str, &'static str),
    (buildings, total): (Vec<RoundBuilding>, u32),
    shown: RwSignal<u32>,
) -> Option<AnyView> {
    let doors: usize = buildings.iter().map(|it| it.doors.len()).sum();
    if doors == 0 {
        return None;
    }
    let mut so_far = 0;
    let groups = buildings.into_iter().map(|building| {
        so_far += building.doors.len();
        group(words, building, so_far <= OPEN_DOORS)
    });
    let left = total.saturating_sub(u32::try_from(doors).unwrap_or(u32::MAX));
    let is_more = left > 0 && shown.get_untracked() < ROUND_DOORS_MAX;
    let act = move || shown.update(|shown| *shown = shown.saturating_add(MORE_DOORS));
    let more = is_more.then(|| {
        view! {
            <div class="page-actions">
                <Button kind=Kind::Plain test="round-more" on_press=act>{words.round_more(left.into())}</Button>
            </div>
        }
    });
    Some(
        view! {
            <section class="section" data-test=test>
                <div class="section-head"><h2>{title}" "<span class="count">{total}</span></h2></div>
                <div class="round-buildings">{groups.collect_view()}</div>
                {more}
            </section>
        }
        .into_any(),
    )
}

fn group(words: Words, building: RoundBuilding, open: bool) -> impl IntoView {
    let name = [building.compound, building.name].join(" ");
    let name = match name.trim() {
        "" => words.round_no_building().to_owned(),
        name => name.to_owned(),
    };
    let far = building
        .distance_m
        .map(|metres| distance(words, f64::from(metres)));
    let count = words.reg_doors(building.doors.len() as u64);
    let rows = building.doors.into_iter().map(|door| row(words, door));
    view! {
        <details class="card round-building" open=open>
            <summary class="row round-head">
                <span class="row-words"><span class="row-title">{name}</span></span>
                <span class="row-end">{far.map(|far| view! { <span>{far}" · "</span> })}{count}<Icon glyph=Glyph::Next /></span>
            </summary>
            <ul class="round-doors">{rows.collect_view()}</ul>
        </details>
    }
}

fn row(words: Words, door: RoundDoor) -> impl IntoView {
    let since = door.not_home_at.map(|at| {
        let at = moment(at);
        move || words.round_nobody_since(at())
    });
    view! {
        <li>
            <a class="row" href=format!("/residents/door/{}", door.dwelling) data-test="round-door">
                <span class="row-words">
                    <span class="row-line">
                        <span class="row-title round-door">{door.door}</span>
                        {door.care.then(|| view! { <span class="round-care"><Icon glyph=Glyph::Heart /></span> })}
                        {door.call_first.then(|| view! { <span class="round-call">{words.reg_f_call_first()}</span> })}
                    </span>
                    <span class="row-text">{reasons(words, &door.reasons)}</span>
                    {since.map(|since| view! { <span class="row-text round-not-home">{since}</span> })}
                </span>
                <span class="row-end">{words.reg_persons(door.residents.into())}<Icon glyph=Glyph::Next /></span>
            </a>
        </li>
    }
}

/// Why a door is due, in words.
pub(crate) fn reasons(words: Words, reasons: &[DueReason]) -> String {
    let said = reasons.iter().map(|reason| match reason {
        DueReason::First => words.round_first().to_owned(),
        DueReason::Usual { days } => words.round_usual(days),
        DueReason::Care { tag, days } => {
            let tag = words.code_of(EntryKind::Resident, "care", tag);
            words.round_care(days, tag)
        }
        DueReason::Campaign { title, missing, .. } => words.round_campaign(missing, title),
    });
    said.collect::<Vec<_>>().join(" · ")
}
