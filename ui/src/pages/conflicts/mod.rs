//! 待决定: what two people did without knowing of each other. Of corrections what stood there before, both
//! versions with who and when; one press chooses, and the case itself is where another is written. Of
//! a deletion what it did not know of.

mod disputed;
mod entries;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use shared::{
    CaseId,
    ipc::{
        AmendCase, Area, CaseConflicts, FieldConflict, FieldVersion, IpcError, ListConflicts,
        ListDisputes,
    },
};

use self::{disputed::Disputed, entries::Entries};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    corrections::correction,
    dynamic::part,
    ipc,
    live::live,
    pages::residents::edit::{EditSheet, Editing},
    session::{category_name, exact, use_app},
    words::use_words,
};

/// The page; with a case in the address only that one.
#[component]
pub(crate) fn ConflictsPage() -> impl IntoView {
    let words = use_words();
    let only = use_params_map();
    let only = Memo::new(move |_| {
        only.read()
            .get("id")
            .and_then(|id| id.parse::<CaseId>().ok())
    });
    let all = live(&[Area::Cases, Area::Packs, Area::Session], || {
        ipc::call(ListConflicts {})
    });
    let register = live(&[Area::Register, Area::Packs, Area::Session], || {
        ipc::call(ListDisputes {})
    });
    let editing = RwSignal::new(None::<Editing>);
    let shown = move || {
        let (all, register) = (all.value.get()?, register.value.get()?);
        let only = only.get();
        let fits = |it: &CaseConflicts| only.is_none_or(|only| it.row.id == only);
        let cases = all.into_iter().filter(fits).collect::<Vec<_>>();
        let register = Some(register).filter(|it| only.is_none() && !it.entries.is_empty());
        Some((cases, register))
    };
    view! {
        <main class="page conflicts" id="content">
            <header class="page-head">
                <h1>{words.conflicts_title()}</h1>
                <p class="aside">{words.conflicts_hint()}</p>
            </header>
            <ErrorNotice error=all.error on_retry=move || all.again() />
            <ErrorNotice error=register.error on_retry=move || register.again() />
            {part(move || shown().map(|(cases, register)| if cases.is_empty() && register.is_none() {
                view! {
                    <div class="card">
                        <Empty glyph=Glyph::CheckCircle title=words.conflicts_empty() hint=words.conflicts_empty_hint() />
                    </div>
                }.into_any()
            } else {
                let cases = cases.into_iter().map(|case| view! { <OfCase case /> });
                view! {
                    {cases.collect_view()}
                    {register.map(|disputes| view! { <Entries disputes editing /> })}
                }.into_any()
            }))}
            <EditSheet editing />
        </main>
    }
}

#[component]
fn OfCase(case: CaseConflicts) -> impl IntoView {
    let words = use_words();
    let row = case.row;
    let id = row.id;
    let address = words.pick(&row.address, &row.address_en).to_owned();
    let disputed = case
        .disputed
        .into_iter()
        .map(|disputed| view! { <Disputed case=id disputed /> })
        .collect_view();
    let fields = case
        .fields
        .into_iter()
        .map(|conflict| view! { <Parted case=id conflict /> })
        .collect_view();
    view! {
        <section class="section" data-test="conflict" data-id=id.to_string()>
            <a class="row conflict-case" href=format!("/cases/{id}")>
                <span class="row-words">
                    <span class="row-title">{category_name(row.category)}</span>
                    <span class="row-text">{address}</span>
                </span>
                <span class="row-end"><Icon glyph=Glyph::Next /></span>
            </a>
            {disputed}
            {fields}
        </section>
    }
}

/// One field in which the two parted.
#[component]
fn Parted(case: CaseId, conflict: FieldConflict) -> impl IntoView {
    let words = use_words();
    let error = RwSignal::new(None::<IpcError>);
    let last = conflict.versions.len().saturating_sub(1);
    let versions = conflict
        .versions
        .into_iter()
        .enumerate()
        .map(|(at, version)| view! { <Version case version shown=at == last error /> })
        .collect_view();
    view! {
        <div class="card conflict-field">
            <h2 class="conflict-name">{words.field(conflict.field)}</h2>
            {conflict.base.map(|base| view! { <Base base /> })}
            <ul class="conflict-versions">{versions}</ul>
            <ErrorNotice error />
            <a class="conflict-other" href=format!("/cases/{case}?do=amend") data-test="conflict-other">
                <Icon glyph=Glyph::Pen />
                {words.conflicts_other()}
            </a>
        </div>
    }
}

/// What stood there before.
#[component]
fn Base(base: FieldVersion) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    view! {
        <p class="conflict-base">
            <span class="aside">{words.conflicts_base()}</span>
            <span class="conflict-text">{part(move || correction(app, words, &base.value, &base.address_en))}</span>
        </p>
    }
}

/// One of the versions, with the button that chooses it.
#[component]
fn Version(
    case: CaseId,
    version: FieldVersion,
    /// It is the one that is shown meanwhile.
    shown: bool,
    error: RwSignal<Option<IpcError>>,
) -> impl IntoView {
    let (app, words, toasts) = (use_app(), use_words(), use_toasts());
    let who = if version.mine {
        words.conflicts_mine().to_owned()
    } else {
        words.pick(&version.by_name, &version.by_name_en).to_owned()
    };
    let (value, to) = (version.value.clone(), version.value);
    let address_en = version.address_en;
    let choose = move || {
        error.set(None);
        let amend = AmendCase {
            case,
            to: vec![to.clone()],
        };
        spawn_local(async move {
            match ipc::call(amend).await {
                Ok(_) => toasts.say(words.conflicts_decided()),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <li class="conflict-version" data-test="conflict-version">
            <p class="conflict-text">{part(move || correction(app, words, &value, &address_en))}</p>
            <p class="conflict-who">
                <b>{who}</b>
                <span class="aside">{exact(version.at)}</span>
                {shown.then(|| view! { <span class="aside">{words.conflicts_shown()}</span> })}
                {version.pending.then(|| view! { <span class="waiting-mark aside"><Icon glyph=Glyph::Clock />{words.case_pending()}</span> })}
            </p>
            <Button kind=Kind::Plain test="conflict-choose" icon=Glyph::Check on_press=choose>{words.conflicts_choose()}</Button>
        </li>
    }
}
