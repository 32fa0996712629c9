//! A door: who lives behind it, and the one press that says nothing has changed.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    EntryId, FieldName,
    ipc::{
        Area, Asked, ConfirmDoor, DoorView, Filling, GetDoor, IpcError, LastTime, Saved, VisitDoor,
        VisitView,
    },
    register::{EntryKind, FieldValue, Fields},
    visit::Met,
};

use super::{
    arrange::Family,
    building::{sign, state_name},
    edit::Editing,
    entry::EntryCard,
    household::household,
    page::page_of,
    sheets::Sheets,
};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    ipc,
    pages::{
        forms::UnchangedButton,
        round::{Quiet, reasons},
    },
    session::moment,
    words::{Words, use_words},
};

/// What the page shows.
const AREAS: [Area; 5] = [
    Area::Register,
    Area::Records,
    Area::Forms,
    Area::Packs,
    Area::Session,
];

/// The page.
#[component]
pub(crate) fn DoorPage() -> impl IntoView {
    let words = use_words();
    let ask = |dwelling| GetDoor { dwelling };
    page_of(
        &AREAS,
        ask,
        move |door, sheets| whole(words, door, sheets),
        (),
    )
}

fn whole(words: Words, door: DoorView, sheets: Sheets) -> impl IntoView {
    let dwelling = door.dwelling.id;
    let sheets = Sheets {
        may_write: door.may_write,
        ..sheets
    };
    let (back, compound) = match door.building {
        Some(building) => (
            format!("/residents/building/{}", building.id),
            format!("{} {}", building.compound, building.name),
        ),
        None => ("/residents".to_owned(), words.reg_title().to_owned()),
    };
    let nobody = door.households.iter().all(|it| it.entry.gone);
    let add = link_to(sheets, EntryKind::Household, "dwelling", dwelling);
    let families = door.households.iter();
    let families: Vec<Family> = families
        .map(|it| Family::of(words, dwelling, it, &door.households))
        .collect();
    let households = door
        .households
        .into_iter()
        .zip(families)
        .map(|(it, family)| household(words, it, family, sheets));
    view! {
        <header class="page-head">
            <a class="back-link" href=back data-test="to-building"><Icon glyph=Glyph::Back />{compound}</a>
            <h1 class="door-title" data-state=state_name(door.state)>
                {door.door}
                <span class="door-state" data-test="door-state"><Icon glyph=sign(door.state) />{words.door_state(door.state)}</span>
            </h1>
            {(!door.reasons.is_empty()).then(|| view! { <p class="aside" data-test="door-reasons">{reasons(words, &door.reasons)}</p> })}
        </header>
        {door.quiet.map(|quiet| view! { <Quiet quiet /> })}
        {door.call_first.then(|| view! { <p class="card row door-call" data-test="call-first"><Icon glyph=Glyph::Phone />{words.reg_f_call_first()}</p> })}
        {door.may_write.then(|| view! { <StillAsked asked=door.asked sheets /> })}
        {door.may_write.then(|| view! { <AtTheDoor dwelling nobody /> })}
        {nobody.then(|| view! {
            <div class="card">
                <Empty glyph=Glyph::Door title=words.reg_nobody() hint=words.reg_nobody_hint() />
            </div>
        })}
        {households.collect_view()}
        {door.may_write.then(|| view! {
            <div class="page-actions">
                <Button kind=Kind::Plain test="add-household" icon=Glyph::Plus on_press=add>{words.reg_add_household()}</Button>
            </div>
        })}
        <section class="section">
            <h2 class="section-name">{words.reg_dwelling()}</h2>
            {standard_address(words, door.address)}
            <div class="card-list"><EntryCard entry=door.dwelling sheets family=None /></div>
        </section>
        <section class="section">
            <h2 class="section-name">{words.reg_visits()}</h2>
            {visits(words, door.visits)}
        </section>
    }
}

/// 标准地址, in one line; nothing where nothing is known of it.
pub(super) fn standard_address(words: Words, address: String) -> impl IntoView {
    let known = !address.is_empty();
    known.then(|| {
        view! { <p class="aside" data-test="standard-address">{words.reg_standard_address()}" "{address}</p> }
    })
}

/// What campaigns still ask here: all of it in one visit, one press each.
#[component]
fn StillAsked(asked: Vec<Asked>, sheets: Sheets) -> impl IntoView {
    let words = use_words();
    (!asked.is_empty()).then(|| {
        let rows = asked.into_iter().map(|it| {
            let filling = it.form.map(|form| Filling::New {
                form,
                subject: Some(it.subject),
                prefill: Vec::new(),
            });
            let last = it.last.filter(|_| filling.is_some());
            // What mostly has not changed is one press; the other way is still there.
            let (kind, record) = match &last {
                Some(last) => (Kind::Plain, Some(last.record)),
                None => (Kind::Primary, None),
            };
            let unchanged = record.map(|record| view! { <UnchangedButton record kind=Kind::Primary /> });
            let before = last.map(|last| last_time(words, &last));
            let end = match filling {
                Some(filling) => view! {
                    <Button kind test="asked-form" icon=Glyph::Note on_press=move || sheets.begin.run(filling.clone())>{words.reg_fill()}</Button>
                }
                .into_any(),
                None => view! { <span class="aside">{words.reg_asked_no_form()}</span> }.into_any(),
            };
            view! {
                <li class="row asked" data-test="asked" data-campaign=it.title.clone()>
                    <span class="row-words">
                        <span class="row-title">{it.name}</span>
                        <span class="row-text">{it.title.clone()}</span>
                        {before.map(|before| view! { <span class="row-text" data-test="last-time">{before}</span> })}
                    </span>
                    <span class="asked-ends">{end}{unchanged}</span>
                </li>
            }
        });
        view! {
            <section class="section" data-test="still-asked">
                <h2 class="section-name">{words.reg_asked()}</h2>
                <ul class="card-list">{rows.collect_view()}</ul>
            </section>
        }
    })
}

/// When a form was last filled in, and by whom.
fn last_time(words: Words, last: &LastTime) -> impl Fn() -> String + Clone + use<> {
    let by = words.pick(&last.by, &last.by_en).to_owned();
    let at = moment(last.at);
    move || words.forms_last_time(at(), by.clone())
}

/// What came of standing here: one press each.
#[component]
fn AtTheDoor(dwelling: EntryId, nobody: bool) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let error = RwSignal::new(None::<IpcError>);
    let busy = RwSignal::new(false);
    let noted = move |answer: Result<Saved, IpcError>, said: &'static str| {
        busy.try_set(false);
        match answer {
            Ok(_) => toasts.say(said),
            Err(why) => drop(error.try_set(Some(why))),
        }
    };
    let confirm = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = ipc::call(ConfirmDoor { dwelling }).await;
            noted(answer, words.reg_confirmed_all());
        });
    };
    let others = Met::ALL.into_iter().filter(|it| nobody || *it != Met::Met);
    let others = others.map(|outcome| {
        let note = move || {
            busy.set(true);
            let visit = VisitDoor {
                dwelling,
                outcome,
                note: String::new(),
            };
            spawn_local(async move { noted(ipc::call(visit).await, words.reg_visited()) });
        };
        view! {
            <Button kind=Kind::Plain test=outcome_test(outcome) disabled=busy on_press=note>{words.met(outcome)}</Button>
        }
    });
    view! {
        <section class="card at-the-door">
            {(!nobody).then(|| view! {
                <div class="at-the-door-first">
                    <Button kind=Kind::Primary test="door-unchanged" icon=Glyph::Check disabled=busy on_press=confirm>{words.reg_unchanged()}</Button>
                    <p class="aside">{words.reg_unchanged_hint()}</p>
                </div>
            })}
            <div class="at-the-door-others">{others.collect_view()}</div>
            <ErrorNotice error />
        </section>
    }
}

const fn outcome_test(outcome: Met) -> &'static str {
    match outcome {
        Met::Met => "door-met",
        Met::NotHome => "door-not-home",
        Met::Refused => "door-refused",
        Met::Moved => "door-moved",
        Met::Phone => "door-phone",
    }
}

/// Opens the sheet for something new that belongs to this.
pub(super) fn link_to(
    sheets: Sheets,
    kind: EntryKind,
    field: &'static str,
    id: EntryId,
) -> impl Fn() + Clone + Send + Sync {
    move || {
        let set: Fields = [(
            FieldName::from(field),
            Some(FieldValue::Text(id.to_string())),
        )]
        .into();
        sheets.editing.set(Some(Editing::new(kind, set)));
    }
}

fn visits(words: Words, visits: Vec<VisitView>) -> AnyView {
    if visits.is_empty() {
        return view! { <p class="card row aside">{words.reg_no_visits()}</p> }.into_any();
    }
    let lines = visits.into_iter().map(|visit| {
        let who = words.pick(&visit.by, &visit.by_en).to_owned();
        view! {
            <li class="row" data-test="visit">
                <span class="row-words">
                    <span class="row-title">{words.met(visit.outcome)}</span>
                    {(!visit.note.is_empty()).then_some(view! { <span class="row-text">{visit.note}</span> })}
                </span>
                <span class="row-end">
                    {visit.unsent.then(|| view! { <Icon glyph=Glyph::Clock /> })}
                    {who}" "{moment(visit.at)}
                </span>
            </li>
        }
    });
    view! { <ul class="card-list">{lines.collect_view()}</ul> }.into_any()
}
