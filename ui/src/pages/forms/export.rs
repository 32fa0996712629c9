//! A file of what was filled in, or of the register: which form, which days, what for. The hub makes it;
//! this needs a network.

use leptos::prelude::*;
use shared::{
    Role,
    hub_api::export::{Export, ExportFormat, ExportOf, RegisterMark, may_export},
    ipc::{Area, ExportFile, FormRow, IpcError, ListForms, SavedFile},
};

use crate::{
    components::{
        Button, Chip, ErrorNotice, Field, Glyph, Icon, Kind, ReasonChips, Sheet, TextInput,
    },
    dynamic::{attr, heard, part},
    ipc,
    live::live,
    look::Look,
    session::use_app,
    words::use_words,
};

/// How far back a file goes unless somebody says otherwise.
const USUAL_DAYS: i64 = 30;

/// Of what a file is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wanted {
    /// 名册, beginning with this table of it.
    Register(RegisterMark),
    /// What was filled in, beginning with this form; with none chosen where it is empty.
    Records { form: String },
}

/// The button and its sheet, for those who may; nothing for others.
#[component]
pub(crate) fn ExportButton(
    /// Of what.
    of: Wanted,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let role: Role = app.role();
    let open = RwSignal::new(false);
    let (label, title) = match of {
        Wanted::Register(_) => (words.export_register(), words.export_register_title()),
        Wanted::Records { .. } => (words.export_do(), words.export_title()),
    };
    let of = StoredValue::new(of);
    may_export(role).then(|| {
        view! {
            <Button kind=Kind::Plain test="export" icon=Glyph::Delivery on_press=move || open.set(true)>{label}</Button>
            <Sheet open title=title.to_owned() on_close=move || open.set(false)>
                {part(move || open.get().then(|| view! { <Asking of=of.get_value() /> }))}
            </Sheet>
        }
    })
}

#[component]
fn Asking(of: Wanted) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let sayer = app.sayer(words);
    let day = |days: i64| sayer.iso_day(sayer.now.plus_ms(days * 24 * 60 * 60 * 1_000));
    let (register, form) = match of {
        Wanted::Register(what) => (Some(what), String::new()),
        Wanted::Records { form } => (None, form),
    };
    let is_register = register.is_some();
    let table = RwSignal::new(register.unwrap_or(RegisterMark::Register));
    let chosen = RwSignal::new(form);
    let format = RwSignal::new(ExportFormat::Xlsx);
    let (from, until) = (RwSignal::new(day(-USUAL_DAYS)), RwSignal::new(day(0)));
    let numbers = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let no_form = RwSignal::new(None::<String>);
    let no_reason = RwSignal::new(None::<String>);
    let wanted = move || {
        if is_register {
            let what = table.get_untracked();
            return ExportOf::Register { what };
        }
        ExportOf::Records {
            form: chosen.get_untracked(),
            from: from.get_untracked(),
            until: until.get_untracked(),
        }
    };
    let make = Action::new_local(move |(): &()| {
        ipc::call(ExportFile {
            export: Export {
                of: wanted(),
                format: format.get_untracked(),
                reason: reason.get_untracked(),
                numbers: numbers.get_untracked(),
            },
        })
    });
    let confirm = move |()| {
        let missing_form = !is_register && chosen.look(String::is_empty);
        let missing_reason = reason.look(|reason| reason.trim().is_empty());
        no_form.set(missing_form.then(|| words.export_need_form().to_owned()));
        no_reason.set(missing_reason.then(|| words.export_need_reason().to_owned()));
        if !missing_form && !missing_reason {
            make.dispatch(());
        }
    };
    let error = Signal::derive(move || make.value().get().and_then(Result::err));
    let made = move || made(words_of(make.value().get()));
    let formats = ExportFormat::ALL.into_iter();
    let formats = formats.filter(|one| wanted().can_be(*one)).map(|one| {
        let name = match one {
            ExportFormat::Xlsx => words.export_f_xlsx(),
            ExportFormat::Csv => words.export_f_csv(),
            ExportFormat::Fhir => words.export_f_fhir(),
        };
        view! {
            <Chip on=Signal::derive(move || format.get() == one) test=format!("export-{}", one.as_str()) on_press=move || format.set(one)>{name}</Chip>
        }
    });
    let common = vec![
        words.export_reason_street(),
        words.export_reason_health(),
        words.export_reason_check(),
    ];
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            {is_register.then(|| view! { <WhichTable table /> })}
            <p class="aside">{part(move || match (is_register, table.get()) {
                (true, RegisterMark::Register) => words.export_register_hint(),
                (true, RegisterMark::Places) => words.export_places_hint(),
                (false, _) => words.export_hint(),
            })}</p>
            {(!is_register).then(|| view! { <WhichForm chosen error=no_form /> })}
            <fieldset class="segments-set field">
                <legend class="field-label">{words.export_format()}</legend>
                <div class="chips" role="group">{formats.collect_view()}</div>
            </fieldset>
            {(!is_register).then(|| view! { <WhichDays from until /> })}
            <div class="chips">
                <Chip on=numbers test="export-numbers" on_press=move || numbers.update(|it| *it = !*it)>{words.export_numbers()}</Chip>
            </div>
            {is_register.then(|| view! { <p class="aside">{words.export_register_numbers()}</p> })}
            <ReasonChips label=words.export_reason() common reason lacking=no_reason />
            <Field label=words.export_reason() id="export-reason" error=no_reason>
                <TextInput id="export-reason" test="export-reason" value=reason on_input=move |text| reason.set(text) />
            </Field>
            <ErrorNotice error />
            {part(made)}
            {part(move || make.pending().get().then(|| view! { <p class="aside" role="status">{words.export_working()}</p> }))}
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=make.pending() on_press=confirm>{words.export_do()}</Button>
            </div>
        </form>
    }
}

/// Which table of the register.
#[component]
fn WhichTable(table: RwSignal<RegisterMark>) -> impl IntoView {
    let words = use_words();
    let chip = move |one: RegisterMark, said: &'static str| {
        view! {
            <Chip on=Signal::derive(move || table.get() == one) test=format!("export-of-{}", one.as_str()) on_press=move || table.set(one)>{said}</Chip>
        }
    };
    view! {
        <fieldset class="segments-set field">
            <legend class="field-label">{words.export_of()}</legend>
            <div class="chips" role="group">
                {chip(RegisterMark::Register, words.export_of_residents())}
                {chip(RegisterMark::Places, words.export_of_places())}
            </div>
        </fieldset>
    }
}

/// Which form was filled in.
#[component]
fn WhichForm(chosen: RwSignal<String>, error: RwSignal<Option<String>>) -> impl IntoView {
    let words = use_words();
    let forms = live(&[Area::Forms], || ipc::call(ListForms {}));
    view! {
        <Field label=words.export_form() id="export-form" error>
            {part(move || {
                let rows = forms.value.get().map(|list| list.forms).unwrap_or_default();
                select(rows, chosen)
            })}
        </Field>
    }
}

/// In which days.
#[component]
fn WhichDays(from: RwSignal<String>, until: RwSignal<String>) -> impl IntoView {
    let words = use_words();
    view! {
        <Field label=words.export_from() id="export-from">
            <TextInput id="export-from" test="export-from" kind="date" value=from on_input=move |text| from.set(text) />
        </Field>
        <Field label=words.export_until() id="export-until">
            <TextInput id="export-until" test="export-until" kind="date" value=until on_input=move |text| until.set(text) />
        </Field>
    }
}

fn words_of(answer: Option<Result<SavedFile, IpcError>>) -> Option<String> {
    answer?.ok().map(|made| made.path)
}

/// Where the file is, and what to do with it.
fn made(path: Option<String>) -> Option<AnyView> {
    let words = use_words();
    path.map(|path| {
        view! {
            <div class="card row export-made" role="status" data-test="export-made">
                <Icon glyph=Glyph::CheckCircle />
                <span class="row-words">
                    <span class="row-title">{words.export_made()}</span>
                    <span class="row-text export-path">{path}</span>
                    <span class="row-text">{words.export_made_care()}</span>
                </span>
            </div>
        }
        .into_any()
    })
}

fn select(rows: Vec<FormRow>, chosen: RwSignal<String>) -> AnyView {
    let words = use_words();
    let options = rows.into_iter().map(|form| {
        let title = words.pick(&form.title, &form.title_en).to_owned();
        let (value, same) = (form.id.clone(), form.id);
        view! { <option value=value selected=attr(move || chosen.look(|it| *it == same))>{title}</option> }
    });
    view! {
        <select class="input" id="export-form" data-test="export-form" on:change=heard(move |event| chosen.set(event_target_value(&event)))>
            <option value="">{words.reg_choose()}</option>
            {options.collect_view()}
        </select>
    }
    .into_any()
}
