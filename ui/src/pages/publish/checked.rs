//! What comes of a workbook: the form that it is, or what is wrong with it.

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::{CheckedForm, FormCheck, FormMistake, NeededList, PublishForm};

use super::{
    Publishing,
    choose::{ChooseFile, LISTS, WORKBOOKS, Working},
};
use crate::{
    components::{Button, Glyph, Icon, Kind},
    dynamic::part,
    ipc,
    words::{Words, use_words},
};

/// What was found.
#[component]
pub(super) fn Checked(it: Publishing, check: FormCheck) -> impl IntoView {
    let words = use_words();
    let is_ready = check.is_ready();
    let needs_list = check.lists.iter().any(|list| !list.is_here);
    let FormCheck {
        form,
        lists,
        mistakes,
        warnings,
    } = check;
    let is_wrong = form.is_none();
    view! {
        {form.map(|form| view! { <About form /> })}
        {(!lists.is_empty()).then(|| needed(words, lists))}
        {is_wrong.then(|| listed(words, words.publish_mistakes(count(&mistakes)), &mistakes, Some(words.publish_mistakes_hint())))}
        <div class="page-actions">
            {is_ready.then(|| view! { <Publish it /> })}
            {needs_list.then(|| view! { <ChooseFile it label=words.publish_list_file() accept=LISTS test="publish-list" primary=true /> })}
            <ChooseFile it label=if is_wrong { words.publish_file() } else { words.publish_other() } accept=WORKBOOKS test="publish-file" primary=is_wrong />
        </div>
        <Working it />
        {(!warnings.is_empty()).then(|| listed(words, words.publish_warnings(count(&warnings)), &warnings, None))}
    }
}

fn count<T>(all: &[T]) -> u64 {
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}

/// The form.
#[component]
fn About(form: CheckedForm) -> impl IntoView {
    let words = use_words();
    let title = words.pick(&form.title, &form.title_en).to_owned();
    let version = if form.version.is_empty() {
        words.publish_version_made().to_owned()
    } else {
        words.forms_version(&form.version)
    };
    let place = match &form.there {
        Some(there) => words.publish_follows(there),
        None => words.publish_is_new().to_owned(),
    };
    let languages =
        (!form.languages.is_empty()).then(|| words.publish_languages(form.languages.join(" · ")));
    let kept = form.retention_days.map_or_else(
        || words.publish_kept().to_owned(),
        |days| words.publish_kept_days(days.into()),
    );
    let facts = [
        Some(version),
        Some(place),
        Some(words.publish_questions(form.questions.into())),
        languages,
        Some(kept),
    ];
    let facts = facts.into_iter().flatten();
    view! {
        <section class="card publish-form" data-test="publish-form">
            <Icon glyph=Glyph::Note />
            <div class="row-words">
                <h2 class="row-title">{title}</h2>
                <p class="row-text">{form.id}</p>
                <ul class="publish-facts">{facts.map(|fact| view! { <li>{fact}</li> }).collect_view()}</ul>
            </div>
        </section>
    }
}

fn needed(words: Words, lists: Vec<NeededList>) -> AnyView {
    let rows = lists.into_iter().map(|list| {
        let (glyph, says) = if list.is_here {
            (Glyph::CheckCircle, words.publish_list_here())
        } else {
            (Glyph::Warning, words.publish_list_missing())
        };
        view! {
            <li class="publish-list" data-here=list.is_here.to_string() data-test="publish-needs">
                <Icon glyph />
                <span class="publish-file">{list.file}</span>
                <span class="publish-says">{says}</span>
            </li>
        }
    });
    view! {
        <section class="section">
            <h2 class="section-name">{words.publish_lists()}</h2>
            <ul class="card publish-lists">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Places and what is to be mended there.
fn listed(
    words: Words,
    title: String,
    mistakes: &[FormMistake],
    hint: Option<&'static str>,
) -> AnyView {
    let rows = mistakes.iter().map(|mistake| {
        view! {
            <li class="publish-mistake" data-test="publish-mistake">
                <span class="publish-where">{place(words, mistake)}</span>
                <span class="publish-why">{words.publish_wrong(mistake)}</span>
            </li>
        }
    });
    view! {
        <section class="section">
            <h2 class="section-name">{title}</h2>
            {hint.map(|hint| view! { <p class="aside">{hint}</p> })}
            <ul class="card publish-mistakes">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Sheet, row and column, as the spreadsheet has them.
fn place(words: Words, mistake: &FormMistake) -> String {
    let parts = [
        Some(mistake.sheet.clone()),
        mistake.row.map(|row| words.publish_row(row)),
        mistake.column.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

/// The button that publishes.
#[component]
fn Publish(it: Publishing) -> impl IntoView {
    let words = use_words();
    let busy = RwSignal::new(false);
    let publish = move || {
        it.error.set(None);
        busy.set(true);
        spawn_local(async move {
            match ipc::call(PublishForm {}).await {
                Ok(done) => drop(it.done.try_set(Some(done))),
                Err(error) => drop(it.error.try_set(Some(error))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Button kind=Kind::Primary test="publish-run" disabled=busy on_press=publish>
            {part(move || if busy.get() { words.publish_running() } else { words.publish_run() })}
        </Button>
    }
}
