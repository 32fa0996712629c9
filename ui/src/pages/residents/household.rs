//! A household behind its door: who belongs to it, and what can happen to it.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ipc::{ChangeEntry, HouseholdView, IpcError},
    register::{EntryKind, FieldValue, Fields},
};

use super::{
    arrange::{Arranging, Family},
    door::link_to,
    entry::EntryCard,
    sheets::Sheets,
};
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    session::use_app,
    words::{Words, use_words},
};

/// The household.
pub(super) fn household(
    words: Words,
    household: HouseholdView,
    family: Family,
    sheets: Sheets,
) -> impl IntoView {
    let nobody = household.members.is_empty();
    let is_open = !household.entry.gone;
    let is_empty = is_open && !nobody && family.members.is_empty();
    let heads = household.members.iter();
    let heads = heads.filter(|it| household.heads.contains(&it.id));
    let heads: Vec<String> = heads.map(|it| it.title.clone()).collect();
    let two_heads =
        (heads.len() > 1).then(|| words.house_two_heads(heads.join(words.reg_between())));
    let left_behind = (!is_open && !family.members.is_empty()).then(|| words.house_left_behind());
    let id = household.entry.id;
    let members = household.members.into_iter().map(|entry| {
        let family = is_open.then(|| family.clone());
        view! { <EntryCard entry sheets family /> }
    });
    view! {
        <section class="section" data-test="household">
            <h2 class="section-name" class:entry-gone=!is_open>{words.reg_household()}</h2>
            {two_heads.map(|said| view! { <p class="house-note" data-test="two-heads"><Icon glyph=Glyph::Warning /><span>{said}</span></p> })}
            {left_behind.map(|said| view! { <p class="house-note" data-test="left-behind"><Icon glyph=Glyph::Warning /><span>{said}</span></p> })}
            <div class="card-list">
                {nobody.then(|| view! { <p class="row aside">{words.reg_members_empty()}</p> })}
                {members.collect_view()}
                <EntryCard entry=household.entry sheets family=None />
            </div>
            {(sheets.may_write && is_empty).then(|| view! { <End id /> })}
            {(sheets.may_write && is_open).then(|| actions(words, family.clone(), sheets))}
        </section>
    }
}

/// What can happen to a household.
fn actions(words: Words, family: Family, sheets: Sheets) -> impl IntoView {
    let add = link_to(sheets, EntryKind::Resident, "household", family.id);
    let arrange = move |what: Arranging| move || sheets.arranging.set(Some(what.clone()));
    let everybody = family.members.iter().map(|it| it.id).collect();
    let (several, others) = (family.members.len() > 1, !family.others.is_empty());
    let somebody = !family.members.is_empty();
    let (whole, split, join) = (
        arrange(Arranging::Move(family.clone(), everybody)),
        arrange(Arranging::Split(family.clone())),
        arrange(Arranging::Join(family)),
    );
    view! {
        <div class="page-actions">
            <Button kind=Kind::Plain test="add-resident" icon=Glyph::Plus on_press=add>{words.reg_add_resident()}</Button>
            {somebody.then(|| view! { <Button kind=Kind::Quiet test="household-move" icon=Glyph::Door on_press=whole>{words.house_move_whole()}</Button> })}
            {several.then(|| view! { <Button kind=Kind::Quiet test="household-split" icon=Glyph::Grid on_press=split>{words.house_split()}</Button> })}
            {others.then(|| view! { <Button kind=Kind::Quiet test="household-join" icon=Glyph::Join on_press=join>{words.house_join()}</Button> })}
        </div>
    }
}

/// Nobody is left: the household may end.
#[component]
fn End(id: shared::EntryId) -> impl IntoView {
    let (words, toasts, app) = (use_words(), use_toasts(), use_app());
    let error = RwSignal::new(None::<IpcError>);
    let ended = move |day: Option<String>| {
        let set: Fields = [("ended_on".into(), day.map(FieldValue::Text))].into();
        let kind = EntryKind::Household;
        crate::ipc::call(ChangeEntry {
            kind,
            entry: id,
            set,
        })
    };
    let end = move || {
        let sayer = untrack(|| app.sayer(words));
        let today = sayer.iso_day(sayer.now);
        spawn_local(async move {
            match ended(Some(today)).await {
                Ok(_) => toasts.say_undo(words.house_said_ended(), move || {
                    spawn_local(async move {
                        let said = match ended(None).await {
                            Ok(_) => words.house_undone().to_owned(),
                            Err(why) => words.notice(&why.code).happened,
                        };
                        toasts.say(said);
                    });
                }),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <div class="house-note">
            <span>{words.house_empty()}</span>
            <Button kind=Kind::Plain test="household-end" on_press=end>{words.house_end()}</Button>
        </div>
        <ErrorNotice error />
    }
}
