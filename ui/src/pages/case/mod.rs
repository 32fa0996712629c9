//! 案件: one case whole. Photos first, then where it stands, then what happened, and what this
//! person may do with it, within the thumb's reach.

mod actions;
mod addition;
mod amend;
mod attention;
mod category_field;
mod deleted;
mod facts;
mod joined;
mod merge;
mod photos_field;
mod place_field;
mod reason;
mod register;
mod timeline;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use shared::{
    CaseId,
    case::State,
    ipc::{Area, CaseAction, CaseView, Code, GetCase, PhotoView},
};

pub(crate) use self::actions::ActionSheet;
use self::{
    actions::ActionBar,
    attention::Attention,
    deleted::{DeleteButton, Deleted},
    facts::Facts,
    joined::{Alike, GoesOnAs, Joined},
    merge::use_alike,
    timeline::Timeline,
};
use crate::{
    components::{
        Button, Empty, ErrorNotice, Glyph, Icon, Kind, PhotoStrip, PhotoViewer, StateBadge,
        StepDots, UrgencyMark,
    },
    dates,
    dynamic::{effect, heard, part},
    ipc,
    live::{Live, live},
    look::Look,
    session::{case_name, is_gone},
    words::{Words, use_words},
};

/// One case; follows `case`.
#[component]
pub(crate) fn CasePane(
    /// Which.
    #[prop(into)]
    case: Signal<Option<CaseId>>,
    /// Where "back" leads.
    back: impl Fn() -> String + Send + Sync + 'static,
    /// The action whose sheet is open; the desk's keys open some.
    #[prop(optional)]
    doing: Option<RwSignal<Option<CaseAction>>>,
) -> impl IntoView {
    let words = use_words();
    let navigate = use_navigate();
    let doing = doing.unwrap_or_else(|| RwSignal::new(None));
    let view = use_case(case);
    open_if_asked(view, doing);
    let missing = Memo::new(move |_| {
        view.error
            .look(|error| error.as_ref().is_some_and(|it| it.code == Code::NotFound))
    });
    view! {
        <header class="case-bar">
            <button type="button" class="icon-button case-back" data-test="case-back" aria-label=words.app_back() on:click=heard(move |_| navigate(&back(), NavigateOptions::default()))>
                <Icon glyph=Glyph::Back />
            </button>
            <span class="aside">{words.case_title()}</span>
        </header>
        {part(move || if missing.get() {
            view! { <Empty glyph=Glyph::Cases title=words.case_missing() hint=words.case_missing_hint() /> }.into_any()
        } else {
            view! { <Body view doing /> }.into_any()
        })}
    }
}

/// Opens the sheet for 更正 or 删除 once the case is there, where the address asks for it: `?do=amend`.
fn open_if_asked(view: Live<CaseView>, doing: RwSignal<Option<CaseAction>>) {
    let query = use_query_map();
    let asked = query.peek(|it| match it.get_str("do") {
        Some("amend") => Some(CaseAction::Amend),
        Some("delete") => Some(CaseAction::Delete),
        _ => None,
    });
    let asked = StoredValue::new(asked);
    effect(move || {
        if view.value.look(Option::is_some)
            && let Some(action) = asked.get_value()
        {
            asked.set_value(None);
            doing.set(Some(action));
        }
    });
}

/// Fetches the case. A case that was left does not flash up again when another is opened.
fn use_case(case: Signal<Option<CaseId>>) -> Live<CaseView> {
    let view = live(&[Area::Cases, Area::Packs, Area::Delivery], move || {
        let asked = case.get();
        async move {
            match asked {
                Some(case) => ipc::call(GetCase { case }).await,
                None => Err(ipc::internal("no case is open")),
            }
        }
    });
    effect(move || {
        let open = case.get();
        view.value.update(|value| {
            if value
                .as_ref()
                .is_some_and(|value| Some(value.row.id) != open)
            {
                *value = None;
            }
        });
        view.error.set(None);
    });
    view
}

#[component]
fn Body(view: Live<CaseView>, doing: RwSignal<Option<CaseAction>>) -> impl IntoView {
    let at = RwSignal::new(None);
    let photos = Signal::derive(move || {
        view.value.look(|case| {
            case.as_ref()
                .map(|case| case.photos.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <div class="case-scroll">
            <ErrorNotice error=view.error on_retry=move || view.again() />
            {part(move || view.value.get().map(|case| view! { <Contents case on_open=move |place| at.set(Some(place)) doing /> }))}
        </div>
        {part(move || view.value.look(|case| case.as_ref().map(|case| case.actions.clone())).map(|actions| view! { <ActionBar actions doing /> }))}
        <ActionSheet view doing />
        <PhotoViewer photos at />
    }
}

#[component]
fn Contents(
    case: CaseView,
    #[prop(into)] on_open: Callback<usize>,
    doing: RwSignal<Option<CaseAction>>,
) -> impl IntoView {
    let words = use_words();
    let may_amend = case.actions.contains(&CaseAction::Amend);
    let may_merge = case.actions.contains(&CaseAction::Merge);
    let may_delete = case.actions.contains(&CaseAction::Delete);
    let all = case.photos.clone();
    let row = case.row.clone();
    let gone = is_gone(&row);
    view! {
        {row.attention.then(|| view! { <Attention case=row.id /> })}
        {case.survivor.clone().map(|survivor| view! { <GoesOnAs survivor /> })}
        {case.deletion.clone().map(|deletion| view! { <Deleted deletion gone /> })}
        {may_merge.then(|| view! { <Alike alike=use_alike(row.id) doing /> })}
        {(!case.conflicts.is_empty()).then(|| view! { <Undecided case=row.id says=words.conflicts_notice() /> })}
        {(!case.disputed.is_empty()).then(|| view! { <Undecided case=row.id says=words.conflicts_delete_notice() /> })}
        {(!case.photos.is_empty()).then(|| view! { <PhotoStrip photos=case.photos.clone() on_open /> })}
        <div class="case-title">
            <h1 data-test="case-title">{case_name(&row)}</h1>
            <UrgencyMark urgency=row.urgency />
            {(!gone).then(|| view! {
                <p class="case-where">
                    <Icon glyph=Glyph::Pin />
                    <span>{address(words, &case)}</span>
                </p>
            })}
        </div>
        <section class="card case-now">
            <StepDots state=row.state words=true />
            <p class="case-now-line">
                <StateBadge state=row.state />
                <Now state=row.state working_ms_left=case.working_ms_left />
            </p>
        </section>
        <section class="section" hidden=gone>
            <p class="case-words">
                {if case.description.is_empty() { words.case_no_words().to_owned() } else { case.description.clone() }}
            </p>
            {case.handled.clone().map(|handled| view! {
                <p class="case-words"><span class="aside">{words.case_handled()}" "</span>{handled}</p>
            })}
            {(row.plus_ones > 0).then(|| view! { <p class="aside">{words.case_plus_ones(row.plus_ones.into())}</p> })}
            {(may_amend || may_merge).then(|| view! {
                <p class="case-amend">
                    {may_amend.then(|| view! {
                        <Button kind=Kind::Quiet icon=Glyph::Pen test="action-amend" on_press=move || doing.set(Some(CaseAction::Amend))>{words.act_amend()}</Button>
                    })}
                    {may_merge.then(|| view! {
                        <Button kind=Kind::Quiet icon=Glyph::Join test="action-merge" on_press=move || doing.set(Some(CaseAction::Merge))>{words.act_merge()}</Button>
                    })}
                </p>
            })}
        </section>
        {(!case.joined.is_empty()).then(|| view! { <Joined joined=case.joined.clone() /> })}
        <Timeline case=row.id entries=case.timeline.clone() on_photo=move |digest| {
            let place = all.iter().position(|it: &PhotoView| it.photo.digest == digest);
            if let Some(place) = place {
                on_open.run(place);
            }
        } />
        {(!gone).then(|| view! { <Facts case /> })}
        {may_delete.then(|| view! { <DeleteButton doing /> })}
    }
}

/// Somebody must decide something; where.
#[component]
fn Undecided(case: CaseId, says: &'static str) -> impl IntoView {
    let words = use_words();
    view! {
        <a class="card row attention-line" href=format!("/conflicts/{case}") data-test="case-undecided">
            <Icon glyph=Glyph::Warning />
            <span class="row-title">{says}</span>
            <span class="row-end">{words.conflicts_open()}<Icon glyph=Glyph::Next /></span>
        </a>
    }
}

/// What stands beside the state: who has it, and what is left.
#[component]
fn Now(state: State, working_ms_left: Option<i64>) -> impl IntoView {
    let words = use_words();
    let left = working_ms_left.filter(|_| state.is_open());
    view! {
        <span class="case-now-words">{now(words, state)}</span>
        {left.map(|ms| view! {
            <span class="due" class:overdue=ms.is_negative()>{dates::working_left(words, ms)}</span>
        })}
    }
}

fn now(words: Words, state: State) -> &'static str {
    match state {
        State::Submitted => words.case_now_waiting(),
        State::Registered => words.case_now_registered(),
        State::Rejected => words.case_now_rejected(),
        State::Withdrawn => words.case_now_withdrawn(),
        State::Merged => words.case_now_merged(),
        State::Verifying
        | State::Dispatched
        | State::Handling
        | State::Handled
        | State::Checking
        | State::Closed
        | State::Returned
        | State::Suspended
        | State::Deleted => "",
    }
}

/// The address in words, with the grid.
fn address(words: Words, case: &CaseView) -> String {
    let grid = words.pick(&case.row.grid_name, &case.row.grid_name_en);
    let address = if case.place.address.is_empty() {
        words.case_address_none()
    } else {
        words.pick(&case.place.address, &case.row.address_en)
    };
    if grid.is_empty() {
        return address.to_owned();
    }
    format!("{address} · {grid}")
}
