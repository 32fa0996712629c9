//! 重点管理 of a resident: a closed row, the same whether anything is known or not; for a reason a sheet with
//! what is known, to be changed. It is gone again when the sheet closes.

use leptos::prelude::*;
use shared::{
    EntryId, FieldName,
    ipc::{ChangeControl, ControlView, RevealControl},
    register::{EntryKind, FieldValue, Fields, schema},
};

use super::{inputs::turn, sheets::Sheets};
use crate::{
    components::{
        AskReason, Button, Chip, ErrorNotice, Field, Glyph, Icon, Kind, Sheet, TextInput,
        use_toasts,
    },
    dynamic::{heard, part},
    ipc,
    look::Look,
    session::moment,
    words::{Words, use_words},
};

const KIND: EntryKind = EntryKind::Management;

/// The row on somebody's card.
pub(super) fn control_row(
    words: Words,
    resident: EntryId,
    name: String,
    sheets: Sheets,
) -> impl IntoView {
    let press = move |_| sheets.managed.set(Some((resident, name.clone())));
    view! {
        <button type="button" class="row control-row" data-test="control" on:click=heard(press)>
            <span class="row-words">
                <span>{words.control_title()}</span>
                <span class="row-text">{words.control_closed()}</span>
            </span>
            <span class="row-end"><Icon glyph=Glyph::Eye /></span>
        </button>
    }
}

/// The sheet.
#[component]
pub(super) fn ControlSheet(managed: RwSignal<Option<(EntryId, String)>>) -> impl IntoView {
    let words = use_words();
    let open = Memo::new(move |_| managed.look(Option::is_some));
    let close = move || managed.set(None);
    view! {
        <Sheet open title=words.control_title().to_owned() on_close=close>
            {part(move || managed.get().map(|(resident, name)| {
                view! { <Managed resident name done=close /> }
            }))}
        </Sheet>
    }
}

#[component]
fn Managed(resident: EntryId, name: String, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let seen = RwSignal::new(None::<ControlView>);
    view! {
        <p class="aside">{name}</p>
        {part(move || match seen.get() {
            None => view! { <Why resident seen /> }.into_any(),
            Some(view) => view! { <Known resident view done /> }.into_any(),
        })}
    }
}

/// Asks why, before anything is told.
#[component]
fn Why(resident: EntryId, seen: RwSignal<Option<ControlView>>) -> impl IntoView {
    let words = use_words();
    let show = Action::new_local(move |reason: &String| {
        let reason = reason.clone();
        async move {
            let view = ipc::call(RevealControl { resident, reason }).await?;
            drop(seen.try_set(Some(view)));
            Ok::<(), shared::ipc::IpcError>(())
        }
    });
    let common = vec![
        words.control_reason_visit(),
        words.reg_reason_check(),
        words.reg_reason_help(),
    ];
    let error = Signal::derive(move || show.value().get().and_then(Result::err));
    view! {
        <AskReason
            label=words.reg_reveal_reason()
            common
            test="control-reason"
            act=words.reg_reveal_do()
            error
            pending=show.pending()
            on_confirm=move |reason| { show.dispatch(reason); }
        >
            <p class="aside">{words.control_hint()}</p>
        </AskReason>
    }
}

/// What is known, to be changed.
#[component]
fn Known(resident: EntryId, view: ControlView, done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let tags = RwSignal::new(tags_of(&view));
    let officer = RwSignal::new(view.officer.clone());
    let note = RwSignal::new(view.note.clone());
    let nothing = view.tags.is_empty() && view.officer.is_empty() && view.note.is_empty();
    let disputed = !view.disputed.is_empty();
    let from = view.tags.clone().into_iter().map(|it| {
        let tag = words.code_of(KIND, "control", &it.tag);
        let who = words.pick(&it.by, &it.by_en).to_owned();
        let at = moment(it.at);
        view! {
            <li>{tag}" "<span class="entry-from">{move || words.reg_given_by(at(), who.clone())}</span></li>
        }
    });
    let from = from.collect_view();
    let before = StoredValue::new(view);
    let save = Action::new_local(move |(): &()| {
        let words_now = (officer.get_untracked(), note.get_untracked());
        let set = before.with_value(|before| changed(before, &tags.get_untracked(), &words_now));
        async move {
            ipc::call(ChangeControl { resident, set }).await?;
            toasts.say(words.reg_saved());
            done.run(());
            Ok::<(), shared::ipc::IpcError>(())
        }
    });
    let chips = schema::CONTROL_TAGS.iter().map(|tag| {
        let tag = *tag;
        view! {
            <Chip
                on=Signal::derive(move || tags.look(|tags| tags.iter().any(|it| it == tag)))
                test=format!("control-{tag}")
                on_press=move || tags.update(|tags| turn(tags, tag))
            >
                {words.code_of(KIND, "control", tag)}
            </Chip>
        }
    });
    let error = Signal::derive(move || save.value().get().and_then(Result::err));
    view! {
        <form class="form" data-test="control-known" on:submit=move |event| event.prevent_default()>
            {nothing.then(|| view! { <p data-test="control-none">{words.control_none()}</p> })}
            {disputed.then(|| view! { <p class="parted-name"><Icon glyph=Glyph::Warning />{words.control_disputed()}</p> })}
            <fieldset class="segments-set field">
                <legend class="field-label">{words.control_tags()}</legend>
                <div class="chips" role="group">{chips.collect_view()}</div>
                <ul class="control-from">{from}</ul>
            </fieldset>
            <Field label=words.control_officer() id="control-officer">
                <TextInput id="control-officer" test="control-officer" value=officer on_input=move |text| officer.set(text) />
            </Field>
            <Field label=words.control_note() id="control-note">
                <TextInput id="control-note" test="control-note" rows=3 value=note on_input=move |text| note.set(text) />
            </Field>
            <ErrorNotice error />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=save.pending() on_press=move |()| { save.dispatch(()); }>{words.reg_save()}</Button>
            </div>
        </form>
    }
}

fn tags_of(view: &ControlView) -> Vec<String> {
    view.tags.iter().map(|it| it.tag.clone()).collect()
}

/// What is another than it was shown, and what two people gave differently, as it is shown now.
fn changed(before: &ControlView, tags: &[String], words: &(String, String)) -> Fields {
    let (officer, note) = words;
    let stood = tags_of(before);
    let disputed = |field: &FieldName| before.disputed.contains(field);
    let mut set = Fields::new();
    for tag in schema::CONTROL_TAGS {
        let field = FieldName::from(format!("{}{tag}", schema::CONTROL).as_str());
        let [was, is] = [&stood[..], tags].map(|all| all.iter().any(|it| it == tag));
        if was != is || disputed(&field) {
            set.insert(field, is.then_some(FieldValue::Flag(true)));
        }
    }
    for (name, was, is) in [
        ("officer", &before.officer, officer),
        ("note", &before.note, note),
    ] {
        let (field, is) = (FieldName::from(name), is.trim());
        if was != is || disputed(&field) {
            set.insert(field, (!is.is_empty()).then(|| FieldValue::from(is)));
        }
    }
    set
}
