//! 更正: the fields as they stand, to be set anew. Only what was changed is sent; where two
//! corrections stand in a field, what is sent decides between them.

use leptos::prelude::*;
use shared::{
    case::Urgency,
    ipc::{AmendCase, CaseView},
    op::{Correction, Field as CaseField},
    pack::Category,
};

use super::{
    addition::{failed, too_long},
    category_field::CategoryField,
    place_field::PlaceField,
};
use crate::{
    components::{Button, Chip, ErrorNotice, Field, Kind, TextInput, use_toasts},
    ipc,
    look::Look,
    session::use_app,
    words::use_words,
};

/// The form.
#[component]
pub(super) fn Amend(case: CaseView, done: Callback<()>) -> impl IntoView {
    let (app, words, toasts) = (use_app(), use_words(), use_toasts());
    let id = case.row.id;
    let was = case.clone();
    let registered = case.limit.is_some();
    let category = RwSignal::new(
        case.row
            .category
            .as_ref()
            .and_then(|code| untrack(|| app.category(code))),
    );
    let description = RwSignal::new(case.description.clone());
    let place = RwSignal::new(case.place.clone());
    let urgency = RwSignal::new(case.row.urgency);
    let wrong = RwSignal::new(None::<String>);
    let lacking = RwSignal::new(None::<String>);
    let send = Action::new_local(move |to: &Vec<Correction>| {
        let amend = AmendCase {
            case: id,
            to: to.clone(),
        };
        async move {
            let answer = ipc::call(amend).await;
            if answer.is_ok() {
                toasts.say(words.act_saved());
                done.run(());
            }
            answer
        }
    });
    let confirm = move |()| {
        let text = description.get_untracked();
        wrong.set(too_long(words, &text));
        let now = [
            (!registered).then(|| {
                Correction::Category(category.peek(|it| it.as_ref().map(|it| it.code.clone())))
            }),
            Some(Correction::Description(text)),
            Some(Correction::Place(Box::new(place.get_untracked()))),
            Some(Correction::Urgency(urgency.get_untracked())),
        ];
        let to = changed(&was, now.into_iter().flatten().collect());
        lacking.set(to.is_empty().then(|| words.act_amend_nothing().to_owned()));
        if !to.is_empty() && wrong.peek(Option::is_none) {
            send.dispatch(to);
        }
    };
    let choose = move |chosen: Category| category.set(Some(chosen));
    let urgencies = [Urgency::Normal, Urgency::Urgent, Urgency::Critical].map(|it| {
        view! {
            <Chip on=Signal::derive(move || urgency.get() == it) test=format!("amend-urgency-{it:?}").to_lowercase() on_press=move || urgency.set(it)>
                {words.urgency(it)}
            </Chip>
        }
    });
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <p class="aside">{words.act_amend_hint()}</p>
            {(!registered).then(|| view! { <CategoryField category choose=Callback::new(choose) error=Signal::stored(None) /> })}
            <Field label=words.field_description() id="amend-description" error=wrong>
                <TextInput rows=4 id="amend-description" test="amend-description" value=description on_input=move |text| description.set(text) />
            </Field>
            <PlaceField place error=Signal::stored(None) />
            <div class="field">
                <span class="field-label" id="amend-urgency">{words.field_urgency()}</span>
                <div class="chips" role="group" aria-labelledby="amend-urgency">{urgencies.collect_view()}</div>
            </div>
            <p class="field-error" role="alert" data-test="field-error">{move || lacking.get()}</p>
            <ErrorNotice error=Signal::derive(move || failed(send.value().get())) />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=send.pending() on_press=confirm>{words.act_amend()}</Button>
            </div>
        </form>
    }
}

/// What is to be set: what was changed, and what is open between two corrections and was left as
/// shown stays open.
fn changed(was: &CaseView, now: Vec<Correction>) -> Vec<Correction> {
    let before = |field| match field {
        CaseField::Category => Correction::Category(was.row.category.clone()),
        CaseField::Description => Correction::Description(was.description.clone()),
        CaseField::Place => Correction::Place(Box::new(was.place.clone())),
        CaseField::Urgency => Correction::Urgency(was.row.urgency),
    };
    now.into_iter()
        .filter(|it| *it != before(it.field()))
        .collect()
}
