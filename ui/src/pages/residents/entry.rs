//! An entry of the register as a card: the few words one looks for, the rest on a press, each with who
//! last said so; what two people gave differently, to be decided at once.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    DocRef, EntryId,
    ipc::{
        Area, ConfirmEntry, EntryView, FieldView, Filling, IpcError, ListRecords, MergedView,
        UnmergeResident,
    },
    register::{EntryKind, FieldValue, Type, schema},
};

use super::{
    arrange::{Arranging, Family, say_done},
    control::control_row,
    edit::Editing,
    parted::Parted,
    reveal::{Looking, Masked},
    sheets::Sheets,
};
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    dynamic::part,
    ipc,
    live::live,
    pages::forms::{RecordLine, UnchangedButton},
    session::moment,
    words::{Words, use_words},
};

/// The last records that are shown on a card.
const RECORDS_SHOWN: u32 = 5;

/// The card.
#[component]
pub(super) fn EntryCard(
    entry: EntryView,
    sheets: Sheets,
    /// Of a resident the household they can leave.
    family: Option<Family>,
    /// All of it is shown from the beginning: it is what the page is about.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let words = use_words();
    let (id, kind) = (entry.id, entry.kind);
    let title = match kind {
        EntryKind::Household => words.reg_household_itself().to_owned(),
        _ => entry.title.clone(),
    };
    let name = entry.title.clone();
    let short = short(words, &entry);
    let gone = gone(words, &entry);
    let to_edit = entry.clone();
    let edit = move || sheets.editing.set(Some(Editing::of(to_edit.clone())));
    let shown = entry.fields.iter().filter(|it| is_shown(kind, it));
    let fields: Vec<_> = shown
        .map(|field| field_line(words, id, kind, field.clone(), sheets))
        .collect();
    let merged = entry.merged.into_iter().map(|it| merged(words, it, sheets));
    let merged = merged.collect_view();
    let family = family.filter(|_| !entry.gone);
    let disputed = entry
        .disputed
        .into_iter()
        .map(|disputed| view! { <Parted id kind disputed may_write=sheets.may_write /> });
    let care = entry.care.iter().map(|tag| {
        view! { <span class="care-tag"><Icon glyph=Glyph::Heart />{words.code_of(kind, "care", tag)}</span> }
    });
    view! {
        <article class="entry" data-test="entry" data-kind=kind.as_str()>
            <details class="entry-details" open=open>
                <summary class="row entry-head">
                    <span class="row-words">
                        <span class="row-line">
                            <span class="row-title" class:entry-gone=entry.gone>{title}</span>
                            {(entry.unsent > 0).then(|| view! { <span class="row-end"><Icon glyph=Glyph::Clock /></span> })}
                        </span>
                        <span class="row-text">{short}</span>
                        {(!entry.care.is_empty()).then(|| view! { <span class="care-tags">{care.collect_view()}</span> })}
                    </span>
                    <span class="row-end">
                        {gone}
                        <Icon glyph=Glyph::Next />
                    </span>
                </summary>
                <dl class="entry-fields">{fields}</dl>
                {sheets.may_write.then(|| view! {
                    <div class="entry-actions">
                        {part(move || about(words, id, kind, sheets))}
                        {matches!(kind, EntryKind::Building | EntryKind::Place).then(|| view! { <Unchanged kind id /> })}
                        <Button kind=Kind::Plain test="edit-entry" icon=Glyph::Pen on_press=edit>{words.reg_edit()}</Button>
                        {family.map(|family| leaving(words, id, family, sheets))}
                        {(sheets.may_merge && kind == EntryKind::Resident).then(|| erase(words, id, sheets))}
                    </div>
                })}
                {(entry.control && sheets.may_write).then(|| control_row(words, id, name, sheets))}
                {merged}
                <Records id kind />
                <a class="row entry-history" href=format!("/residents/history/{}/{id}", kind.as_str()) data-test="entry-history">
                    <Icon glyph=Glyph::Clock />
                    <span class="row-words">{words.history_open()}</span>
                    <span class="row-end"><Icon glyph=Glyph::Next /></span>
                </a>
            </details>
            {disputed.collect_view()}
        </article>
    }
}

/// 无变化: one press confirms all of what has no door of its own.
#[component]
fn Unchanged(kind: EntryKind, id: EntryId) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let error = RwSignal::new(None::<IpcError>);
    let busy = RwSignal::new(false);
    let confirm = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = ipc::call(ConfirmEntry { kind, entry: id }).await;
            busy.try_set(false);
            match answer {
                Ok(_) => toasts.say(words.reg_confirmed_it()),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <Button kind=Kind::Plain test="entry-unchanged" icon=Glyph::CheckCircle disabled=busy on_press=confirm>{words.reg_unchanged_it()}</Button>
        <ErrorNotice error />
    }
}

/// 清除, for who may say what the register says as a whole.
fn erase(words: Words, id: EntryId, sheets: Sheets) -> impl IntoView {
    let erase = move || {
        let target = DocRef::entry(EntryKind::Resident, id);
        sheets.erasing.set(Some(target));
    };
    view! { <Button kind=Kind::Quiet test="erase" icon=Glyph::Trash on_press=erase>{words.erase_act()}</Button> }
}

/// The ways out of a household.
fn leaving(words: Words, id: EntryId, family: Family, sheets: Sheets) -> impl IntoView {
    let (leaves, moves) = (
        Arranging::Leave(family.clone(), id),
        Arranging::Move(family, vec![id]),
    );
    let arrange = move |what: Arranging| move || sheets.arranging.set(Some(what.clone()));
    view! {
        <Button kind=Kind::Quiet test="resident-move" icon=Glyph::Door on_press=arrange(moves)>{words.house_move()}</Button>
        <Button kind=Kind::Quiet test="resident-leave" icon=Glyph::Next on_press=arrange(leaves)>{words.house_leave()}</Button>
    }
}

/// An entry that goes on as this one.
fn merged(words: Words, it: MergedView, sheets: Sheets) -> impl IntoView {
    let toasts = use_toasts();
    let error = RwSignal::new(None::<IpcError>);
    let resident = it.id;
    let unmerge = move || {
        spawn_local(async move {
            match ipc::call(UnmergeResident { resident }).await {
                Ok(arranged) => say_done(words, toasts, words.dup_said_unmerged(), arranged),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <div class="entry-merged" data-test="merged">
            <Icon glyph=Glyph::Join />
            <span>
                {words.dup_merged(&it.name)}
                {it.disputed.then(|| view! { <span class="entry-from">{words.dup_disputed()}</span> })}
            </span>
            {sheets.may_merge.then(|| view! { <Button kind=Kind::Quiet test="unmerge" icon=Glyph::Undo on_press=unmerge>{words.dup_unmerge()}</Button> })}
            <ErrorNotice error />
        </div>
    }
}

/// The forms that are about such an entry, one press each: they begin with what stands here.
fn about(words: Words, id: EntryId, kind: EntryKind, sheets: Sheets) -> AnyView {
    let forms = sheets
        .forms
        .get()
        .map(|list| list.forms)
        .unwrap_or_default();
    let fitting = forms
        .into_iter()
        .filter(|form| form.about == Some(kind) && form.trouble.is_none());
    let buttons = fitting.map(|form| {
        let filling = Filling::New {
            form: form.doc,
            subject: Some(DocRef::entry(kind, id)),
            prefill: Vec::new(),
        };
        let title = words.pick(&form.title, &form.title_en).to_owned();
        view! {
            <span data-form=form.id>
                <Button kind=Kind::Plain test="entry-form" icon=Glyph::Note on_press=move || sheets.begin.run(filling.clone())>{title}</Button>
            </span>
        }
    });
    buttons.collect_view().into_any()
}

/// What was filled in about an entry, the last first.
#[component]
fn Records(id: EntryId, kind: EntryKind) -> impl IntoView {
    let records = live(&[Area::Records, Area::Forms], move || {
        ipc::call(ListRecords {
            subject: Some(DocRef::entry(kind, id)),
            offset: 0,
            limit: RECORDS_SHOWN,
        })
    });
    view! {
        <ErrorNotice error=records.error on_retry=move || records.again() />
        {part(move || records.value.get().filter(|page| !page.rows.is_empty()).map(|page| {
            let rows = page.rows.into_iter().map(|row| {
                let (id, again) = (row.id, row.again);
                let press = again.then(|| view! {
                    <div class="record-again"><UnchangedButton record=id kind=Kind::Plain /></div>
                });
                view! { <li><RecordLine row />{press}</li> }
            });
            view! { <ul class="entry-records">{rows.collect_view()}</ul> }
        }))}
    }
}

/// Links and the grid say nothing to a person.
fn is_shown(kind: EntryKind, field: &FieldView) -> bool {
    let known = schema::find(kind, field.field.as_str());
    !known.is_some_and(|it| matches!(it.of, Type::Link(_) | Type::Grid))
}

/// What one looks for first.
fn short(words: Words, entry: &EntryView) -> String {
    let wanted: &[&str] = match entry.kind {
        EntryKind::Resident => &["relation", "sex", "birth", "phone"],
        EntryKind::Dwelling => &["use", "owner"],
        EntryKind::Household => &["hukou_no", "note"],
        EntryKind::Building => &["address"],
        EntryKind::Place => &["kind", "address"],
        EntryKind::Campaign => &["from", "until"],
        EntryKind::Management => &[],
    };
    let said = wanted.iter().filter_map(|wanted| {
        let field = entry
            .fields
            .iter()
            .find(|it| it.field.as_str() == *wanted)?;
        Some(said(words, entry.kind, wanted, &field.value))
    });
    said.collect::<Vec<_>>().join(" · ")
}

fn gone(words: Words, entry: &EntryView) -> Option<&'static str> {
    let presence = entry
        .fields
        .iter()
        .find(|it| it.field.as_str() == "presence");
    let presence = presence.and_then(|it| it.value.text());
    entry.gone.then(|| match (entry.kind, presence) {
        (EntryKind::Resident, Some("dead")) => words.reg_gone_dead(),
        (EntryKind::Resident, _) => words.reg_gone_moved(),
        _ => words.reg_gone_ended(),
    })
}

/// A value in words.
pub(crate) fn said(words: Words, kind: EntryKind, field: &str, value: &FieldValue) -> String {
    match value {
        // What a link leads to is told by the core, if it is on this device.
        FieldValue::Text(text) if text.parse::<EntryId>().is_ok() => {
            words.reg_elsewhere().to_owned()
        }
        FieldValue::Text(text) => words.code_of(kind, field, text),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Flag(true) => "✓".to_owned(),
        FieldValue::Flag(false) => "–".to_owned(),
        FieldValue::Point(at) => {
            words.fill_point(format!("{:.5}", at.lat()), format!("{:.5}", at.lng()))
        }
        FieldValue::Other(other) => other.to_string(),
    }
}

fn field_line(
    words: Words,
    entry: EntryId,
    kind: EntryKind,
    field: FieldView,
    sheets: Sheets,
) -> AnyView {
    let name = words.field_of(kind, field.field.as_str());
    let value = said(words, kind, field.field.as_str(), &field.value);
    let who = words.pick(&field.by, &field.by_en).to_owned();
    let at = moment(field.at);
    let from = move || {
        if field.confirmed {
            words.reg_confirmed_by(at(), who.clone())
        } else if field.imported {
            words.reg_imported_by(at(), who.clone())
        } else {
            words.reg_given_by(at(), who.clone())
        }
    };
    let label = name.clone();
    let which = field.field.clone();
    let look = move || {
        sheets.looking.set(Some(Looking {
            at: Masked::Field(kind, entry, which.clone()),
            name: label.clone(),
        }));
    };
    view! {
        <div class="entry-field">
            <dt>{name}</dt>
            <dd>
                <span class="entry-value" data-test=field.masked.then_some("masked")>{value}</span>
                {(field.masked && sheets.may_write).then(|| view! {
                    <Button kind=Kind::Quiet test="reveal" icon=Glyph::Eye on_press=look>{words.reg_reveal()}</Button>
                })}
                <span class="entry-from">{from}</span>
            </dd>
        </div>
    }
    .into_any()
}
