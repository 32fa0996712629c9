//! 历史 of somebody or something of the register, by day, the newest first: who gave what, who found it so,
//! and who looked at a number and why. It works without a network.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{
    EntryId, FieldName, Kind, Timestamp,
    ipc::{Area, Code, EntryChange, EntryDeed, EntryDid, EntryHistory, GetEntryHistory, IpcError},
    register::{EntryKind, FieldValue, schema},
};

use super::{entry::said, path_of};
use crate::{
    components::{ErrorNotice, Glyph, Icon},
    dynamic::part,
    ipc,
    live::live,
    pages::history::by_day,
    session::use_app,
    words::{Words, use_words},
};

/// The page.
#[component]
pub(crate) fn EntryHistoryPage() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        let params = params.read();
        let kind = EntryKind::of(&Kind(params.get("kind")?))?;
        Some((kind, params.get("id")?.parse::<EntryId>().ok()?))
    });
    let history = live(&[Area::Register, Area::Packs, Area::Delivery], move || {
        let asked = asked.get();
        async move {
            let (kind, entry) = asked.ok_or_else(|| IpcError {
                code: Code::NotFound,
                detail: "the address names no entry".to_owned(),
            })?;
            ipc::call(GetEntryHistory { kind, entry }).await
        }
    });
    view! {
        <main class="page history" id="content">
            <header class="page-head">
                <h1>{words.history_title()}</h1>
                <p class="aside">{words.history_entry_hint()}</p>
            </header>
            <ErrorNotice error=history.error on_retry=move || history.again() />
            {part(move || {
                let (kind, _) = asked.get()?;
                history.value.get().map(|history| whole(words, kind, history))
            })}
        </main>
    }
}

fn whole(words: Words, kind: EntryKind, history: EntryHistory) -> impl IntoView {
    let app = use_app();
    let hit = history.hit;
    let place = [words.entry_kind(kind), &hit.place].join(" · ");
    let deeds = StoredValue::new(history.deeds);
    view! {
        <a class="card row history-case" href=path_of(&hit) data-test="history-back">
            <Icon glyph=Glyph::Back />
            <span class="row-words">
                <span class="row-title">{hit.title.clone()}</span>
                <span class="row-text">{place}</span>
            </span>
        </a>
        {part(move || {
            let offset = app.sayer(words).utc_offset_minutes;
            let days = by_day(deeds.get_value(), |deed: &EntryDeed| deed.at, offset);
            days.into_iter().map(|deeds| day(words, kind, deeds)).collect_view()
        })}
    }
}

/// What was done on one day.
fn day(words: Words, kind: EntryKind, deeds: Vec<EntryDeed>) -> impl IntoView {
    let app = use_app();
    let day = deeds.first().map_or(Timestamp::from_ms(0), |deed| deed.at);
    let heading = move || {
        let sayer = app.sayer(words);
        format!("{} {}", sayer.date(day), sayer.weekday(day))
    };
    let deeds = deeds.into_iter().map(|it| deed(words, kind, it));
    view! {
        <section class="section" data-test="history-day">
            <div class="section-head"><h2>{part(heading)}</h2></div>
            <ol class="card-list">{deeds.collect_view()}</ol>
        </section>
    }
}

fn deed(words: Words, kind: EntryKind, deed: EntryDeed) -> impl IntoView {
    let app = use_app();
    let at = deed.at;
    let who = words.pick(&deed.by, &deed.by_en).to_owned();
    let (what, imported) = match &deed.did {
        EntryDid::Entered { imported, .. } => (words.reg_did_entered(), *imported),
        EntryDid::Changed { imported, .. } => (words.reg_did_changed(), *imported),
        EntryDid::Confirmed { .. } => (words.reg_did_confirmed(), false),
        EntryDid::Looked { .. } => (words.reg_did_looked(), false),
    };
    let beside = match &deed.did {
        EntryDid::Changed {
            parallel,
            parallel_en,
            ..
        } if !parallel.is_empty() => {
            let names = [parallel, parallel_en].map(|names| names.join(words.history_and()));
            let [zh, en] = &names;
            Some(words.history_entry_beside(words.pick(zh, en)))
        }
        _ => None,
    };
    let parallel = beside.is_some();
    let test = match &deed.did {
        EntryDid::Entered { .. } => "did-entered",
        EntryDid::Changed { .. } => "did-changed",
        EntryDid::Confirmed { .. } => "did-confirmed",
        EntryDid::Looked { .. } => "did-looked",
    };
    view! {
        <li class="history-deed" data-test=test>
            <p class="history-head">
                <span class="timeline-what">{what}</span>
                <span>{who}</span>
                {parallel.then(|| view! { <span class="history-mark" data-test="history-parallel">{words.history_parallel()}</span> })}
                <span class="aside timeline-when">{part(move || app.sayer(words).clock(at))}</span>
            </p>
            {details(words, kind, deed.did)}
            {beside.map(|line| view! { <p class="history-note">{line}</p> })}
            {(imported || deed.pending).then(|| view! {
                <p class="history-foot aside">
                    {imported.then(|| view! { <span>{words.reg_did_imported()}</span> })}
                    {deed.pending.then(|| view! { <span class="waiting-mark" data-test="history-pending"><Icon glyph=Glyph::Clock />{words.case_pending()}</span> })}
                </p>
            })}
        </li>
    }
}

fn details(words: Words, kind: EntryKind, did: EntryDid) -> AnyView {
    match did {
        EntryDid::Entered { set, .. } | EntryDid::Changed { set, .. } => {
            let shown = set.into_iter().filter(|it| is_told(&it.field));
            let lines = shown.map(|it| change(words, kind, it));
            view! { <dl class="history-changes">{lines.collect_view()}</dl> }.into_any()
        }
        EntryDid::Confirmed { fields } if fields.is_empty() => {
            view! { <p>{words.reg_did_confirmed_all()}</p> }.into_any()
        }
        EntryDid::Confirmed { fields } => {
            let names = fields.iter().map(|it| name(words, kind, it));
            let names = names.collect::<Vec<_>>().join(words.history_and());
            view! { <p>{names}</p> }.into_any()
        }
        EntryDid::Looked { field, reason } => view! {
            <dl class="history-changes">
                <div class="history-change">
                    <dt class="aside">{name(words, kind, &field)}</dt>
                    <dd class="timeline-text">{reason}</dd>
                </div>
            </dl>
        }
        .into_any(),
    }
}

/// Whom somebody is not is told where two are compared.
fn is_told(field: &FieldName) -> bool {
    !field.as_str().starts_with(schema::NOT_SAME)
}

/// Of a tag its own name.
fn name(words: Words, kind: EntryKind, field: &FieldName) -> String {
    match field.as_str().strip_prefix(schema::CARE) {
        Some(tag) => words.code_of(kind, "care", tag),
        None => words.field_of(kind, field.as_str()),
    }
}

fn change(words: Words, kind: EntryKind, change: EntryChange) -> impl IntoView {
    let told = |value: &FieldValue| said(words, kind, change.field.as_str(), value);
    let before = change.before.as_ref().map(told);
    let after = change.after.as_ref().map(told);
    let after = after.unwrap_or_else(|| words.reg_nothing_there().to_owned());
    view! {
        <div class="history-change" data-test="history-change">
            <dt class="aside">{name(words, kind, &change.field)}</dt>
            <dd>
                {before.map(|before| view! {
                    <del class="history-before">{before}</del>
                    <span class="history-arrow" aria-hidden="true">"→"</span>
                })}
                <ins class="history-after">{after}</ins>
            </dd>
        </div>
    }
}
